"""What the clock does for incidents: beat ticks each second, and each tick takes up what is due."""

from __future__ import annotations

from celery import shared_task

from command import services


@shared_task(name="command.rhythm_due")
def rhythm_due() -> None:
    """Remind of what comes, and begin what is due. Several workers may run this at once."""
    services.reminders_send()
    services.occurrences_begin()


@shared_task(name="command.rhythm_ahead")
def rhythm_ahead() -> int:
    """Put the occurrences of the next two weeks on record; how many events had some."""
    return services.occurrences_make_due()


@shared_task(name="command.reviews_due")
def reviews_due() -> int:
    """Wake those who answer for incidents to be looked at again and for checks that are still due."""
    return services.reviews_wake() + services.checks_wake()
