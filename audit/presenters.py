"""What an event says to a reader: a sentence, and those of its facts that are published.

Each app registers its kinds in its `apps.py`. What is not registered publishes no fact; what names a case that the
reader may not know of names 'another case' (`references`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from audit import references, selectors
from audit.models import AuditEvent
from audit.selectors import EventView
from kernel.actors import Actor

Sentence = Callable[[EventView], str]


@dataclass(frozen=True)
class _Kind:
    sentence_of: Sentence
    facts: tuple[str, ...]
    readers: Callable[[Actor], bool] | None


_kinds: dict[str, _Kind] = {}


def register(
    kind: str,
    sentence_of: Sentence,
    *,
    facts: Collection[str] = (),
    readers: Callable[[Actor], bool] | None = None,
) -> None:
    """Teach the record to tell events of `kind`. Plain text; the page escapes it.

    `facts` names what of its facts is published (`inputs.reason` for one inside another); `readers` says who may know
    of such events, where not everybody may who reads the chain.
    """
    if str(kind) in _kinds:
        raise ValueError(f"{kind} has a sentence already")
    _kinds[str(kind)] = _Kind(sentence_of, tuple(facts), readers)


def sentence(event: EventView) -> str:
    """One sentence on what happened; the kind in words where nobody taught one or the facts were removed.

    As it is on record: for a reader, ask `told`.
    """
    if event.redacted:
        return f"{_in_words(event.kind)} (details removed)"
    kind = _kinds.get(event.kind)
    return kind.sentence_of(event) if kind else _in_words(event.kind)


@dataclass(frozen=True)
class Told:
    """One event as one reader may read it."""

    event: EventView
    sentence: str
    facts: dict[str, Any]


def told(events: Iterable[EventView], reader: Actor) -> list[Told]:
    """The events that the reader may know of, in the order given; a constant number of queries whatever their number.

    Lists that page themselves take `history_in`, so that no page comes out short.
    """
    hidden = _hidden_from(reader)
    shown = [event for event in events if event.kind not in hidden]
    veiled = references.veiled(reader, [[sentence(event), _published(event)] for event in shown])
    return [Told(event, said, facts) for event, (said, facts) in zip(shown, veiled, strict=True)]


def history_in(chain: str, reader: Actor) -> QuerySet[AuditEvent]:
    """The events of `chain` that the reader may know of, in no order yet; give a page of them to `told`."""
    return selectors.events_in(chain, without=_hidden_from(reader))


def history_of(chain: str, reader: Actor, *, before: int | None = None, limit: int = 50) -> list[Told]:
    """The events of `chain` for this reader, newest first; the next page begins `before` the last position shown."""
    return told(selectors.events_for(chain, before=before, limit=limit, without=_hidden_from(reader)), reader)


def documents(rows: Iterable[AuditEvent], reader: Actor) -> list[dict[str, Any]]:
    """How a page of events reads as JSON to this reader."""
    return [_document(event) for event in told(selectors.views_of(rows), reader)]


def changes_since(chain: str, version: int, reader: Actor) -> list[dict[str, Any]]:
    """What raised the version of the case above `version`, oldest first, as a refusal tells it to this reader."""
    return [
        {"at": tell.event.at, "kind": tell.event.kind, "by": tell.event.label, "sentence": tell.sentence}
        for tell in told(selectors.changes_since(chain, version), reader)
    ]


def _document(tell: Told) -> dict[str, Any]:
    event = tell.event
    return {
        "position": event.position,
        "kind": event.kind,
        "sentence": tell.sentence,
        "by": event.label,
        "at": event.at,
        "recorded_at": event.recorded_at,
        "version": event.version,
        "facts": tell.facts,
    }


def _hidden_from(reader: Actor) -> frozenset[str]:
    return frozenset(name for name, kind in _kinds.items() if kind.readers and not kind.readers(reader))


def _published(event: EventView) -> dict[str, Any]:
    kind = _kinds.get(event.kind)
    return _picked(event.facts, kind.facts) if kind else {}


def _picked(facts: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    picked: dict[str, Any] = {}
    for name in names:
        outer, _, inner = name.partition(".")
        value = facts.get(outer)
        if inner and isinstance(value, Mapping):
            if inner in value:
                picked.setdefault(outer, {})[inner] = value[inner]
        elif outer in facts:
            picked[outer] = value
    return picked


def _in_words(kind: str) -> str:
    return kind.replace(".", " ").replace("_", " ").capitalize()
