"""How the clock works through what is due: one row after the other, and none that fails holds up the rest.

Rooms say what is due and what is done with a row of it. Each row is claimed (`FOR NO KEY UPDATE SKIP LOCKED`) and done
in one transaction, so that a worker that dies half-way leaves it as it was, and what somebody works on is left to the
next tick.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet

from kernel import clock, trace
from notify.models import PutOff
from notify.selectors.clock import LONGEST_PAUSE
from notify.services.leases import said_of

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=Model)

MOST_IN_ONE_TICK = 200
FIRST_PAUSE = timedelta(seconds=10)
# A failure is forgotten so long after its pause has ended: by then its row was done, or is due no more.
FORGOTTEN_AFTER = timedelta(days=1)


def do_each(
    work: str,
    waiting: Callable[[datetime], QuerySet[Row]],
    do: Callable[[Row, datetime], None],
    *,
    about: Callable[[Row], str],
    of: Sequence[str] = ("self",),
) -> int:
    """Do all that is due of one kind of work, each row in its own transaction; how many were done.

    `waiting(now)` are the rows that are due, the longest due first; `do` leaves its row so that it is not among them
    any more. `of` names the rows that are locked together (see `select_for_update`), `about` the case, for the log. A
    row that raises stays as it was and is put off: for ten seconds, then twice as long each time up to ten minutes.
    """
    done = 0
    for _ in range(MOST_IN_ONE_TICK):
        went_well = _next(work, waiting, do, about, of)
        if went_well is None:
            break
        done += went_well
    return done


@transaction.atomic
def _next(
    work: str,
    waiting: Callable[[datetime], QuerySet[Row]],
    do: Callable[[Row, datetime], None],
    about: Callable[[Row], str],
    of: Sequence[str],
) -> bool | None:
    """Claim the next row and do it; whether that went well, None where nothing is due."""
    now = clock.now()
    # A pause that ends later than any can was begun before the clock stepped back: it is void.
    paused = PutOff.objects.filter(
        work=work, row=OuterRef("pk"), try_again_at__gt=now, try_again_at__lte=now + LONGEST_PAUSE
    )
    row = waiting(now).filter(~Exists(paused)).select_for_update(no_key=True, skip_locked=True, of=of).first()
    if row is None:
        return None
    with trace.about(about(row)):
        try:
            with transaction.atomic():
                do(row, now)
        except Exception as error:
            if transaction.get_rollback():
                raise  # the database is away: nothing can be noted, and the next tick begins again
            log.exception("%s: row %s could not be done", work, row.pk)
            _put_off(work, row.pk, error, now)
            return False
    return True


def _put_off(work: str, row: int, error: Exception, now: datetime) -> None:
    """The caller holds the row locked, so nobody else puts it off at the same time."""
    found, _ = PutOff.objects.get_or_create(work=work, row=row, defaults={"try_again_at": now})
    found.try_again_at = now + min(FIRST_PAUSE * 2 ** min(found.failures, 10), LONGEST_PAUSE)
    found.failures += 1
    found.last_error = said_of(error)
    found.save()


def failures_forget(now: datetime) -> None:
    """Forget the failures of rows that nobody has put off again since their pause ended."""
    PutOff.objects.filter(try_again_at__lt=now - FORGOTTEN_AFTER).delete()
