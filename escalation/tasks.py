"""What the clock does to the ladder."""

from __future__ import annotations

from celery import shared_task

from escalation import services


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
    """Tell of every case and commission whose time has come; how many were told of. Several workers may run this."""
    return services.cases_wake() + services.commissions_wake()
