"""Recalls of the US Consumer Product Safety Commission, from its detailed list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from accounts.enums import Team
from govuk.forms import MAX_TEXT
from incidents.enums import RegulatoryArea, Source
from incidents.models import ForeignNotice, Issue, Product
from intake.forms import column_limit
from intake.importers import files, text
from intake.importers.base import NoticeRow, RowRefused

_TITLE = column_limit(Issue, "title")
_PRODUCT = {name: column_limit(Product, name) for name in ("name", "barcode", "units")}
# Python reads more forms than this as a date; the file is said to hold only this one.
_ISO_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = column_limit(ForeignNotice, "external_id")


class Cpsc:
    """Rows `{id, number, date, title, name, hazard, remedy, units, description, url, injuries, upcs}`."""

    name = "cpsc"
    title = "US Consumer Product Safety Commission"

    def read(self, path: Path) -> list[Any]:
        return files.json_list(path)

    def external_id(self, row: Mapping[str, Any]) -> str:
        given = row.get("id")
        found = text.clean_line(str(given)) if isinstance(given, str | int) and not isinstance(given, bool) else ""
        if not found:
            raise RowRefused("The row has no ‘id’")
        if len(found) > _ID:
            raise RowRefused(f"The ‘id’ is longer than {_ID} characters")
        return found

    def notice(self, external_id: str, rows: Sequence[Mapping[str, Any]]) -> NoticeRow:
        row, flags = files.merged(rows)
        title = _line(row, "title")
        if not title:
            raise RowRefused("The row has no ‘title’")
        short = text.shortened(title, _TITLE)
        if short != title:
            flags.append("The title was shortened: the whole of it stands in the summary")
        product, barcodes = _product(row, flags)
        parts = self._parts(row, title if short != title else "", barcodes, flags)
        summary = "\n\n".join(part for part in parts if part)
        if len(summary) > MAX_TEXT:
            flags.append("The summary was shortened: the whole text stands in the notice")
        report = {
            "title": short,
            "summary": text.shortened(summary, MAX_TEXT),
            "source": Source.INTERNATIONAL_REGULATOR.value,
            "functional_team": Team.INCIDENT_MANAGEMENT.value,
            "regulatory_area": RegulatoryArea.CONSUMER_PRODUCTS.value,
            "originator": {"organisation": self.title, "kind": Source.INTERNATIONAL_REGULATOR.value},
            "products": [product] if product else [],
        }
        return NoticeRow(external_id, files.content_of(rows), report, flags)

    def _parts(self, row: Mapping[str, Any], whole_title: str, barcodes: str, flags: list[str]) -> list[str]:
        number, address = _line(row, "number"), _line(row, "url")
        heading = f"Recall {number} of the {self.title}" if number else f"Recall of the {self.title}"
        parts = [
            whole_title,
            f"{heading}, {_day(row, flags)}.",
            _labelled("Hazard", _text(row, "hazard")),
            _labelled("Harm", _text(row, "injuries")),
            _text(row, "description"),
            _labelled("Sold", _line(row, "units")),
            _labelled("Remedy", _text(row, "remedy")),
            _labelled("Barcodes", barcodes),
            _labelled("Page", address),
        ]
        return [*parts, *(f"To check: {flag}." for flag in flags)]


def _text(row: Mapping[str, Any], name: str) -> str:
    """A text of the row, cleaned; numbers as text, nothing as empty."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RowRefused(f"‘{name}’ is not text")
    return text.clean(str(value))


def _line(row: Mapping[str, Any], name: str) -> str:
    return " ".join(_text(row, name).split())


def _labelled(label: str, words: str) -> str:
    return f"{label}: {words}" if words else ""


def _day(row: Mapping[str, Any], flags: list[str]) -> str:
    """The day of the recall in words. A date in another form is shown as it stands and flagged, never guessed."""
    given = _line(row, "date")
    try:
        day = date.fromisoformat(given) if _ISO_DAY.fullmatch(given) else None
    except ValueError:
        day = None
    if day:
        return f"{day.day} {day:%B %Y}"
    flags.append(f"‘{given}’ is not a date as YYYY-MM-DD" if given else "The notice has no date")
    return f"dated ‘{given}’" if given else "without a date"


def _product(row: Mapping[str, Any], flags: list[str]) -> tuple[dict[str, str], str]:
    """The product as far as the row tells it, and all its barcodes where they are too many for one line."""
    name, units, codes = _line(row, "name"), _line(row, "units"), _codes(row)
    if not name:
        flags.append("The notice names no product")
        return {}, codes
    given = {"name": name, "units": units, "barcode": codes}
    for field, value in given.items():
        if len(value) > _PRODUCT[field]:
            flags.append(f"The product's {field} was shortened: the whole of it stands in the notice")
    short = {field: text.shortened(value, _PRODUCT[field]) for field, value in given.items()}
    return short, codes if short["barcode"] != codes else ""


def _codes(row: Mapping[str, Any]) -> str:
    codes = row.get("upcs") or []
    if not isinstance(codes, list) or not all(isinstance(code, str | int) for code in codes):
        raise RowRefused("‘upcs’ is not a list of barcodes")
    return ", ".join(dict.fromkeys(text.clean_line(str(code)) for code in codes))
