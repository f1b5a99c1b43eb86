"""Walking a list page by page yields every row once, in order, whatever the keys."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db.models import DateField, DateTimeField, DecimalField, F, UUIDField, Value
from django.db.models.functions import Mod
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import keyset
from kernel.errors import InvalidInput
from kernel.models import Counter

pytestmark = pytest.mark.django_db

ROWS = 60
DIRECTIONS = st.tuples(*[st.sampled_from(["", "-"])] * 3)


def numbers():
    return Counter.objects.filter(key__startswith="walk").annotate(third=Mod(F("value"), 3))


@pytest.fixture
def counters():
    Counter.objects.bulk_create([Counter(key=f"walk-{n:03}", value=(n * 7) % 11) for n in range(ROWS)])


def walk(queryset, order, limit):
    pages, cursor = [], None
    while True:
        page = keyset.page(queryset, order=order, cursor=cursor, limit=limit)
        pages.append(page)
        cursor = page.next_cursor
        if cursor is None:
            return pages


def walk_back(queryset, order, limit, cursor):
    rows = []
    while cursor:
        page = keyset.page(queryset, order=order, cursor=cursor, limit=limit)
        rows = page.rows + rows
        cursor = page.previous_cursor
    return rows


# The examples only read, so they may share the rows.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(directions=DIRECTIONS, limit=st.integers(1, ROWS + 1))
def test_walk_in_any_mix_of_directions_yields_every_row_once_in_order(counters, directions, limit):
    order = [sign + name for sign, name in zip(directions, ["third", "value", "key"], strict=True)]
    wanted = list(numbers().order_by(*order))
    pages = walk(numbers(), order, limit)
    assert [row for page in pages for row in page.rows] == wanted
    assert walk_back(numbers(), order, limit, pages[-1].previous_cursor) + pages[-1].rows == wanted


def test_walk_over_thousands_of_equal_keys_ends_and_misses_none():
    Counter.objects.bulk_create([Counter(key=f"walk-{n:05}", value=1) for n in range(3000)])
    rows = [row.key for page in walk(numbers(), ["-value", "-key"], 200) for row in page.rows]
    assert rows == sorted(rows, reverse=True)
    assert len(set(rows)) == 3000


def test_page_of_values_is_the_same_as_of_rows(counters):
    pages = walk(numbers().values("key", "value"), ["-value", "key"], 7)
    assert [row["key"] for page in pages for row in page.rows] == [
        row.key for row in numbers().order_by("-value", "key")
    ]


def test_first_page_has_no_previous_and_last_no_next(counters):
    first, *_, last = walk(numbers(), ["value", "key"], 25)
    assert (first.previous_cursor, last.next_cursor) == (None, None)
    assert first.next_cursor
    assert last.previous_cursor


def test_back_from_the_second_page_is_the_first_page(counters):
    first, second, _ = walk(numbers(), ["value", "key"], 25)
    back = keyset.page(numbers(), order=["value", "key"], cursor=second.previous_cursor, limit=25)
    assert back.rows == first.rows
    assert back.previous_cursor is None


def test_empty_list_is_one_empty_page():
    page = keyset.page(numbers(), order=["value", "key"], limit=5)
    assert page == keyset.Page([], None, None)


def test_rows_added_before_the_position_are_not_met_again(counters):
    first = keyset.page(numbers(), order=["key"], limit=10)
    Counter.objects.create(key="walk-000-later", value=5)
    second = keyset.page(numbers(), order=["key"], cursor=first.next_cursor, limit=10)
    assert [row.key for row in second.rows] == [f"walk-{n:03}" for n in range(10, 20)]


def test_page_stands_in_the_index_instead_of_counting_to_it(counters):
    cursor = keyset.page(numbers(), order=["key"], limit=10).next_cursor
    way, position = keyset._read(cursor, ("key",))
    assert (way, position) == ("n", ["walk-009"])
    sql = str(numbers().filter(keyset._beyond(["-value", "-key"], [4, "walk-009"])).query)
    assert '("kernel_counter"."value", "kernel_counter"."key") < (4, walk-009)' in sql


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
        date(2026, 3, 29),
        Decimal("12.50"),
        UUID("6e1b2c3d-0000-4000-8000-000000000001"),
        7,
        "الأمان",
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_kind_of_key_survives_the_cursor(counters, value):
    fields = {datetime: DateTimeField, date: DateField, Decimal: DecimalField, UUID: UUIDField}
    field = fields.get(type(value))
    constant = Value(value, output_field=field() if field else None)
    pages = walk(numbers().annotate(constant=constant), ["-constant", "key"], 20)
    assert sum(len(page.rows) for page in pages) == ROWS


def test_key_that_is_null_is_a_fault_of_the_program(counters):
    with pytest.raises(ValueError, match="is NULL"):
        walk(numbers().annotate(gap=Value(None, output_field=DateField())), ["gap", "key"], 5)


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-1], lambda c: "x" + c, lambda c: "", lambda c: "é☃", lambda c: ":" * 5]
)
def test_spoilt_cursor_is_refused_by_name(counters, spoil):
    cursor = keyset.page(numbers(), order=["value", "key"], limit=5).next_cursor
    spoilt = spoil(cursor)
    if not spoilt:
        spoilt = " "
    with pytest.raises(InvalidInput) as refused:
        keyset.page(numbers(), order=["value", "key"], cursor=spoilt, limit=5)
    assert [(e.field, e.code) for e in refused.value.errors] == [("cursor", "bad_cursor")]


def test_cursor_of_another_order_is_refused(counters):
    cursor = keyset.page(numbers(), order=["value", "key"], limit=5).next_cursor
    with pytest.raises(InvalidInput):
        keyset.page(numbers(), order=["-value", "key"], cursor=cursor, limit=5)


@pytest.mark.parametrize("text", ["0", "201", "-1", "", "ten", "1.5", "٣", "1" * 5000, " 5"])
def test_limit_out_of_range_is_refused_by_name(text):
    with pytest.raises(InvalidInput) as refused:
        keyset.limit_of(text)
    assert [(e.field, e.code) for e in refused.value.errors] == [("limit", "out_of_range")]


@pytest.mark.parametrize(("text", "limit"), [(None, 50), ("1", 1), ("200", 200)])
def test_limit_in_range_is_taken(text, limit):
    assert keyset.limit_of(text) == limit
