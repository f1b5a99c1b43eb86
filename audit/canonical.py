"""Format 1 of the record: canonical text, digests of facts, hashes (docs/adr/0003-audit-chain-format.md).

Nothing here may change for events that are written already.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from kernel.actors import Actor

FORMAT = 1
SALT_BYTES = 16

_encoder = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _encode(value: Any) -> str:
    """JSON in its one form. Text and whole numbers, which most facts are, do not wait for the encoder to begin."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    return str(value) if kind is int else _encoder.encode(value)


def moment_text(moment: datetime) -> str:
    """UTC with microseconds, such as `2026-03-12T14:05:00.000000+00:00`."""
    if moment.tzinfo is None:
        raise ValueError("A moment in the record needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def plain(value: Any) -> Any:
    """`value` as the record keeps it: text, whole numbers, booleans, null, lists, objects.

    Moments, days and fractions become text. What has no one text (NaN, U+0000, lone surrogates, live objects) is
    refused with ValueError or TypeError: a fault of the caller.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float | Decimal):
        if not Decimal(value).is_finite():
            raise ValueError("A number in the record must be finite")
        return str(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {_text(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = [plain(item) for item in value]
        return sorted(items, key=_encode) if isinstance(value, set | frozenset) else items
    raise TypeError(f"{type(value).__name__} cannot stand in the record: give its reference or its text")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("The names of an object in the record are text")
    if "\x00" in value:
        raise ValueError("U+0000 cannot stand in the record")
    value.encode()
    return str.__str__(value)


def salts_for(names: Iterable[str]) -> dict[str, str]:
    """A fresh salt for every fact."""
    return {name: secrets.token_hex(SALT_BYTES) for name in names}


def fact_digest(salt: str, value: Any) -> str:
    return sha256(bytes.fromhex(salt) + _encode(value).encode()).hexdigest()


def actor_as_recorded(actor: Actor) -> dict[str, Any]:
    """Who it was then, without a key of a live row."""
    return {
        "as_deputy": actor.as_deputy,
        "email": actor.email,
        "name": actor.name,
        "post": actor.post,
        "post_title": actor.post_title,
    }


def event_text(
    *,
    chain: str,
    position: int,
    kind: str,
    at: datetime,
    recorded_at: datetime,
    version: int | None,
    actor: Actor,
    clear: Mapping[str, Any],
    digests: Mapping[str, str],
) -> str:
    """The canonical text of an event."""
    return _encode(
        {
            "actor": actor_as_recorded(actor),
            "at": moment_text(at),
            "chain": chain,
            "clear": clear,
            "facts": digests,
            "format": FORMAT,
            "kind": kind,
            "position": position,
            "recorded_at": moment_text(recorded_at),
            "version": version,
        }
    )


def event_halves(**said: Any) -> tuple[str, str]:
    """The canonical text of an event before and after its position, for the database to put the number in between."""
    before, mark, after = event_text(position=0, **said).rpartition('"position":0')
    return before + mark[:-1], after


def event_tail(
    *, chain: str, position: str, kind: str, at: str, recorded_at: str, version: str | None, digests: Mapping[str, str]
) -> str:
    """How the text of an event ends when `clear` is empty: everything but its actor, made without parsing JSON."""
    facts = ",".join([f'{_encode(name)}:"{digest}"' for name, digest in sorted(digests.items())])
    return (
        f'}},"at":"{at}","chain":{_encode(chain)},"clear":{{}},"facts":{{{facts}}},"format":{FORMAT},'
        f'"kind":{_encode(kind)},"position":{position},"recorded_at":"{recorded_at}",'
        f'"version":{"null" if version is None else version}}}'
    )


def event_hash(previous_hash: str, canonical: str) -> str:
    return sha256((previous_hash + canonical).encode()).hexdigest()


def heads_digest(heads: Iterable[tuple[str, int, str]]) -> str:
    """The digest of a checkpoint over (key, length, head) of its chains, already sorted by the bytes of the key."""
    digest = sha256()
    for key, length, head in heads:
        digest.update(f"{key} {length} {head}\n".encode())
    return digest.hexdigest()
