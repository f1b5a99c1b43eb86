"""What the clock does to the ladder."""

from __future__ import annotations

from celery import shared_task

from escalation import services


@shared_task(name="escalation.overdue_unassessed")
def overdue_unassessed() -> int:
    """Raise in the queues what nobody has assessed by its target; how many were raised."""
    return services.overdue_unassessed_raise()
