"""What a request asks of the database, told apart from what it takes to know who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

_BRACKETS = ("SAVEPOINT", "RELEASE SAVEPOINT")  # a test's own transaction turns BEGIN and COMMIT into these
# The session or the token, and the person with their posts: one statement for a token, two for a session.
_WHO_ASKS = (
    'FROM "django_session"',
    'FROM "accounts_apitoken"',
    'UPDATE "accounts_apitoken"',
    'FROM "accounts_user" WHERE "accounts_user"."id" =',
)


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
    for query in queries:
        sql = query["sql"]
        if not sql.startswith(_BRACKETS) and not any(mark in sql for mark in _WHO_ASKS):
            found.append(sql)
