"""How one worker among many gets a row to deliver, keeps it for a while, and loses it when it dies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

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


def claim(rows: QuerySet[_Row], *, now: datetime, patience: Patience) -> _Row | None:
    """The next of the rows that wait, urgent ones first, leased to the caller. Nobody else gets it meanwhile.

    A lease that reaches further than any can was given before the clock stepped back: it is void, so that no row is
    parked for the length of the step.
    """
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_until__gt=now + patience.longest)
    with transaction.atomic():
        row = (
            rows.select_for_update(skip_locked=True, of=("self",)).filter(free, WAITS).order_by("-urgent", "id").first()
        )
        if row is None:
            return None
        row.claimed_until, row.attempts = now + patience.lease, row.attempts + 1
        row.save(update_fields=["claimed_until", "attempts"])
        return row


def still_ours(row: _Row) -> _Row | None:
    """The row, locked, if this claim is still the one that holds it: every claim raises `attempts`."""
    rows = type(row)._default_manager.select_for_update(of=("self",))
    return rows.filter(WAITS, pk=row.pk, attempts=row.attempts).first()


def delivered(row: Waiting) -> None:
    """It has arrived. The caller holds the row locked."""
    row.delivered_at, row.claimed_until = clock.now(), None
    row.save(update_fields=["delivered_at", "claimed_until"])


def give_up(row: Waiting, why: WhyNot) -> None:
    """It will not arrive. The caller holds the row locked."""
    row.failed_at, row.why_not, row.claimed_until = clock.now(), why, None
    row.save(update_fields=["failed_at", "why_not", "claimed_until"])


def put_off(row: Waiting, error: Exception, patience: Patience) -> None:
    """Try again later, or give up after the last attempt. The caller holds the row locked."""
    row.last_error = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
    row.claimed_until = clock.now() + patience.pause(row.attempts)
    row.save(update_fields=["last_error", "claimed_until"])
    if row.attempts >= patience.most_attempts:
        give_up(row, WhyNot.GAVE_UP)
