"""What every source has in common, so that one is little more than a mapping of its fields: `JsonSource.told`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from accounts.enums import Team
from govuk.forms import MAX_TEXT
from incidents.enums import RegulatoryArea
from incidents.enums import Source as ReportSource
from incidents.models import ForeignNotice, Issue, Product
from intake.forms import column_limit, list_limit
from intake.importers import files, text
from intake.importers.base import NoticeRow, RowRefused, UnreadableFile
from intake.importers.notes import Notes
from intake.importers.rows import Row, content_of, merged

_TITLE = column_limit(Issue, "title")
_ID = column_limit(ForeignNotice, "external_id")


@dataclass
class Draft:
    """What a source makes of one notice. `paragraphs` make the summary; empty ones are left out.

    Products and businesses have the fields of `ProductForm` and `BusinessForm`, as far as they are known.
    """

    title: str
    paragraphs: list[str]
    products: list[dict[str, str]] = field(default_factory=list)
    businesses: list[dict[str, str]] = field(default_factory=list)
    regulatory_area: RegulatoryArea = RegulatoryArea.CONSUMER_PRODUCTS


class JsonSource(ABC):
    """A list of JSON objects. `number` names the field of the publisher's number, `fields` are what tells its files.

    `attribution` is what the publisher's licence asks to be shown wherever its notices are.
    """

    name: str
    title: str
    kind: ReportSource = ReportSource.INTERNATIONAL_REGULATOR
    number: str
    fields: frozenset[str]
    attribution: str = ""

    @abstractmethod
    def told(self, external_id: str, row: Row, notes: Notes) -> Draft:
        """The row in the words of a report. Raises RowRefused."""

    def read(self, path: Path) -> Sequence[Any]:
        rows = files.json_rows(path)
        if rows and not any(isinstance(row, dict) and self.fields <= row.keys() for row in rows):
            wanted = ", ".join(f"‘{name}’" for name in sorted(self.fields))
            raise UnreadableFile(f"{path.name} is no file of {self.name}: no row of it has {wanted}")
        return rows

    def external_id(self, row: Mapping[str, Any]) -> str:
        given = row.get(self.number)
        found = text.meant(str(given)) if isinstance(given, str | int) and not isinstance(given, bool) else ""
        if not found:
            raise RowRefused(f"The row has no ‘{self.number}’")
        if len(found) > _ID:
            raise RowRefused(f"The ‘{self.number}’ is longer than {_ID} characters")
        return found

    def notice(self, external_id: str, rows: Sequence[Mapping[str, Any]]) -> NoticeRow:
        content = content_of(rows)
        row, disagreements = merged(rows)
        notes = Notes(disagreements)
        draft = self.told(external_id, row, notes)
        title = text.shortened(draft.title, _TITLE)
        if title != draft.title:
            notes.flag("The title was shortened: the whole of it stands in the summary")
            draft.paragraphs.insert(0, draft.title)
        report = {
            "title": title,
            "source": self.kind.value,
            "functional_team": Team.INCIDENT_MANAGEMENT.value,
            "regulatory_area": draft.regulatory_area.value,
            "originator": {"organisation": self.title, "kind": self.kind.value},
            "products": _fitting("products", [_product(product, notes) for product in draft.products], notes),
            "businesses": _fitting("businesses", draft.businesses, notes),
        }
        report["summary"] = self._summary(draft.paragraphs, notes)
        return NoticeRow(external_id, content, report, notes.flags, notes.readings)

    def _summary(self, paragraphs: Sequence[str], notes: Notes) -> str:
        """The paragraphs, then what to check, then the attribution, which is never cut off."""
        last = f"\n\n{self.attribution}" if self.attribution else ""
        room = MAX_TEXT - len(last)
        checks = [f"To check: {flag}." for flag in notes.flags]
        summary = "\n\n".join(part for part in [*paragraphs, *checks] if part)
        if len(summary) > room:
            notes.flag("The summary was shortened: the whole text stands in the notice")
        return text.shortened(summary, room) + last


def _product(given: Mapping[str, str], notes: Notes) -> dict[str, str]:
    limits = {name: column_limit(Product, name) for name in given}
    if too_long := [name for name, value in given.items() if len(value) > limits[name]]:
        notes.flag(f"The product's {' and '.join(too_long)} was shortened: the whole of it stands in the notice")
    return {name: text.shortened(value, limits[name]) for name, value in given.items()}


def _fitting(name: str, items: list[dict[str, str]], notes: Notes) -> list[dict[str, str]]:
    limit = list_limit(name)
    if len(items) > limit:
        notes.flag(f"Only the first {limit} of {len(items)} {name} are listed: the others stand in the notice")
    return items[:limit]


def labelled(label: str, words: str) -> str:
    """A paragraph that says what it tells, or nothing."""
    return f"{label}: {words}" if words else ""
