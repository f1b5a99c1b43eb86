"""Product recalls and safety reports that OPSS itself published on GOV.UK: the facts of each page."""

from __future__ import annotations

import re

from incidents.enums import BusinessRole
from incidents.enums import Source as ReportSource
from intake.importers.base import RowRefused
from intake.importers.dates import Order
from intake.importers.identifiers import read_number, split_codes
from intake.importers.mapping import Draft, JsonSource, labelled
from intake.importers.notes import Notes
from intake.importers.rows import Row

_NUMBER = re.compile("[0-9]{4}-[0-9]{4}")
# An en dash on some pages, a hyphen between spaces on others.
_PARTED = re.compile(r"\s+[–—-]\s+")
# What the pages' own labels of identifiers mean, without their plural and their `no` or `number`.
_IDENTIFIERS = {"model": "model", "barcode": "barcode", "batch": "batch", "batch code": "batch"}
_KINDS = ("product-safety-report", "product-safety-alert", "product-recall")
_LABEL_END = re.compile(r"(?:\s+(?:no|nos|number|numbers)\.?|s)$")


class UkOpss(JsonSource):
    """Rows `{url, notice_type, psd_number, product, category_and_type, brand, identifiers, country_of_origin,
    risk_level, hazards, substance, legislation, measures, marketplaces, notified_by, published}`."""

    name = "uk_opss"
    title = "Office for Product Safety and Standards (GOV.UK)"
    kind = ReportSource.NATIONAL_REGULATOR
    number = "psd_number"
    fields = frozenset({"psd_number", "notice_type", "product"})
    attribution = "Contains public sector information licensed under the Open Government Licence v3.0."

    def told(self, external_id: str, row: Row, notes: Notes) -> Draft:
        if not (name := row.meant("product")):
            raise RowRefused("The row has no ‘product’")
        notes.take("number", read_number(external_id, _NUMBER))
        notice_type, address, given = row.meant("notice_type"), row.line("url"), row.line("published")
        _compare(notice_type, address, external_id, notes)
        hazards, marketplaces = ", ".join(row.lines("hazards")), row.lines("marketplaces")
        identifiers = row.pairs("identifiers")
        known: dict[str, str] = {}
        for label, words in identifiers.items():
            meaning = _meaning(label)
            known[meaning] = f"{known[meaning]}, {words}" if meaning in known else words
        product = {
            "name": name,
            "brand": row.meant("brand"),
            "model": known.get("model", ""),
            "category": ": ".join(_PARTED.split(row.meant("category_and_type"), maxsplit=1)),
            "barcode": notes.barcodes("barcodes", split_codes([known.get("barcode", "")])),
            "batch": known.get("batch", ""),
            "country_of_origin": notes.country("country_of_origin", row.line("country_of_origin")),
        }
        published = notes.day("published", given, Order.DAY_FIRST)
        return Draft(
            title=f"{name}: {hazards}" if hazards else name,
            paragraphs=[
                f"{notice_type or 'Notice'} {external_id}, {published}.",
                labelled("Level of risk", row.meant("risk_level")),
                labelled("Hazards", hazards),
                labelled("Substance", row.meant("substance")),
                labelled("Identifiers", "; ".join(f"{label} {words}" for label, words in identifiers.items())),
                labelled("Law", "; ".join(row.lines("legislation"))),
                labelled("Measures", "; ".join(row.lines("measures"))),
                labelled("Sold on", ", ".join(marketplaces)),
                labelled("Notified by", row.meant("notified_by")),
                labelled("Page", address),
            ],
            products=[product],
            businesses=[{"name": shop, "role": BusinessRole.ONLINE_MARKETPLACE.value} for shop in marketplaces],
        )


def _meaning(label: str) -> str:
    """The product's field that a label means, or nothing."""
    return _IDENTIFIERS.get(_LABEL_END.sub("", label.casefold().strip()), "")


def _compare(notice_type: str, address: str, external_id: str, notes: Notes) -> None:
    """Flag what a notice and its own address disagree about."""
    said = address.rstrip("/").rsplit("/", 1)[-1].casefold()
    opening = next((kind for kind in _KINDS if said.startswith(kind)), "")
    if opening and notice_type and opening != notice_type.casefold().replace(" ", "-"):
        notes.flag(f"The notice is a ‘{notice_type}’, but its address says ‘{opening}’")
    if said and not said.endswith(external_id.casefold()):
        notes.flag("The address of the notice does not end with its number")
