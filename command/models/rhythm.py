"""The battle rhythm: what happens regularly while an incident runs (IMP-3.21, 3.22)."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from command import rules
from command.enums import RhythmKind, RhythmStatus
from incidents.models import Incident
from kernel import clock
from kernel.models import known


class RhythmEvent(models.Model):
    """One line of the rhythm. `recurrence` is the rule of RFC 5545, counted from `starts_at` in London time.

    It is in force as provisional until the chair of the SCG agrees to it, and no longer once it has ended.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="rhythm")
    kind = models.CharField(max_length=20, choices=RhythmKind)
    title = models.CharField(max_length=250)
    recurrence = models.CharField(max_length=300)
    starts_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=RhythmStatus, default=RhythmStatus.PROVISIONAL)
    agreed_at = models.DateTimeField(null=True)
    agreed_as = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            known("kind", RhythmKind),
            known("status", RhythmStatus),
            models.CheckConstraint(
                name="command_rhythm_agreed_when_and_by",
                condition=(Q(status=RhythmStatus.AGREED, agreed_at__isnull=False) & ~Q(agreed_as=""))
                | Q(status=RhythmStatus.PROVISIONAL, agreed_at__isnull=True, agreed_as=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} of {self.incident}"

    @property
    def next_at(self) -> datetime | None:
        """When it happens next; None once the rule has run out."""
        return rules.next_occurrence(self.recurrence, self.starts_at, after=clock.now())
