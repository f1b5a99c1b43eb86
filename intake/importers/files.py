"""Reading files that others made: whole or not at all, and no more of them than a machine can hold."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from intake.importers.base import UnreadableFile

# Of the file as text, however small it was packed. The largest publisher's whole list is a third of it.
MAX_BYTES = 64 * 2**20
MAX_ROWS = 200_000
MAX_ROW = 2**20

_GZIP = b"\x1f\x8b"
_SPACE = re.compile(r"[ \t\r\n]*")
# Rows are tried in short windows first, so that a file of many small rows is read in one go.
_WINDOWS = (2**12, 2**16, MAX_ROW)


class JsonRows(Sequence[Any]):
    """The rows of a JSON list, each decoded when it is asked for: only the text of the file is kept."""

    def __init__(self, text: str) -> None:
        """Raises ValueError unless the text is one whole list of rows of a bearable size."""
        self._text = text
        self._starts, self._ends = array("Q"), array("Q")
        for start, end in _spans(text):
            self._starts.append(start)
            self._ends.append(end)
            if len(self._starts) > MAX_ROWS:
                raise ValueError(f"it has more than {MAX_ROWS} rows")

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, place: Any) -> Any:
        return json.loads(self._text[self._starts[place] : self._ends[place]])


def json_rows(path: Path) -> JsonRows:
    """The list that a JSON file holds, packed by gzip or not. Raises UnreadableFile for everything else."""
    text = _text(path)
    try:
        return JsonRows(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(f"{path.name} is not one whole JSON list of rows: {error}") from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            found = _at_most(file)
            if found.startswith(_GZIP):
                file.seek(0)
                with gzip.open(file) as unpacked:
                    found = _at_most(cast(BinaryIO, unpacked))
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFile(f"{path.name} is not text in UTF-8") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(f"{path.name} is not a whole gzip file: {error}") from None
    except OSError as error:
        raise UnreadableFile(f"{path.name} cannot be opened: {error.strerror}") from None
    except _TooLarge:
        raise UnreadableFile(f"{path.name} is larger than {MAX_BYTES // 2**20} MiB") from None


class _TooLarge(Exception):
    pass


def _at_most(file: BinaryIO) -> bytes:
    found = file.read(MAX_BYTES + 1)
    if len(found) > MAX_BYTES:
        raise _TooLarge
    return found


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each row of the list begins and ends."""
    place = _past_space(text, 0)
    if text[place : place + 1] != "[":
        raise ValueError("a list of rows is wanted")
    place = _past_space(text, place + 1)
    if text[place : place + 1] == "]":
        _past_end(text, place)
        return
    while True:
        end = _row_end(text, place)
        yield place, end
        place = _past_space(text, end)
        mark = text[place : place + 1]
        if mark == "]":
            _past_end(text, place)
            return
        if mark != ",":
            raise ValueError(f"it breaks off or goes wrong at character {place}")
        place = _past_space(text, place + 1)


_DECODER = json.JSONDecoder()


def _row_end(text: str, start: int) -> int:
    for window in _WINDOWS:
        try:
            return start + _DECODER.raw_decode(text[start : start + window])[1]
        except json.JSONDecodeError as error:
            fault = start + error.pos
    if start + MAX_ROW < len(text):
        raise ValueError(f"the row at character {start} is longer than {MAX_ROW} characters or goes wrong")
    raise ValueError(f"it breaks off or goes wrong at character {fault}")


def _past_space(text: str, place: int) -> int:
    return cast(re.Match[str], _SPACE.match(text, place)).end()


def _past_end(text: str, bracket: int) -> None:
    if _past_space(text, bracket + 1) != len(text):
        raise ValueError("something stands after its end")
