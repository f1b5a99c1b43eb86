"""The list of incidents, and the picture that the page of one incident shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, QuerySet

from accounts import selectors as accounts
from audit import presenters, references
from audit.presenters import Told
from command import authority
from command.enums import OPEN_STATUSES, GroupStatus, RhythmStatus
from command.models import DeEscalationPlan, Group, Sitrep
from command.selectors.deescalation import plan_of
from command.selectors.drafting import decisions_of
from command.selectors.groups import is_live_incident
from command.selectors.rhythm import Coming, doors_open, next_events
from command.selectors.sitreps import marking_of, sitreps_visible_to
from incidents import selectors as incidents
from incidents.models import Decision, Incident, Issue
from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotFound
from moves.standing import Cover, Standing, way_in

# Decisions that tell of a report before it is issued.
OF_DRAFTS = ("sitrep.correct", "sitrep.withdraw")


def incidents_filtered(actor: Actor, *, status: str = "") -> QuerySet[Incident]:
    """The incidents that the actor may know of, with their issues and groups; in no order yet."""
    found = incidents.incidents_visible_to(actor).prefetch_related(
        "issues", Prefetch("groups", _groups()), "de_escalation_plans__activities", "de_escalation_plans__consents"
    )
    return found.filter(status=status) if status else found


def groups_of(incident: Incident) -> QuerySet[Group]:
    """The groups of an incident with their people, standing or not."""
    return _groups().filter(incident=incident)


def group_get(incident: Incident, group_id: int) -> Group:
    """The group of this incident under that number. Raises NotFound."""
    group = groups_of(incident).filter(pk=group_id).first()
    if group is None:
        raise NotFound(f"{incident.reference} has no group {group_id}.")
    return group


def _groups() -> QuerySet[Group]:
    return Group.objects.select_related("chair").prefetch_related("members__user")


@dataclass(frozen=True)
class IncidentPicture:
    """What the page of an incident shows; a constant number of queries whatever its size.

    `groups` and `issues` are all of them, groups with the numbers of the post of their chair (`chair_office`,
    `chair_out_of_hours`, `chair_verified_on`); sitreps, decisions and events are the latest ten each.
    `doors` are those of the response that stand open to the reader, with how; so is `stands_down`, by group.
    """

    incident: Incident
    marking: str
    day_number: int
    issues: list[Issue]
    groups: list[Group]
    coming: list[Coming]
    sitreps: list[Sitrep]
    draft: Sitrep | None
    decisions: list[Decision]
    events: list[Told]
    plan: DeEscalationPlan | None
    doors: dict[str, Standing]
    stands_down: dict[int, Standing]

    @property
    def group_lines(self) -> list[tuple[Group, Standing | None]]:
        """The groups, each with how the reader may stand it down; None where they may not."""
        return [(group, self.stands_down.get(group.pk)) for group in self.groups]

    @property
    def in_danger(self) -> list[Issue]:
        """Its issues that say that someone could be hurt now; none once OPSS responds no more."""
        return [issue for issue in self.issues if issue.danger_now] if is_live_incident(self.incident) else []

    @property
    def awaits_agreement(self) -> bool:
        """Whether something of the rhythm is in force that the chair of the SCG has not agreed to."""
        return any(coming.event.status == RhythmStatus.PROVISIONAL for coming in self.coming)

    @property
    def next_event(self) -> Coming | None:
        return self.coming[0] if self.coming else None

    @property
    def last_issued(self) -> Sitrep | None:
        return next((sitrep for sitrep in self.sitreps if sitrep.status == "issued"), None)


def picture_of(incident: Incident, actor: Actor) -> IncidentPicture:
    now = clock.now()
    began_on = incident.phase_began_at.astimezone(clock.LONDON).date()
    groups = list(groups_of(incident).annotate(**accounts.telephones_under(OuterRef("chair_as"))))
    groups.sort(key=lambda group: group.status != GroupStatus.STANDING)
    sitreps = list(sitreps_visible_to(actor).filter(incident=incident).order_by("-number")[:10])
    return IncidentPicture(
        incident=incident,
        marking=marking_of(incident),
        day_number=(now.astimezone(clock.LONDON).date() - began_on).days + 1,
        issues=list(incidents.issues_visible_to(actor).filter(incident=incident).order_by("pk")),
        groups=groups,
        coming=next_events(incident, after=now),
        sitreps=sitreps,
        draft=next((sitrep for sitrep in sitreps if sitrep.status in OPEN_STATUSES), None),
        decisions=_decisions(incident, actor),
        events=presenters.history_of(incident.reference, actor, limit=10),
        plan=plan_of(incident),
        doors=_doors(incident, actor),
        stands_down=_stands_down(groups, actor),
    )


def _decisions(incident: Incident, actor: Actor) -> list[Decision]:
    """The newest decisions as the actor may read them: none on drafts for whoever reads no drafts."""
    decisions = decisions_of(incident).select_related("issue").order_by("-made_at", "-pk")
    if not authority.may_read_drafts(actor):
        decisions = decisions.exclude(kind__in=OF_DRAFTS)
    return references.rows_veiled(actor, decisions[:10], "title", "reason", "acting_reason")


def _stands_down(groups: Iterable[Group], actor: Actor) -> dict[int, Standing]:
    """The standing groups that this person may stand down, with how."""
    cover = Cover()
    standing = [group for group in groups if group.status == GroupStatus.STANDING]
    found = {group.pk: way_in(authority.stander_down, group, actor, cover) for group in standing}
    return {group: how for group, how in found.items() if how}


def _doors(incident: Incident, actor: Actor) -> dict[str, Standing]:
    """Which of the response's doors stand open to this person, so that a page offers no others."""
    return doors_open(
        incident,
        actor,
        by_right={"sitrep": authority.sitrep_opener, "rhythm": authority.imt},
        in_place={"group": authority.stander_up, "rhythm_agree": authority.scg_chair},
    )
