"""Recurrences of the battle rhythm: rules of RFC 5545, counted in London time.

09:30 is 09:30 on the wall, in summer and in winter, so the rule is counted on wall-clock times and each occurrence is
turned into a moment afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from dateutil.rrule import rrulestr

from kernel.calendar import working_days_after
from kernel.clock import LONDON

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# The other day of a twice-weekly event, by the day that it begins on: as even a gap as working days allow.
OTHER_DAY = {"MO": "TH", "TU": "FR", "WE": "MO", "TH": "MO", "FR": "TU"}

_DAYS = "|".join(WEEKDAYS)
# Narrower than the standard has it for: what could keep a reader counting for ever (INTERVAL=0, the 30th of February,
# every second of a century) is not a battle rhythm.
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY",
    "INTERVAL": r"[1-9][0-9]?",
    "COUNT": r"[1-9][0-9]{0,3}",
    "UNTIL": r"[0-9]{8}(T[0-9]{6}Z?)?",
    "WKST": _DAYS,
    "BYDAY": rf"([+-]?[1-5])?({_DAYS})(,([+-]?[1-5])?({_DAYS})){{0,30}}",
    "BYMONTHDAY": r"-?([1-9]|[12][0-9]|3[01])(,-?([1-9]|[12][0-9]|3[01])){0,30}",
    "BYHOUR": r"([0-9]|1[0-9]|2[0-3])(,([0-9]|1[0-9]|2[0-3])){0,23}",
    "BYMINUTE": r"([0-9]|[1-5][0-9])(,([0-9]|[1-5][0-9])){0,3}",
    "BYSETPOS": r"-?[1-9][0-9]?",
}
_UNTIL = re.compile(r"UNTIL=([0-9]{8})(?:T([0-9]{6})(Z?))?")


class RecurrenceProblem(ValueError):
    """A recurrence that cannot be used; the text says why."""


def recurrence_checked(text: str) -> str:
    """The rule in one spelling (`FREQ=DAILY;BYHOUR=15;BYMINUTE=0`). Raises RecurrenceProblem."""
    rule = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    seen: set[str] = set()
    for part in rule.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in seen or not re.fullmatch(_PARTS[name], value, re.ASCII):
            known = ", ".join(_PARTS)
            raise RecurrenceProblem(f"'{part[:60]}' is not part of a recurrence that can be used here. Known: {known}")
        seen.add(name)
    if "FREQ" not in seen:
        raise RecurrenceProblem("Say how often: a recurrence needs FREQ, such as FREQ=DAILY")
    if {"COUNT", "UNTIL"} <= seen:
        raise RecurrenceProblem("Give COUNT or UNTIL, not both")
    if "BYMONTHDAY" in seen and "FREQ=MONTHLY" not in rule:
        raise RecurrenceProblem("BYMONTHDAY goes with FREQ=MONTHLY")
    if re.search(r"BYDAY=[^;]*[0-9]", rule) and "FREQ=MONTHLY" not in rule:
        raise RecurrenceProblem("A numbered day, such as 2MO, goes with FREQ=MONTHLY")
    if "BYSETPOS" in seen and not ("BYDAY" in seen and "FREQ=MONTHLY" in rule):
        raise RecurrenceProblem("BYSETPOS goes with FREQ=MONTHLY and BYDAY")
    try:
        _rule(rule, datetime(2026, 1, 1))  # noqa: DTZ001 - a wall-clock time
    except (ValueError, OverflowError) as error:  # the latter for an UNTIL at the edge of the calendar
        raise RecurrenceProblem(f"This recurrence cannot be read: {error}") from error
    return rule


def moments(recurrence: str, starts_at: datetime, *, after: datetime) -> Iterator[datetime]:
    """The occurrences later than `after`, in UTC, one by one until the rule has run out.

    A wall-clock time that the change to summer time leaves out counts as the moment an hour later on the wall; one
    that comes twice in autumn counts the first time only.
    """
    start = starts_at.astimezone(LONDON).replace(tzinfo=None)
    # From two hours before, since in the hour that comes twice the wall clock alone does not tell what is later.
    wall = after.astimezone(LONDON).replace(tzinfo=None) - timedelta(hours=2)
    for occurrence in _rule(recurrence, start).xafter(wall, inc=True):
        moment = occurrence.replace(tzinfo=LONDON).astimezone(UTC)
        if moment > after:
            yield moment


def next_occurrence(recurrence: str, starts_at: datetime, *, after: datetime) -> datetime | None:
    """The first occurrence later than `after`, in UTC; None once the rule has run out."""
    return next(moments(recurrence, starts_at, after=after), None)


def first_recurrence(*, times: Sequence[str], per_week: int, after: datetime) -> tuple[str, datetime]:
    """A recurrence at these London times (all at the same minute), with when it begins: the first after `after`.

    `per_week` is 7 (every day), 2 or 1; the latter begin on the next working day and keep to its day of the week.
    """
    clocks = sorted(time.fromisoformat(text) for text in times)
    hours = ",".join(str(clock.hour) for clock in clocks)
    by_time = f"BYHOUR={hours};BYMINUTE={clocks[0].minute}"
    if per_week == 7:
        rule = f"FREQ=DAILY;{by_time}"
        midnight = datetime.combine(after.astimezone(LONDON).date(), time(), tzinfo=LONDON)
        return rule, next_occurrence(rule, midnight, after=after) or midnight
    start = datetime.combine(working_days_after(after, 0).date(), clocks[0], tzinfo=LONDON)
    if start <= after:
        start = datetime.combine(working_days_after(after, 1).date(), clocks[0], tzinfo=LONDON)
    day = WEEKDAYS[start.weekday()]
    days = [day] if per_week == 1 else sorted({day, OTHER_DAY[day]}, key=WEEKDAYS.index)
    return f"FREQ=WEEKLY;BYDAY={','.join(days)};{by_time}", start.astimezone(UTC)


def _rule(recurrence: str, start: datetime) -> Any:
    return rrulestr(_UNTIL.sub(_until_on_the_wall, recurrence), dtstart=start)


def _until_on_the_wall(match: re.Match[str]) -> str:
    """RFC 5545 has UNTIL in UTC; the rule is counted on the wall."""
    day, clock_time, zulu = match.groups()
    if not zulu:
        return f"UNTIL={day}T{clock_time or '235959'}"
    moment = datetime.strptime(f"{day}T{clock_time}", "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return f"UNTIL={moment.astimezone(LONDON):%Y%m%dT%H%M%S}"
