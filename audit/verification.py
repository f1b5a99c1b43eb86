"""Recomputing the record: does every event still fit (docs/adr/0003-audit-chain-format.md)?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from audit import SERVICE_CHAIN, canonical
from audit.models import GENESIS
from kernel.errors import NotFound


@dataclass(frozen=True)
class Fault:
    """The first event that does not fit, and why in plain words; `position` is None where no event can be named."""

    chain: str
    position: int | None
    why: str

    def __str__(self) -> str:
        event = self.chain if self.position is None else f"{self.chain} event {self.position}"
        return f"{event}: {self.why}"


@dataclass
class Verdict:
    """What was recomputed. `service_head` is worth noting outside: who owns the database cannot forge that note."""

    events: int = 0
    chains: int = 0
    redacted: int = 0
    checkpoints: int = 0
    service_head: str = ""
    fault: Fault | None = None


class _Row(NamedTuple):
    chain: str
    position: int
    kind: str
    at: datetime
    recorded_at: datetime
    version: int | None
    canonical: str
    previous_hash: str
    hash: str
    facts: str | None
    salts: str | None
    chain_length: int | None
    chain_head: str | None


def verify(case: str | None = None) -> Verdict:
    """Recompute every chain, or that of `case` alone, in one snapshot and in constant memory.

    Stops at the first event that does not fit. Raises NotFound for a case that the record never knew.
    """
    verdict = Verdict()
    with _snapshot():
        verdict.fault = _chains_fault(verdict, case) or _opened_fault(case) or _checkpoints_fault(verdict, case)
        if verdict.fault is None and case and not verdict.chains:
            raise NotFound(f"The record knows no chain {case}")
        verdict.service_head = _first("SELECT head FROM audit_chain WHERE key = %s", SERVICE_CHAIN, default=(GENESIS,))[
            0
        ]
    return verdict


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of the database for all reads, while others go on writing; a caller's transaction sets its own."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _first(sql: str, *params: Any, default: Any = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone() or default


# --- the events of each chain ----------------------------------------------------------------------------------------


def _chains_fault(verdict: Verdict, case: str | None) -> Fault | None:
    before: _Row | None = None
    for row in _rows(case):
        if before is None or row.chain != before.chain:
            if before is not None and (fault := _end_fault(before)):
                return fault
            before = None
            verdict.chains += 1
        if fault := _event_fault(verdict, row, before):
            return fault
        verdict.events += 1
        before = row
    if before is not None and (fault := _end_fault(before)):
        return fault
    return _emptied_fault(case)


def _rows(case: str | None) -> Iterator[_Row]:
    where = "WHERE e.chain_key = %s" if case else ""
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT e.chain_key, e.position, e.kind, e.at, e.recorded_at, e.version, e.canonical, e.previous_hash, e.hash,"
            " f.facts::text, f.salts::text, c.length, c.head"
            " FROM audit_auditevent e LEFT JOIN audit_eventfacts f ON f.event_id = e.id"
            f" LEFT JOIN audit_chain c ON c.key = e.chain_key {where} ORDER BY e.chain_key, e.position",
            [case] if case else [],
        )
        yield from map(_Row._make, cursor)


def _event_fault(verdict: Verdict, row: _Row, before: _Row | None) -> Fault | None:
    expected, previous_hash = (before.position + 1, before.hash) if before else (1, GENESIS)
    if row.position != expected:
        return Fault(row.chain, expected, f"it is missing; the next on record is event {row.position}")
    if canonical.event_hash(row.previous_hash, row.canonical) != row.hash:
        return _fault(row, "its text or its hash was changed after it was written")
    if why := _columns_fault(row):
        return _fault(row, why)
    if row.previous_hash != previous_hash:
        return _fault(row, "it does not follow on the event before it: one of the two was replaced")
    if row.chain_length is None:
        return _fault(row, "the row that holds the end of its chain is gone")
    return _facts_fault(verdict, row)


def _fault(row: _Row, why: str) -> Fault:
    return Fault(row.chain, row.position, why)


def _columns_fault(row: _Row) -> str:
    """Why the columns do not say what the hashed text says; empty when they do."""
    try:
        text = json.loads(row.canonical)
        if text["format"] != canonical.FORMAT:
            return f"its format {text['format']} is unknown"
        if (text["chain"], text["position"]) != (row.chain, row.position):
            return f"it was written as event {text['position']} of {text['chain']}: events were moved"
        for name, column in (
            ("kind", row.kind),
            ("at", canonical.moment_text(row.at)),
            ("recorded_at", canonical.moment_text(row.recorded_at)),
            ("version", row.version),
        ):
            if text[name] != column:
                return f"its {name} was changed after it was written: {text[name]} in the text, {column} beside it"
    except (ValueError, KeyError, TypeError):
        return "its text is not that of an event"
    return ""


def _facts_fault(verdict: Verdict, row: _Row) -> Fault | None:
    digests = json.loads(row.canonical)["facts"]
    if row.facts is None or row.salts is None:
        verdict.redacted += bool(digests)
        return None
    facts, salts = json.loads(row.facts), json.loads(row.salts)
    if not isinstance(facts, dict) or not isinstance(salts, dict) or not digests.keys() == facts.keys() == salts.keys():
        return _fault(row, "facts were added, taken out or renamed after it was written")
    for name, value in facts.items():
        try:
            same = canonical.fact_digest(salts[name], value) == digests[name]
        except (ValueError, TypeError):
            same = False
        if not same:
            return _fault(row, f"its fact {name} was changed after it was written")
    return None


def _end_fault(last: _Row) -> Fault | None:
    """Whether the chain ends where its own row says."""
    if last.chain_length is not None and last.chain_length > last.position:
        return Fault(
            last.chain, last.position + 1, f"it is missing at the end; the chain had {last.chain_length} events"
        )
    if last.chain_length is not None and last.chain_length < last.position:
        return Fault(last.chain, last.chain_length + 1, "it was put in: the chain's own row does not know it")
    if last.chain_head != last.hash:
        return _fault(last, "it is not the head that the chain's own row holds: that row or the event was changed")
    return None


def _emptied_fault(case: str | None) -> Fault | None:
    where, params = ("AND c.key = %s", [case]) if case else ("", [])
    emptied = _first(
        "SELECT c.key, c.length FROM audit_chain c WHERE (c.length > 0 OR c.key <> %s) AND NOT EXISTS"
        f" (SELECT FROM audit_auditevent e WHERE e.chain_key = c.key) {where} ORDER BY c.key LIMIT 1",
        SERVICE_CHAIN,
        *params,
    )
    return Fault(emptied[0], 1, f"it is missing, and so are all {emptied[1]} events of the chain") if emptied else None


# --- chains that may not vanish, and checkpoints ---------------------------------------------------------------------

# Texts are canonical, so that the place of `clear` is known; a quote inside a value would be escaped.
_OPENED = (
    'SELECT position, substring(canonical from \'"clear":\\{"chain":"([^"]+)"\\}\') AS key'
    " FROM audit_auditevent WHERE chain_key = 'service' AND kind = 'chain.opened'"
)
_SEALED = (
    'SELECT position, substring(canonical from \'"clear":\\{"checkpoint":(\\d+),\')::bigint AS id,'
    ' substring(canonical from \'"clear":\\{[^}]*"digest":"([0-9a-f]+)"\') AS digest'
    " FROM audit_auditevent WHERE chain_key = 'service' AND kind = 'audit.sealed'"
)


def _opened_fault(case: str | None) -> Fault | None:
    """Whether the chains on record are those that the service chain saw opened."""
    if case == SERVICE_CHAIN:
        return None
    dropped = _first(
        f"SELECT opened.key FROM ({_OPENED}) AS opened"
        " WHERE NOT EXISTS (SELECT FROM audit_chain c WHERE c.key = opened.key)"
        + (" AND opened.key = %s" if case else "")
        + " ORDER BY opened.position LIMIT 1",
        *([case] if case else []),
    )
    if dropped:
        return Fault(
            dropped[0], 1, "it is missing: the whole chain was dropped, though the service chain saw it opened"
        )
    stray = _first(
        f"SELECT c.key, count(opened.key) FROM audit_chain c LEFT JOIN ({_OPENED}) AS opened ON opened.key = c.key"
        " WHERE c.key <> %s" + (" AND c.key = %s" if case else "") + " GROUP BY c.key HAVING count(opened.key) <> 1"
        " ORDER BY c.key LIMIT 1",
        SERVICE_CHAIN,
        *([case] if case else []),
    )
    return Fault(stray[0], 1, f"the service chain saw its chain opened {stray[1]} times, not once") if stray else None


def _checkpoints_fault(verdict: Verdict, case: str | None) -> Fault | None:
    """Whether chains still hold what was sealed, and checkpoints what the service chain says of them."""
    where, params = ("AND h.chain_key = %s", [case]) if case else ("", [])
    rewritten = _first(
        "SELECT h.chain_key, h.length, h.checkpoint_id,"
        " (SELECT coalesce(max(position), 0) FROM audit_auditevent WHERE chain_key = h.chain_key)"
        " FROM audit_checkpointhead h"
        " LEFT JOIN audit_auditevent e ON e.chain_key = h.chain_key AND e.position = h.length"
        f" WHERE e.hash IS DISTINCT FROM h.head {where} ORDER BY h.checkpoint_id, h.chain_key LIMIT 1",
        *params,
    )
    if rewritten:
        chain, length, checkpoint, present = rewritten
        if present < length:
            return Fault(chain, present + 1, f"it is missing: checkpoint {checkpoint} sealed {length} events")
        return Fault(chain, length, f"it is not the event that checkpoint {checkpoint} sealed: one was rewritten")
    if case:
        return None
    changed = _first(
        "SELECT coalesce(c.id, sealed.id), sealed.position FROM audit_checkpoint c"
        f" FULL JOIN ({_SEALED}) AS sealed ON sealed.id = c.id"
        " LEFT JOIN (SELECT checkpoint_id, encode(sha256(convert_to(string_agg("
        "  chain_key || ' ' || length || ' ' || head || E'\\n', '' ORDER BY chain_key COLLATE \"C\"), 'UTF8')), 'hex')"
        "  AS digest FROM audit_checkpointhead GROUP BY checkpoint_id) AS heads ON heads.checkpoint_id = c.id"
        " WHERE c.digest IS DISTINCT FROM sealed.digest OR c.digest IS DISTINCT FROM heads.digest ORDER BY 1 LIMIT 1"
    )
    if changed:
        checkpoint, position = changed
        return Fault(SERVICE_CHAIN, position, f"checkpoint {checkpoint} is not what the service chain says of it")
    verdict.checkpoints = _first("SELECT count(*) FROM audit_checkpoint")[0]
    return None
