"""The list of incidents, and the picture that the page of one incident shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, QuerySet

from accounts import selectors as accounts
from audit import presenters, references
from audit.presenters import Told
from command import authority
from command.enums import OPEN_STATUSES, GroupStatus
from command.models import DeEscalationPlan, Group, Sitrep
from command.selectors.deescalation import plan_of
from command.selectors.drafting import decisions_of
from command.selectors.groups import is_live_incident, offices_of
from command.selectors.rhythm import Coming, next_events
from command.selectors.sitreps import marking_of, sitreps_visible_to
from incidents import selectors as incidents
from incidents.models import Decision, Incident, Issue
from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotFound

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
    `may_stand_down` are the groups that the reader may stand down.
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
    doors: frozenset[str]
    may_stand_down: frozenset[int]

    @property
    def danger_now(self) -> bool:
        """Whether one of its issues says that someone could be hurt now."""
        return any(issue.danger_now for issue in self.issues)

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
        may_stand_down=frozenset(
            group.pk
            for group in groups
            if group.status == GroupStatus.STANDING and authority.stander_down.holders(group).include(actor)
        ),
    )


def _decisions(incident: Incident, actor: Actor) -> list[Decision]:
    """The newest decisions as the actor may read them: none on drafts for whoever reads no drafts."""
    decisions = decisions_of(incident).select_related("issue").order_by("-made_at", "-pk")
    if not authority.may_read_drafts(actor):
        decisions = decisions.exclude(kind__in=OF_DRAFTS)
    return references.rows_veiled(actor, decisions[:10], "title", "reason", "acting_reason")


def _doors(incident: Incident, actor: Actor) -> frozenset[str]:
    """Which of the response's doors stand open to this person, so that a page offers no others."""
    if not is_live_incident(incident):
        return frozenset()
    offices = offices_of(incident)
    doors = {
        "sitrep": authority.sitrep_opener,
        "group": authority.stander_up,
        "rhythm": authority.imt,
        "rhythm_agree": authority.scg_chair,
    }
    return frozenset(name for name, who in doors.items() if who.holders(offices).include(actor))
