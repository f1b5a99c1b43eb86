"""Days and periods as other people write them. A day that can be read in two ways is not read.

A source whose publisher is known to put the day first, or the month, says so (`order`); only then is `03/04/2024` one
day. Years in two digits are never completed.
"""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from typing import NamedTuple

from intake.importers.reading import Reading
from intake.importers.text import clean, meant

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
# A notice of another century is a slip of somebody's pen.
_YEARS = range(1900, 2101)

_D, _Y, _MONTH = "[0-9]{1,2}", "[0-9]{4}", "[a-z]{3,9}"
_ISO = re.compile(f"({_Y})-([0-9]{{2}})-([0-9]{{2}})")
_NUMBERS = re.compile(rf"({_D})(?P<mark>[./-])({_D})(?P=mark)({_Y})")
_DAY_MONTH = re.compile(rf"({_D})(?:st|nd|rd|th)?[ -]({_MONTH})\.?,?[ -]({_Y})")
_MONTH_DAY = re.compile(rf"({_MONTH})\.? ({_D})(?:st|nd|rd|th)?,? ({_Y})")
_MONTH_ONLY = re.compile(rf"({_D})[./]({_Y})")
_MONTH_WORD = re.compile(rf"({_MONTH})\.? ({_Y})")
_YEAR_ONLY = re.compile(f"({_Y})")
_SHORT_YEAR = re.compile(rf"{_D}([./-]){_D}\1[0-9]{{2}}(?![0-9])")


class Order(Enum):
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


class Period(NamedTuple):
    """From one day, month or year to another, each as ISO 8601 as far as it is known: `2005-02`, `2022`."""

    start: str
    end: str


class _Unread(Exception):
    """Why a text is no day that can be relied on."""


def read_day(text: str, order: Order | None = None) -> Reading[date]:
    """The day a text names, or None and why not. Nothing in any of its words is nothing, without a doubt."""
    words = meant(text)
    if not words:
        return Reading(text)
    try:
        return Reading(text, _day(words, order))
    except _Unread as unread:
        return Reading(text, doubt=f"‘{words}’ {unread}")


def read_periods(text: str, order: Order | None = None) -> Reading[list[Period]]:
    """The periods a text gives, one a line: all of them, or None and why not."""
    if not meant(text):
        return Reading(text)
    periods = []
    for line in clean(text).split("\n"):
        if line:
            try:
                periods.append(_period(line, order))
            except _Unread as unread:
                return Reading(text, doubt=f"‘{line}’ {unread}")
    return Reading(text, periods)


def _day(words: str, order: Order | None) -> date:
    low = words.lower()
    if found := _ISO.fullmatch(low):
        return _real(found[1], found[2], found[3])
    if found := _NUMBERS.fullmatch(low):
        return _by_order(int(found[1]), int(found[3]), found[4], order)
    if (found := _DAY_MONTH.fullmatch(low)) and found[2] in _MONTHS:
        return _real(found[3], _MONTHS[found[2]], found[1])
    if (found := _MONTH_DAY.fullmatch(low)) and found[1] in _MONTHS:
        return _real(found[3], _MONTHS[found[1]], found[2])
    if _SHORT_YEAR.fullmatch(low):
        raise _Unread("gives the year in two digits")
    raise _Unread("cannot be read as a day")


def _by_order(first: int, second: int, year: str, order: Order | None) -> date:
    if order is Order.DAY_FIRST:
        return _real(year, second, first)
    if order is Order.MONTH_FIRST:
        return _real(year, first, second)
    if first != second and max(first, second) <= 12:
        raise _Unread("can be read as two days")
    return _real(year, second, first) if second <= 12 else _real(year, first, second)


def _real(year: str, month: str | int, day: str | int) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise _Unread("is no day of the calendar") from None
    if found.year not in _YEARS:
        raise _Unread("is in a year that cannot be meant")
    return found


# What stands round the dates of a line and changes nothing of them.
_LABEL_AFTER = re.compile(r"\s*\([^()]*\)$")
_LABEL_BEFORE = re.compile(r"^[^:]{1,60}:\s+")
_OPENING = re.compile(r"^(?:the affected (?:vehicles|products) were (?:manufactured|produced) )?(?:(?:from|between) )?")
_BETWEEN = re.compile(r" (?:to|until|till|and) | ?[–—] ?| - ?(?=[0-9a-z])| -(?=[0-9])")


def _period(line: str, order: Order | None) -> Period:
    words = _LABEL_BEFORE.sub("", _LABEL_AFTER.sub("", line)).lower().strip().removesuffix(".")
    if _SHORT_YEAR.search(words):
        raise _Unread("gives a year in two digits")
    ends = [_part(part, order) for part in _BETWEEN.split(_OPENING.sub("", words))]
    if len(ends) > 2:
        raise _Unread("gives more than two dates")
    if ends[0] > ends[-1]:
        raise _Unread("ends before it begins")
    return Period(ends[0], ends[-1])


def _part(words: str, order: Order | None) -> str:
    """A day, month or year as ISO 8601."""
    if found := _YEAR_ONLY.fullmatch(words):
        return _real(found[1], 1, 1).isoformat()[:4]
    if found := _MONTH_ONLY.fullmatch(words):
        return _real(found[2], found[1], 1).isoformat()[:7]
    if (found := _MONTH_WORD.fullmatch(words)) and found[1] in _MONTHS:
        return _real(found[2], _MONTHS[found[1]], 1).isoformat()[:7]
    return _day(words, order).isoformat()
