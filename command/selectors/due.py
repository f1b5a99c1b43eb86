"""What the clock owes to incidents: reminders, occurrences, reviews and checks that are due and not done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from command.enums import SecondCheck
from command.models import ReviewReminder, RhythmEvent, RhythmOccurrence, Sitrep
from incidents.models import Incident
from kernel.calendar import OPENING
from kernel.clock import LONDON
from notify.hooks import Due

AHEAD = timedelta(days=14)
# Room to put the next ones on record before the last have come.
MARGIN = timedelta(days=1)


def to_remind(now: datetime) -> QuerySet[RhythmOccurrence]:
    """The occurrences whose reminder is due, the longest due first."""
    waiting = RhythmOccurrence.objects.filter(reminded_at__isnull=True, cancelled_at__isnull=True, remind_at__lte=now)
    return waiting.order_by("remind_at", "id")


def to_begin(now: datetime) -> QuerySet[RhythmOccurrence]:
    """The occurrences that are due, the longest due first."""
    waiting = RhythmOccurrence.objects.filter(begun_at__isnull=True, cancelled_at__isnull=True, starts_at__lte=now)
    return waiting.order_by("starts_at", "id")


def due_next_at() -> datetime | None:
    """When the rhythm next has something to remind of or to begin; what is overdue counts by its own time."""
    open_rows = RhythmOccurrence.objects.filter(cancelled_at__isnull=True)
    times = [
        open_rows.filter(reminded_at__isnull=True).aggregate(at=Min("remind_at"))["at"],
        open_rows.filter(begun_at__isnull=True).aggregate(at=Min("starts_at"))["at"],
    ]
    return min((at for at in times if at), default=None)


def to_make(now: datetime) -> QuerySet[RhythmEvent]:
    """The events in force whose occurrences do not reach far enough ahead, the furthest behind first."""
    return RhythmEvent.objects.filter(ended_at__isnull=True, made_until__lt=now + AHEAD - MARGIN).order_by(
        "made_until", "id"
    )


def to_review(now: datetime) -> QuerySet[Incident]:
    """The incidents whose day of review has begun, and whose reminder of that day was not sent."""
    told = ReviewReminder.objects.filter(incident=OuterRef("pk"), review_on=OuterRef("review_on"))
    return Incident.objects.filter(~Exists(told), review_on__lte=_day_begun(now)).order_by("review_on", "id")


def to_check(now: datetime) -> QuerySet[Sitrep]:
    """The issued reports that wait for their second check and were not asked for today. They are asked for at once on
    issue, and again on each later day.
    """
    day = _day_begun(now)
    began = datetime.combine(day, OPENING, tzinfo=LONDON)
    not_today = Q(second_check_asked_on__isnull=True) | Q(second_check_asked_on__lt=day)
    return Sitrep.objects.filter(
        not_today, second_check=SecondCheck.DUE, second_checked_at__isnull=True, issued_at__lt=began
    ).order_by("issued_at", "id")


def _day_begun(now: datetime) -> date:
    """Today in London from its opening at 09:00 on, before that yesterday: nobody is woken for what bears waiting."""
    local = now.astimezone(LONDON)
    return local.date() if local.time() >= OPENING else local.date() - timedelta(days=1)


def reminders_due(now: datetime) -> Due:
    return _due(to_remind(now), "remind_at", "Reminders of the rhythm of incidents")


def occurrences_due(now: datetime) -> Due:
    return _due(to_begin(now), "starts_at", "Meetings, reports and deadlines of the rhythm of incidents")


def _due(waiting: QuerySet[RhythmOccurrence], column: str, what: str) -> Due:
    found = waiting.order_by().aggregate(count=Count("id"), oldest_at=Min(column))
    return Due(found["count"], found["oldest_at"], what)
