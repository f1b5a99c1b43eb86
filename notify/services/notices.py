"""Notices: queued with the change, claimed under a lease, delivered to the inbox once, and read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from accounts.models import User
from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotFound
from notify import hooks, kinds
from notify.enums import WhyNot
from notify.models import Notice
from notify.services import leases
from notify.services.emails import email_queue
from notify.services.leases import Patience

INBOX = Patience(
    lease=timedelta(seconds=60),
    first_pause=timedelta(seconds=10),
    longest_pause=timedelta(seconds=160),
    most_attempts=6,
)


def notice_queue(
    kind: str, *, to: Iterable[User | int], about: str, title: str, body: str, url: str, key: str, urgent: bool = False
) -> None:
    """Tell each person once of one event, when the caller's transaction is committed and not otherwise.

    `about` is the reference of the case, empty for none. A second call with the same `key` tells nobody twice. `kind`
    stands in `notify.kinds`; with `urgent` the case makes it urgent even where its kind is not.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("notice_queue() must share the transaction of the change that it tells of")
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError("a notice leads to a page of our own")
    people = dict.fromkeys(person if isinstance(person, int) else person.pk for person in to)
    urgent, now = urgent or kinds.known(kind).is_urgent, clock.now()
    Notice.objects.bulk_create(
        [
            Notice(
                kind=kind,
                recipient_id=person,
                about=about,
                title=title[: Notice._meta.get_field("title").max_length],
                body=body,
                url=url,
                key=key,
                urgent=urgent,
                created_at=now,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )


def notice_claim(*, now: datetime) -> Notice | None:
    """The next notice that waits, urgent ones first, leased to the caller. Nobody else gets it while the lease runs."""
    return leases.claim(Notice.objects.all(), now=now, patience=INBOX)


def notice_deliver(notice: Notice) -> None:
    """Put a claimed notice into its inbox, and on its way by e-mail where the person wants one.

    Does nothing when the lease ran out and somebody else has it, or when it was delivered before. Nothing is delivered
    to whom may not see the case any more.
    """
    with transaction.atomic():
        row = leases.still_ours(notice)
        if row is None:
            return
        if row.attempts > INBOX.most_attempts:
            leases.give_up(row, WhyNot.GAVE_UP)
        elif not row.recipient.is_active or row.about not in hooks.visible(row.recipient, [row.about]):
            leases.give_up(row, WhyNot.NOT_THEIRS)
        else:
            leases.delivered(row)
            email_queue(row)


def notice_failed(notice: Notice, error: Exception) -> None:
    """Note why a delivery failed. It is tried again, later each time, and given up after the last attempt."""
    with transaction.atomic():
        row = leases.still_ours(notice)
        if row is not None:
            leases.put_off(row, error, INBOX)


def notice_read(*, notice_id: int, by: Actor) -> None:
    """Mark one's own notice as read; the first reading counts."""
    mine = Notice.objects.filter(pk=notice_id, recipient_id=by.user_id, delivered_at__isnull=False)
    if not mine.update(read_at=Coalesce("read_at", Value(clock.now()))):
        raise NotFound("This notice is not in your inbox")


def case_notices_read(*, about: str, by: Actor) -> int:
    """Mark one's own notices about one case as read, as many as there are."""
    return Notice.objects.filter(
        recipient_id=by.user_id, about=about, delivered_at__isnull=False, read_at__isnull=True
    ).update(read_at=clock.now())
