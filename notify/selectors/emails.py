"""Who wants e-mail when, and which of it did not go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

from django.db.models import Count, Min, Q, QuerySet

from audit import references
from kernel.actors import Actor
from notify import kinds
from notify.enums import Channel, EmailChoice
from notify.hooks import Due
from notify.models import DEAD, WAITS, Delivery, Notice, Preference, Waiting
from notify.selectors.clock import DEAD_LETTERS, Late, counted

_Row = TypeVar("_Row", bound=Waiting)
INBOX = "inbox"
CHANNELS = (INBOX, *Channel.values)
MOST_SHOWN = 50
GIVEN_UP = "letters.given_up"
SPELL = timedelta(days=1)


def email_choices_of(user_ids: Collection[int]) -> dict[int, EmailChoice]:
    """What each of these people chose, or the default; one query, none where there is nobody."""
    chosen = dict(Preference.objects.filter(user__in=user_ids).values_list("user", "email")) if user_ids else {}
    return {pk: EmailChoice(chosen.get(pk, EmailChoice.AT_ONCE)) for pk in user_ids}


def email_choice_of(user_id: int | None) -> EmailChoice:
    """What the person chose, or the default; one query."""
    chosen = Preference.objects.filter(user=user_id).values_list("email", flat=True).first()
    return EmailChoice(chosen) if chosen else EmailChoice.AT_ONCE


def emails_waiting(now: datetime) -> Due:
    """E-mails that might have gone by now and did not; what is held is not due."""
    waiting = Delivery.objects.filter(WAITS, not_before__lte=now)
    return counted(waiting.aggregate(count=Count("pk"), oldest_at=Min("not_before")), "E-mails to be sent")


@dataclass(frozen=True)
class DeadLetter:
    """One that failed for good. It tells of what kind and for whom, never what it says: operators read no cases."""

    channel: str
    number: int
    kind: str
    about: str
    recipient: str
    urgent: bool
    attempts: int
    failed_at: datetime
    why_not: str
    last_error: str

    @property
    def words(self) -> str:
        """What notices of this kind tell, in words."""
        return kinds.words(self.kind)


@dataclass(frozen=True)
class DeadLetters:
    """The newest of them, and how many there are."""

    letters: list[DeadLetter]
    count: int


def dead(rows: QuerySet[_Row]) -> QuerySet[_Row]:
    """Those of the rows that should have arrived and will not by themselves."""
    return rows.filter(DEAD)


def newly_dead(now: datetime) -> Late | None:
    """What was given up in the present spell, urgent where any of it was; two queries. None outside of a spell.

    A spell goes on while less than a day lies between one and the next, so that old letters that nobody can mend hide
    no new ones. Letters about dead letters do not count: a channel that is down would alarm about its own alarm for
    ever.
    """
    counts = {"count": Count("pk"), "oldest_at": Min("failed_at"), "urgent": Count("pk", filter=Q(urgent=True))}
    recent = Q(failed_at__gt=now - SPELL)
    found = [
        dead(Notice.objects.filter(recent).exclude(kind=GIVEN_UP)).aggregate(**counts),
        dead(Delivery.objects.filter(recent).exclude(notice__kind=GIVEN_UP)).aggregate(**counts),
    ]
    since = min((row["oldest_at"] for row in found if row["count"]), default=None)
    if since is None:
        return None
    notices, emails = (row["count"] for row in found)
    what = f"Given up within a day: {notices} in an inbox, {emails} by e-mail"
    return Late(DEAD_LETTERS, since, what, is_urgent=any(row["urgent"] for row in found))


def dead_letters(reader: Actor) -> DeadLetters:
    """Notices that no inbox took and e-mails that no server took, newest first; six queries at most.

    Cases that the reader may not know of are named neither as what they are about nor in what went wrong.
    """
    notices = dead(Notice.objects.select_related("recipient"))
    emails = dead(Delivery.objects.select_related("notice__recipient"))
    found = [
        *(_letter(INBOX, notice, notice) for notice in notices.order_by("-failed_at", "-id")[:MOST_SHOWN]),
        *(_letter(email.channel, email, email.notice) for email in emails.order_by("-failed_at", "-id")[:MOST_SHOWN]),
    ]
    found.sort(key=lambda letter: letter.failed_at, reverse=True)
    shown = found[:MOST_SHOWN]
    told = references.veiled(reader, [[letter.about, letter.last_error] for letter in shown])
    letters = [
        replace(letter, about=about, last_error=error) for letter, (about, error) in zip(shown, told, strict=True)
    ]
    return DeadLetters(letters, notices.count() + emails.count())


def _letter(channel: str, row: Notice | Delivery, notice: Notice) -> DeadLetter:
    return DeadLetter(
        channel=channel,
        number=row.pk,
        kind=notice.kind,
        about=notice.about,
        recipient=notice.recipient.email,
        urgent=notice.urgent,
        attempts=row.attempts,
        failed_at=cast(datetime, row.failed_at),
        why_not=row.get_why_not_display(),
        last_error=row.last_error,
    )
