"""E-mails: a row with the notice that reaches the inbox, claimed under a lease, sent outside of any transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from accounts import rules as accounts_rules
from audit import SERVICE_CHAIN
from audit import services as audit
from govuk.json_adapter import bind
from kernel import clock
from kernel.actors import Actor
from kernel.calendar import opens_after
from kernel.errors import NotSignedIn
from notify import hooks, letters, selectors
from notify.enums import Channel, EmailChoice, WhyNot
from notify.events import NotifyEvent
from notify.forms import EmailChoiceForm
from notify.models import Delivery, Notice, Preference
from notify.services import leases
from notify.services.leases import Patience

# A conversation with a mail server may take ten answers of ten seconds each, so a lease is longer than that. The pauses
# outlast a mail server that is away for a night shift.
EMAIL = Patience(
    lease=timedelta(minutes=5),
    first_pause=timedelta(seconds=30),
    longest_pause=timedelta(minutes=15),
    most_attempts=40,
)
OFFICE_OPENS, OFFICE_CLOSES = time(8), time(18)
_ONE_SENDER = "notify.send_due"


def emails_queue(notices: Sequence[Notice]) -> None:
    """Put an e-mail about each delivered notice on its way, in the caller's transaction, where its reader wants one.

    An urgent one goes at once whatever they chose. A program has no mailbox. Two queries.
    """
    now = clock.now()
    chosen = selectors.email_choices_of({notice.recipient_id for notice in notices if not notice.urgent})
    wanted = []
    for notice in notices:
        choice = EmailChoice.AT_ONCE if notice.urgent else chosen[notice.recipient_id]
        if notice.recipient.is_service or choice == EmailChoice.INBOX_ONLY:
            continue
        email = Delivery(notice=notice, channel=Channel.EMAIL, urgent=notice.urgent, created_at=now, not_before=now)
        if choice == EmailChoice.OFFICE_HOURS:
            email.not_before = opens_after(now, opens=OFFICE_OPENS, closes=OFFICE_CLOSES)
        wanted.append(email)
    Delivery.objects.bulk_create(wanted)


def email_claim(*, now: datetime) -> Delivery | None:
    """The next e-mail that may go now, urgent ones first, leased to the caller."""
    due = Delivery.objects.filter(channel=Channel.EMAIL, not_before__lte=now)
    return next(iter(leases.claim(due.select_related("notice__recipient"), now=now, patience=EMAIL)), None)


def email_send(delivery: Delivery, outbox: BaseEmailBackend) -> None:
    """Hand a claimed e-mail to the mail server, unless its reader may not see the case or needs it no more.

    No transaction is open while the server answers. It raises what the server or the line raises; give that to
    `email_failed`. Should the worker die between the server's yes and our note of it, the e-mail goes again under the
    same Message-ID.
    """
    why_not = _why_not(delivery)
    if why_not is None:
        outbox.open()
        outbox.send_messages([letters.letter(delivery)])
    with transaction.atomic():
        rows = leases.still_ours([delivery])
        if why_not is None:
            leases.delivered(rows)
        else:
            for row in rows:
                leases.give_up(row, why_not)


def email_failed(delivery: Delivery, error: Exception) -> None:
    """Note why an e-mail did not go: a refusal for good is a dead letter at once, all else is tried again later."""
    with transaction.atomic():
        for row in leases.still_ours([delivery]):
            leases.put_off(row, error, EMAIL)
            if row.failed_at is None and letters.is_refused_for_good(error):
                leases.give_up(row, WhyNot.REFUSED)


def _why_not(delivery: Delivery) -> WhyNot | None:
    """Asked at the last moment: accounts close, cases become restricted and people read their inbox meanwhile."""
    notice, reader = delivery.notice, delivery.notice.recipient
    if delivery.attempts > EMAIL.most_attempts:
        return WhyNot.GAVE_UP
    if not accounts_rules.may_enter(reader, demonstration=settings.DEMONSTRATION):
        return WhyNot.NOT_THEIRS
    if notice.about not in hooks.visible(reader, [notice.about]):
        return WhyNot.NOT_THEIRS
    if not notice.urgent and (notice.read_at or selectors.email_choice_of(reader.pk) == EmailChoice.INBOX_ONLY):
        return WhyNot.NOT_WANTED
    return None


@contextmanager
def one_sender() -> Iterator[bool]:
    """Whether the caller is the one worker that talks to the mail server until the block ends.

    A server that hangs then holds up one worker and not every one of them, so that the inbox goes on. The lock is the
    database session's: it goes with a worker that dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_ONE_SENDER])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_ONE_SENDER])


@transaction.atomic
def email_choose(*, by: Actor, data: Mapping[str, Any]) -> EmailChoice:
    """Choose when one is sent e-mail about what is not urgent. What waits to be sent already keeps its time."""
    if by.user_id is None:
        raise NotSignedIn("Only a person chooses when to be sent e-mail")
    choice = EmailChoice(bind(EmailChoiceForm, data).cleaned_data["email"])
    Preference.objects.update_or_create(user_id=by.user_id, defaults={"email": choice})
    audit.record(NotifyEvent.EMAIL_CHOSEN, chain=SERVICE_CHAIN, by=by, choice=choice.value)
    return choice
