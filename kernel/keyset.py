"""Pages of a list by position, not by number, so that page 4,000 costs what page 1 costs.

A cursor is the position of one row in an order whose last key is unique. Thousands of rows with the same first key are
no different from others. Cursors are opaque and signed: one that was altered, or made for another order, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode

from kernel.errors import FieldError, InvalidInput
from kernel.given import natural

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
FORWARD, BACKWARD = "n", "p"


@dataclass(frozen=True)
class Page:
    """One page. `rows` stand in the order asked for, whichever way the reader came; a cursor is None at an end."""

    rows: list[Any]
    next_cursor: str | None
    previous_cursor: str | None


def page(queryset: QuerySet, *, order: Sequence[str], cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page:
    """The page of `queryset` that `cursor` points at (the first one without).

    `order` names columns, `-` before what descends; none may be NULL, and together they must be unique. Works on rows
    and on `.values()` that hold the order's columns. A bad cursor raises InvalidInput on the field `cursor`.
    """
    order = tuple(order)
    way, position = _read(cursor, order) if cursor else (FORWARD, None)
    walk = order if way == FORWARD else tuple(_turned(key) for key in order)
    found = queryset.order_by(*walk)
    if position is not None:
        found = found.filter(_beyond(walk, position))
    rows = list(found[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    if way == BACKWARD:
        rows.reverse()
    first = _position(rows[0], order) if rows else position
    last = _position(rows[-1], order) if rows else position
    has_next = more if way == FORWARD else True
    has_previous = position is not None if way == FORWARD else more
    return Page(
        rows=rows,
        next_cursor=_write(FORWARD, last, order) if has_next else None,
        previous_cursor=_write(BACKWARD, first, order) if has_previous else None,
    )


def limit_of(text: str | None, *, default: int = DEFAULT_LIMIT) -> int:
    """The `?limit=` of a query, 1 to 200; anything else raises InvalidInput on the field `limit`."""
    if text is None:
        return default
    limit = natural(text)
    if limit is not None and 1 <= limit <= MAX_LIMIT:
        return limit
    raise InvalidInput([FieldError("limit", "out_of_range", f"The limit must be a number from 1 to {MAX_LIMIT}")])


def beside(page: Page, query: MultiValueDict[str, str]) -> dict[str, str]:
    """`next` and `previous`: the same address at the pages beside this one, empty at an end."""

    def address(cursor: str | None) -> str:
        return "?" + urlencode({**dict(query.lists()), "cursor": cursor}, doseq=True) if cursor else ""

    return {"next": address(page.next_cursor), "previous": address(page.previous_cursor)}


class _RowBeyond(Func):
    """`(a, b) > (x, y)`: the one comparison that lets PostgreSQL start in the middle of an index."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any, operator: str) -> None:
        super().__init__(*expressions)
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        compiled = [compiler.compile(expression) for expression in self.source_expressions]
        half = len(compiled) // 2
        left, right = (", ".join(sql for sql, _ in part) for part in (compiled[:half], compiled[half:]))
        return f"({left}) {self.operator} ({right})", tuple(param for _, params in compiled for param in params)


def _beyond(walk: Sequence[str], position: Sequence[Any]) -> Q:
    """Rows that follow `position`. Keys of one direction are compared together; a change of direction nests."""
    runs = [list(run) for _, run in groupby(zip(walk, position, strict=True), key=lambda pair: pair[0][0] == "-")]
    return reduce(_nested, reversed(runs), Q())


def _nested(after: Q, run: list[tuple[str, Any]]) -> Q:
    names = [key.lstrip("-") for key, _ in run]
    values = [value for _, value in run]
    operator = "<" if run[0][0].startswith("-") else ">"
    sides = [*(F(name) for name in names), *(Value(value) for value in values)]
    beyond = Q(_RowBeyond(*sides, operator=operator))
    if not after:
        return beyond
    equal = Q(**dict(zip(names, values, strict=True)))
    return Q(_RowBeyond(*sides, operator=operator + "=")) & (beyond | (equal & after))


def _turned(key: str) -> str:
    return key[1:] if key.startswith("-") else f"-{key}"


def _position(row: Any, order: Sequence[str]) -> list[Any]:
    return [_value(row, key.lstrip("-")) for key in order]


def _value(row: Any, name: str) -> Any:
    found = row[name] if isinstance(row, Mapping) else reduce(getattr, name.split("__"), row)
    if found is None:
        raise ValueError(f"{name} is NULL: a list cannot be ordered by it")
    return found


_TEXTS: dict[str, tuple[type, Callable[[str], Any]]] = {
    "t": (datetime, datetime.fromisoformat),
    "d": (date, date.fromisoformat),
    "n": (Decimal, Decimal),
    "u": (UUID, UUID),
}


def _signer(order: Sequence[str]) -> Signer:
    return Signer(salt="keyset:" + ",".join(order))


def _write(way: str, position: Sequence[Any] | None, order: Sequence[str]) -> str:
    return _signer(order).sign_object([way, *(_packed(value) for value in position or ())])


def _packed(value: Any) -> Any:
    for mark, (kind, _) in _TEXTS.items():
        if isinstance(value, kind):
            return {mark: value.isoformat() if isinstance(value, date) else str(value)}
    return value


def _read(cursor: str, order: Sequence[str]) -> tuple[str, list[Any]]:
    try:
        way, *packed = _signer(order).unsign_object(cursor)
    except (BadSignature, ValueError) as error:
        message = "This cursor is not one that this list gave: start again without it"
        raise InvalidInput([FieldError("cursor", "bad_cursor", message)]) from error
    return way, [_unpacked(value) for value in packed]


def _unpacked(value: Any) -> Any:
    if isinstance(value, dict):
        [(mark, text)] = value.items()
        return _TEXTS[mark][1](text)
    return value
