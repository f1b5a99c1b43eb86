"""Reading the record. Who may read a case's chain is for the caller to decide: the record knows no case."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from audit.models import AuditEvent
from kernel.actors import Actor


@dataclass(frozen=True)
class EventView:
    """One event as pages, feeds and exports show it. `facts` is empty once they were redacted."""

    position: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: dict[str, Any]
    facts: dict[str, Any]
    version: int | None
    redacted: bool

    @property
    def label(self) -> str:
        """Who acted, as it was then: 'Head of IMT (deputy acting)'."""
        return Actor(user_id=None, **self.actor).label


def events_in(chain: str, *, without: Collection[str] = ()) -> QuerySet[AuditEvent]:
    """The events of `chain` but for those of the kinds `without`, in no order yet; give their rows to `views_of`."""
    events = AuditEvent.objects.filter(chain_key=chain).select_related("told")
    return events.exclude(kind__in=without) if without else events


def events_for(
    chain: str, *, before: int | None = None, limit: int = 50, without: Collection[str] = ()
) -> list[EventView]:
    """The events of `chain`, newest first; the next page begins `before` the last position shown."""
    events = events_in(chain, without=without)
    if before is not None:
        events = events.filter(position__lt=before)
    return views_of(events.order_by("-position")[:limit])


def changes_since(chain: str, version: int) -> list[EventView]:
    """What raised the version of the case above `version`, oldest first."""
    return views_of(events_in(chain).filter(version__gt=version).order_by("position"))


def views_of(events: Iterable[AuditEvent]) -> list[EventView]:
    """The events as pages and feeds show them, in the order given."""
    return [_view(event) for event in events]


def _view(event: AuditEvent) -> EventView:
    text = json.loads(event.canonical)
    told = event.told.facts if hasattr(event, "told") else None
    return EventView(
        position=event.position,
        kind=event.kind,
        at=event.at,
        recorded_at=event.recorded_at,
        actor=text["actor"],
        facts={**text["clear"], **(told or {})},
        version=event.version,
        redacted=told is None and bool(text["facts"]),
    )
