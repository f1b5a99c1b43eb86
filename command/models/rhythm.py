"""The battle rhythm: what happens regularly while an incident runs (IMP-3.21, 3.22), and each time that it does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from command import rules
from command.enums import OccurrenceState, OnBankHolidays, RhythmKind, RhythmStatus, WhyCancelled
from command.models.groups import Group
from command.models.sitreps import Sitrep
from incidents.models import Incident
from kernel import clock
from kernel.models import known

USUAL_LENGTH = 60


class RhythmEvent(models.Model):
    """One line of the rhythm. `recurrence` is the rule of RFC 5545, counted from `starts_at` in London time.

    It is in force as provisional until the chair of the SCG agrees to it, and no longer once it has ended. `group` is
    who meets; without one it is every standing group of that kind. Its occurrences are on record up to `made_until`.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="rhythm")
    kind = models.CharField(max_length=20, choices=RhythmKind)
    title = models.CharField(max_length=250)
    group = models.ForeignKey(Group, models.PROTECT, null=True, related_name="rhythm")
    recurrence = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=USUAL_LENGTH)
    on_bank_holidays = models.CharField(max_length=10, choices=OnBankHolidays, default=OnBankHolidays.HELD)
    status = models.CharField(max_length=20, choices=RhythmStatus, default=RhythmStatus.PROVISIONAL)
    agreed_at = models.DateTimeField(null=True)
    agreed_as = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)
    made_until = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            known("kind", RhythmKind),
            known("status", RhythmStatus),
            known("on_bank_holidays", OnBankHolidays),
            models.CheckConstraint(
                name="command_rhythm_agreed_when_and_by",
                condition=(Q(status=RhythmStatus.AGREED, agreed_at__isnull=False) & ~Q(agreed_as=""))
                | Q(status=RhythmStatus.PROVISIONAL, agreed_at__isnull=True, agreed_as=""),
            ),
        ]
        indexes = [
            models.Index(
                name="command_rhythm_to_make", fields=["made_until", "id"], condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} of {self.incident}"

    @property
    def next_at(self) -> datetime | None:
        """When it happens next; None once the rule has run out."""
        return next((coming.at for coming in self.upcoming(after=clock.now())), None)

    def upcoming(self, *, after: datetime) -> rules.Upcoming:
        """Its occurrences later than `after`, one by one, as the rule and the bank holidays have them."""
        return rules.upcoming(self.recurrence, self.starts_at, after=after, on_bank_holidays=self.on_bank_holidays)

    def occurrence(self, happening: rules.Happening, **more: Any) -> RhythmOccurrence:
        """The row of one of them, not saved: what applies now is copied onto it."""
        return RhythmOccurrence(
            event=self,
            incident_id=self.incident_id,
            kind=self.kind,
            title=self.title,
            starts_at=happening.at,
            moved_from=happening.moved_from,
            minutes=self.minutes,
            **more,
        )

    @property
    def in_words(self) -> str:
        """'every day at 15:00'."""
        return rules.in_words(self.recurrence, self.starts_at)


class RhythmOccurrence(models.Model):
    """One time that an event of the rhythm happens.

    What applied when it was put on record (kind, title, length, reminder) stands on the row, so that a later change of
    the rhythm or of a setting rewrites nothing. Whether people were reminded and whether it began is told by the row
    and never by comparing times: a clock that steps back does nothing twice. It begins or is cancelled, never both.
    `sitrep` is the draft that it opened, or found open (`draft_was_open`).
    """

    event = models.ForeignKey(RhythmEvent, models.PROTECT, related_name="occurrences")
    incident = models.ForeignKey(Incident, models.PROTECT, related_name="occurrences")
    kind = models.CharField(max_length=20, choices=RhythmKind)
    title = models.CharField(max_length=250)
    starts_at = models.DateTimeField()
    moved_from = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField()
    remind_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    sitrep = models.ForeignKey(Sitrep, models.PROTECT, null=True, related_name="occurrences")
    draft_was_open = models.BooleanField(default=False)
    cancelled_at = models.DateTimeField(null=True)
    why_cancelled = models.CharField(max_length=20, choices=WhyCancelled, blank=True)

    class Meta:
        ordering = ("starts_at", "id")
        constraints = [
            known("kind", RhythmKind),
            known("why_cancelled", WhyCancelled, blank=True),
            models.UniqueConstraint(
                name="command_rhythmoccurrence_once",
                fields=["event", "starts_at"],
                condition=Q(cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                name="command_rhythmoccurrence_begun_or_cancelled",
                condition=Q(cancelled_at__isnull=True, why_cancelled="")
                | (Q(cancelled_at__isnull=False, begun_at__isnull=True) & ~Q(why_cancelled="")),
            ),
            models.CheckConstraint(
                name="command_rhythmoccurrence_reminded_before_begun",
                condition=Q(begun_at__isnull=True) | Q(reminded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="command_rhythmoccurrence_draft_once_begun",
                condition=Q(sitrep__isnull=True, draft_was_open=False) | Q(begun_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="command_occurrence_of_incident", fields=["incident", "starts_at", "id"]),
            models.Index(
                name="command_occurrence_to_remind",
                fields=["remind_at", "id"],
                condition=Q(reminded_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.Index(
                name="command_occurrence_to_begin",
                fields=["starts_at", "id"],
                condition=Q(begun_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} at {self.starts_at:%Y-%m-%dT%H:%M%z}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def state(self) -> OccurrenceState:
        if self.cancelled_at:
            return OccurrenceState.CANCELLED
        if self.begun_at:
            return OccurrenceState.BEGUN
        return OccurrenceState.LATE if self.starts_at < clock.now() - GRACE else OccurrenceState.COMING

    @property
    def late_by(self) -> timedelta:
        """How much later than it should it began, or has not begun yet; nothing where it was in time."""
        late = (self.begun_at or clock.now()) - self.starts_at
        return late if late > GRACE and not self.cancelled_at else timedelta()

    @property
    def bank_holiday(self) -> str:
        """The bank holiday that it falls on; empty where there is none."""
        return rules.bank_holiday_at(self.starts_at)


# The clock ticks each second, and a tick takes a moment: only what is later than this is late.
GRACE = timedelta(minutes=1)
