"""Writing the record. Order of locks: docs/adr/0003-audit-chain-format.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from audit import SERVICE_CHAIN, canonical
from audit.events import AuditKind
from audit.models import GENESIS, AccessLog, AuditEvent, Chain, Checkpoint, CheckpointHead
from kernel import clock
from kernel.actors import SYSTEM, Actor

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,59}")
_KIND = re.compile(r"[a-z_]+(\.[a-z_]+)+")


# One sealing holds the service chain's lock: it takes a bounded bite, and the next tick takes the rest.
SEAL_AT_MOST = 5_000


def record(
    kind: str,
    /,
    *,
    chain: str,
    by: Actor,
    at: datetime | None = None,
    version: int | None = None,
    opens: bool = False,
    **facts: Any,
) -> AuditEvent:
    """Append one event to `chain` in the caller's transaction, and lock the chain until that transaction ends.

    `at` is when it happened (default: now); the record time is the clock's. `version` is that of the representation
    after the change. The first event of a case's chain opens it, which the service chain tells; `opens` says that the
    caller knows it to be the first, which saves looking for the chain.
    """
    _require_transaction()
    if not opens and (event := _appended(kind, chain, by, at=at, version=version, facts=facts)):
        return event
    heads, is_new = _opened(chain)
    events = []
    if is_new and chain != SERVICE_CHAIN:
        events.append(_chained(heads, AuditKind.OPENED, SERVICE_CHAIN, by, clear={"chain": chain}))
    events.append(_chained(heads, kind, chain, by, at=at, version=version, facts=facts))
    _write(*events)
    return events[-1].row


def chains_lock(*keys: str) -> None:
    """Lock existing chains in the one order that cannot deadlock, before recording to several of them."""
    _locked(keys)


def access_record(*, by: Actor, about: str, what: str) -> None:
    """Note that `by` read restricted material: `what` (such as "issue page") of the case `about`."""
    AccessLog.objects.create(
        at=clock.now(),
        email=by.email,
        post=by.post,
        post_title=by.post_title,
        as_deputy=by.as_deputy,
        about=about,
        what=what,
    )


@transaction.atomic
def seal() -> Checkpoint | None:
    """Seal the heads of the chains that grew since they were last sealed; None when none did.

    A chain that somebody is writing to is left for the next time: this waits for the service chain only.
    """
    heads = _locked([SERVICE_CHAIN])
    grown = _grown()
    if not grown:
        return None
    rows = sorted((key, head.length, head.hash) for key, head in (grown | heads).items())
    digest = canonical.heads_digest(rows)
    checkpoint = Checkpoint.objects.create(at=clock.now(), digest=digest)
    CheckpointHead.objects.bulk_create(
        CheckpointHead(checkpoint=checkpoint, chain_key=key, length=length, head=head) for key, length, head in rows
    )
    clear = {"checkpoint": checkpoint.pk, "digest": digest, "heads": len(rows)}
    _write(_chained(heads, AuditKind.SEALED, SERVICE_CHAIN, SYSTEM, clear=clear))
    # The event of this sealing is no growth of its own, or an idle service would seal itself for ever.
    Chain.objects.filter(key__in=[key for key, _, _ in rows]).update(sealed_length=F("length"))
    return checkpoint


@dataclass
class _Head:
    """Where a locked chain ends."""

    hash: str
    length: int


@dataclass(frozen=True)
class _Chained:
    """An event that is ready to be written, with its facts."""

    row: AuditEvent
    facts: Mapping[str, Any]
    salts: Mapping[str, str]


def _locked(keys: Iterable[str]) -> dict[str, _Head]:
    """Lock the rows of those of `keys` that exist, in the order of their bytes."""
    _require_transaction()
    return _heads(
        'SELECT key, head, length FROM audit_chain WHERE key = ANY(%s) ORDER BY key COLLATE "C" FOR UPDATE', list(keys)
    )


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("The record must share the transaction of the change it describes")


# A row made in this statement is not seen by its own SELECT, and one that somebody else has just made neither. Where
# such a one is missing nothing is locked here: to lock the rest before it would break the order of locks.
_OPEN = """
WITH made AS (
    INSERT INTO audit_chain (key, head, length, sealed_length)
    SELECT key, %(genesis)s, 0, 0 FROM unnest(%(keys)s) AS key
    ON CONFLICT DO NOTHING RETURNING key, head, length
), held AS (
    SELECT key, head, length FROM audit_chain
    WHERE key = ANY(%(keys)s)
    AND (SELECT count(*) FROM made) + (SELECT count(*) FROM audit_chain WHERE key = ANY(%(keys)s))
        = cardinality(%(keys)s)
    ORDER BY key COLLATE "C" FOR UPDATE
)
SELECT key, head, length, true FROM made UNION ALL SELECT key, head, length, false FROM held
"""


def _opened(chain: str) -> tuple[dict[str, _Head], bool]:
    """Make the rows of `chain` and of the service chain where they are missing; lock both. True when `chain` is new."""
    if not _KEY.fullmatch(chain):
        raise ValueError(f"{chain!r} is not the key of a chain: give the reference of a case")
    keys = sorted({chain, SERVICE_CHAIN})
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"genesis": GENESIS, "keys": keys})
        rows = cursor.fetchall()
    heads = {key: _Head(head, length) for key, head, length, _ in rows}
    made = {key for key, _, _, is_new in rows if is_new}
    return heads if heads.keys() == set(keys) else _locked(keys), chain in made


def _grown() -> dict[str, _Head]:
    """Lock and give such chains as grew since they were sealed, but none that is busy."""
    return _heads(
        "SELECT key, head, length FROM audit_chain WHERE length > sealed_length LIMIT %s FOR UPDATE SKIP LOCKED",
        SEAL_AT_MOST,
    )


def _heads(sql: str, *params: Any) -> dict[str, _Head]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {key: _Head(head, length) for key, head, length in cursor.fetchall()}


def _chained(
    heads: Mapping[str, _Head],
    kind: str,
    chain: str,
    by: Actor,
    *,
    at: datetime | None = None,
    version: int | None = None,
    facts: Mapping[str, Any] | None = None,
    clear: Mapping[str, Any] | None = None,
) -> _Chained:
    """Build the event that follows on the head of `chain`, and move that head on."""
    head = heads[chain]
    row, told = _told(kind, chain, at=at, version=version, facts=facts or {})
    row.position, row.previous_hash = head.length + 1, head.hash
    salts = canonical.salts_for(told)
    row.canonical = canonical.event_text(
        chain=chain,
        position=row.position,
        kind=row.kind,
        at=row.at,
        recorded_at=row.recorded_at,
        version=version,
        actor=by,
        clear=clear or {},
        digests={name: canonical.fact_digest(salts[name], value) for name, value in told.items()},
    )
    row.hash = canonical.event_hash(row.previous_hash, row.canonical)
    head.hash, head.length = row.hash, row.position
    return _Chained(row, told, salts)


_APPEND = """
WITH held AS MATERIALIZED (
    SELECT head, length + 1 AS position FROM audit_chain WHERE key = %(chain_key)s FOR UPDATE
), said AS (
    SELECT head, position, %(before)s || position || %(after)s AS canonical FROM held
), event AS (
    INSERT INTO audit_auditevent
        (chain_key, position, kind, at, recorded_at, version, canonical, previous_hash, hash)
    SELECT %(chain_key)s, position, %(kind)s, %(at)s, %(recorded_at)s, %(version)s::bigint, canonical, head,
        encode(sha256(convert_to(head || canonical, 'UTF8')), 'hex')
    FROM said
    RETURNING id, position, canonical, previous_hash, hash
), told AS (
    INSERT INTO audit_eventfacts (event_id, facts, salts)
    SELECT id, %(facts)s::jsonb, %(salts)s::jsonb FROM event WHERE %(facts)s IS NOT NULL
), grown AS (
    UPDATE audit_chain SET head = event.hash, length = event.position FROM event WHERE key = %(chain_key)s
)
SELECT id, position, canonical, previous_hash, hash FROM event
"""


def _appended(
    kind: str, chain: str, by: Actor, *, at: datetime | None, version: int | None, facts: Mapping[str, Any]
) -> AuditEvent | None:
    """Lock the chain and append to it in one round trip; None where there is no such chain yet."""
    row, told = _told(kind, chain, at=at, version=version, facts=facts)
    salts = canonical.salts_for(told)
    before, after = canonical.event_halves(
        chain=chain,
        kind=row.kind,
        at=row.at,
        recorded_at=row.recorded_at,
        version=version,
        actor=by,
        clear={},
        digests={name: canonical.fact_digest(salts[name], value) for name, value in told.items()},
    )
    params = {name: getattr(row, name) for name in ("chain_key", "kind", "at", "recorded_at", "version")}
    params |= {"before": before, "after": after, "facts": None, "salts": None}
    if told:
        params |= {"facts": json.dumps(told), "salts": json.dumps(salts)}
    with connection.cursor() as cursor:
        cursor.execute(_APPEND, params)
        written = cursor.fetchone()
    if written is None:
        return None
    row.pk, row.position, row.canonical, row.previous_hash, row.hash = written
    return _as_written(row)


def _told(
    kind: str, chain: str, *, at: datetime | None, version: int | None, facts: Mapping[str, Any]
) -> tuple[AuditEvent, dict[str, Any]]:
    """The columns of an event that do not depend on where its chain ends, and its facts as the record keeps them."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not the kind of an event: write entity.past_verb")
    now = clock.now()
    row = AuditEvent(chain_key=chain, kind=str(kind), at=at or now, recorded_at=now, version=version)
    return row, canonical.plain(facts)


def _as_written(row: AuditEvent) -> AuditEvent:
    row._state.adding, row._state.db = False, connection.alias
    return row


_WRITE = """
WITH written AS (
    SELECT * FROM unnest(
        %(chain_key)s::text[], %(position)s::bigint[], %(kind)s::text[], %(at)s::timestamptz[],
        %(recorded_at)s::timestamptz[], %(version)s::bigint[], %(canonical)s::text[], %(previous_hash)s::text[],
        %(hash)s::text[], %(facts)s::text[], %(salts)s::text[]
    ) AS w (
        chain_key, position, kind, at, recorded_at, version, canonical, previous_hash, hash, facts, salts
    )
), event AS (
    INSERT INTO audit_auditevent
        (chain_key, position, kind, at, recorded_at, version, canonical, previous_hash, hash)
    SELECT chain_key, position, kind, at, recorded_at, version, canonical, previous_hash, hash FROM written
    RETURNING id, chain_key, position
), told AS (
    INSERT INTO audit_eventfacts (event_id, facts, salts)
    SELECT event.id, facts::jsonb, salts::jsonb
    FROM event JOIN written USING (chain_key, position) WHERE facts IS NOT NULL
), grown AS (
    UPDATE audit_chain SET head = last.hash, length = last.position
    FROM (
        SELECT DISTINCT ON (chain_key) chain_key, hash, position FROM written ORDER BY chain_key, position DESC
    ) AS last
    WHERE audit_chain.key = last.chain_key
)
SELECT chain_key, position, id FROM event
"""
_COLUMNS = ("chain_key", "position", "kind", "at", "recorded_at", "version", "canonical", "previous_hash", "hash")


def _write(*events: _Chained) -> None:
    """Insert events and facts and move the chains' rows on, in one round trip."""
    params = {column: [getattr(event.row, column) for event in events] for column in _COLUMNS}
    params["facts"] = [json.dumps(event.facts) if event.facts else None for event in events]
    params["salts"] = [json.dumps(event.salts) if event.facts else None for event in events]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, params)
        ids = {(chain, position): pk for chain, position, pk in cursor.fetchall()}
    for event in events:
        event.row.pk = ids[event.row.chain_key, event.row.position]
        _as_written(event.row)
