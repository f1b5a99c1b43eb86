"""Seven days of an incident's rhythm, day by day, and where it asks one person to be in two meetings at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from command.enums import MEETING_KINDS, GroupStatus
from command.models import Group, GroupMember, RhythmEvent, RhythmOccurrence
from command.selectors.rhythm import (
    groups_of_event,
    occurrences_between,
    occurrences_of,
    occurrences_shown,
    people_of,
    rhythm_doors,
    rhythm_of,
)
from incidents import selectors as incidents
from incidents.enums import LIVE_STATUSES
from incidents.models import Incident
from kernel.actors import Actor
from kernel.calendar import bank_holiday
from kernel.clock import LONDON

DAYS = 7
# The longest meeting is eight hours: what began earlier than that is over.
LONGEST = timedelta(hours=8)
ANOTHER = "a meeting of another incident"


@dataclass(frozen=True)
class Clash:
    """Two meetings of different groups at overlapping times, and who is wanted in both."""

    one: RhythmOccurrence
    other: str
    people: tuple[str, ...]

    def __str__(self) -> str:
        return f"{', '.join(self.people)}: also in {self.other}"


@dataclass(frozen=True)
class Slot:
    occurrence: RhythmOccurrence
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class Day:
    day: date
    bank_holiday: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Week:
    """Seven days. What lies beyond what is on record is counted from the rhythm in force."""

    first: date
    days: tuple[Day, ...]

    @property
    def previous(self) -> date:
        return self.first - timedelta(days=DAYS)

    @property
    def next(self) -> date:
        return self.first + timedelta(days=DAYS)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS - 1)

    @property
    def clashes(self) -> list[Clash]:
        return [clash for day in self.days for slot in day.slots for clash in slot.clashes]


def week_of(incident: Incident, actor: Actor, *, day: date) -> Week:
    """The seven days from `day` on; a constant number of queries."""
    since, until = (datetime.combine(edge, time(), tzinfo=LONDON) for edge in (day, day + timedelta(days=DAYS)))
    happening = occurrences_shown(occurrences_between(incident, since=since, until=until), actor)
    happening += _not_yet_on_record(rhythm_of(incident), since, until)
    happening = _each_once(happening)
    clashing: dict[int, list[Clash]] = {}
    for clash in clashes_among(incident, happening, actor):
        clashing.setdefault(id(clash.one), []).append(clash)
    slots: dict[date, list[Slot]] = {}
    for occurrence in happening:
        slot = Slot(occurrence, tuple(clashing.get(id(occurrence), ())))
        slots.setdefault(occurrence.starts_at.astimezone(LONDON).date(), []).append(slot)
    days = [day + timedelta(days=number) for number in range(DAYS)]
    return Week(day, tuple(Day(day, bank_holiday(day), tuple(slots.get(day, ()))) for day in days))


def _each_once(happening: Iterable[RhythmOccurrence]) -> list[RhythmOccurrence]:
    """In order of time. What stands, after a change or in a new phase, is not told as cancelled beside that."""
    told: dict[tuple[datetime, str, str], list[RhythmOccurrence]] = {}
    for one in sorted(happening, key=lambda one: (one.starts_at, one.cancelled_at is not None)):
        same = told.setdefault((one.starts_at, one.kind, one.title), [])
        if not same or not one.cancelled_at:
            same.append(one)
    return [one for same in told.values() for one in same]


def _not_yet_on_record(events: Iterable[RhythmEvent], since: datetime, until: datetime) -> Iterable[RhythmOccurrence]:
    for event in events:
        if event.made_until >= until:
            continue
        for happening in event.upcoming(after=max(event.made_until, since - timedelta(seconds=1))):
            if happening.at >= until:
                break
            yield event.occurrence(happening)


def clashes_of_event(event: RhythmEvent, actor: Actor) -> list[str]:
    """What to know of an event on record: where its meetings of the next two weeks clash, each said once."""
    coming = occurrences_of(event.incident).filter(begun_at__isnull=True, cancelled_at__isnull=True)
    found = clashes_among(event.incident, list(coming), actor)
    return list(dict.fromkeys(str(clash) for clash in found if clash.one.event_id == event.pk))


def clashes_among(incident: Incident, occurrences: Sequence[RhythmOccurrence], actor: Actor) -> list[Clash]:
    """Where these occurrences of an incident clash with each other, or with those of another live incident.

    Of an incident that the actor may not know of it is told only that there is one, and that only to those who keep
    the rhythm or agree to it. Five queries, seven where there is such an incident, or none.
    """
    wanted = [one for one in occurrences if one.kind in MEETING_KINDS and not one.begun_at and not one.cancelled_at]
    if not wanted:
        return []
    groups = list(_with_members(Group.objects.filter(incident=incident, status=GroupStatus.STANDING)))
    meeting = [(one, people_of(groups_of_event(one.event, groups))) for one in wanted]
    others = _of_other_incidents(incident, people_of(groups), meeting)
    visible = set(
        incidents.incidents_visible_to(actor)
        .filter(pk__in={one.incident_id for one, _ in others})
        .values_list("pk", flat=True)
        if others
        else ()
    )
    if any(other.incident_id not in visible for other, _ in others) and not _keeps_rhythm(incident, actor):
        others = [(other, people) for other, people in others if other.incident_id in visible]
    pairs = []
    for one, people in meeting:
        for other, others_people in (*meeting, *others):
            both = people & others_people
            if both and one.event_id != other.event_id and _overlap(one, other):
                known = other.incident_id == incident.pk or other.incident_id in visible
                pairs.append((one, _named(other, incident) if known else ANOTHER, both))
    names = dict(User.objects.filter(pk__in={pk for *_, both in pairs for pk in both}).values_list("pk", "name"))
    return [Clash(one, other, tuple(sorted(names[pk] for pk in both))) for one, other, both in pairs]


def _keeps_rhythm(incident: Incident, actor: Actor) -> bool:
    """Whether the rhythm is theirs to change or agree to; not so for a senior who could in another's place."""
    return any(not standing.acting_for for standing in rhythm_doors(incident, actor).values())


def _named(other: RhythmOccurrence, incident: Incident) -> str:
    at = f"{other.title} at {other.starts_at.astimezone(LONDON):%H:%M}"
    return at if other.incident_id == incident.pk else f"{at} of {other.incident.reference}"


def _overlap(one: RhythmOccurrence, other: RhythmOccurrence) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _of_other_incidents(
    incident: Incident, people: frozenset[int], meeting: Sequence[tuple[RhythmOccurrence, frozenset[int]]]
) -> list[tuple[RhythmOccurrence, frozenset[int]]]:
    theirs = Q(chair__in=people) | Q(pk__in=GroupMember.objects.filter(user__in=people).values("group"))
    live = Group.objects.filter(theirs, status=GroupStatus.STANDING, incident__status__in=LIVE_STATUSES)
    groups = list(_with_members(live.exclude(incident=incident)))
    if not groups:
        return []
    first, last = (edge(one.starts_at for one, _ in meeting) for edge in (min, max))
    coming = RhythmOccurrence.objects.filter(
        incident__in={group.incident_id for group in groups},
        kind__in=MEETING_KINDS,
        begun_at__isnull=True,
        cancelled_at__isnull=True,
        starts_at__gt=first - LONGEST,
        starts_at__lt=last + LONGEST,
    ).select_related("event", "incident")
    by_incident: dict[int, list[Group]] = {}
    for group in groups:
        by_incident.setdefault(group.incident_id, []).append(group)
    return [(one, people_of(groups_of_event(one.event, by_incident[one.incident_id]))) for one in coming]


def _with_members(groups: QuerySet[Group]) -> QuerySet[Group]:
    return groups.prefetch_related(Prefetch("members", GroupMember.objects.only("group_id", "user_id")))
