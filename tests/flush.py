"""Emptying the database after a test that really commits, back to what the migrations left.

Django's own flush truncates: the triggers of append-only tables refuse that, and rows that migrations filled would be
gone for the tests that follow.
"""

from __future__ import annotations

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

_KEPT = "as_migrated"


def remember(connection: BaseDatabaseWrapper) -> None:
    """Put aside the rows that stand in a freshly migrated database."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_KEPT} CASCADE; CREATE SCHEMA {_KEPT}")
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE {_KEPT}."{table}" AS TABLE "{table}"')


def restore(connection: BaseDatabaseWrapper) -> None:
    """Make every table what it was when `remember` looked, past triggers and foreign keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [_KEPT])
        kept = {name for (name,) in cursor.fetchall()}
        tables = connection.introspection.table_names(cursor)
        statements = ["BEGIN", "SET LOCAL session_replication_role = replica"]
        statements += [f'DELETE FROM "{table}"' for table in tables]
        for table in sorted(kept.intersection(tables)):
            columns = ", ".join(f'"{name}"' for name in _written_columns(cursor, table))
            statements.append(f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {_KEPT}."{table}"')
        cursor.execute("; ".join([*statements, "COMMIT"]))


def _written_columns(cursor, table: str) -> list[str]:
    cursor.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _restore_databases(self: TransactionTestCase) -> None:
    for alias in self._databases_names(include_mirrors=False):
        restore(connections[alias])


def instead_of_truncate() -> None:
    """Let every test that commits clean up by `restore`."""
    TransactionTestCase._fixture_teardown = _restore_databases
