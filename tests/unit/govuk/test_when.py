from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from govuk import when
from kernel import clock

FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "text", "utc"),
    [
        (date(2026, 3, 12), "14:05", datetime(2026, 3, 12, 14, 5)),
        (date(2026, 6, 12), "14:05", datetime(2026, 6, 12, 13, 5)),
        (date(2026, 6, 12), " 9.30 ", datetime(2026, 6, 12, 8, 30)),
        (date(2026, 6, 12), "0930", datetime(2026, 6, 12, 8, 30)),
        (date(2026, 6, 12), "09:30 bst", datetime(2026, 6, 12, 8, 30)),
        (FORWARD, "00:59", datetime(2026, 3, 29, 0, 59)),
        (FORWARD, "02:00", datetime(2026, 3, 29, 1, 0)),
        (BACK, "00:59", datetime(2026, 10, 24, 23, 59)),
        (BACK, "01:30 BST", datetime(2026, 10, 25, 0, 30)),
        (BACK, "01:30 GMT", datetime(2026, 10, 25, 1, 30)),
        (BACK, "02:00", datetime(2026, 10, 25, 2, 0)),
    ],
)
def test_a_typed_london_time_becomes_utc(day, text, utc):
    assert when.typed_moment(day, text) == utc.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "text", "code"),
    [
        (FORWARD, "01:00", "no_such_time"),
        (FORWARD, "01:59", "no_such_time"),
        (BACK, "01:00", "ambiguous_time"),
        (BACK, "01:59", "ambiguous_time"),
        (date(2026, 6, 12), "14:00 GMT", "wrong_zone"),
        (date(2026, 1, 12), "14:00 BST", "wrong_zone"),
        (date(2026, 6, 12), "24:00", "invalid_time"),
        (date(2026, 6, 12), "2 pm", "invalid_time"),
        (date(2026, 6, 12), "", "invalid_time"),
    ],
)
def test_a_time_that_london_does_not_have_once_is_refused(day, text, code):
    with pytest.raises(when.TimeProblem) as caught:
        when.typed_moment(day, text)
    assert caught.value.code == code


def test_an_ambiguous_time_says_how_to_mend_it():
    with pytest.raises(when.TimeProblem, match="Enter 01:30 BST for the first or 01:30 GMT for the second"):
        when.typed_moment(BACK, "01:30")


@pytest.mark.parametrize(
    ("utc", "plain", "deadline"),
    [
        (datetime(2026, 3, 29, 0, 59), "00:59 Sunday 29 March 2026", "00:59 GMT Sunday 29 March 2026"),
        (datetime(2026, 3, 29, 1, 0), "02:00 Sunday 29 March 2026", "02:00 BST Sunday 29 March 2026"),
        (datetime(2026, 10, 25, 0, 30), "01:30 Sunday 25 October 2026", "01:30 BST Sunday 25 October 2026"),
        (datetime(2026, 10, 25, 1, 30), "01:30 Sunday 25 October 2026", "01:30 GMT Sunday 25 October 2026"),
        (datetime(2026, 3, 12, 14, 5), "14:05 Thursday 12 March 2026", "14:05 GMT Thursday 12 March 2026"),
    ],
)
def test_times_are_spoken_in_london(utc, plain, deadline):
    moment = utc.replace(tzinfo=UTC)
    assert when.london(moment) == plain
    assert when.london_deadline(moment) == deadline


@pytest.mark.parametrize(
    ("gap", "ago", "due"),
    [
        (timedelta(), "now", "due now"),
        (timedelta(seconds=-59), "now", "due now"),
        (timedelta(minutes=-1), "1 minute ago", "1 minute overdue"),
        (timedelta(minutes=59, seconds=59), "in 59 minutes", "due in 59 minutes"),
        (timedelta(hours=1), "in 1 hour", "due in 1 hour"),
        (timedelta(hours=1, minutes=42), "in 1 hour 42 minutes", "due in 1 hour 42 minutes"),
        (-timedelta(hours=3, minutes=1), "3 hours 1 minute ago", "3 hours 1 minute overdue"),
        (timedelta(hours=4, minutes=59), "in 4 hours", "due in 4 hours"),
        (timedelta(hours=47), "in 47 hours", "due in 47 hours"),
        (timedelta(hours=48), "in 2 days", "due in 2 days"),
        (timedelta(days=-3, hours=-5), "3 days ago", "3 days overdue"),
    ],
)
def test_distances_are_whole_units(gap, ago, due):
    now = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    with clock.at(now):
        assert when.ago(now + gap) == ago
        assert when.due(now + gap) == due


def test_distance_over_a_clock_change_is_time_that_passes():
    with clock.at(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)):
        assert when.due(when.typed_moment(FORWARD, "02:30")) == "due in 2 hours"
    with clock.at(when.typed_moment(BACK, "00:30")):
        assert when.due(when.typed_moment(BACK, "02:30")) == "due in 3 hours"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 3, 29), "due today"),
        (date(2026, 3, 30), "due in 1 day"),
        (date(2026, 3, 26), "3 days overdue"),
    ],
)
def test_days_are_counted_in_london(day, text):
    with clock.at(datetime(2026, 3, 29, 22, 59, tzinfo=UTC)):  # 23:59 in London, already summer time
        assert when.days_due(day) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 3, 30), "today"),
        (date(2026, 3, 29), "1 day ago"),
        (date(2026, 3, 1), "29 days ago"),
        (date(2026, 2, 28), "1 month ago"),
        (date(2025, 12, 31), "2 months ago"),
        (date(2025, 12, 30), "3 months ago"),
        (date(2025, 3, 31), "11 months ago"),
        (date(2025, 3, 30), "1 year ago"),
    ],
)
def test_days_past_are_told_in_days_whole_months_or_years(day, text):
    with clock.at(datetime(2026, 3, 30, 12, tzinfo=UTC)):
        assert when.days_ago(day) == text
