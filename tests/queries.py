"""What a request asks of the database, told apart from what it takes to know who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_BRACKETS = ("SAVEPOINT", "RELEASE SAVEPOINT")  # a test's own transaction turns BEGIN and COMMIT into these
_WHO_ASKS = ('FROM "django_session"', 'FROM "accounts_apitoken"', 'UPDATE "accounts_apitoken"')
_OWN_HATS = 'FROM "accounts_post" WHERE (EXISTS'


class Asked(list[str]):
    """The statements, in the order in which they were sent. Prints one a line."""

    def __str__(self) -> str:
        return "\n".join(f"{number:3} {sql}" for number, sql in enumerate(self, start=1))


@contextmanager
def asked() -> Iterator[Asked]:
    """The statements of the block, but for those that find the session, the token, the person and their posts."""
    found = Asked()
    with CaptureQueriesContext(connection) as queries:
        yield found
    knows_hats = False
    for query in queries:
        sql = query["sql"]
        if sql.startswith(_BRACKETS) or any(mark in sql for mark in _WHO_ASKS) or _finds_the_session(sql):
            continue
        if _OWN_HATS in sql and not knows_hats:
            knows_hats = True
            continue
        found.append(sql)


def _finds_the_session(sql: str) -> bool:
    return sql.startswith("SELECT") and 'FROM "accounts_user" WHERE "accounts_user"."id" =' in sql
