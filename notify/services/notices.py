"""The postman: notices are queued with the change, claimed under a lease, delivered once, and read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotFound
from notify import hooks
from notify.enums import WhyNot
from notify.models import Notice

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=10)
MOST_ATTEMPTS = 6


def notice_queue(
    kind: str, *, to: Iterable[User | int], about: str, title: str, body: str, url: str, key: str, urgent: bool = False
) -> None:
    """Tell each person once of one event, when the caller's transaction is committed and not otherwise.

    `about` is the reference of the case, empty for none. A second call with the same `key` tells nobody twice.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("notice_queue() must share the transaction of the change that it tells of")
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError("a notice leads to a page of our own")
    people = dict.fromkeys(person if isinstance(person, int) else person.pk for person in to)
    now = clock.now()
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
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True)
            .filter(free, delivered_at__isnull=True, failed_at__isnull=True)
            .order_by("-urgent", "id")
            .first()
        )
        if notice is None:
            return None
        notice.claimed_until, notice.attempts = now + LEASE, notice.attempts + 1
        notice.save(update_fields=["claimed_until", "attempts"])
        return notice


def notice_deliver(notice: Notice) -> None:
    """Put a claimed notice into its inbox, unless the person may not see the case any more.

    Does nothing when the lease ran out and somebody else has it, or when it was delivered before.
    """
    with transaction.atomic():
        row = _still_ours(notice)
        if row is None:
            return
        if row.attempts > MOST_ATTEMPTS:
            _give_up(row, WhyNot.GAVE_UP)
        elif not row.recipient.is_active or row.about not in hooks.visible(row.recipient, [row.about]):
            _give_up(row, WhyNot.NOT_THEIRS)
        else:
            row.delivered_at, row.claimed_until = clock.now(), None
            row.save(update_fields=["delivered_at", "claimed_until"])


def notice_failed(notice: Notice, error: Exception) -> None:
    """Note why a delivery failed. It is tried again, later each time, and given up after the last attempt."""
    with transaction.atomic():
        row = _still_ours(notice)
        if row is None:
            return
        row.last_error = f"{type(error).__name__}: {error}"[:2000]
        row.save(update_fields=["last_error"])
        if row.attempts >= MOST_ATTEMPTS:
            _give_up(row, WhyNot.GAVE_UP)
        else:
            row.claimed_until = clock.now() + FIRST_PAUSE * 2 ** (row.attempts - 1)
            row.save(update_fields=["claimed_until"])


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


def _still_ours(notice: Notice) -> Notice | None:
    """The row, locked, if this claim is still the one that holds it: every claim raises `attempts`."""
    return (
        Notice.objects.select_for_update(of=("self",))
        .select_related("recipient")
        .filter(pk=notice.pk, attempts=notice.attempts, delivered_at__isnull=True, failed_at__isnull=True)
        .first()
    )


def _give_up(row: Notice, why: WhyNot) -> None:
    row.failed_at, row.why_not, row.claimed_until = clock.now(), why, None
    row.save(update_fields=["failed_at", "why_not", "claimed_until"])
