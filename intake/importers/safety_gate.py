"""Alerts of the EU's Safety Gate, in the two shapes they are passed on in."""

from __future__ import annotations

import re
from abc import abstractmethod

from incidents.enums import RegulatoryArea
from intake.importers.base import RowRefused
from intake.importers.dates import Order, read_day, read_periods
from intake.importers.identifiers import read_number, split_codes
from intake.importers.mapping import Draft, JsonSource, labelled
from intake.importers.notes import Notes
from intake.importers.rows import Row

ATTRIBUTION = (
    "Alerts from the Rapid Alert System for dangerous non-food products, published free of charge on the Safety Gate "
    "website (https://ec.europa.eu/safety-gate-alerts) © European Union, 2005 – 2026"
)
# The Commission prints the day first, and so do those who write to it: no alert has the month first.
ORDER = Order.DAY_FIRST

_NUMBER = re.compile("(?:(?:A[0-9]{2}|SR|INFO|OR|EM)/[0-9]{4,5}|[0-9]{4})/[0-9]{2}")
_IN_FORCE = re.compile("^Date of entry into force:(.*)$", re.MULTILINE)
VEHICLES = "motor vehicles"
_AREAS = {VEHICLES: RegulatoryArea.OTHER, "construction products": RegulatoryArea.CONSTRUCTION_PRODUCTS}


class _Alerts(JsonSource):
    title = "EU Safety Gate"
    number = "alert_number"
    attribution = ATTRIBUTION

    @abstractmethod
    def _more(self, row: Row, notes: Notes) -> list[str]:
        """The paragraphs that only this shape has."""

    def told(self, external_id: str, row: Row, notes: Notes) -> Draft:
        # The field of the name says the kind of product, that of the description its name or, of a vehicle, its model.
        kind, name, brand = row.meant("product_name"), row.meant("product_description"), row.meant("brand")
        if not (kind or name):
            raise RowRefused("The row has neither ‘product_name’ nor ‘product_description’")
        notes.take("number", read_number(external_id, _NUMBER))
        made, risks, category = row.text("production_dates"), row.meant("risk_type"), row.meant("product_category")
        notes.take("production_dates", read_periods(made, ORDER))
        product = {
            "name": " ".join(part for part in (brand, name or kind) if part),
            "brand": brand,
            "model": name if category.casefold() == VEHICLES else "",
            "category": ": ".join(part for part in (category, kind) if part),
            "country_of_origin": notes.country("country_of_origin", row.line("country_of_origin")),
            "barcode": notes.barcodes("barcodes", split_codes([row.text("barcode")])),
            "batch": row.meant("batch_number"),
        }
        called = f"{product['name']} ({kind})" if kind and name else product["name"]
        return Draft(
            title=f"{called}: {risks}" if risks else called,
            paragraphs=[
                f"Alert {external_id} of the {self.title}.",
                labelled("Risk", risks),
                *self._more(row, notes),
                labelled("Made", made if row.meant("production_dates") else ""),
                labelled("Code of the company's recall", row.meant("company_recall_code")),
            ],
            products=[product],
            regulatory_area=_AREAS.get(category.casefold(), RegulatoryArea.CONSUMER_PRODUCTS),
        )


class SafetyGate(_Alerts):
    """With the risk and the measures in words."""

    name = "safety_gate"
    fields = frozenset({"alert_number", "product_name", "risk_description"})

    def _more(self, row: Row, notes: Notes) -> list[str]:
        measures = row.text("measures_authorities")
        for place, given in enumerate(_IN_FORCE.findall(measures), start=1):
            notes.take(f"measure_{place}_in_force", read_day(given.strip(), ORDER))
        country = row.meant("notifying_country")
        notes.country("notifying_country", country)
        return [
            row.text("risk_description"),
            labelled("Measures", measures),
            labelled("Notified by", country),
            labelled("Meant for", row.meant("type")),
        ]


class SafetyGateShort(_Alerts):
    """Without the texts, with barcodes and batches. Some columns hold nothing but the word `None`."""

    name = "safety_gate_short"
    fields = frozenset({"alert_number", "product_name", "batch_number"})

    def _more(self, row: Row, notes: Notes) -> list[str]:
        return []
