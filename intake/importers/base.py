"""What every source of notices answers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from incidents.enums import Source as ReportSource


class UnreadableFile(Exception):
    """The file cannot be taken as one of this source at all. The message says why."""


class RowRefused(Exception):
    """One row cannot become a notice. The message says why."""


@dataclass(frozen=True)
class NoticeRow:
    """One notice in our words.

    `content` is what was read, `report` what `ReportForm` takes, `flags` what to check, `readings` the dates, numbers
    and codes that were read out of it, each beside its original.
    """

    external_id: str
    content: dict[str, Any]
    report: dict[str, Any]
    flags: list[str] = field(default_factory=list)
    readings: dict[str, Any] = field(default_factory=dict)


class Source(Protocol):
    """A kind of file. `name` is what `--source` says, `title` who publishes it, `kind` what they are to OPSS."""

    name: str
    title: str
    kind: ReportSource

    def read(self, path: Path) -> Sequence[Any]:
        """The rows of the file as they stand, whatever they are. Raises UnreadableFile."""

    def external_id(self, row: Mapping[str, Any]) -> str:
        """The publisher's own number of the row. Raises RowRefused."""

    def notice(self, external_id: str, rows: Sequence[Mapping[str, Any]]) -> NoticeRow:
        """The notice that the rows of one number make together. Raises RowRefused."""
