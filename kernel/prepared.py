"""Questions that are asked all the time: Django writes their SQL once a process, not once a request.

Writing the SQL of one queryset takes Django longer than PostgreSQL needs to answer it. A `Prepared` question is an
ordinary queryset of the selector that owns the rule, with `Given("name")` where a value comes with each asking. Nothing
else in it may change between two askings: make it in a function under `functools.cache` or `lru_cache`, whose arguments
are then all that the SQL depends on. What time it is, is always given. See docs/adr/0014-prepared-questions.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Expression, Func, QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

# For how many people a process keeps a question whose SQL says what they may know of: some 15 kB each.
MOST_READERS = 100

Row = TypeVar("Row")


@dataclass(frozen=True)
class _Hole:
    """Stands among the parameters of the SQL where a value will come."""

    name: str


class Given(Expression):
    """In a queryset: the value that comes under `name` with each asking, where an expression may stand."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (_Hole(self.name),)


class OneOf(Func):
    """The condition that a column holds one of the values of a list: `OneOf("pk", Given("issues"))`."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    arity = 2
    output_field = BooleanField()


class Prepared(Generic[Row]):
    """One queryset as SQL, and the way from a row of the database back to what the queryset would have answered.

    Answers whole rows (`select_related` and annotations too), `.values()` or `.values_list()`, as the queryset does.
    Prefetches are left to the caller.
    """

    def __init__(self, queryset: QuerySet[Any, Row]) -> None:
        self._locks = queryset.query.select_for_update
        compiler = queryset.query.get_compiler(connection=connection)
        self._params: Sequence[Any]
        try:
            self.sql, self._params = compiler.as_sql()
        except EmptyResultSet:
            self.sql, self._params = "", ()
            return
        # The compiler itself is not kept: it holds the whole tree of the query.
        self.columns = [expression for expression, _, _ in compiler.select]
        self._converters = list(compiler.get_converters(self.columns).items())
        self._made = _maker(queryset, compiler)

    def ask(self, **values: Any) -> list[Row]:
        """The rows for these values, one for each `Given`; one query. One that locks needs a transaction, as ever."""
        if not self.sql:
            return []
        if self._locks and not connection.in_atomic_block:
            raise TransactionManagementError("rows are locked inside a transaction only")
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._filled(values))
            return self.made(map(self._converted, cursor.fetchall()))

    def given(self, **values: Any) -> Asked[Row]:
        """The question with its values, for `together` to put beside others."""
        return Asked(self, self._filled(values))

    def made(self, rows: Iterable[Sequence[Any]]) -> list[Row]:
        """What the queryset would answer, of rows with the values of its columns."""
        return [self._made(row) for row in rows]

    def _filled(self, values: dict[str, Any]) -> list[Any]:
        return [values[item.name] if isinstance(item, _Hole) else item for item in self._params]

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        """The row with its values as their fields read them: JSON, for one."""
        if not self._converters:
            return row
        values = list(row)
        for at, (converters, expression) in self._converters:
            for converter in converters:
                values[at] = converter(values[at], expression, connection)
        return values


def _maker(queryset: QuerySet, compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    """What makes of a row what the queryset would have answered."""
    if issubclass(queryset._iterable_class, ModelIterable):
        return _instance_maker(compiler)
    if issubclass(queryset._iterable_class, ValuesListIterable):
        return tuple
    query = queryset.query
    names = [*(query.selected or [*query.values_select, *query.annotation_select])]
    return lambda row: dict(zip(names, row, strict=True))


def _instance_maker(compiler: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    """As Django's own `ModelIterable` makes them."""
    info, select, alias = compiler.klass_info, compiler.select, connection.alias
    model, start, end = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [expression.target.attname for expression, _, _ in select[start:end]]
    related = get_related_populators(info, select, alias)  # type: ignore[call-arg]
    annotations = compiler.annotation_col_map or {}

    def made(row: Sequence[Any]) -> Any:
        instance = model.from_db(alias, names, row[start:end])
        for populator in related:
            populator.populate(row, instance)
        for name, at in annotations.items():
            setattr(instance, name, row[at])
        return instance

    return made


@dataclass(frozen=True)
class Asked(Generic[Row]):
    """A prepared question with the values of this asking."""

    question: Prepared[Row]
    params: Sequence[Any]
