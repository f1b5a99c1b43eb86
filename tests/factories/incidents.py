"""Cases for tests, put on record through the same door as everybody's: `reported()` is one issue, freshly reported."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory

from incidents.models import Issue
from intake.services import issue_report
from kernel import clock
from kernel.actors import Actor
from tests.factories.accounts import acting


class ProductData(factory.DictFactory):
    """One product as a report sends it."""

    name = factory.Sequence(lambda number: f"Foldable scooter {number}")
    brand = "Zoomline"
    barcode = "0123456789012"
    country_of_origin = "CN"
    units = "about 700"


class BusinessData(factory.DictFactory):
    """One business as a report sends it."""

    name = factory.Sequence(lambda number: f"Importer {number} Ltd")
    role = "importer"
    country = "GB"


class ReportData(factory.DictFactory):
    """The inputs of a report: the three that must be there. Anything else is given by name."""

    title = factory.Sequence(lambda number: f"Scooter {number} catches fire while charging")
    summary = "Two fires in flats while it was charging. Nobody was hurt."
    source = "local_authority"


def reported(by: Actor | None = None, **data: Any) -> Issue:
    """An issue on record, with its open climb; reported by an enforcement officer unless said otherwise."""
    return issue_report(by=by or acting("officer.enforcement"), data=ReportData(**data))


MARKED_UP = "<script>alert('x')</script> &amp; \u202eright to left\u202c مرحبا {{ x }} 'quotes' \\ tail  "

LONG = "x" * 20_001
FUTURE = (clock.now() + timedelta(days=1)).isoformat()
# What a report refuses: the input, the field that it is refused at, the code.
BAD_REPORTS = [
    ({"title": None}, "title", "required"),
    ({"title": " \u202e "}, "title", "required"),
    ({"title": "x" * 251}, "title", "max_length"),
    ({"title": "a\x00b"}, "title", "bad_character"),
    ({"title": ["x"]}, "title", "wrong_type"),
    ({"summary": None}, "summary", "required"),
    ({"summary": LONG}, "summary", "max_length"),
    ({"source": None}, "source", "required"),
    ({"source": "a friend"}, "source", "invalid_choice"),
    ({"danger_now": "yes"}, "danger_now", "wrong_type"),
    ({"originator": "A reader"}, "originator", "wrong_type"),
    ({"originator": {"email": "nowhere"}}, "originator.email", "invalid"),
    ({"originator": {"age": 7}}, "originator.age", "unknown_field"),
    ({"originator": {"kind": "friend"}}, "originator.kind", "invalid_choice"),
    ({"nations": ["france"]}, "nations", "invalid_choice"),
    ({"received_at": "2026-03-12"}, "received_at", "invalid_time"),
    ({"received_at": FUTURE}, "received_at", "in_the_future"),
    ({"is_product_safety": "no"}, "is_product_safety", "wrong_type"),
    ({"regulatory_area": "toys"}, "regulatory_area", "invalid_choice"),
    ({"sensitivity": "secret"}, "sensitivity", "invalid_choice"),
    ({"functional_team": "sales"}, "functional_team", "invalid_choice"),
    ({"products": {"name": "x"}}, "products", "wrong_type"),
    ({"products": [{"brand": "x"}]}, "products[0].name", "required"),
    ({"products": [{"name": "x" * 301}]}, "products[0].name", "max_length"),
    (
        {"products": [{"name": "x", "country_of_origin": "XX"}]},
        "products[0].country_of_origin",
        "invalid_choice",
    ),
    ({"products": [{"name": "x", "colour": "red"}]}, "products[0].colour", "unknown_field"),
    ({"businesses": [{"name": "x", "role": "friend"}]}, "businesses[0].role", "invalid_choice"),
    ({"businesses": [{"role": "importer"}]}, "businesses[0].name", "required"),
    ({"businesses": [{"name": "x", "role": "importer", "country": "gb"}]}, "businesses[0].country", "invalid_choice"),
    ({"reference": "ISS-2026-00099"}, "reference", "unknown_field"),
    ({"stage": "cam"}, "stage", "unknown_field"),
]
BAD_IDS = [f"{field}-{code}" for _, field, code in BAD_REPORTS]
