"""What happens next in an incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from command import rules
from command.models import RhythmEvent
from incidents.models import Incident


@dataclass(frozen=True)
class Coming:
    """One coming occurrence of an event."""

    event: RhythmEvent
    at: datetime


def rhythm_of(incident: Incident) -> QuerySet[RhythmEvent]:
    """The rhythm in force: what has ended is not of it."""
    return RhythmEvent.objects.filter(incident=incident, ended_at__isnull=True)


def next_events(incident: Incident, *, after: datetime, kind: str = "") -> list[Coming]:
    """The next occurrence of each event of the rhythm, soonest first; one query."""
    events = rhythm_of(incident).filter(kind=kind) if kind else rhythm_of(incident)
    coming = [
        Coming(event, at)
        for event in events
        if (at := rules.next_occurrence(event.recurrence, event.starts_at, after=after))
    ]
    return sorted(coming, key=lambda coming: coming.at)
