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
    **facts: Any,
) -> AuditEvent:
    """Append one event to `chain` in the caller's transaction, and lock the chain until that transaction ends.

    `at` is when it happened (default: now); the record time is the clock's. `version` is that of the representation
    after the change. The first event of a case's chain opens it, which the service chain tells.
    """
    heads = _locked([chain])
    events = []
    if chain not in heads:
        heads, is_new = _opened(chain)
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
    if not connection.in_atomic_block:
        raise RuntimeError("The record must share the transaction of the change it describes")
    return _heads(
        'SELECT key, head, length FROM audit_chain WHERE key = ANY(%s) ORDER BY key COLLATE "C" FOR UPDATE', list(keys)
    )


def _opened(chain: str) -> tuple[dict[str, _Head], bool]:
    """Make the rows of `chain` and of the service chain where they are missing; lock both. True when `chain` is new."""
    if not _KEY.fullmatch(chain):
        raise ValueError(f"{chain!r} is not the key of a chain: give the reference of a case")
    keys = sorted({chain, SERVICE_CHAIN})
    made = _heads(
        "INSERT INTO audit_chain (key, head, length, sealed_length) SELECT key, %s, 0, 0 FROM unnest(%s) AS key"
        " ON CONFLICT DO NOTHING RETURNING key, head, length",
        GENESIS,
        keys,
    )
    return _locked(keys), chain in made


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
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is not the kind of an event: write entity.past_verb")
    head, recorded_at = heads[chain], clock.now()
    told = canonical.plain(facts or {})
    salts = canonical.salts_for(told)
    row = AuditEvent(
        chain_key=chain,
        position=head.length + 1,
        kind=str(kind),
        at=at or recorded_at,
        recorded_at=recorded_at,
        version=version,
        previous_hash=head.hash,
    )
    row.canonical = canonical.event_text(
        chain=chain,
        position=row.position,
        kind=row.kind,
        at=row.at,
        recorded_at=recorded_at,
        version=version,
        actor=by,
        clear=clear or {},
        digests={name: canonical.fact_digest(salts[name], value) for name, value in told.items()},
    )
    row.hash = canonical.event_hash(row.previous_hash, row.canonical)
    head.hash, head.length = row.hash, row.position
    return _Chained(row, told, salts)


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
        event.row._state.adding, event.row._state.db = False, connection.alias
