"""What the clock does for the outbox, and the note that every tick of the clock leaves."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.signals import task_success
from django.conf import settings

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


@shared_task(name="notify.watch", ignore_result=True)
def watch() -> None:
    """Wake somebody when a tick does not run or due work is not done."""
    services.watch()


@task_success.connect
def _beats(sender: Any, **kwargs: Any) -> None:
    """Every tick that went well leaves its heartbeat, whatever its room; one that fails each time is missed."""
    if sender.name in settings.TICKS:
        services.heartbeat(sender.name)
