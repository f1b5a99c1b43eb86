"""Recalls of the US Consumer Product Safety Commission, from its detailed list."""

from __future__ import annotations

from intake.importers.base import RowRefused
from intake.importers.identifiers import split_codes
from intake.importers.mapping import Draft, JsonSource, labelled
from intake.importers.notes import Notes
from intake.importers.quantities import read_count
from intake.importers.rows import Row

TITLE = "US Consumer Product Safety Commission"


class Cpsc(JsonSource):
    """Rows `{id, number, date, title, name, hazard, remedy, units, description, url, injuries, upcs}`."""

    name = "cpsc"
    title = TITLE
    number = "id"
    fields = frozenset({"id", "title", "hazard"})

    def told(self, external_id: str, row: Row, notes: Notes) -> Draft:
        if not (title := row.line("title")):
            raise RowRefused("The row has no ‘title’")
        if not row.line("date"):
            notes.flag("The notice has no date")
        units, codes = row.line("units"), split_codes(row.texts("upcs"))
        notes.take("units", read_count(units))
        product = {"name": row.meant("name"), "units": units, "barcode": notes.barcodes("barcodes", codes)}
        if not product["name"]:
            notes.flag("The notice names no product")
        recall = f"Recall {row.line('number')}".strip()
        return Draft(
            title=title,
            paragraphs=[
                f"{recall} of the {self.title}, {notes.day('date', row.line('date'))}.",
                labelled("Hazard", row.text("hazard")),
                labelled("Harm", row.text("injuries")),
                row.text("description"),
                labelled("Sold", units),
                labelled("Remedy", row.text("remedy")),
                labelled("Barcodes", "" if product["name"] else product["barcode"]),
                labelled("Page", row.line("url")),
            ],
            products=[product] if product["name"] else [],
        )
