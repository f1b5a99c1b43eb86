from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.http import QueryDict

from govuk.json_adapter import bind, to_schema
from kernel.errors import FieldError, InvalidInput
from tests.unit.govuk.sample_forms import Report, good


def refused(data: Any, **kwargs: Any) -> list[FieldError]:
    with pytest.raises(InvalidInput) as caught:
        bind(Report, data, **kwargs)
    return caught.value.errors


def codes(data: Any) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in refused(data)]


def test_a_full_document_is_taken_with_its_types():
    form = bind(
        Report,
        good(
            danger_now=False,
            received_at="2026-06-01T10:00:00+01:00",
            review_on="2026-03-01",
            visit=0,
            nations=["wales", "wales"],
            lead="imt.duty@demo.opss.example",
            took_part=["ftl.science@demo.opss.example"],
            products=[{"name": "Charger", "units": 3}, {"name": "Plug"}],
            ratings={"public_safety": {"level": "high", "reason": "burns"}},
        ),
    )
    assert form.cleaned_data == {
        "title": "Charger burns",
        "summary": "Two chargers burnt",
        "source": "media",
        "danger_now": False,
        "received_at": datetime(2026, 6, 1, 9, 0, tzinfo=UTC),
        "review_on": date(2026, 3, 1),
        "visit": 0,
        "nations": ["wales"],
        "lead": "the duty officer",
        "took_part": ["the science lead"],
        "products": [
            {"name": "Charger", "category": "", "units": 3},
            {"name": "Plug", "category": "", "units": None},
        ],
        "ratings": {"public_safety": {"level": "high", "reason": "burns"}, "financial_risk": None},
    }


def test_what_is_left_out_or_null_is_absent():
    form = bind(Report, good(danger_now=None, products=None, ratings=None, lead=None, visit=None, nations=None))
    assert form.cleaned_data["danger_now"] is None
    assert form.cleaned_data["products"] == []
    assert form.cleaned_data["ratings"] is None
    assert form.cleaned_data["visit"] is None
    assert form.cleaned_data["nations"] == []
    assert form.given == {*good(), "danger_now", "products", "ratings", "lead", "visit", "nations"}


@pytest.mark.parametrize(
    "text",
    [" kept  as\tsent \n", "<b>bold</b> & 'quoted'", "\u202eright to left\u200f", "שלום עולם", "\x1bescape", "a\r\nb"],
)
def test_text_is_kept_exactly_as_sent(text):
    assert bind(Report, good(summary=text)).cleaned_data["summary"] == text


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u200b\u202e", "\u00a0"])
def test_text_that_shows_nothing_counts_as_left_out(text):
    assert refused(good(title=text)) == [FieldError("title", "required", "Enter title")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", 5, "wrong_type"),
        ("title", ["a"], "wrong_type"),
        ("title", {"a": 1}, "wrong_type"),
        ("title", True, "wrong_type"),
        ("title", "null \x00 character", "bad_character"),
        ("title", "lone \ud800 surrogate", "bad_character"),
        ("title", "x" * 251, "max_length"),
        ("summary", "x" * 20_001, "max_length"),
        ("source", "rumour", "invalid_choice"),
        ("source", ["media"], "wrong_type"),
        ("danger_now", "no", "wrong_type"),
        ("danger_now", 0, "wrong_type"),
        ("visit", "3", "wrong_type"),
        ("visit", True, "wrong_type"),
        ("visit", 1.5, "wrong_type"),
        ("visit", 10**30, "max_value"),
        ("visit", -(10**30), "min_value"),
        ("review_on", "11/12/2026", "invalid_date"),
        ("review_on", "2026-02-30", "invalid_date"),
        ("review_on", "20260301", "invalid_date"),
        ("review_on", "0001-01-01", "invalid_date"),
        ("review_on", [2026], "wrong_type"),
        ("received_at", "2026-06-01T10:00:00", "invalid_time"),
        ("received_at", "2026-06-01", "invalid_time"),
        ("received_at", "2026-06-01T25:00:00Z", "invalid_time"),
        ("received_at", "9999-12-31T23:59:59-23:59", "invalid_time"),
        ("received_at", "2026-06-01T10:00:00Z\n", "invalid_time"),
        ("received_at", "\u0662026-06-01T10:00:00Z", "invalid_time"),
        ("nations", "wales", "wrong_type"),
        ("nations", ["wales", 1], "wrong_type"),
        ("nations", ["france"], "invalid_choice"),
        ("nations", ["wales"] * 3, "too_many"),
        ("lead", "nobody@demo.opss.example", "unknown_reference"),
        ("lead", 3, "wrong_type"),
        ("took_part", "imt.duty@demo.opss.example", "wrong_type"),
        ("took_part", ["", "x"], "wrong_type"),
        ("products", {"name": "x"}, "wrong_type"),
        ("products", [{"name": "x"}] * 4, "too_many"),
        ("ratings", [], "wrong_type"),
        ("ratings", "high", "wrong_type"),
    ],
)
def test_a_wrong_value_is_refused_at_its_field(field, value, code):
    assert codes(good(**{field: value})) == [(field, code)]


def test_a_number_too_long_to_print_is_refused():
    assert codes(good(visit=10**5000)) == [("visit", "max_value")]


def test_errors_inside_groups_and_lists_carry_their_path():
    assert codes(
        good(
            products=[{}, {"name": 1, "colour": "red"}, "text"],
            ratings={"public_safety": {"level": "lowest"}, "weather": {}},
            took_part=["imt.duty@demo.opss.example", "nobody@demo.opss.example"],
        )
    ) == [
        ("took_part[1]", "unknown_reference"),
        ("products[0].name", "required"),
        ("products[1].name", "wrong_type"),
        ("products[1].colour", "unknown_field"),
        ("products[2]", "wrong_type"),
        ("ratings.public_safety.level", "invalid_choice"),
        ("ratings.public_safety.reason", "required"),
        ("ratings.weather", "unknown_field"),
    ]


def test_every_error_comes_at_once_in_field_order():
    assert codes({"extra": 1, "source": 5, "title": None}) == [
        ("title", "required"),
        ("summary", "required"),
        ("source", "wrong_type"),
        ("extra", "unknown_field"),
    ]


def test_an_error_of_the_whole_form_has_no_field():
    assert codes(good(title="summary")) == [("", "title_says_nothing")]


def test_unknown_names_are_quoted_safely_and_not_without_end():
    errors = refused({**good(), "a\ud800\x00b": 1, **{f"n{number}": 1 for number in range(50)}})
    assert errors[0].field == "a\\ud800\\x00b"
    assert len(errors) == 21
    assert errors[-1].message == "31 more fields are unknown"


@pytest.mark.parametrize("body", [None, [], "text", 5, True, [good()]])
def test_a_body_that_is_no_object_is_refused(body):
    assert refused(body) == [FieldError("", "wrong_type", "Send an object with named fields")]


def test_a_choice_error_names_what_may_be_chosen():
    assert refused(good(source="rumour"))[0].message == "Choose one of: media, public"


def test_flat_names_of_a_browser_are_unknown_in_json():
    assert codes(good(**{"products-0-name": "x"})) == [("products-0-name", "unknown_field")]


def test_an_update_of_some_fields_leaves_the_rest_out():
    form = bind(Report, {"summary": "New", "lead": None}, partial=True)
    assert form.cleaned_data == {"summary": "New", "lead": None}
    with pytest.raises(InvalidInput) as caught:
        bind(Report, {"summary": "", "colour": "red"}, partial=True)
    assert [(e.field, e.code) for e in caught.value.errors] == [("summary", "required"), ("colour", "unknown_field")]


def test_a_browser_gets_the_same_answer_as_json():
    data = QueryDict(mutable=True)
    data.update(good(danger_now="no", csrfmiddlewaretoken="x", **{"review_on-day": "1", "review_on-month": "3"}))
    data.update({"review_on-year": "2026", "products-0-name": "", "products-1-name": "Plug", "products-1-units": "3"})
    data.update({"received_at-day": "1", "received_at-month": "6", "received_at-year": "2026"})
    data.update({"received_at-time": "10:00", "ratings-public_safety-level": "high"})
    data.update({"ratings-public_safety-reason": "two\r\nlines", "took_part": "imt.duty@demo.opss.example\r\n"})
    data.setlist("nations", ["wales", "england"])
    form = bind(Report, data)
    assert (
        form.cleaned_data
        == bind(
            Report,
            good(
                danger_now=False,
                review_on="2026-03-01",
                received_at="2026-06-01T09:00:00Z",
                nations=["wales", "england"],
                took_part=["imt.duty@demo.opss.example"],
                products=[{"name": "Plug", "units": 3}],
                ratings={"public_safety": {"level": "high", "reason": "two\nlines"}},
            ),
        ).cleaned_data
    )


def test_a_browser_may_not_send_what_cannot_be_stored():
    errors = refused(QueryDict("title=a%00b&summary=s&source=media&products-0-name=%00"))
    assert [(e.field, e.code) for e in errors] == [("title", "bad_character"), ("products[0].name", "bad_character")]


def test_a_refused_form_keeps_what_was_typed():
    with pytest.raises(InvalidInput) as caught:
        bind(Report, QueryDict("title=&summary=Long+text&received_at-day=31&received_at-time=9"))
    page = str(caught.value.form)
    assert "Long text" in page
    assert 'name="received_at-day" type="text" value="31"' in page


def test_the_schema_tells_types_limits_and_vocabularies():
    schema = to_schema(Report)
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["title", "summary", "source"]
    properties = schema["properties"]
    assert properties["title"] == {
        "type": "string",
        "maxLength": 250,
        "minLength": 1,
        "pattern": r"\S",
        "title": "Title",
        "description": "A few words",
    }
    assert properties["source"]["enum"] == ["media", "public"]
    assert properties["danger_now"] == {"type": "boolean", "title": "Could someone be hurt now?"}
    assert properties["received_at"]["format"] == "date-time"
    assert properties["review_on"]["format"] == "date"
    assert properties["visit"] == {
        "type": "integer",
        "minimum": -2147483648,
        "maximum": 2147483647,
        "title": "Visit",
    }
    assert properties["products"]["items"]["required"] == ["name"]
    assert properties["ratings"]["properties"]["public_safety"]["properties"]["level"]["enum"] == ["low", "high"]
    assert "required" not in to_schema(Report, partial=True)


def test_people_are_never_listed_in_the_schema():
    lead = to_schema(Report)["properties"]["lead"]
    assert lead == {"type": "string", "maxLength": 320, "format": "reference person", "title": "Lead"}
