"""Several small questions put to the database at once: what one page shows of ten tables costs one round trip."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators


def together(*querysets: QuerySet) -> list[list[Any]]:
    """The rows of each queryset, in the order given: whole rows (`select_related` too) or `.values()`. One query.

    For parts of a page, not for long lists: rows travel as JSON. Prefetches are left to the caller.
    """
    asked = [_Asked(queryset) for queryset in querysets]
    parts = ", ".join(part.sql for part in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [param for part in asked for param in part.params])
        found = cursor.fetchone()
    return [part.rows(rows) for part, rows in zip(asked, found, strict=True)]


class _Asked:
    """One queryset as SQL, and the way back from JSON to what the queryset would have answered."""

    def __init__(self, queryset: QuerySet) -> None:
        self._compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, self.params = self._compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.params = "NULL", ()
            return
        is_rows = issubclass(queryset._iterable_class, ModelIterable)
        self._selected = [expression for expression, _, _ in self._compiler.select]
        columns = ", ".join(f"c{number}" for number in range(len(self._selected)))
        self.sql = f"(SELECT json_agg(to_json(part)) FROM ({sql}) AS part ({columns}))"  # noqa: S608 (Django wrote it)
        self._made: Callable[[Sequence[Any]], Any] = self._instance if is_rows else self._mapping
        self._names = [*queryset.query.values_select, *queryset.query.annotation_select]

    def rows(self, found: list[dict[str, Any]] | str | None) -> list[Any]:
        loaded = json.loads(found) if isinstance(found, str) else found or []
        return [self._made([self._value(at, item) for at, item in enumerate(row.values())]) for row in loaded]

    def _value(self, at: int, item: Any) -> Any:
        return item if item is None else self._selected[at].output_field.to_python(item)

    def _instance(self, row: Sequence[Any]) -> Any:
        info, select = self._compiler.klass_info, self._compiler.select
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [expression.target.attname for expression, _, _ in select[start:end]]
        instance = info["model"].from_db(connection.alias, names, row[start:end])
        for related in get_related_populators(info, select, connection.alias):  # type: ignore[call-arg]
            related.populate(row, instance)
        return instance

    def _mapping(self, row: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self._names, row, strict=True))
