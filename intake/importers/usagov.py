"""Recalls of the US Consumer Product Safety Commission, as the USA.gov interface gave them by type of product."""

from __future__ import annotations

import re

from incidents.enums import BusinessRole
from intake.importers import cpsc
from intake.importers.base import RowRefused
from intake.importers.identifiers import read_number, split_codes
from intake.importers.mapping import Draft, JsonSource, labelled
from intake.importers.notes import Notes
from intake.importers.rows import Row

ORGANISATION = "CPSC"
_NUMBER = re.compile("[0-9]{2}-?[0-9]{3}[a-zA-Z]?")


class UsaGov(JsonSource):
    """Rows `{organization, recall_number, recall_date, recall_url}` with lists `manufacturers, product_types,
    descriptions, upcs, hazards, countries`. One recall comes back under each of its types of product.

    Of other organisations' recalls (vehicles, food, drugs), which are not for OPSS, none is taken.
    """

    name = "usagov"
    title = f"{cpsc.TITLE} (USA.gov)"
    number = "recall_number"
    fields = frozenset({"organization", "recall_number", "descriptions"})

    def told(self, external_id: str, row: Row, notes: Notes) -> Draft:
        if (organisation := row.line("organization")) != ORGANISATION:
            raise RowRefused(f"The recall is of ‘{organisation}’, not of {ORGANISATION}")
        names, kinds, makers = row.lines("descriptions"), row.lines("product_types"), row.lines("manufacturers")
        if not names:
            raise RowRefused("The row names no product in ‘descriptions’")
        hazards, given = ", ".join(row.lines("hazards")), row.line("recall_date")
        if not given:
            notes.flag("The notice has no date")
        notes.take("number", read_number(external_id, _NUMBER))
        barcodes = notes.barcodes("barcodes", split_codes(row.texts("upcs")))
        countries = row.lines("countries")
        codes = [notes.country(f"country_{place}", name) for place, name in enumerate(countries, start=1)]
        category = ", ".join(kinds)
        # A country or barcode of the whole recall is a product's own only where there is one of each.
        shared = {"category": category, "country_of_origin": codes[0] if len(codes) == 1 else ""}
        products = [{"name": name, **shared} for name in names]
        if len(products) == 1:
            products[0]["barcode"] = barcodes
        return Draft(
            title=f"{names[0]}: {hazards}" if hazards else names[0],
            paragraphs=[
                f"Recall {external_id} of the {cpsc.TITLE}, {notes.day('date', given)}.",
                labelled("Hazard", hazards),
                labelled("Products", "\n".join(names)),
                labelled("Kind of product", category),
                labelled("Manufacturers, as the source lists them", ", ".join(makers)),
                labelled("Made in", ", ".join(countries)),
                labelled("Barcodes", barcodes if len(products) > 1 else ""),
                labelled("Page", row.line("recall_url")),
            ],
            products=products,
            businesses=[{"name": maker, "role": BusinessRole.MANUFACTURER.value} for maker in makers],
        )
