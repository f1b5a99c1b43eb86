"""What the clock does for the outbox: beat ticks each second."""

from __future__ import annotations

import logging

from celery import shared_task

from kernel import clock
from notify import services

log = logging.getLogger(__name__)

MOST_IN_ONE_TICK = 500


@shared_task(name="notify.deliver_due", ignore_result=True)
def deliver_due() -> None:
    """Deliver what waits. Several workers may run this at once; the next tick takes up what this one leaves."""
    for _ in range(MOST_IN_ONE_TICK):
        notice = services.notice_claim(now=clock.now())
        if notice is None:
            return
        try:
            services.notice_deliver(notice)
        except Exception as error:
            log.exception("Notice %s was not delivered", notice.pk)
            services.notice_failed(notice, error)
