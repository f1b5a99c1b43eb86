"""What time it is, in one place, so that tests, exercises and the demonstration can move it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

LONDON = ZoneInfo("Europe/London")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """The present time, in UTC."""
    if held := _frozen.get():
        return held
    return _shared(settings.CLOCK_FILE) if settings.CLOCK_FILE else datetime.now(UTC)


def _shared(file: Path) -> datetime:
    """The moment that stands in the file of `OPSS_CLOCK_FILE`: the clock that a test moves for several processes."""
    return datetime.fromisoformat(file.read_text()).astimezone(UTC)


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
