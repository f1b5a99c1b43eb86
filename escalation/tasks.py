"""What the clock does to the ladder."""

from __future__ import annotations

import logging
from collections.abc import Callable

from celery import shared_task
from django.db.models import QuerySet

from escalation import services
from escalation.selectors import waking
from kernel import clock

log = logging.getLogger(__name__)

MOST_IN_ONE_TICK = 100


@shared_task(name="escalation.overdue_unassessed")
def overdue_unassessed() -> int:
    """Raise in the queues what nobody has assessed by its target; how many were raised."""
    return services.overdue_unassessed_raise()


@shared_task(name="escalation.fold_tallies", ignore_result=True)
def fold_tallies() -> None:
    """Keep the rows of the tallies few."""
    services.tallies_fold()


@shared_task(name="escalation.wake")
def wake() -> int:
    """Tell of every case and commission whose time has come; how many were told of.

    Each in its own transaction: one that fails is logged and tried again by the next tick, and holds up no other.
    """
    now = clock.now()
    cases = [_woken(services.case_wake, climb_id=pk) for pk in _first(waking.climbs_to_wake(now))]
    owed = [_woken(services.commission_wake, commission_id=pk) for pk in _first(waking.commissions_to_wake(now))]
    return sum([*cases, *owed])


def _first(rows: QuerySet) -> list[int]:
    return list(rows.values_list("pk", flat=True)[:MOST_IN_ONE_TICK])


def _woken(door: Callable[..., bool], **named: int) -> bool:
    try:
        return door(**named)
    except Exception:
        log.exception("Nobody was told of %s", named)
        return False
