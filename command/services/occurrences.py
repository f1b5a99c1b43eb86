"""The occurrences of the rhythm: put on record ahead of time, and cancelled with what they belong to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from command.enums import WhyCancelled
from command.models import RhythmEvent, RhythmOccurrence
from command.selectors import due
from notify import services as notify

# An event every quarter of an hour is put on record in several ticks, not in one long transaction.
MOST_AT_ONCE = 200


def occurrences_make(event: RhythmEvent, *, now: datetime) -> None:
    """Put the next occurrences of an event on record, up to two weeks ahead.

    It goes on from where it stopped the last time, however long ago that was, and what is on record stays as it is.
    The caller holds the event, or has just made it.
    """
    horizon = now + due.AHEAD
    found: list[RhythmOccurrence] = []
    reached = horizon
    for happening in event.upcoming(after=event.made_until):
        ruled_at = happening.moved_from or happening.at
        if ruled_at > horizon:
            break
        if len(found) == MOST_AT_ONCE:
            reached = found[-1].moved_from or found[-1].starts_at
            break
        lead = timedelta(minutes=settings.RHYTHM_REMINDERS[event.kind])
        remind_at = max(happening.at - lead, min(happening.at, event.made_until))
        found.append(event.occurrence(happening, remind_at=remind_at))
    RhythmOccurrence.objects.bulk_create(found, ignore_conflicts=True)
    event.made_until = max(reached, event.made_until)
    event.save(update_fields=["made_until"])


def occurrences_make_due() -> int:
    """Put on record what comes into the next two weeks, event by event; how many events there were. For the clock.

    Each event is claimed with its incident, as everybody who changes the rhythm locks that first.
    """
    return notify.do_each(
        "command.ahead",
        lambda now: due.to_make(now).select_related("incident"),
        lambda event, now: occurrences_make(event, now=now),
        of=("self", "incident"),
        about=lambda event: event.incident.reference,
    )


def occurrences_cancel(which: Q, *, why: WhyCancelled, at: datetime) -> int:
    """Cancel what has not begun of these occurrences; they stay on record. The caller holds their incident locked.

    `which` leaves out what is overdue where it should still be done: late is not lost.
    """
    waiting = RhythmOccurrence.objects.filter(which, begun_at__isnull=True, cancelled_at__isnull=True)
    return waiting.update(cancelled_at=at, why_cancelled=why)
