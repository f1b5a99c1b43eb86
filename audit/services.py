"""Writing the record. Order of locks: docs/adr/0003-audit-chain-format.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence, Sized
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
SEAL_AT_MOST = 20_000


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
    _write(events, heads)
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
    _write([_chained(heads, AuditKind.SEALED, SERVICE_CHAIN, SYSTEM, clear=clear)], heads)
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
    """Make the row of `chain`, and that of the service chain where it is missing; lock both. True when `chain` is new."""
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


def _write(events: Sequence[_Chained], heads: Mapping[str, _Head]) -> None:
    """Insert events and facts and move the heads on, in one round trip."""
    rows = [event.row for event in events]
    told = [event for event in events if event.facts]
    columns = [field.column for field in AuditEvent._meta.concrete_fields if not field.primary_key]
    parts = [
        f"event AS (INSERT INTO audit_auditevent ({', '.join(columns)}) VALUES {_tuples(rows, len(columns))} RETURNING *)"
    ]
    params = [getattr(row, column) for row in rows for column in columns]
    if told:
        parts.append(
            "told AS (INSERT INTO audit_eventfacts (event_id, facts, salts)"
            " SELECT event.id, told.facts::jsonb, told.salts::jsonb FROM event"
            f" JOIN (VALUES {_tuples(told, 4)}) AS told (chain_key, position, facts, salts) USING (chain_key, position))"
        )
        for event in told:
            params += [event.row.chain_key, event.row.position, json.dumps(event.facts), json.dumps(event.salts)]
    grown = {row.chain_key: heads[row.chain_key] for row in rows}
    parts.append(
        "grown AS (UPDATE audit_chain SET head = grown.head, length = grown.length"
        f" FROM (VALUES {_tuples(grown, 3)}) AS grown (key, head, length) WHERE audit_chain.key = grown.key)"
    )
    for key, head in grown.items():
        params += [key, head.hash, head.length]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT chain_key, position, id FROM event", params)
        ids = {(key, position): pk for key, position, pk in cursor.fetchall()}
    for row in rows:
        row.pk, row._state.adding, row._state.db = ids[row.chain_key, row.position], False, connection.alias


def _tuples(items: Sized, width: int) -> str:
    return ", ".join([f"({', '.join(['%s'] * width)})"] * len(items))
