"""Working days across weekends, holidays of each nation and the changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kernel import calendar
from kernel.calendar import DIVISIONS, is_working_day, working_days_after
from kernel.clock import LONDON


def _london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("start", "days", "nation", "end"),
    [
        ("2026-03-10T14:05", 0, "england", "2026-03-10T14:05"),
        ("2026-03-10T14:05", 2, "england", "2026-03-12T14:05"),
        ("2026-03-13T14:05", 1, "england", "2026-03-16T14:05"),  # over a weekend
        ("2026-03-14T14:05", 0, "england", "2026-03-16T09:00"),  # Saturday counts from Monday's opening
        ("2026-03-14T14:05", 2, "england", "2026-03-18T09:00"),
        ("2026-04-02T14:05", 1, "england", "2026-04-07T14:05"),  # Good Friday and Easter Monday
        ("2026-04-02T14:05", 1, "wales", "2026-04-07T14:05"),
        ("2026-04-02T14:05", 1, "northern_ireland", "2026-04-07T14:05"),
        ("2026-04-02T14:05", 1, "scotland", "2026-04-06T14:05"),  # Easter Monday is worked in Scotland
        ("2026-12-24T16:30", 1, "england", "2026-12-29T16:30"),  # Boxing Day falls on a Saturday: Monday instead
        ("2026-12-31T10:00", 1, "england", "2027-01-04T10:00"),
        ("2026-12-31T10:00", 1, "scotland", "2027-01-05T10:00"),  # 2 January falls on a Saturday: Monday instead
        ("2026-03-16T10:00", 1, "england", "2026-03-17T10:00"),
        ("2026-03-16T10:00", 1, "northern_ireland", "2026-03-18T10:00"),  # St Patrick's Day
        ("2026-07-10T10:00", 1, "northern_ireland", "2026-07-14T10:00"),  # Battle of the Boyne
        ("2026-11-27T10:00", 1, "scotland", "2026-12-01T10:00"),  # St Andrew's Day
        ("2026-11-27T10:00", 1, "england", "2026-11-30T10:00"),
        ("2026-12-25T08:00", 0, "england", "2026-12-29T09:00"),
    ],
)
def test_working_days_after(start, days, nation, end):
    assert working_days_after(_london(start), days, nation=nation) == _london(end)


def test_working_days_after_keeps_the_london_time_over_the_change_of_the_clocks():
    end = working_days_after(datetime(2026, 3, 27, 12, 0, tzinfo=UTC), 1)
    assert end.isoformat() == "2026-03-30T12:00:00+01:00"


def test_working_days_after_counts_the_day_in_london():
    """23:30 UTC on a Friday in summer is Saturday in London."""
    end = working_days_after(datetime(2026, 7, 3, 23, 30, tzinfo=UTC), 0)
    assert end.isoformat() == "2026-07-06T09:00:00+01:00"


@pytest.mark.parametrize(("moment", "days"), [(datetime(2026, 3, 10, 9), 1), (_london("2026-03-10T09:00"), -1)])
def test_working_days_after_refuses_a_time_without_zone_and_counting_back(moment, days):
    with pytest.raises(ValueError, match="counted forwards"):
        working_days_after(moment, days)


@pytest.mark.parametrize("nation", DIVISIONS)
def test_holidays_are_known_for_every_nation_up_to_the_end_of_2028(nation):
    assert [is_working_day(date(year, 12, 25), nation=nation) for year in (2026, 2028)] == [False, False]
    assert is_working_day(date(2026, 11, 24), nation=nation)


def test_a_bank_holiday_goes_by_its_name_where_it_is_one():
    assert calendar.bank_holiday(date(2026, 12, 28)) == "Boxing Day"
    assert calendar.bank_holiday(date(2026, 12, 26)) == ""
    assert calendar.bank_holiday(date(2026, 11, 30), nation="scotland") == "St Andrew’s Day"
    assert calendar.next_working_day(date(2026, 12, 24)) == date(2026, 12, 29)
