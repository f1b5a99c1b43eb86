"""How many, as other people write it. Only a text with one number that stands for units is read."""

from __future__ import annotations

import re
from decimal import Decimal

from intake.importers.reading import Reading
from intake.importers.text import meant

_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(
    r"(?<![\w.,/$£€#-])(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?P<part>\.[0-9]+)?"
    r"(?P<times> (?:thousand|million))?(?![\w/%-]|[.,][0-9])"
)
# The number comes first, after no more than such words: in `model 5` it counts nothing.
_BEFORE = re.compile(r"\s*(?:a total of )?(?:(?:about|approximately|approx\.?|around|roughly|some|nearly|almost) )?\s*")
_TIMES = {"thousand": 1_000, "million": 1_000_000}
# Words after it that make of a number something other than a count of units.
_OTHERWISE = re.compile(
    r"\b(?:or|more|less|fewer|per|each|every|percent|dozens?|scores?|hundreds?|thousands?|millions?|billions?|models?"
    r"|types?|styles?|kinds?|days?|weeks?|months?|years?|kg|lbs?|pounds?)\b"
)
_DIGIT = re.compile(r"\d")


def read_count(text: str) -> Reading[int]:
    """The number of units in a text such as ‘About 68,000 (in addition, 6,820 in Canada)’, or None and why not.

    What stands in brackets is an aside: the number before it is read, and flagged where the aside has numbers too.
    """
    words = meant(text)
    if not words:
        return Reading(text)
    said = _BRACKETS.sub(" ", words).lower()
    found = list(_NUMBER.finditer(said))
    if len(found) > 1:
        return Reading(text, doubt=f"‘{words}’ gives more than one number")
    if not found or not _BEFORE.fullmatch(said[: found[0].start()]) or _spoils(said[found[0].end() :]):
        return Reading(text, doubt=f"‘{words}’ cannot be read as a number of units")
    number = _whole(found[0])
    if number is None:
        return Reading(text, doubt=f"‘{words}’ cannot be read as a whole number")
    aside = any(_DIGIT.search(bracket) for bracket in _BRACKETS.findall(words))
    return Reading(text, number, f"‘{words}’ gives another number beside the first" if aside else "")


def _spoils(rest: str) -> bool:
    return bool(_DIGIT.search(rest) or _OTHERWISE.search(rest))


def _whole(found: re.Match[str]) -> int | None:
    times = _TIMES[found["times"].strip()] if found["times"] else 1
    if found["part"] and times == 1:
        # `1.500` is a thousand and a half to some and one and a half to others.
        return None
    number = Decimal(found["digits"].replace(",", "") + (found["part"] or "")) * times
    return int(number) if number == int(number) else None
