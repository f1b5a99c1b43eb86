"""When the rhythm happens, bank holidays included, and how a recurrence is said and asked for in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from command.enums import HowOften, OnBankHolidays, Weekday
from command.rules.rhythm import WEEKDAYS, RecurrenceProblem, moments
from kernel.calendar import bank_holiday, next_working_day
from kernel.clock import LONDON

WORKING_WEEK = WEEKDAYS[:5]
MOST_TIMES = 6
# An occurrence moves past a bank holiday by days, not by weeks: Christmas with its weekend is the longest.
_FURTHEST_MOVE = timedelta(days=7)
_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


@dataclass(frozen=True)
class Happening:
    """One time that an event happens, in UTC; `moved_from` where a bank holiday moved it."""

    at: datetime
    moved_from: datetime | None = None


Upcoming = Iterator[Happening]


def bank_holiday_at(moment: datetime) -> str:
    """The bank holiday of England and Wales of that London day; empty where there is none."""
    return bank_holiday(moment.astimezone(LONDON).date())


def upcoming(
    recurrence: str, starts_at: datetime, *, after: datetime, on_bank_holidays: str = OnBankHolidays.HELD
) -> Upcoming:
    """Every occurrence that the rule has later than `after`, in the rule's order, until it runs out.

    One that is moved past a bank holiday is counted by where it ends up.
    """
    if on_bank_holidays == OnBankHolidays.HELD:
        yield from (Happening(moment) for moment in moments(recurrence, starts_at, after=after))
        return
    moves = on_bank_holidays == OnBankHolidays.MOVED
    for moment in moments(recurrence, starts_at, after=after - _FURTHEST_MOVE if moves else after):
        if not bank_holiday_at(moment):
            happening = Happening(moment)
        elif moves:
            happening = Happening(_on_next_working_day(moment), moved_from=moment)
        else:
            continue
        if happening.at > after:
            yield happening


def _on_next_working_day(moment: datetime) -> datetime:
    local = moment.astimezone(LONDON)
    day = next_working_day(local.date())
    return datetime.combine(day, local.time(), tzinfo=LONDON).astimezone(moment.tzinfo)


def times_read(text: str) -> list[time]:
    """The London times of '08:30, 16:30', in order and each once. Raises RecurrenceProblem.

    They share their minutes, since a rule of RFC 5545 pairs each hour with each minute.
    """
    found = set()
    for part in re.split(r"[,;\s]+", text.strip()):
        match = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])", part, re.ASCII)
        if match is None:
            raise RecurrenceProblem(f"'{part[:20]}' is no time of day. Enter times such as 08:30, 16:30")
        found.add(time(int(match[1]), int(match[2])))
    if len(found) > MOST_TIMES:
        raise RecurrenceProblem(f"Enter {MOST_TIMES} times at most")
    if len({moment.minute for moment in found}) > 1:
        raise RecurrenceProblem(
            "The times must have the same minutes, such as 08:30, 16:30. Add the others on their own"
        )
    return sorted(found)


def rule_of(how_often: str, *, days: Sequence[str], times: Sequence[time]) -> str:
    """The rule of RFC 5545 for an event that comes back on these days at these London times."""
    hours = ",".join(str(moment.hour) for moment in times)
    by_time = f"BYHOUR={hours};BYMINUTE={times[0].minute}"
    if how_often == HowOften.DAILY:
        return f"FREQ=DAILY;{by_time}"
    chosen = WORKING_WEEK if how_often == HowOften.WORKING_WEEK else sorted(days, key=WEEKDAYS.index)
    return f"FREQ=WEEKLY;BYDAY={','.join(chosen)};{by_time}"


@dataclass(frozen=True)
class Asked:
    """A rule as the simple questions have it: how often, on which days, at which times."""

    how_often: str
    days: tuple[str, ...]
    times: str


def asked_of(recurrence: str, starts_at: datetime) -> Asked:
    """What somebody would have answered to get this rule; RULE where no simple answer gives it."""
    parts = _parts(recurrence)
    days = tuple(parts.get("BYDAY", "").split(",")) if "BYDAY" in parts else ()
    simple = parts.keys() <= {"FREQ", "BYDAY", "BYHOUR", "BYMINUTE"} and set(days) <= set(WEEKDAYS)
    times = ", ".join(_times(parts, starts_at))
    if simple and parts["FREQ"] == "DAILY" and not days:
        return Asked(HowOften.DAILY, (), times)
    if simple and parts["FREQ"] == "WEEKLY":
        days = days or (WEEKDAYS[starts_at.astimezone(LONDON).weekday()],)
        how_often = HowOften.WORKING_WEEK if days == WORKING_WEEK else HowOften.WEEKLY
        return Asked(how_often, () if how_often == HowOften.WORKING_WEEK else days, times)
    return Asked(HowOften.RULE, (), "")


def in_words(recurrence: str, starts_at: datetime) -> str:
    """'every day at 15:00', 'Monday to Friday at 08:30 and 16:30', 'every month on the last Friday at 10:00'."""
    parts = _parts(recurrence)
    said = f"{_days_said(parts, starts_at)} at {_listed(_times(parts, starts_at))}"
    if "COUNT" in parts:
        said += ", once" if parts["COUNT"] == "1" else f", {parts['COUNT']} times"
    if "UNTIL" in parts:
        until = parts["UNTIL"]
        day = datetime.strptime(until[:8], "%Y%m%d").date()  # noqa: DTZ007 (a day)
        said += f", until {day.day} {day:%B %Y}"
    return said


def _days_said(parts: dict[str, str], starts_at: datetime) -> str:
    unit = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month"}[parts["FREQ"]]
    interval = int(parts.get("INTERVAL", "1"))
    every = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    begun = starts_at.astimezone(LONDON)
    named = [_day_said(day) for day in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    if parts["FREQ"] == "WEEKLY" and not named:
        named = [f"{begun:%A}"]
    if parts["FREQ"] == "MONTHLY" and not named:
        dates = parts.get("BYMONTHDAY", str(begun.day)).split(",")
        return f"{every} on the {_listed([_date_said(int(number)) for number in dates])}"
    if not named:
        return every
    days = "Monday to Friday" if parts["BYDAY" if "BYDAY" in parts else "FREQ"] == ",".join(WORKING_WEEK) else ""
    if parts["FREQ"] == "MONTHLY" and "BYSETPOS" in parts:
        position = _ORDINALS.get(int(parts["BYSETPOS"]), f"number {parts['BYSETPOS']}")
        return f"{every} on the {position} of {days or _listed(named)}"
    if parts["FREQ"] == "MONTHLY":
        return f"{every} on {_listed(named)}"
    if interval == 1:
        return days or f"every {_listed(named)}"
    return f"{every} on {days or _listed(named)}"


def _day_said(day: str) -> str:
    name = str(Weekday(day[-2:]).label)
    if not day[:-2]:
        return name
    number = int(day[:-2])
    return f"the {_ORDINALS[number]} {name}" if number in _ORDINALS else f"the {-number}th {name} from the end"


def _date_said(number: int) -> str:
    if number == -1:
        return "last day"
    ending = "th" if abs(number) in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(abs(number) % 10, "th")
    return f"{number}{ending}" if number > 0 else f"{-number}{ending} day from the end"


def _times(parts: dict[str, str], starts_at: datetime) -> list[str]:
    begun = starts_at.astimezone(LONDON)
    hours = sorted(int(hour) for hour in parts.get("BYHOUR", str(begun.hour)).split(","))
    minutes = sorted(int(minute) for minute in parts.get("BYMINUTE", str(begun.minute)).split(","))
    return [f"{hour:02d}:{minute:02d}" for hour in hours for minute in minutes]


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _parts(recurrence: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in recurrence.split(";"))
