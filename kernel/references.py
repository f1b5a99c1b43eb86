"""Human references without gaps: `ISS-2026-00042`, `INC-2026-0007`."""

from __future__ import annotations

from django.db import connection, transaction

from kernel import clock


def number_next(key: str) -> int:
    """The next number under `key`, starting at 1, gap-free.

    The counter's row stays locked until the caller's transaction ends, so that a number given to work that is rolled
    back is given again. Take it last: everyone else who wants a number under this key waits.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("number_next() must share the transaction of the row that it numbers")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_counter (key, value) VALUES (%s, 1)"
            " ON CONFLICT (key) DO UPDATE SET value = kernel_counter.value + 1 RETURNING value",
            [key],
        )
        return cursor.fetchone()[0]


def reference_next(prefix: str, *, digits: int) -> str:
    """The next reference of this year (of the record time, in London), such as `ISS-2026-00042`."""
    year = clock.now().astimezone(clock.LONDON).year
    return f"{prefix}-{year}-{number_next(f'{prefix}-{year}'):0{digits}d}"
