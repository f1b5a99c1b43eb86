"""What time it is, in one place, so that tests, exercises and the demonstration can move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present time, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The present day in London."""
    return now().astimezone(LONDON).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock at `moment` (any zone, but a zone) for this thread of work."""
    if moment.tzinfo is None:
        raise ValueError("The clock is held at a moment with a time zone")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
