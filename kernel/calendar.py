"""Working days in Europe/London, with the bank holidays of the nations from a library."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from kernel.clock import LONDON

DIVISIONS = {
    "england": BankHolidays.ENGLAND_AND_WALES,
    "wales": BankHolidays.ENGLAND_AND_WALES,
    "scotland": BankHolidays.SCOTLAND,
    "northern_ireland": BankHolidays.NORTHERN_IRELAND,
}


@cache
def _holidays() -> BankHolidays:
    return BankHolidays(use_cached_holidays=True)


def working_days_after(moment: datetime, days: int, *, nation: str = "england") -> datetime:
    """The same London time of day, `days` working days later (an aware time in Europe/London).

    A start at a weekend or on a bank holiday counts from the next working day's opening at 09:00.
    """
    local, division = moment.astimezone(LONDON), DIVISIONS[nation]
    day, clock_time = local.date(), local.time()
    if not _holidays().is_work_day(day, division=division):
        clock_time = time(9, 0)
        while not _holidays().is_work_day(day, division=division):
            day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not _holidays().is_work_day(day, division=division):
            day += timedelta(days=1)
    return datetime.combine(day, clock_time, tzinfo=LONDON)
