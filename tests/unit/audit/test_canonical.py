"""Format 1 never changes: what is written once verifies for ever, whatever the facts."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import canonical, selectors, services
from audit.verification import verify
from kernel.actors import SYSTEM, Actor

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
SCALARS = st.none() | st.booleans() | st.integers() | TEXT
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)


class Colour(StrEnum):
    RED = "red"


class Rank(IntEnum):
    FIRST = 1


def test_event_text_and_hash_of_format_1_are_fixed_for_ever():
    text = canonical.event_text(
        chain="ISS-2026-00042",
        position=2,
        kind="issue.reported",
        at=datetime(2026, 3, 12, 14, 5, tzinfo=UTC),
        recorded_at=datetime(2026, 3, 12, 14, 6, 0, 7, tzinfo=UTC),
        version=None,
        actor=Actor(5, "a@example.org", 'Ä "quoted"', post="imt_head", post_title="Head of IMT", as_deputy=True),
        clear={},
        digests={"b": "0" * 64, "a": canonical.fact_digest("00" * 16, {"y": [1, True, None], "é": "\n\u202e"})},
    )
    assert text == (
        '{"actor":{"as_deputy":true,"email":"a@example.org","name":"Ä \\"quoted\\"","post":"imt_head",'
        '"post_title":"Head of IMT"},"at":"2026-03-12T14:05:00.000000+00:00","chain":"ISS-2026-00042","clear":{},'
        '"facts":{"a":"f91ab221499da5dd0f6d4d8f89b6d6fe38ee6a1c3ceaafbcb58e0ff83a4220e2",'
        f'"b":"{"0" * 64}"}},"format":1,"kind":"issue.reported","position":2,'
        '"recorded_at":"2026-03-12T14:06:00.000007+00:00","version":null}'
    )
    assert canonical.event_hash("0" * 64, text) == "419ae0c672ad0899137b3e2802f477fb07fb07ed9b7b70f023e427862a1eea07"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (Colour.RED, "red"),
        (Rank.FIRST, 1),
        (Decimal("1.50"), "1.50"),
        (0.1, "0.1"),
        (date(2026, 3, 12), "2026-03-12"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T12:00:00.000000+00:00"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (("a", [Colour.RED]), ["a", ["red"]]),
        ({"b", "a"}, ["a", "b"]),
        ({Colour.RED: {"n": 0.5}}, {"red": {"n": "0.5"}}),
    ],
)
def test_plain_keeps_what_has_one_text(value, kept):
    assert canonical.plain(value) == kept
    assert type(canonical.plain(value)) is type(kept)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        "a\x00b",
        "\ud800",
        {"\x00": 1},
        datetime(2026, 3, 12, 14, 5),
        object(),
        {1: "a"},
        b"bytes",
        [SYSTEM],
    ],
)
def test_plain_refuses_what_has_no_one_text(value):
    with pytest.raises((ValueError, TypeError)):
        canonical.plain(value)


def test_salts_differ_for_equal_facts():
    salts = canonical.salts_for(["a", "b"])
    assert canonical.fact_digest(salts["a"], "yes") != canonical.fact_digest(salts["b"], "yes")


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    facts=st.dictionaries(TEXT.filter(lambda name: name not in {"chain", "by", "at", "version"}), VALUES, max_size=4)
)
def test_any_facts_come_back_as_they_were_and_verify(facts):
    services.record("issue.edited", chain="ISS-2026-00042", by=SYSTEM, **facts)

    view = selectors.events_for("ISS-2026-00042", limit=1)[0]
    assert json.dumps(view.facts, sort_keys=True) == json.dumps(facts, sort_keys=True)
    assert verify("ISS-2026-00042").fault is None
