"""What rooms above may add to command: their part of a situation report.

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
