"""The sentences of command's events, for the history of an incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from audit import presenters
from audit.selectors import EventView
from command.enums import GroupLevel, SectionKey
from command.events import CommandEvent


def _titled(sections: dict[str, str]) -> str:
    return ", ".join(key.label for key in SectionKey if key in sections)


def _joined(titles: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(titles))


def _sitrep_opened(event: EventView) -> str:
    corrects = event.facts["supersedes"]
    return f"Opened {event.facts['sitrep']}" + (f" to correct {corrects}" if corrects else "")


def _sitrep_moved(words: str, asked: str = "") -> Callable[[EventView], str]:
    def sentence(event: EventView) -> str:
        said = event.facts["inputs"].get(asked) if asked else ""
        return f"{words} {event.facts['sitrep']}" + (f": {said}" if said else "")

    return sentence


def _sitrep_issued(event: EventView) -> str:
    superseded = event.facts["superseded"]
    unchecked = " without a second check" if event.facts["second_check"] == "due" else ""
    return f"Issued {event.facts['sitrep']}{unchecked}" + (f", which supersedes {superseded}" if superseded else "")


SENTENCES = {
    CommandEvent.ISSUE_JOINED: lambda e: f"Took in {e.facts['issue']}: {e.facts['title']}",
    CommandEvent.INCIDENT_OPENED: lambda e: f"Declared from {e.facts['issue']}: {e.facts['title']}",
    CommandEvent.GROUP_STOOD_UP: lambda e: (
        f"Stood up {e.facts['name']} ({GroupLevel(e.facts['level']).label.lower()}), chaired by {e.facts['chair_as']}"
    ),
    CommandEvent.RHYTHM_SET: lambda e: f"Set the first rhythm: {_joined(line['title'] for line in e.facts['events'])}",
    CommandEvent.RHYTHM_CHANGED: lambda e: f"Added to the rhythm: {e.facts['title']}",
    CommandEvent.RHYTHM_AGREED: lambda e: f"Agreed to the rhythm: {_joined(e.facts['events'])}",
    CommandEvent.SITREP_OPENED: _sitrep_opened,
    CommandEvent.SITREP_EDITED: lambda e: f"Edited {e.facts['sitrep']}: {_titled(e.facts['sections'])}",
    "sitrep.submit": _sitrep_moved("Submitted"),
    "sitrep.return": _sitrep_moved("Returned", "reason"),
    "sitrep.approve": _sitrep_moved("Approved"),
    "sitrep.issue": _sitrep_issued,
    "sitrep.correct": _sitrep_moved("Began to correct", "reason"),
    "sitrep.withdraw": _sitrep_moved("Withdrew", "reason"),
}


def register() -> None:
    for kind, sentence in SENTENCES.items():
        presenters.register(kind, sentence)
