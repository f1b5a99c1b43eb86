"""Whatever JSON says, the adapter answers with InvalidInput or with something that PostgreSQL can hold."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from govuk.json_adapter import bind, to_schema
from kernel.errors import InvalidInput
from tests.unit.govuk.sample_forms import PEOPLE, Report

SCHEMA = Draft202012Validator(to_schema(Report))
TEXT = st.text(st.characters(codec=None), max_size=40)
NAMES = st.sampled_from([*Report.base_fields, "name", "level", "reason", "public_safety", "units"]) | TEXT
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=-(10**40), max_value=10**40)
    | st.floats()
    | TEXT
    | st.sampled_from(["media", "wales", "high", "2026-03-01", "2026-03-01T10:00:00Z", *PEOPLE, "11/12/2026"])
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=25
)

SHOWN = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Z"]), min_size=1, max_size=60)
RATING = st.fixed_dictionaries({"level": st.sampled_from(["low", "high"]), "reason": SHOWN})
PRODUCT = st.fixed_dictionaries({"name": SHOWN}, optional={"category": SHOWN, "units": st.integers(0, 2**31 - 1)})
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
MOMENTS = st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30), timezones=st.just(UTC))
VALID = st.fixed_dictionaries(
    {"title": SHOWN, "summary": SHOWN, "source": st.sampled_from(["media", "public"])},
    optional={
        "danger_now": st.booleans(),
        "received_at": MOMENTS.map(datetime.isoformat),
        "review_on": DAYS.map(date.isoformat),
        "visit": st.integers(-(2**31), 2**31 - 1),
        "nations": st.lists(st.sampled_from(["england", "wales"]), unique=True),
        "lead": st.sampled_from([*PEOPLE]),
        "took_part": st.lists(st.sampled_from([*PEOPLE]), unique=True),
        "products": st.lists(PRODUCT, max_size=3),
        "ratings": st.fixed_dictionaries({}, optional={"public_safety": RATING, "financial_risk": RATING}),
    },
)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for entry in value.values() for leaf in leaves(entry)]
    if isinstance(value, list):
        return [leaf for entry in value for leaf in leaves(entry)]
    return [value]


def answer(document: Any) -> dict[str, Any] | None:
    """What the adapter made of it, or None; any other error than InvalidInput fails the test."""
    try:
        return bind(Report, document).cleaned_data
    except InvalidInput as error:
        for problem in error.errors:
            (problem.field + problem.code + problem.message).encode()
        return None


@settings(max_examples=300, deadline=None)
@given(JSON | st.dictionaries(NAMES, JSON, max_size=8))
def test_any_json_is_answered(document):
    answer(document)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(NAMES, JSON, max_size=8))
def test_whatever_was_refused_can_be_shown_again(document):
    try:
        bind(Report, document)
    except InvalidInput as error:
        str(error.form).encode()


@settings(max_examples=200, deadline=None)
@given(VALID, st.data())
def test_a_document_with_one_thing_spoilt_is_answered_and_agrees_with_the_schema(document, data):
    spoilt = copy.deepcopy(document)
    spoilt[data.draw(NAMES)] = data.draw(JSON)
    cleaned = answer(spoilt)
    # Null and empty text mean 'left out', which the schema leaves to the reader.
    if cleaned is not None and not any(leaf is None or leaf == "" for leaf in leaves(spoilt)):
        blank = any(isinstance(leaf, str) and not leaf.strip() for leaf in leaves(spoilt))
        assert blank or SCHEMA.is_valid(spoilt), [error.message for error in SCHEMA.iter_errors(spoilt)]


@pytest.mark.django_db
@settings(max_examples=100, deadline=None)
@given(VALID)
def test_a_valid_document_passes_as_it_is_and_can_be_stored(document):
    assert SCHEMA.is_valid(document)
    cleaned = bind(Report, document).cleaned_data
    for name in ("title", "summary", "source"):
        assert cleaned[name] == document[name]
    assert [product["name"] for product in cleaned["products"]] == [p["name"] for p in document.get("products", [])]
    if "received_at" in document:
        assert cleaned["received_at"] == datetime.fromisoformat(document["received_at"])
    if "review_on" in document:
        assert cleaned["review_on"].isoformat() == document["review_on"]
    if given_ratings := document.get("ratings"):
        assert {k: v for k, v in cleaned["ratings"].items() if v} == given_ratings
    store_and_compare(cleaned)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(TEXT, st.integers())
def test_what_passes_can_be_stored(title, visit):
    cleaned = answer({"title": title, "summary": title, "source": "media", "visit": visit})
    if cleaned is not None:
        store_and_compare(cleaned)


def store_and_compare(cleaned: dict[str, Any]) -> None:
    texts = [leaf for leaf in leaves(cleaned) if isinstance(leaf, str)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (%s)::text[], (%s)::integer, (%s)::timestamptz, (%s)::date",
            [texts, cleaned["visit"], cleaned["received_at"], cleaned["review_on"]],
        )
        assert cursor.fetchone() == (texts, cleaned["visit"], cleaned["received_at"], cleaned["review_on"])
