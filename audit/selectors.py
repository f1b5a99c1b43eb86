"""Reading the record. Who may read a case's chain is for the caller to decide: the record knows no case."""

from __future__ import annotations

import json
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


def events_for(chain: str, *, before: int | None = None, limit: int = 50) -> list[EventView]:
    """The events of `chain`, newest first; the next page begins `before` the last position shown."""
    events = AuditEvent.objects.filter(chain_key=chain)
    if before is not None:
        events = events.filter(position__lt=before)
    return _views(events.order_by("-position")[:limit])


def changes_since(chain: str, version: int) -> list[EventView]:
    """What raised the version of the case above `version`, oldest first."""
    return _views(AuditEvent.objects.filter(chain_key=chain, version__gt=version).order_by("position"))


def _views(events: QuerySet[AuditEvent]) -> list[EventView]:
    rows = events.values_list("position", "kind", "at", "recorded_at", "version", "canonical", "told__facts")
    return [_view(*row) for row in rows]


def _view(
    position: int,
    kind: str,
    at: datetime,
    recorded_at: datetime,
    version: int | None,
    canonical: str,
    facts: dict[str, Any] | None,
) -> EventView:
    text = json.loads(canonical)
    return EventView(
        position=position,
        kind=kind,
        at=at,
        recorded_at=recorded_at,
        actor=text["actor"],
        facts={**text["clear"], **(facts or {})},
        version=version,
        redacted=facts is None and bool(text["facts"]),
    )
