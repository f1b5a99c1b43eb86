"""Telephone numbers as people write them, and as a telephone dials them."""

from __future__ import annotations

import re

LONGEST = 30
# What is shorter is no number that another network reaches; E.164 knows none that is longer.
FEWEST_DIGITS, MOST_DIGITS = 6, 15
HOW_TO_WRITE = (
    "Enter a telephone number like 020 7946 0000 or +44 7700 900000: digits, spaces, brackets and one leading +"
)

_GROUP = r"[0-9]+|\([0-9 ]+\)"
_NUMBER = re.compile(rf"\+?(?:{_GROUP})(?: ?(?:{_GROUP}))*")
# Dialled at home and left out from abroad: +44 (0)20 7946 0000.
_TRUNK = "(0)"


def read(text: str) -> str | None:
    """The number with single spaces, as it is kept and shown; None for what no telephone could dial."""
    number = re.sub(" +", " ", text).strip(" ")
    if len(number) > LONGEST or not _NUMBER.fullmatch(number):
        return None
    digits = len(dialled(number).removeprefix("+"))
    return number if FEWEST_DIGITS <= digits <= MOST_DIGITS else None


def dialled(number: str) -> str:
    """A number that `read` gave as a `tel:` link has it: digits, and a + in front where the number has one."""
    if number.startswith("+"):
        number = number.replace(_TRUNK, "", 1)
    return re.sub(r"[ ()]", "", number)
