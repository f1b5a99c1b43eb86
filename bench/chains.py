"""Audit chains for the data set, in the format of the record (docs/adr/0003-audit-chain-format.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from audit import canonical
from audit.models import GENESIS
from bench.copying import Json, Tables
from kernel.actors import Actor

Event = tuple[str, Actor, Mapping[str, Any]]


class ChainWriter:
    """Adds the rows of events, facts and heads to the tables that wait."""

    def __init__(self, tables: Tables, *, first_id: int) -> None:
        self.tables = tables
        self.ids = count(first_id)

    def chain(self, key: str, events: Sequence[Event], moments: Sequence[datetime]) -> None:
        """A whole chain, the version rising with every event."""
        end = (GENESIS, 0)
        for (kind, by, facts), at in zip(events, moments, strict=True):
            end = self.event(key, kind, after=end, by=by, at=at, version=end[1] + 1, facts=facts)
        self.tables.add("audit_chain", key, *end, 0)

    def event(
        self,
        key: str,
        kind: str,
        *,
        after: tuple[str, int],
        by: Actor,
        at: datetime,
        version: int | None,
        facts: Mapping[str, Any] | None = None,
        clear: Mapping[str, Any] | None = None,
    ) -> tuple[str, int]:
        """One event that follows on `after` (hash, position); answers where the chain ends then."""
        previous, position, told = after[0], after[1] + 1, canonical.plain(facts or {})
        salts = canonical.salts_for(told)
        text = canonical.event_text(
            chain=key,
            position=position,
            kind=str(kind),
            at=at,
            recorded_at=at,
            version=version,
            actor=by,
            clear=clear or {},
            digests={name: canonical.fact_digest(salts[name], value) for name, value in told.items()},
        )
        digest, pk = canonical.event_hash(previous, text), next(self.ids)
        self.tables.add("audit_auditevent", pk, key, position, str(kind), at, at, version, text, previous, digest)
        if told:
            self.tables.add("audit_eventfacts", pk, Json(told), Json(salts))
        return digest, position
