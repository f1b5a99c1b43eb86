"""Notices: queued with the change, claimed under a lease, delivered to the inbox once, and read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from accounts.models import User
from govuk import json_adapter
from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotFound
from notify import hooks, kinds
from notify.enums import WhyNot
from notify.forms import NoticesReadForm
from notify.models import Notice
from notify.services import leases
from notify.services.emails import emails_queue
from notify.services.leases import Patience

INBOX = Patience(
    lease=timedelta(seconds=60),
    first_pause=timedelta(seconds=10),
    longest_pause=timedelta(seconds=160),
    most_attempts=6,
)


def notice_queue(
    kind: str,
    *,
    to: Iterable[User | int],
    about: str,
    title: str,
    body: str,
    url: str,
    key: str,
    done_as: str = "",
    due: date | None = None,
    urgent: bool = False,
) -> None:
    """Tell each person once of one event, when the caller's transaction is committed and not otherwise.

    `about` is the reference of the case, empty for none. A second call with the same `key` tells nobody twice. `kind`
    stands in `notify.kinds`, with what it asks of the reader; with `urgent` the case makes it urgent even where its
    kind is not. `done_as` is the post that decided (`Actor.label`), empty for the clock; `due`, a day or a moment,
    is until when what is asked should be done.
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
                done_as=done_as,
                due_at=due if isinstance(due, datetime) else None,
                due_on=None if isinstance(due, datetime) else due,
                url=url,
                key=key,
                urgent=urgent,
                created_at=now,
            )
            for person in people
        ],
        ignore_conflicts=True,
    )


def notices_claim(*, now: datetime, most: int) -> list[Notice]:
    """The next notices that wait, urgent ones first, leased to the caller. Nobody else gets them while the lease runs.

    One that was tried before comes alone.
    """
    return leases.claim(Notice.objects.all(), now=now, patience=INBOX, most=most)


def notices_deliver(notices: Sequence[Notice]) -> None:
    """Put claimed notices into their inboxes, and on their way by e-mail where the person wants one: all or none.

    One whose lease ran out so that somebody else has it, or that was delivered before, is left alone. Nothing is
    delivered to whom may not see the case any more; each person's right is asked once for all that they are told.
    """
    with transaction.atomic():
        rows = leases.still_ours(notices)
        readers = User.objects.in_bulk({row.recipient_id for row in rows})
        for row in rows:
            row.recipient = readers[row.recipient_id]
        seen = hooks.visible_to_each((row.recipient, row.about) for row in rows)
        arriving = []
        for row in rows:
            if row.attempts > INBOX.most_attempts:
                leases.give_up(row, WhyNot.GAVE_UP)
            elif not row.recipient.is_active or (row.recipient_id, row.about) not in seen:
                leases.give_up(row, WhyNot.NOT_THEIRS)
            else:
                arriving.append(row)
        leases.delivered(arriving)
        emails_queue(arriving)


def notice_deliver(notice: Notice) -> None:
    """The same for one of them."""
    notices_deliver([notice])


def notice_failed(notice: Notice, error: Exception) -> None:
    """Note why a delivery failed. It is tried again, later each time, and given up after the last attempt."""
    with transaction.atomic():
        for row in leases.still_ours([notice]):
            leases.put_off(row, error, INBOX)


def notices_read(*, by: Actor, data: Mapping[str, Any]) -> int:
    """Mark what `data` names as read: one's own notice, or all of one's own about one case; how many that concerned.

    Raises InvalidInput, and NotFound for a notice that is not in one's inbox.
    """
    form = json_adapter.bind(NoticesReadForm, data)
    if form.cleaned_data["notice"] is None:
        return case_notices_read(about=form.cleaned_data["about"], by=by)
    notice_read(notice_id=form.cleaned_data["notice"], by=by)
    return 1


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
