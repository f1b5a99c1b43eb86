"""What rooms above may add to command: their part of a situation report, what follows a move, reviews and tabs.

Each registered function is asked when a report is opened and answers with a short readable text, or with nothing where
its record says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from command.enums import SectionKey
from incidents.models import Incident
from moves.machine import Making


@dataclass(frozen=True)
class Drafting:
    """The report being drafted: of which incident, as of when, and since when (None for the first one)."""

    incident: Incident
    as_of: datetime
    since: datetime | None


SectionDraft = Callable[[Drafting], str]

_sections: dict[str, list[SectionDraft]] = defaultdict(list)


def sitrep_sections(key: SectionKey, draft: SectionDraft) -> None:
    """Have `draft` add to the section `key` of every report that is opened from now on."""
    _sections[key].append(draft)


def section_drafts(key: SectionKey) -> list[SectionDraft]:
    return _sections[key]


# --- what follows a move of an incident -------------------------------------------------------------------------------

IncidentMoved = Callable[[Making], None]

_moved: dict[str, list[IncidentMoved]] = defaultdict(list)


def incident_moved(name: str, callback: IncidentMoved) -> None:
    """Have `callback(making)` called in the same transaction whenever an incident makes the move `name`."""
    _moved[name].append(callback)


def tell_incident_moved(making: Making) -> None:
    """Tell the rooms above that an incident has moved."""
    for callback in _moved[making.name]:
        callback(making)


# --- the review of a closed incident ----------------------------------------------------------------------------------

ReviewGaps = Callable[[Incident], tuple[str, ...]]

_gaps: list[ReviewGaps] = []


def register_review_gaps(gaps: ReviewGaps) -> None:
    """Have `gaps` say what the review of an incident lacks before it can be completed."""
    _gaps.append(gaps)


def review_gaps(incident: Incident) -> tuple[str, ...]:
    """What the review of the incident lacks, each as half a sentence; nothing where it is whole."""
    return tuple(gap for gaps in _gaps for gap in gaps(incident))


# --- tabs of an incident ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tab:
    """A page about an incident that a room above shows."""

    text: str
    url: str


IncidentTab = Callable[[Incident], "Tab | None"]

_tabs: list[IncidentTab] = []


def incident_tabs(tab: IncidentTab) -> None:
    """Have `tab` asked for a link on the page of every incident; None where the incident has no such page."""
    _tabs.append(tab)


def tabs_of(incident: Incident) -> list[Tab]:
    """The pages that rooms above show about this incident."""
    return [found for tab in _tabs if (found := tab(incident))]
