"""What was read out of one notice, and what somebody should check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from intake.importers.countries import read_country
from intake.importers.dates import Order, read_day
from intake.importers.identifiers import read_barcode
from intake.importers.reading import Reading, Value

# One flag names so many of a kind; all of them stand in the readings.
_NAMED = 5


class Notes:
    """Kept while a source maps one notice: every reading with its original, every doubt as a flag."""

    def __init__(self, flags: Sequence[str]) -> None:
        self._flags = list(flags)
        self.readings: dict[str, Any] = {}

    @property
    def flags(self) -> list[str]:
        return list(dict.fromkeys(self._flags))

    def flag(self, words: str) -> None:
        self._flags.append(words)

    def take(self, name: str, reading: Reading[Value]) -> Value | None:
        """The value of a reading, noted under a name."""
        if reading.given:
            self.readings[name] = reading.told()
        if reading.doubt:
            self.flag(reading.doubt)
        return reading.value

    def day(self, name: str, given: str, order: Order | None = None) -> str:
        """A day in words. One that cannot be read is shown as it stands and flagged, never guessed."""
        day: date | None = self.take(name, read_day(given, order))
        if day:
            return f"{day.day} {day:%B %Y}"
        return f"dated ‘{given}’" if given else "without a date"

    def country(self, name: str, given: str) -> str:
        """The code of a country, or nothing."""
        return self.take(name, read_country(given)) or ""

    def barcodes(self, name: str, codes: Sequence[str]) -> str:
        """The barcodes on one line, as they were given where they are no barcodes."""
        read = [read_barcode(code) for code in codes]
        if read:
            self.readings[name] = [reading.told() for reading in read]
        doubts = [reading.doubt for reading in read if reading.doubt]
        more = f", and {len(doubts) - _NAMED} more like it" if len(doubts) > _NAMED else ""
        if doubts:
            self.flag("; ".join(doubts[:_NAMED]) + more)
        return ", ".join(reading.value or reading.given for reading in read)
