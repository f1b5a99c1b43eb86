"""Reading files that others made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from intake.importers.base import UnreadableFile
from intake.importers.text import storable


def json_list(path: Path) -> list[Any]:
    """The list that a JSON file holds. Raises UnreadableFile for everything else."""
    try:
        value = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path.name} is not text in UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path.name} is not whole JSON: {error}") from None
    if not isinstance(value, list):
        raise UnreadableFile(f"{path.name} has another shape: a list of rows is wanted")
    return value


def merged(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], list[str]]:
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
                whole[name] = [*kept, *(item for item in value if item not in kept)]
            elif not _says_nothing(value) and value != kept:
                flags.append(f"The rows of this number disagree about ‘{name}’: the first is shown")
    return whole, list(dict.fromkeys(flags))


def content_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is kept of the rows of one number: the row itself, or all of them whatever their order in the file."""
    if len(rows) == 1:
        return storable(dict(rows[0]))
    return {"rows": sorted((storable(dict(row)) for row in rows), key=lambda row: json.dumps(row, sort_keys=True))}


def _says_nothing(value: Any) -> bool:
    return value is None or value == "" or value == []
