"""The sentences of what came in."""

from __future__ import annotations

from audit import presenters
from audit.selectors import EventView
from incidents.enums import Source
from intake.events import IntakeEvent


def _reported(event: EventView) -> str:
    source = event.facts.get("source", "")
    known_from = Source(source).label if source in Source.values else source
    answers = {True: " Someone could be hurt now.", None: " Whether someone could be hurt now was not answered."}
    danger = answers.get(event.facts.get("danger_now", False), "")
    return f"Reported ‘{event.facts.get('title', '')}’, known from: {known_from}.{danger}"


def _notice_changed(event: EventView) -> str:
    changed = ", ".join(event.facts.get("changed", []))
    return f"Notice {event.facts.get('external_id', '')} of {event.facts.get('source', '')} changed: {changed}"


def _imported(event: EventView) -> str:
    counts = ", ".join(f"{number} {outcome}" for outcome, number in event.facts.get("tally", {}).items())
    return f"Imported notices of {event.facts.get('source', '')}: {counts}"


SENTENCES = {
    IntakeEvent.REPORTED: _reported,
    IntakeEvent.NOTICE_CHANGED: _notice_changed,
    IntakeEvent.NOTICES_IMPORTED: _imported,
}


# Never the originator: who told OPSS is for those who work on the case, on its page.
PUBLISHED = {
    IntakeEvent.REPORTED: (
        "title", "source", "team", "danger_now", "sensitivity", "received_at", "products", "businesses", "told",
        "notice", "flags",
    ),
    IntakeEvent.NOTICE_CHANGED: ("source", "external_id", "changed", "flags"),
    IntakeEvent.NOTICES_IMPORTED: ("source", "tally"),
}  # fmt: skip


def register() -> None:
    for kind, sentence in SENTENCES.items():
        presenters.register(kind, sentence, facts=PUBLISHED.get(kind, ()))
