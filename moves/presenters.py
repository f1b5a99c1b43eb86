"""How the record tells of a move that somebody made in the place of another post."""

from __future__ import annotations

from accounts.selectors import post_title
from audit.presenters import Sentence
from audit.selectors import EventView

# What such an event says besides, for those who may read it.
PUBLISHED = ("acting_for", "acting_reason")


def told_with_place(sentence_of: Sentence) -> Sentence:
    """The sentence of a move, with in whose place it was made and why where that is so."""

    def told(event: EventView) -> str:
        said = sentence_of(event)
        if not event.facts.get("acting_for"):
            return said
        stop = "" if said.endswith((".", "?", "!")) else "."
        return f"{said}{stop} In place of the {post_title(event.facts['acting_for'])}: {event.facts['acting_reason']}"

    return told
