"""One run of an import: every row is read, taken or refused on its own, and counted."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from intake import selectors, services
from intake.importers.base import RowRefused, Source
from intake.importers.rows import canonical, is_deep
from intake.importers.text import storable
from kernel.errors import InvalidInput


@dataclass
class Tally:
    """How a run went. Rows of one number count as the one notice that they make."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def read(self) -> int:
        return self.imported + self.updated + self.unchanged + self.rejected

    def __str__(self) -> str:
        return (
            f"{self.read} read: {self.imported} imported, {self.updated} updated, {self.unchanged} unchanged, "
            f"{self.rejected} rejected"
        )


class Rejects:
    """The rows that were refused, one JSON object a line, written as they are met.

    The file is opened before anything is read, so that a place that cannot be written to shows at once. An empty one
    stays only with `keep_empty`.
    """

    def __init__(self, path: Path, *, keep_empty: bool = False) -> None:
        self.path, self._keep_empty = path, keep_empty
        self.any = False

    def add(self, *, row: int, reason: str, content: Any) -> None:
        self.any = True
        line = {"row": row, "reason": reason, "content": storable(content)}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()

    def __enter__(self) -> Self:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self.path.open("w", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if not self.any and not self._keep_empty:
            self.path.unlink()


def run(source: Source, rows: Sequence[Any], *, rejects: Rejects, keep: bool = True, quiet: bool = False) -> Tally:
    """Take every notice of a file, each in its own transaction, so that a killed run is finished by the next.

    With `keep` false everything is tried and nothing kept. A finished run is recorded and IMT is told once.
    """
    tally = Tally()
    known = selectors.notice_digests(source.name)
    numbered = _by_number(source, rows, tally, rejects)
    # None shows the bar to a person at a terminal and nobody else.
    for external_id, places in tqdm(numbered.items(), unit="notice", disable=True if quiet else None):
        found = _without_repeats(rows, places)
        try:
            notice = source.notice(external_id, found)
            if known.get(external_id) == services.content_digest(notice.content):
                tally.unchanged += 1
                continue
            outcome = services.notice_take(
                source=source.name,
                external_id=external_id,
                content=notice.content,
                report=notice.report,
                flags=notice.flags,
                readings=notice.readings,
                keep=keep,
            )
        except (RowRefused, InvalidInput) as refused:
            tally.rejected += 1
            rejects.add(row=places[0] + 1, reason=_reason(refused), content=found)
        else:
            setattr(tally, outcome, getattr(tally, outcome) + 1)
    if keep:
        services.import_finish(source=source.name, title=source.title, kind=source.kind, tally=asdict(tally))
    return tally


def _by_number(source: Source, rows: Sequence[Any], tally: Tally, rejects: Rejects) -> dict[str, array[int]]:
    """Where the rows of each number stand in the file, in its order. Rows without a number are refused."""
    numbered: dict[str, array[int]] = {}
    for place, row in enumerate(rows):
        try:
            if not isinstance(row, dict):
                raise RowRefused("The row is not an object with named fields")
            if is_deep(row):
                raise RowRefused("The row nests deeper than a notice does")
            numbered.setdefault(source.external_id(row), array("L")).append(place)
        except RowRefused as refused:
            tally.rejected += 1
            rejects.add(row=place + 1, reason=_reason(refused), content=row)
    return numbered


def _without_repeats(rows: Sequence[Any], places: Sequence[int]) -> list[Mapping[str, Any]]:
    """The rows at these places, without those that say the same again."""
    return [*{canonical(row): row for row in (rows[place] for place in places)}.values()]


def _reason(refused: RowRefused | InvalidInput) -> str:
    if isinstance(refused, InvalidInput):
        return "; ".join(f"{error.field}: {error.message}" for error in refused.errors)
    return str(refused)
