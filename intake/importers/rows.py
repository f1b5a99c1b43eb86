"""Rows of other people's files: told apart by number, put together, and asked for one field at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from intake.importers.base import RowRefused
from intake.importers.text import MAX_DEPTH, clean, meant, storable

# Of one notice as it is kept, all its rows together.
MAX_CONTENT = 2**20
# What begins so was added by whoever collected the file, and tells nothing of the notice.
ADDED = "_"


class Row:
    """One row of a file. What is asked for is cleaned; a value of another type refuses the row."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """A text, or a number as text, with its line breaks. Empty where the row has no such field."""
        value = self._fields.get(name)
        return "" if value is None else clean(_as_text(value, name))

    def line(self, name: str) -> str:
        return " ".join(self.text(name).split())

    def meant(self, name: str) -> str:
        """The line, or empty where it is one of the words for nothing."""
        return meant(self.line(name))

    def texts(self, name: str) -> list[str]:
        """The texts of a list, cleaned, with their line breaks."""
        value = self._fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise RowRefused(f"‘{name}’ is not a list")
        return [clean(_as_text(item, name)) for item in value]

    def lines(self, name: str) -> list[str]:
        """What the texts of a list mean, each once."""
        return list(dict.fromkeys(line for line in map(meant, self.texts(name)) if line))

    def pairs(self, name: str) -> dict[str, str]:
        """What the texts of named values mean, by their names."""
        value = self._fields.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise RowRefused(f"‘{name}’ is not a list of named values")
        said = {meant(label): meant(_as_text(item, name)) for label, item in value.items() if item is not None}
        return {label: words for label, words in said.items() if label and words}


def _as_text(value: Any, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RowRefused(f"‘{name}’ is not text")
    return str(value)


def is_deep(row: Any) -> bool:
    """Whether a row nests deeper than any notice does."""
    level = [row]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, list | dict)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(value, list | dict) for value in level)


def merged(rows: Sequence[Mapping[str, Any]]) -> tuple[Row, list[str]]:
    """One row from several of the same number, and what they disagree about.

    The first that says anything of a field is taken; lists are put together.
    """
    whole: dict[str, Any] = {}
    flags = []
    for row in rows:
        for name, value in row.items():
            kept = whole.get(name)
            if _says_nothing(kept):
                whole[name] = value
            elif isinstance(kept, list) and isinstance(value, list):
                whole[name] = [*{canonical(item): item for item in [*kept, *value]}.values()]
            elif not _says_nothing(value) and value != kept and not name.startswith(ADDED):
                flags.append(f"The rows of this number disagree about ‘{storable(name)}’: the first is shown")
    return Row(whole), list(dict.fromkeys(flags))


def content_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is kept of the rows of one number: the row itself, or all of them whatever their order in the file.

    Raises RowRefused where they are more than a notice can be.
    """
    kept = sorted((storable(dict(row)) for row in rows), key=canonical)
    content = kept[0] if len(kept) == 1 else {"rows": kept}
    if len(canonical(content)) > MAX_CONTENT:
        raise RowRefused(f"The rows of this number are longer than {MAX_CONTENT} characters together")
    return content


def canonical(value: Any) -> str:
    """The same text for the same value, whatever the order of its fields."""
    return json.dumps(value, sort_keys=True)


def _says_nothing(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not meant(value))
