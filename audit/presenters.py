"""What an event says to a reader. Each app registers a sentence for its kinds in its `apps.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from audit.selectors import EventView

_sentences: dict[str, Callable[[EventView], str]] = {}


def register(kind: str, sentence_of: Callable[[EventView], str]) -> None:
    """Teach the record to tell events of `kind`. Plain text; the page escapes it."""
    if _sentences.setdefault(str(kind), sentence_of) is not sentence_of:
        raise ValueError(f"{kind} has a sentence already")


def sentence(event: EventView) -> str:
    """One sentence on what happened; the kind in words where nobody taught one or the facts were removed."""
    if event.redacted:
        return f"{_in_words(event.kind)} (details removed)"
    sentence_of = _sentences.get(event.kind)
    return sentence_of(event) if sentence_of else _in_words(event.kind)


def document(event: EventView) -> dict[str, Any]:
    """How an event reads as JSON."""
    return {
        "position": event.position,
        "kind": event.kind,
        "sentence": sentence(event),
        "by": event.label,
        "at": event.at,
        "recorded_at": event.recorded_at,
        "version": event.version,
        "facts": event.facts,
    }


def _in_words(kind: str) -> str:
    return kind.replace(".", " ").replace("_", " ").capitalize()
