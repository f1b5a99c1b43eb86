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


def emails_claim(*, now: datetime, most: int) -> list[Delivery]:
    """The next e-mails that may go now, urgent ones first, leased to the caller; one that was tried before alone."""
    due = Delivery.objects.filter(channel=Channel.EMAIL, not_before__lte=now)
    return leases.claim(due.select_related("notice__recipient"), now=now, patience=EMAIL, most=most)


def email_claim(*, now: datetime) -> Delivery | None:
    """The next of them alone: a lease is long enough for one conversation with a slow server."""
    return next(iter(emails_claim(now=now, most=1)), None)


def emails_send(emails: Sequence[Delivery], outbox: BaseEmailBackend) -> None:
    """Hand claimed e-mails to the mail server, but for those whose reader may not see the case or needs them no more.

    No transaction is open while the server answers. It raises what the server or the line raises; give that to
    `email_failed`. Should the worker die between the server's yes and our note of it, they go again under the same
    Message-ID.
    """
    held = _held_back(emails)
    if going := [letters.letter(email) for email in emails if email.pk not in held]:
        outbox.open()
        outbox.send_messages(going)
    with transaction.atomic():
        rows = leases.still_ours(emails)
        leases.delivered([row for row in rows if row.pk not in held])
        for row in rows:
            if row.pk in held:
                leases.give_up(row, held[row.pk])


def email_send(email: Delivery, outbox: BaseEmailBackend) -> None:
    """The same for one of them."""
    emails_send([email], outbox)


def email_failed(delivery: Delivery, error: Exception) -> None:
    """Note why an e-mail did not go: a refusal for good is a dead letter at once, all else is tried again later."""
    with transaction.atomic():
        for row in leases.still_ours([delivery]):
            leases.put_off(row, error, EMAIL)
            if row.failed_at is None and letters.is_refused_for_good(error):
                leases.give_up(row, WhyNot.REFUSED)


def _held_back(emails: Sequence[Delivery]) -> dict[int, WhyNot]:
    """Which of them do not go, and why. Asked at the last moment: accounts close, cases become restricted, people read
    their inbox meanwhile.
    """
    notices = [email.notice for email in emails]
    seen = hooks.visible_to_each((notice.recipient, notice.about) for notice in notices)
    chosen = selectors.email_choices_of({notice.recipient_id for notice in notices if not notice.urgent})
    found = {email.pk: _why_not(email, seen=seen, chosen=chosen) for email in emails}
    return {pk: why_not for pk, why_not in found.items() if why_not}


def _why_not(email: Delivery, *, seen: set[tuple[int, str]], chosen: Mapping[int, EmailChoice]) -> WhyNot | None:
    notice, reader = email.notice, email.notice.recipient
    if email.attempts > EMAIL.most_attempts:
        return WhyNot.GAVE_UP
    if not accounts_rules.may_enter(reader, demonstration=settings.DEMONSTRATION):
        return WhyNot.NOT_THEIRS
    if (reader.pk, notice.about) not in seen:
        return WhyNot.NOT_THEIRS
    if not notice.urgent and (notice.read_at or chosen[reader.pk] == EmailChoice.INBOX_ONLY):
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
