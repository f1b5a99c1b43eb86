"""What was read out of a text of other people's, beside the text itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class Reading(Generic[Value]):
    """A text and what it says.

    `value` is None where the text says nothing or cannot be read without guessing; `doubt` says why somebody should
    look, and is empty where nobody need.
    """

    given: str
    value: Value | None = None
    doubt: str = ""

    def told(self) -> dict[str, Any]:
        """The same for the record."""
        return {"given": self.given, "read": self.value, "doubt": self.doubt}
