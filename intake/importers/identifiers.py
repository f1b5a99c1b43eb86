"""Barcodes and the publishers' own numbers. Leading zeros stay; nothing is padded, shortened or put right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from intake.importers.reading import Reading
from intake.importers.text import meant

# The lengths of a GTIN: EAN-8, UPC-A, EAN-13 and the code of a case.
_LENGTHS = (8, 12, 13, 14)
_PARTS = re.compile(r"[,;|\n\t]+")
_SPACED = re.compile(r"(?<=[0-9])[ -](?=[0-9])")
_DIGITS = re.compile("[0-9]+")


def split_codes(texts: Iterable[str]) -> list[str]:
    """The codes of texts that may each hold several, in their order and each once."""
    parts = (meant(part) for text in texts for part in _PARTS.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def read_barcode(text: str) -> Reading[str]:
    """The digits of a barcode. Other codes are not read; a wrong length or check digit is kept and flagged.

    Digits that stand apart are put together only where they then make a right barcode: they may be two codes.
    """
    words = meant(text)
    if not words:
        return Reading(text)
    joined = _SPACED.sub("", words)
    digits = joined if _DIGITS.fullmatch(joined) and len(joined) in _LENGTHS and _checks(joined) else words
    if not _DIGITS.fullmatch(digits):
        return Reading(text, doubt=f"‘{words}’ is not a barcode")
    if len(digits) not in _LENGTHS:
        return Reading(text, digits, f"‘{words}’ has {len(digits)} digits, which no barcode has")
    if not _checks(digits):
        return Reading(text, digits, f"‘{words}’ fails the check of its last digit")
    return Reading(text, digits)


def _checks(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (GS1 General Specifications, modulo 10)."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return weighed % 10 == 0


def read_number(text: str, form: re.Pattern[str]) -> Reading[str]:
    """A publisher's number as it stands, flagged where it has not the form that its publisher uses."""
    words = meant(text)
    if not words:
        return Reading(text)
    known = form.fullmatch(words)
    return Reading(text, words, "" if known else f"‘{words}’ has not the usual form of a number of this source")
