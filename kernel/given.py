"""Numbers as callers give them: text in an address or a form, or a member of a JSON object."""

from __future__ import annotations

from typing import Any

from kernel.errors import FieldError, InvalidInput

BIGGEST = 2**63 - 1  # of a bigint column
BIGGEST_VERSION = 2**31 - 1


def natural(text: str, *, most: int = BIGGEST) -> int | None:
    """The number that `text` spells in plain digits; None where it is anything else, or more than a column holds."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if number <= most else None


def version_seen(given: Any) -> int:
    """The version that a writer says they saw. Raises InvalidInput on the field `version` where they say none."""
    if given in (None, ""):
        message = "Say which version you saw, so that nobody's work is lost: send 'version'."
        raise InvalidInput([FieldError("version", "required", message)])
    number = natural(given, most=BIGGEST_VERSION) if isinstance(given, str) else given
    if isinstance(number, bool) or not isinstance(number, int):
        raise InvalidInput([FieldError("version", "wrong_type", "'version' is a whole number.")])
    return number
