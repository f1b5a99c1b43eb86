"""Recurrences keep London's wall clock, and what cannot be counted is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr

from command import rules
from kernel.clock import LONDON

DAILY = "FREQ=DAILY;BYHOUR=9;BYMINUTE=30"


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "days"),
    [
        (london(2026, 3, 26, 9, 30), ["09:30+00:00", "09:30+00:00", "09:30+00:00", "09:30+01:00", "09:30+01:00"]),
        (london(2026, 10, 22, 9, 30), ["09:30+01:00", "09:30+01:00", "09:30+01:00", "09:30+00:00", "09:30+00:00"]),
    ],
    ids=["into summer time", "out of it"],
)
def test_half_past_nine_stays_half_past_nine_across_the_change_of_the_clocks(start, days):
    seen, after = [], start.astimezone(UTC)
    moments = [after]
    seen.append(f"{start:%H:%M}{start.isoformat()[-6:]}")
    for _ in range(4):
        after = rules.next_occurrence(DAILY, start, after=after)
        moments.append(after)
        seen.append(f"{after.astimezone(LONDON):%H:%M}{after.astimezone(LONDON).isoformat()[-6:]}")
    assert seen == days
    assert all(earlier < later for earlier, later in pairwise(moments))


def test_an_event_in_the_hour_that_comes_twice_happens_once():
    rule, start = "FREQ=DAILY;BYHOUR=1;BYMINUTE=30", london(2026, 10, 20, 1, 30)
    first = rules.next_occurrence(rule, start, after=datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert rules.next_occurrence(rule, start, after=first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_an_event_in_the_hour_that_is_left_out_still_happens_that_day():
    rule, start = "FREQ=DAILY;BYHOUR=1;BYMINUTE=30", london(2026, 3, 25, 1, 30)
    skipped = rules.next_occurrence(rule, start, after=datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert rules.next_occurrence(rule, start, after=skipped) == datetime(2026, 3, 30, 0, 30, tzinfo=UTC)


def test_two_times_a_day_come_in_turn():
    rule, start = "FREQ=DAILY;BYHOUR=8,16;BYMINUTE=30", london(2026, 6, 1, 8, 30)
    assert rules.next_occurrence(rule, start, after=start) == london(2026, 6, 1, 16, 30)


def test_until_in_utc_is_obeyed_and_a_rule_that_ran_out_has_no_next():
    rule = rules.recurrence_checked("RRULE:FREQ=DAILY;UNTIL=20260603T083000Z")
    start = london(2026, 6, 1, 9, 30)
    assert rules.next_occurrence(rule, start, after=london(2026, 6, 2, 12)) == london(2026, 6, 3, 9, 30)
    assert rules.next_occurrence(rule, start, after=london(2026, 6, 3, 9, 30)) is None


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every day",
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;COUNT=2;UNTIL=20270101",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;UNTIL=20260230T000000Z",
        "FREQ=DAILY;UNTIL=00010101T000000Z",
        "FREQ=DAILY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=TU,-1FR",
        "FREQ=DAILY;BYEASTER=1",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;BYSETPOS=99",
        "BYHOUR=9",
        "FREQ=DAILY\nDTSTART:20260101T000000",
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(rule):
    with pytest.raises(rules.RecurrenceProblem):
        rules.recurrence_checked(rule)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY", "freq=weekly;byday=mo,th;byhour=9;byminute=30", "FREQ=MONTHLY;BYDAY=-1FR", "RRULE:FREQ=WEEKLY"],
)
def test_a_rule_in_use_is_read_by_any_reader_of_rfc_5545(rule):
    checked = rules.recurrence_checked(rule)
    assert checked == checked.upper()
    assert rrulestr(checked, dtstart=datetime(2026, 1, 5, 9, 30))[0] >= datetime(2026, 1, 5, 9, 30)


@pytest.mark.parametrize(
    ("after", "times", "per_week", "rule", "start"),
    [
        # Sunday night: every day begins tomorrow, the weekly ones on Monday.
        (london(2026, 6, 7, 22), ["09:30"], 7, "FREQ=DAILY;BYHOUR=9;BYMINUTE=30", london(2026, 6, 8, 9, 30)),
        (london(2026, 6, 7, 22), ["10:00"], 1, "FREQ=WEEKLY;BYDAY=MO;BYHOUR=10;BYMINUTE=0", london(2026, 6, 8, 10)),
        # Wednesday morning: still today.
        (london(2026, 6, 10, 8), ["10:00"], 2, "FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=10;BYMINUTE=0", london(2026, 6, 10, 10)),
        # Friday afternoon: the next working day is Monday.
        (
            london(2026, 6, 12, 17),
            ["10:00"],
            2,
            "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=10;BYMINUTE=0",
            london(2026, 6, 15, 10),
        ),
        # Between the two times of a day.
        (london(2026, 6, 10, 12), ["07:00", "17:00"], 7, "FREQ=DAILY;BYHOUR=7,17;BYMINUTE=0", london(2026, 6, 10, 17)),
        # The Thursday before Easter in the evening: Good Friday and Easter Monday are no working days.
        (london(2026, 4, 2, 18), ["10:00"], 1, "FREQ=WEEKLY;BYDAY=TU;BYHOUR=10;BYMINUTE=0", london(2026, 4, 7, 10)),
    ],
)
def test_the_first_rhythm_begins_as_soon_as_it_can(after, times, per_week, rule, start):
    assert rules.first_recurrence(times=times, per_week=per_week, after=after) == (rule, start)
