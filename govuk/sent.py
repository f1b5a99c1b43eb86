"""What somebody sent, in one flat shape, before any form reads it.

Browsers send flat names (`products-0-name`); `govuk.json_adapter` flattens JSON into the same names, so that every form
has one kind of input. What can be refused without knowing the field (characters that PostgreSQL cannot hold, wrong JSON
types, unknown names) is kept here beside the text, and the form answers it at the field.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

BAD_CHARACTER = "Take out the characters that cannot be stored (null characters or half characters)"


class Sent(MultiValueDict):
    """Flat inputs. `refused` maps an input's name to its error, `unknown` a form's prefix to names nobody asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: dict[str, ValidationError] = {}
        self.unknown: dict[str, list[str]] = {}
        self.names: frozenset[str] | None = None
        self.silent = False

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Sent:
        """What a browser sent, with its line ends turned back into those that were typed. A Sent passes as it is."""
        if isinstance(data, cls):
            return data
        sent = cls()
        for name in data:
            values = data.getlist(name) if isinstance(data, MultiValueDict) else [data[name]]
            for value in values:
                sent.add(name, str(value).replace("\r\n", "\n"))
        return sent

    def add(self, name: str, text: str) -> None:
        """Keep one text under a name; blank text is kept as empty."""
        if not is_storable(text):
            self.refuse(name, "bad_character", BAD_CHARACTER)
            text = printable(text)
        self.appendlist(name, "" if is_blank(text) else text)

    def mark(self, name: str) -> None:
        """Say that a group or a row was given, though perhaps with nothing in it."""
        self.appendlist(name, "given")

    def refuse(self, name: str, code: str, message: str) -> None:
        self.refused.setdefault(name, ValidationError(message, code=code))

    def refusal(self, names: Iterable[str]) -> ValidationError | None:
        return next((self.refused[name] for name in names if name in self.refused), None)

    @cached_property
    def given(self) -> frozenset[str]:
        """Every name, and every group or row above it, that holds something or was refused or is unknown."""
        held = [name for name, values in self.lists() if any(values)]
        names: set[str] = set()
        for name in (*held, *self.refused, *self.unknown):
            while name and name not in names:
                names.add(name)
                name = name.rpartition("-")[0]
        return frozenset(names)

    def rows(self, name: str) -> list[int]:
        """The row numbers sent under the name of a list, in order."""
        pattern = re.compile(re.escape(name) + r"-(0|[1-9][0-9]{0,3})(?:-|$)")
        return sorted({int(match[1]) for key in (*self, *self.refused) if (match := pattern.match(key))})


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can hold the text: no null character, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def is_blank(text: str) -> bool:
    """Whether a reader would see nothing: only white space and invisible marks."""
    return all(c.isspace() or unicodedata.category(c) in ("Cf", "Cc") for c in text)


def printable(text: str, *, limit: int | None = None) -> str:
    """The text with what cannot be stored written out, so that it can be shown or quoted in a message."""
    shown = text[:limit].encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
    return shown + "…" if limit is not None and len(text) > limit else shown
