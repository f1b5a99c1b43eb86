"""Times as people in London read and type them. Stored times are UTC; nothing here reads the clock by itself."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from kernel import clock
from kernel.clock import LONDON

FIRST_YEAR, LAST_YEAR = 1900, 2200

_DATE = re.compile(r"(?P<year>[0-9]{4})-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_CLOCK = re.compile(r"\s*(?P<hour>[0-9]{1,2})[:.]?(?P<minute>[0-9]{2})\s*(?P<zone>bst|gmt)?\s*", re.IGNORECASE)


class TimeProblem(ValueError):
    """What is wrong with a date or time, for the person who typed it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def iso_date(text: str) -> date:
    """The day of `YYYY-MM-DD`; any other spelling raises TimeProblem."""
    match = _DATE.fullmatch(text)
    try:
        if match and FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise TimeProblem("invalid_date", f"Enter a real date as YYYY-MM-DD, from {FIRST_YEAR} to {LAST_YEAR}")


def iso_moment(text: str) -> datetime:
    """The UTC time of an ISO 8601 date-time that states its offset; any other spelling raises TimeProblem."""
    match = _MOMENT.fullmatch(text)
    try:
        if match and FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
            return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        pass
    raise TimeProblem("invalid_time", "Enter a date and time with its offset, such as 2026-03-12T14:05:00+00:00")


def typed_date(day: str, month: str, year: str) -> date:
    """The day somebody typed into three boxes."""
    missing = [name for name, text in (("day", day), ("month", month), ("year", year)) if not text.strip()]
    if missing:
        raise TimeProblem("date_incomplete", f"The date must include a {' and a '.join(missing)}")
    try:
        if re.fullmatch(r"[0-9]{4}", year.strip()) and FIRST_YEAR <= int(year) <= LAST_YEAR:
            return date(int(year), int(month), int(day))
    except ValueError:
        pass
    raise TimeProblem("invalid_date", "Enter a real date, such as 27 3 2026")


def typed_moment(day: date, text: str) -> datetime:
    """The UTC time of a 24-hour London time such as `14:05`, or `01:30 GMT` where the clock shows it twice."""
    match = _CLOCK.fullmatch(text)
    if not match or int(match["hour"]) > 23 or int(match["minute"]) > 59:
        raise TimeProblem("invalid_time", "Enter a time on the 24-hour clock, such as 14:05")
    naive = datetime.combine(day, time(int(match["hour"]), int(match["minute"])))
    first, second = (naive.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
    spoken = f"{naive:%H:%M} on {naive.day} {naive:%B %Y}"
    if first.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != naive:
        raise TimeProblem("no_such_time", f"{spoken} does not exist, because the clocks go forward. Enter another time")
    zone = (match["zone"] or "").upper()
    fitting = [moment for moment in (first, second) if zone in ("", moment.tzname())]
    if not fitting:
        raise TimeProblem(
            "wrong_zone", f"London is on {first.tzname()} at {spoken}. Leave {zone} out or correct the time"
        )
    if not zone and first.utcoffset() != second.utcoffset():
        raise TimeProblem(
            "ambiguous_time",
            f"{spoken} happens twice, because the clocks go back. Enter {naive:%H:%M} BST for the first or "
            f"{naive:%H:%M} GMT for the second",
        )
    return fitting[0].astimezone(UTC)


def london(moment: datetime) -> str:
    """'14:05 Tuesday 12 March 2026'."""
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M %A} {local.day} {local:%B %Y}"


def london_deadline(moment: datetime) -> str:
    """'14:05 GMT Tuesday 12 March 2026', for deadlines, where the zone matters."""
    local = moment.astimezone(LONDON)
    return f"{local:%H:%M %Z %A} {local.day} {local:%B %Y}"


def day(value: date) -> str:
    """'12 March 2026'."""
    return f"{value.day} {value:%B %Y}"


def ago(moment: datetime) -> str:
    """'2 hours ago', 'in 2 hours', 'now'."""
    gap = moment - clock.now()
    if abs(gap) < timedelta(minutes=1):
        return "now"
    return f"in {span(gap)}" if gap > timedelta() else f"{span(gap)} ago"


def due(moment: datetime) -> str:
    """'due in 2 hours', 'due now', '3 days overdue'."""
    gap = moment - clock.now()
    if abs(gap) < timedelta(minutes=1):
        return "due now"
    return f"due in {span(gap)}" if gap > timedelta() else f"{span(gap)} overdue"


def days_due(value: date) -> str:
    """The same for a date without a time: 'due today', 'due in 3 days', '1 day overdue'."""
    gap = (value - clock.today()).days
    if not gap:
        return "due today"
    return f"due in {_many(gap, 'day')}" if gap > 0 else f"{_many(-gap, 'day')} overdue"


def days_ago(value: date) -> str:
    """'today', '3 days ago', '2 months ago', '1 year ago': how long a day is past, in whole months from the first."""
    today = clock.today()
    months = (today.year - value.year) * 12 + today.month - value.month - (today.day < value.day)
    if months >= 12:
        return f"{_many(months // 12, 'year')} ago"
    if months > 0:
        return f"{_many(months, 'month')} ago"
    return f"{_many((today - value).days, 'day')} ago" if value < today else "today"


def span(gap: timedelta) -> str:
    """The largest whole unit of a gap, rounded down: '59 minutes', '5 hours', '3 days'. Never less than a minute.

    Under four hours the minutes are told too, because rounding them off would mislead: '1 hour 42 minutes'.
    """
    minutes = int(abs(gap).total_seconds() // 60)
    if minutes < 60:
        return _many(max(minutes, 1), "minute")
    if minutes < 4 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{_many(hours, 'hour')} {_many(rest, 'minute')}" if rest else _many(hours, "hour")
    if minutes < 48 * 60:
        return _many(minutes // 60, "hour")
    return _many(minutes // (24 * 60), "day")


def _many(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
