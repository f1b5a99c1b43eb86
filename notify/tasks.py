"""What the clock does for the outbox, and the note that every tick of the clock leaves."""

from __future__ import annotations

import logging
import time
from contextlib import closing
from typing import Any

from celery import shared_task
from celery.signals import task_success
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from kernel import clock, trace
from notify import letters, services
from notify.models import Delivery, Notice

log = logging.getLogger(__name__)

MOST_IN_ONE_TICK = 500
# So many are delivered together; an urgent one that comes meanwhile waits no longer than they take.
TOGETHER = 50
SECONDS_OF_SENDING = 30


@shared_task(name="notify.deliver_due", ignore_result=True)
def deliver_due() -> None:
    """Deliver what waits. Several workers may run this at once; the next tick takes up what this one leaves."""
    tried = 0
    while tried < MOST_IN_ONE_TICK and (notices := services.notices_claim(now=clock.now(), most=TOGETHER)):
        tried += len(notices)
        try:
            services.notices_deliver(notices)
        except Exception:
            log.warning("One of %s notices holds up the others: each goes alone", len(notices), exc_info=True)
            for notice in notices:
                _deliver(notice)


def _deliver(notice: Notice) -> None:
    with trace.about(notice.about):
        try:
            services.notice_deliver(notice)
        except Exception as error:
            log.exception("Notice %s was not delivered", notice.pk)
            services.notice_failed(notice, error)


@shared_task(name="notify.send_due", ignore_result=True)
def send_due() -> None:
    """Send the e-mails that are due, one worker at a time and over one connection, for half a minute at most.

    When the line or the server fails the others would fail alike: the next tick tries again.
    """
    until = time.monotonic() + SECONDS_OF_SENDING
    with services.one_sender() as is_ours, closing(mail.get_connection()) as outbox:
        while is_ours and time.monotonic() < until:
            email = services.email_claim(now=clock.now())
            if email is None or not _sent(email, outbox):
                return


def _sent(email: Delivery, outbox: BaseEmailBackend) -> bool:
    """Whether it makes sense to go on with the next."""
    try:
        services.email_send(email, outbox)
    except Exception as error:
        log.warning("E-mail %s did not go: %s", email.pk, type(error).__name__, exc_info=True)
        services.email_failed(email, error)
        outbox.close()
        return not letters.is_the_line(error)
    return True


@shared_task(name="notify.watch", ignore_result=True)
def watch() -> None:
    """Wake somebody when a tick does not run or due work is not done."""
    services.watch()


@task_success.connect
def _beats(sender: Any, **kwargs: Any) -> None:
    """Every tick that went well leaves its heartbeat, whatever its room; one that fails each time is missed."""
    if sender.name in settings.TICKS:
        services.heartbeat(sender.name)
