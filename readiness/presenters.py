"""The sentences of a review's events, for the history of its incident."""

from __future__ import annotations

from accounts.enums import Team
from audit import presenters
from audit.selectors import EventView
from readiness.enums import Element, LessonState
from readiness.events import ReviewEvent


def _lesson(words: str) -> presenters.Sentence:
    def told(event: EventView) -> str:
        owner = f" ({Team(event.facts['team']).label})" if event.facts.get("team") else ""
        return f"{words}{owner}: {event.facts.get('recommendation') or event.facts['lesson']}"

    return told


SENTENCES: dict[str, presenters.Sentence] = {
    ReviewEvent.OPENED: lambda e: "Opened the review of the incident",
    ReviewEvent.FINDING_RECORDED: lambda e: f"Reviewed: {Element(e.facts['element']).label}",
    ReviewEvent.LESSON_ADDED: _lesson("Added a lesson"),
    ReviewEvent.LESSON_CHANGED: _lesson("Changed a lesson"),
    ReviewEvent.LESSON_SETTLED: lambda e: (
        f"{LessonState(e.facts['outcome']).label}: {e.facts['lesson']}. {e.facts['answer']}"
    ),
}
_LESSON = ("number", "element", "lesson", "recommendation", "team", "due")
PUBLISHED: dict[str, tuple[str, ...]] = {
    ReviewEvent.OPENED: ("phase", "lead"),
    ReviewEvent.FINDING_RECORDED: ("phase", "element", "worked", "did_not_work"),
    ReviewEvent.LESSON_ADDED: _LESSON,
    ReviewEvent.LESSON_CHANGED: _LESSON,
    ReviewEvent.LESSON_SETTLED: ("number", "lesson", "outcome", "answer"),
}


def register() -> None:
    for kind, sentence in SENTENCES.items():
        presenters.register(kind, sentence, facts=PUBLISHED[kind])
