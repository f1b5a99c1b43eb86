"""A recurrence said in words, asked for simply, and counted past bank holidays."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from command import rules
from command.rules.rhythm import WEEKDAYS
from kernel.clock import LONDON

MONDAY = datetime(2026, 6, 1, 15, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day at 15:00"),
        ("FREQ=DAILY;BYHOUR=15;BYMINUTE=0", "every day at 15:00"),
        ("FREQ=DAILY;BYHOUR=16,8;BYMINUTE=30", "every day at 08:30 and 16:30"),
        ("FREQ=DAILY;INTERVAL=2", "every 2 days at 15:00"),
        ("FREQ=WEEKLY", "every Monday at 15:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=30", "Monday to Friday at 09:30"),
        ("FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=10;BYMINUTE=0", "every Monday and Thursday at 10:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tuesday at 15:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=10;BYMINUTE=0", "every month on the last Friday at 10:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "every month on the 1st and last day at 15:00"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "every month on the first of Monday to Friday at 15:00"),
        ("FREQ=DAILY;COUNT=5", "every day at 15:00, 5 times"),
        ("FREQ=DAILY;UNTIL=20260630T150000Z", "every day at 15:00, until 30 June 2026"),
    ],
)
def test_a_rule_is_said_in_words(rule, words):
    assert rules.in_words(rules.recurrence_checked(rule), MONDAY) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [("08:30, 16:30", [time(8, 30), time(16, 30)]), ("1630;0830", [time(8, 30), time(16, 30)]), ("9.00", [time(9)])],
)
def test_times_are_read_as_people_type_them(text, found):
    assert rules.times_read(text) == found


@pytest.mark.parametrize(
    "text", ["noon", "24:00", "08:61", "08:30, 16:00", "1,2", "00:00 01:00 02:00 03:00 04:00 05:00 06:00"]
)
def test_times_that_make_no_rule_are_refused(text):
    with pytest.raises(rules.RecurrenceProblem):
        rules.times_read(text)


@given(
    how_often=st.sampled_from(["daily", "working_week", "weekly"]),
    days=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    hours=st.sets(st.integers(0, 23), min_size=1, max_size=6),
    minute=st.integers(0, 59),
)
def test_what_was_asked_simply_is_asked_so_again(how_often, days, hours, minute):
    times = [time(hour, minute) for hour in sorted(hours)]
    rule = rules.rule_of(how_often, days=sorted(days), times=times)
    assert rules.recurrence_checked(rule) == rule
    asked = rules.asked_of(rule, MONDAY)
    assert rules.rule_of(asked.how_often, days=asked.days, times=rules.times_read(asked.times)) == rule


@st.composite
def checked_rules(draw):
    """Any rule that a form takes."""
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 9))}")
    if draw(st.booleans()):
        positions = ["", "1", "-1", "+2", "-5"] if frequency == "MONTHLY" else [""]
        days = draw(st.lists(st.tuples(st.sampled_from(positions), st.sampled_from(WEEKDAYS)), min_size=1, max_size=4))
        parts.append("BYDAY=" + ",".join(f"{number}{day}" for number, day in days))
    elif frequency == "MONTHLY" and draw(st.booleans()):
        parts.append(
            "BYMONTHDAY=" + ",".join(draw(st.lists(st.sampled_from(["1", "15", "-1", "28", "-3"]), min_size=1)))
        )
    if draw(st.booleans()):
        parts.append(
            "BYHOUR=" + ",".join(draw(st.lists(st.sampled_from(["0", "1", "2", "15"]), min_size=1, max_size=3)))
        )
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(["COUNT=3", "UNTIL=20261231", "UNTIL=20261025T003000Z"])))
    return rules.recurrence_checked(";".join(parts))


@settings(deadline=None)
@given(rule=checked_rules(), policy=st.sampled_from(["held", "moved", "skipped"]), day=st.integers(0, 365))
def test_whatever_the_rule_it_can_be_said_and_its_times_only_go_on(rule, policy, day):
    start = datetime(2026, 3, 1, 1, 30, tzinfo=LONDON) + timedelta(days=day)
    assert " at " in rules.in_words(rule, start)
    after = start.astimezone(UTC)
    found = [one.at for one in islice(rules.upcoming(rule, start, after=after, on_bank_holidays=policy), 30)]
    assert all(moment > after for moment in found)
    if policy != "moved":
        assert all(earlier <= later for earlier, later in pairwise(found))
    if policy == "skipped":
        assert not any(rules.bank_holiday_at(moment) for moment in found)
