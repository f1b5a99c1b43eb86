"""Recomputing the record: does every event still fit (docs/adr/0003-audit-chain-format.md)?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    """An event with what stands beside it, as text."""

    chain: str
    number: str
    kind: str
    at: str
    recorded_at: str
    said_version: str | None
    canonical: str
    previous_hash: str
    hash: str
    facts: str | None
    salts: str | None
    said_length: str | None
    chain_head: str | None

    @property
    def position(self) -> int:
        return int(self.number)

    @property
    def version(self) -> int | None:
        return None if self.said_version is None else int(self.said_version)

    @property
    def chain_length(self) -> int | None:
        return None if self.said_length is None else int(self.said_length)


def verify(case: str | None = None) -> Verdict:
    """Recompute every chain, or that of `case` alone, in one snapshot and in constant memory.

    Stops at the first event that does not fit. Raises NotFound for a case that the record never knew.
    """
    verdict = Verdict()
    with _snapshot():
        verdict.fault = _chains_fault(verdict, case) or _opened_fault(case) or _checkpoints_fault(verdict, case)
        if verdict.fault is None and case and not verdict.chains:
            raise NotFound(f"The record knows no chain {case}")
        service = _first("SELECT head FROM audit_chain WHERE key = 'service'")
        verdict.service_head = service[0] if service else GENESIS
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


def _first(sql: str, **params: Any) -> Any:
    """The first row of a query, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


# --- the events of each chain ----------------------------------------------------------------------------------------

# Moments come as the canonical text writes them. Without a case, PostgreSQL folds the filter away.
_EVENTS = """
COPY (
    SELECT e.chain_key, e.position, e.kind,
        to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
        to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
        e.version, e.canonical, e.previous_hash, e.hash, f.facts, f.salts, c.length, c.head
    FROM audit_auditevent e
    LEFT JOIN audit_eventfacts f ON f.event_id = e.id
    LEFT JOIN audit_chain c ON c.key = e.chain_key
    WHERE %(case)s::text IS NULL OR e.chain_key = %(case)s
    ORDER BY e.chain_key, e.position
) TO STDOUT
"""


def _chains_fault(verdict: Verdict, case: str | None) -> Fault | None:
    """COPY, so that PostgreSQL reads on while we hash: the slower of the two is what it takes, not their sum."""
    reading = _Reading(verdict)
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(_EVENTS, {"case": case}).decode(), reading)
    return reading.fault or reading.end_fault() or _emptied_fault(case)


class _Reading:
    """What COPY writes its rows to: the file that it thinks this is keeps the first fault and the row before."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.fault: Fault | None = None
        self._before: _Row | None = None

    def write(self, line: bytes) -> None:
        """One row. After a fault the rest runs by unread, since COPY cannot be left half way."""
        if self.fault is None:
            self.fault = self._row_fault(_row(line))

    def end_fault(self) -> Fault | None:
        """Whether the chain whose event came last ends there."""
        return _end_fault(self._before) if self._before else None

    def _row_fault(self, row: _Row) -> Fault | None:
        if self._before is None or row.chain != self._before.chain:
            if fault := self.end_fault():
                return fault
            self._before = None
            self.verdict.chains += 1
        if fault := _event_fault(self.verdict, row, self._before):
            return fault
        self.verdict.events += 1
        self._before = row
        return None


_NULL = "\\N"
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _row(line: bytes) -> _Row:
    """A line of COPY's text format as its columns."""
    text = line.decode().removesuffix("\n")
    fields: Iterable[str | None] = text.split("\t")
    if "\\" in text:
        fields = [None if field == _NULL else _ESCAPED.sub(_unescaped, field) for field in text.split("\t")]
    return _Row._make(fields)


def _unescaped(match: re.Match[str]) -> str:
    return _CONTROLS.get(match[1], match[1])


def _event_fault(verdict: Verdict, row: _Row, before: _Row | None) -> Fault | None:
    expected, previous_hash = (before.position + 1, before.hash) if before else (1, GENESIS)
    if row.position != expected:
        return Fault(row.chain, expected, f"it is missing; the next on record is event {row.position}")
    if canonical.event_hash(row.previous_hash, row.canonical) != row.hash:
        return _fault(row, "its text or its hash was changed after it was written")
    if why := _text_fault(verdict, row):
        return _fault(row, why)
    if row.previous_hash != previous_hash:
        return _fault(row, "it does not follow on the event before it: one of the two was replaced")
    if row.said_length is None:
        return _fault(row, "the row that holds the end of its chain is gone")
    return None


def _fault(row: _Row, why: str) -> Fault:
    return Fault(row.chain, row.position, why)


def _text_fault(verdict: Verdict, row: _Row) -> str:
    """Why columns and facts do not say what the hashed text says; empty when they do.

    Nearly every event ends as its columns and facts foretell; only the others are parsed, to say what differs.
    """
    digests = _digests(row)
    foretold = canonical.event_tail(
        chain=row.chain,
        position=row.number,
        kind=row.kind,
        at=row.at,
        recorded_at=row.recorded_at,
        version=row.said_version,
        digests=digests or {},
    )
    if row.canonical.endswith(foretold):
        return ""
    try:
        text = json.loads(row.canonical)
        if text["format"] != canonical.FORMAT:
            return f"its format {text['format']} is unknown"
        if (text["chain"], text["position"]) != (row.chain, row.position):
            return f"it was written as event {text['position']} of {text['chain']}: events were moved"
        for name in ("kind", "at", "recorded_at", "version"):
            if text[name] != getattr(row, name):
                beside = getattr(row, name)
                return f"its {name} was changed after it was written: {text[name]} in the text, {beside} beside it"
        return _facts_fault(verdict, text["facts"], digests)
    except (ValueError, KeyError, TypeError, AttributeError):
        return "its text is not that of an event"


# What PostgreSQL writes of a jsonb begins with its value: no blanks to look for.
_read = json.JSONDecoder().raw_decode


# No event has a fact without a name, so this agrees with no text.
_UNSALTED = {"": ""}


def _digests(row: _Row) -> dict[str, str] | None:
    """The digests that the facts have now; None when facts were removed or there were none."""
    if row.facts is None or row.salts is None:
        return None
    (facts, _), (salts, _) = _read(row.facts), _read(row.salts)
    if not isinstance(facts, dict) or not isinstance(salts, dict) or facts.keys() != salts.keys():
        return _UNSALTED
    return {name: _digest(salts[name], value) for name, value in facts.items()}


def _digest(salt: Any, value: Any) -> str:
    try:
        return canonical.fact_digest(salt, value)
    except (ValueError, TypeError):
        return ""


def _facts_fault(verdict: Verdict, written: dict[str, str], present: dict[str, str] | None) -> str:
    if present is None:
        verdict.redacted += bool(written)
        return ""
    if written.keys() != present.keys():
        return "facts were added, taken out or renamed after it was written"
    changed = [name for name in written if written[name] != present[name]]
    return f"its fact {changed[0]} was changed after it was written" if changed else ""


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


_EMPTIED = """
SELECT c.key, c.length FROM audit_chain c
WHERE (c.length > 0 OR c.key <> 'service') AND (%(case)s::text IS NULL OR c.key = %(case)s)
    AND NOT EXISTS (SELECT FROM audit_auditevent e WHERE e.chain_key = c.key)
ORDER BY c.key LIMIT 1
"""


def _emptied_fault(case: str | None) -> Fault | None:
    emptied = _first(_EMPTIED, case=case)
    return Fault(emptied[0], 1, f"it is missing, and so are all {emptied[1]} events of the chain") if emptied else None


# --- chains that may not vanish, and checkpoints ---------------------------------------------------------------------

# Texts are canonical, so that the shape of `clear` is known, and a quote inside a value is escaped. One pass of
# grouping: a join on text cut out of the events lets the planner compare every chain with every other.
_OPENED = """
SELECT key, sum(opened), sum(kept) FROM (
    SELECT substring(canonical from '"clear":\\{"chain":"([^"]+)"\\}') AS key, 1 AS opened, 0 AS kept
    FROM audit_auditevent WHERE chain_key = 'service' AND kind = 'chain.opened'
    UNION ALL
    SELECT key, 0, 1 FROM audit_chain WHERE key <> 'service'
) AS chains
WHERE %(case)s::text IS NULL OR key = %(case)s
GROUP BY key HAVING sum(opened) <> 1 OR sum(kept) <> 1
ORDER BY key LIMIT 1
"""
_REWRITTEN = """
SELECT h.chain_key, h.length, h.checkpoint_id,
    (SELECT coalesce(max(position), 0) FROM audit_auditevent WHERE chain_key = h.chain_key)
FROM audit_checkpointhead h
LEFT JOIN audit_auditevent e ON e.chain_key = h.chain_key AND e.position = h.length
WHERE e.hash IS DISTINCT FROM h.head AND (%(case)s::text IS NULL OR h.chain_key = %(case)s)
ORDER BY h.checkpoint_id, h.chain_key LIMIT 1
"""
_CHANGED_CHECKPOINT = """
SELECT coalesce(c.id, sealed.id), sealed.position
FROM audit_checkpoint c
FULL JOIN (
    SELECT position, substring(canonical from '"clear":\\{"checkpoint":(\\d+),')::bigint AS id,
        substring(canonical from '"clear":\\{[^}]*"digest":"([0-9a-f]+)"') AS digest
    FROM audit_auditevent WHERE chain_key = 'service' AND kind = 'audit.sealed'
) AS sealed ON sealed.id = c.id
LEFT JOIN (
    SELECT checkpoint_id, encode(sha256(convert_to(string_agg(
        chain_key || ' ' || length || ' ' || head || E'\\n', '' ORDER BY chain_key COLLATE "C"
    ), 'UTF8')), 'hex') AS digest
    FROM audit_checkpointhead GROUP BY checkpoint_id
) AS heads ON heads.checkpoint_id = c.id
WHERE c.digest IS DISTINCT FROM sealed.digest OR c.digest IS DISTINCT FROM heads.digest
ORDER BY 1 LIMIT 1
"""


def _opened_fault(case: str | None) -> Fault | None:
    """Whether the chains on record are those that the service chain saw opened."""
    odd = _first(_OPENED, case=case)
    if odd is None:
        return None
    chain, opened, kept = odd
    if not kept:
        return Fault(chain, 1, "it is missing: the whole chain was dropped, though the service chain saw it opened")
    return Fault(chain, 1, f"the service chain saw its chain opened {opened} times, not once")


def _checkpoints_fault(verdict: Verdict, case: str | None) -> Fault | None:
    """Whether chains still hold what was sealed, and checkpoints what the service chain says of them."""
    rewritten = _first(_REWRITTEN, case=case)
    if rewritten:
        chain, length, checkpoint, present = rewritten
        if present < length:
            return Fault(chain, present + 1, f"it is missing: checkpoint {checkpoint} sealed {length} events")
        return Fault(chain, length, f"it is not the event that checkpoint {checkpoint} sealed: one was rewritten")
    if case:
        return None
    changed = _first(_CHANGED_CHECKPOINT)
    if changed:
        checkpoint, position = changed
        return Fault(SERVICE_CHAIN, position, f"checkpoint {checkpoint} is not what the service chain says of it")
    verdict.checkpoints = _first("SELECT count(*) FROM audit_checkpoint")[0]
    return None
