"""Several small questions put to the database at once: what one page shows of ten tables costs one round trip."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from kernel.prepared import Asked, Prepared


def together(*questions: QuerySet | Asked[Any]) -> list[list[Any]]:
    """The rows of each question, in the order given, as it would have answered them by itself. One query.

    For parts of a page, not for long lists: rows travel as JSON. Prefetches are left to the caller.
    """
    asked = [question if isinstance(question, Asked) else Prepared(question).given() for question in questions]
    parts = ", ".join(_as_json(part.question) for part in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [param for part in asked for param in part.params])
        found = cursor.fetchone()
    return [_rows(part.question, rows) for part, rows in zip(asked, found, strict=True)]


def _as_json(question: Prepared[Any]) -> str:
    if not question.sql:
        return "NULL"
    columns = ", ".join(f"c{number}" for number in range(len(question.columns)))
    return f"(SELECT json_agg(to_json(part)) FROM ({question.sql}) AS part ({columns}))"  # noqa: S608 (Django wrote it)


def _rows(question: Prepared[Any], found: list[dict[str, Any]] | str | None) -> list[Any]:
    loaded = json.loads(found) if isinstance(found, str) else found or []
    if not loaded:
        return []
    fields = [column.output_field for column in question.columns]
    return question.made(
        [item if item is None else field.to_python(item) for field, item in zip(fields, row.values(), strict=True)]
        for row in loaded
    )
