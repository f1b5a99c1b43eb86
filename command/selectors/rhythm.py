"""What happens in an incident, when, and who is concerned by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS
from command import authority
from command.enums import MEETING_KINDS, GroupStatus, RhythmKind
from command.models import Group, RhythmEvent, RhythmOccurrence, SitrepAuthor
from command.selectors.groups import is_live_incident, offices_of
from incidents.models import Incident
from kernel.actors import Actor
from kernel.errors import NotFound
from moves.machine import Authority
from moves.standing import Cover, Standing, way_in


@dataclass(frozen=True)
class Coming:
    """One coming occurrence of an event."""

    event: RhythmEvent
    at: datetime


def rhythm_of(incident: Incident) -> QuerySet[RhythmEvent]:
    """The rhythm in force: what has ended is not of it."""
    return RhythmEvent.objects.filter(incident=incident, ended_at__isnull=True).select_related("group")


def rhythm_event_get(incident: Incident, event_id: int) -> RhythmEvent:
    """The event in force of this incident under that number. Raises NotFound."""
    event = rhythm_of(incident).filter(pk=event_id).first()
    if event is None:
        raise NotFound(f"The rhythm of {incident.reference} has no event {event_id} in force.")
    return event


def rhythm_url(incident: Incident) -> str:
    return reverse("command:incident-rhythm", args=[incident.reference])


def next_events(incident: Incident, *, after: datetime, kind: str = "") -> list[Coming]:
    """The next occurrence of each event of the rhythm, soonest first; one query."""
    events = rhythm_of(incident).filter(kind=kind) if kind else rhythm_of(incident)
    coming = [Coming(event, happening.at) for event in events if (happening := next(event.upcoming(after=after), None))]
    return sorted(coming, key=lambda coming: coming.at)


def occurrences_of(incident: Incident) -> QuerySet[RhythmOccurrence]:
    """Every occurrence on record, past and coming, cancelled ones too; in no order yet."""
    return RhythmOccurrence.objects.filter(incident=incident).select_related("event__group", "sitrep__incident")


def occurrences_between(
    incident: Incident, *, since: datetime | None = None, until: datetime | None = None
) -> QuerySet[RhythmOccurrence]:
    """Those that start at `since` or later, and before `until`; None is no bound."""
    found = occurrences_of(incident)
    if since:
        found = found.filter(starts_at__gte=since)
    return found.filter(starts_at__lt=until) if until else found


def occurrences_shown(occurrences: Iterable[RhythmOccurrence], actor: Actor) -> list[RhythmOccurrence]:
    """The occurrences without a report that is still being written, for whoever reads no drafts.

    They are for showing from then on, not for saving.
    """
    shown = list(occurrences)
    for occurrence in shown:
        if occurrence.sitrep and not (occurrence.sitrep.is_issued or authority.may_read_drafts(actor)):
            occurrence.sitrep, occurrence.draft_was_open = None, False
    return shown


def rhythm_doors(incident: Incident, actor: Actor) -> dict[str, Standing]:
    """The doors of the rhythm that stand open to this person, with how: `change`, `agree`.

    None once the incident is closed.
    """
    return doors_open(incident, actor, by_right={"change": authority.imt}, in_place={"agree": authority.scg_chair})


def doors_open(
    incident: Incident, actor: Actor, *, by_right: Mapping[str, Authority], in_place: Mapping[str, Authority]
) -> dict[str, Standing]:
    """Those of these doors of the response that this person may pass, with how; none once the incident is closed.

    At those `in_place` a senior may act in the place of a post, with a reason.
    """
    if not is_live_incident(incident):
        return {}
    offices, cover = offices_of(incident), Cover()
    doors = {name: Standing(actor) for name, who in by_right.items() if who.holders(offices).include(actor)}
    found = {name: way_in(who, offices, actor, cover) for name, who in in_place.items()}
    return doors | {name: standing for name, standing in found.items() if standing}


def groups_meeting(incident: Incident) -> list[Group]:
    """The standing groups of an incident with their people; two queries."""
    standing = Group.objects.filter(incident=incident, status=GroupStatus.STANDING)
    return list(standing.prefetch_related("members"))


def groups_of_event(event: RhythmEvent, groups: list[Group]) -> list[Group]:
    """Which of these standing groups meet at an event: the one that it names, else all of its kind."""
    if event.group_id:
        return [group for group in groups if group.pk == event.group_id]
    return [group for group in groups if group.kind == event.kind]


def people_of(groups: list[Group]) -> frozenset[int]:
    """Chairs and members, whose rows are at hand, as user ids."""
    return frozenset(group.chair_id for group in groups) | frozenset(
        member.user_id for group in groups for member in group.members.all()
    )


def people_concerned(occurrence: RhythmOccurrence) -> frozenset[int]:
    """Whom an occurrence is told to: who meets; of a report IMT, the secretaries and its authors; else IMT.

    A meeting of nobody is told to IMT, who keep the rhythm. Four queries at most.
    """
    incident = occurrence.incident
    is_meeting = occurrence.kind in MEETING_KINDS or occurrence.event.group_id is not None
    if is_meeting and (meeting := people_of(groups_of_event(occurrence.event, groups_meeting(incident)))):
        return meeting
    imt = frozenset(user.pk for user in accounts.holders_of(*IMT_POSTS))
    if occurrence.kind == RhythmKind.SITREP:
        newest = SitrepAuthor.objects.filter(sitrep__incident=incident).order_by("-sitrep__number").values("sitrep")[:1]
        authors = SitrepAuthor.objects.filter(sitrep=newest).values_list("user_id", flat=True)
        return imt | offices_of(incident).secretaries | frozenset(authors)
    return imt
