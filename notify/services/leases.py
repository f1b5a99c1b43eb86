"""How one worker among many gets a row to deliver, keeps it for a while, and loses it when it dies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet

from kernel import clock
from notify.enums import WhyNot
from notify.models import WAITS, Waiting

_Row = TypeVar("_Row", bound=Waiting)


@dataclass(frozen=True)
class Patience:
    """How long a worker has for one row (`lease`), and how often and after which pauses it is tried again."""

    lease: timedelta
    first_pause: timedelta
    longest_pause: timedelta
    most_attempts: int

    def pause(self, attempts: int) -> timedelta:
        """Twice as long after each attempt, up to the longest."""
        return min(self.first_pause * 2 ** (attempts - 1), self.longest_pause)

    @property
    def longest(self) -> timedelta:
        """How far ahead a claim or a pause can ever reach."""
        return max(self.lease, self.longest_pause)


def claim(rows: QuerySet[_Row], *, now: datetime, patience: Patience, most: int = 1) -> list[_Row]:
    """The next of the rows that wait, urgent ones first, leased to the caller. Nobody else gets them meanwhile.

    One that was claimed before comes alone: should it be what ends its workers, it uses up nobody's attempts but its
    own. A lease that reaches further than any can was given before the clock stepped back: it is void, so that no row
    is parked for the length of the step.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + patience.longest)
    with transaction.atomic():
        waiting = rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(free, WAITS)
        first = list(waiting.order_by("-urgent", "id")[:most])
        claimed = list(takewhile(lambda row: not row.attempts, first)) or first[:1]
        for row in claimed:
            row.claimed_until, row.attempts = now + patience.lease, row.attempts + 1
        _written(claimed, claimed_until=now + patience.lease, attempts=F("attempts") + 1)
        return claimed


def still_ours(rows: Sequence[_Row]) -> list[_Row]:
    """Those of the rows, locked, that our claim still holds: every claim raises `attempts`. In their order."""
    if not rows:
        return []
    locked = type(rows[0])._default_manager.select_for_update(no_key=True, of=("self",)).order_by("id")
    held = {row.pk: row for row in locked.filter(WAITS, pk__in=[row.pk for row in rows])}
    return [held[row.pk] for row in rows if row.pk in held and held[row.pk].attempts == row.attempts]


def delivered(rows: Sequence[_Row]) -> None:
    """They have arrived. The caller holds the rows locked."""
    now = clock.now()
    for row in rows:
        row.delivered_at, row.claimed_until = now, None
    _written(rows, delivered_at=now, claimed_until=None)


def _written(rows: Sequence[_Row], **changes: Any) -> None:
    """The same changes to all of these rows in one statement."""
    if rows:
        type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).update(**changes)


def give_up(row: Waiting, why: WhyNot) -> None:
    """It will not arrive. The caller holds the row locked."""
    row.failed_at, row.why_not, row.claimed_until = clock.now(), why, None
    row.save(update_fields=["failed_at", "why_not", "claimed_until"])


def said_of(error: Exception) -> str:
    """An error as a column keeps it."""
    return f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")


def put_off(row: Waiting, error: Exception, patience: Patience) -> None:
    """Try again later, or give up after the last attempt. The caller holds the row locked."""
    row.last_error = said_of(error)
    row.claimed_until = clock.now() + patience.pause(row.attempts)
    row.save(update_fields=["last_error", "claimed_until"])
    if row.attempts >= patience.most_attempts:
        give_up(row, WhyNot.GAVE_UP)
