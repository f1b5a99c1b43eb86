"""Working days in Europe/London, with the bank holidays of the nations from a library.

The library's wheel knows the holidays up to the end of 2028; later days count as working days unless they are at a
weekend, until a newer wheel is installed.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from kernel.clock import LONDON

DIVISIONS = {
    "england": BankHolidays.ENGLAND_AND_WALES,
    "wales": BankHolidays.ENGLAND_AND_WALES,
    "scotland": BankHolidays.SCOTLAND,
    "northern_ireland": BankHolidays.NORTHERN_IRELAND,
}
OPENING = time(9, 0)


@cache
def _holidays() -> BankHolidays:
    return BankHolidays(use_cached_holidays=True)


def is_working_day(day: date, *, nation: str = "england") -> bool:
    """Neither at a weekend nor a bank holiday of that nation."""
    return _holidays().is_work_day(day, division=DIVISIONS[nation])


@cache
def _titles(division: str) -> dict[date, str]:
    return {day["date"]: day["title"] for day in _holidays().get_holidays(division=division)}


def bank_holiday(day: date, *, nation: str = "england") -> str:
    """What the bank holiday of that day is called in that nation; empty where it is none."""
    return _titles(DIVISIONS[nation]).get(day, "")


def working_days_after(moment: datetime, days: int, *, nation: str = "england") -> datetime:
    """The same London time of day, `days` working days later (an aware time in Europe/London).

    A start at a weekend or on a bank holiday counts from the next working day's opening at 09:00.
    """
    if moment.tzinfo is None or days < 0:
        raise ValueError("Working days are counted forwards, from a moment with a time zone")
    local = moment.astimezone(LONDON)
    day, clock_time = local.date(), local.time()
    if not is_working_day(day, nation=nation):
        day, clock_time = next_working_day(day, nation=nation), OPENING
    for _ in range(days):
        day = next_working_day(day, nation=nation)
    return datetime.combine(day, clock_time, tzinfo=LONDON)


def opening_on(day: date, *, nation: str = "england") -> datetime:
    """09:00 in London on that day, or on the next working day where it is none."""
    if not is_working_day(day, nation=nation):
        day = next_working_day(day, nation=nation)
    return datetime.combine(day, OPENING, tzinfo=LONDON)


def next_working_day(day: date, *, nation: str = "england") -> date:
    """The first working day of that nation after `day`."""
    day += timedelta(days=1)
    while not is_working_day(day, nation=nation):
        day += timedelta(days=1)
    return day


def opens_after(moment: datetime, *, opens: time, closes: time, nation: str = "england") -> datetime:
    """The moment itself when it lies in the hours of a working day, else the next opening (Europe/London).

    The hours are London's time of day, so both changes of the clocks keep them.
    """
    local = moment.astimezone(LONDON)
    day = local.date()
    if is_working_day(day, nation=nation):
        if opens <= local.time() < closes:
            return local
        if local.time() < opens:
            return datetime.combine(day, opens, tzinfo=LONDON)
    return datetime.combine(next_working_day(day, nation=nation), opens, tzinfo=LONDON)
