"""What waits for the next meeting of a body."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.enums import AgendaBody
from incidents.models.issues import Issue
from kernel.models import known


class AgendaMark(models.Model):
    """Something arrived for a case at which nobody may be looking: a body takes it up at its next meeting (IMP-2.9).

    A case has one mark that waits; what arrives meanwhile adds to its `why` and its `pieces`. `outcome` says what came
    of it. The body is a plain word, so that a room of meetings can draw its agendas from here.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="agenda_marks")
    body = models.CharField(max_length=20, choices=AgendaBody)
    why = models.TextField()
    pieces = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    raised_as = models.CharField(max_length=120)
    taken_up_at = models.DateTimeField(null=True)
    taken_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_up_as = models.CharField(max_length=120, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        constraints = [
            known("body", AgendaBody),
            models.UniqueConstraint(
                name="incidents_agendamark_one_waiting", fields=["issue"], condition=Q(taken_up_at__isnull=True)
            ),
            models.CheckConstraint(
                name="incidents_agendamark_taken_up_says_how",
                condition=Q(taken_up_at__isnull=True, outcome="") | (Q(taken_up_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            models.Index(
                name="incidents_agendamark_waiting",
                fields=["body", "raised_at", "id"],
                condition=Q(taken_up_at__isnull=True),
            ),
            models.Index(name="incidents_agendamark_newest", fields=["issue", "-raised_at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.issue} for the next {self.get_body_display()}"

    @property
    def is_waiting(self) -> bool:
        return self.taken_up_at is None
