"""The review of a closed incident, what it found, and the lessons that teams take up (IMP-3.28, 5.1, 5.2)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.enums import Team
from incidents.models import Incident
from kernel.models import known
from readiness.enums import Element, LessonState


class IncidentReview(models.Model):
    """The review of one phase of an incident that OPSS led. Closing opens it; the move `complete_review` ends it.

    `version` rises with each finding and lesson that is written; the row that was written takes it for its own, so that
    no two rows of a review are at the same one.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="reviews")
    phase = models.PositiveSmallIntegerField()
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lead_as = models.CharField(max_length=120, blank=True)
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_as = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="readiness_review_one_a_phase", fields=["incident", "phase"]),
            models.CheckConstraint(
                name="readiness_review_completed_whole",
                condition=Q(completed_at__isnull=True, completed_as="")
                | (Q(completed_at__isnull=False) & ~Q(completed_as="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Review of {self.incident}, phase {self.phase}"

    def get_absolute_url(self) -> str:
        return reverse("readiness:review", args=[self.incident.reference])


class Finding(models.Model):
    """What worked and what did not under one heading of the plan."""

    review = models.ForeignKey(IncidentReview, models.PROTECT, related_name="findings")
    element = models.CharField(max_length=30, choices=Element)
    worked = models.TextField(blank=True)
    did_not_work = models.TextField(blank=True)
    recorded_as = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            known("element", Element),
            models.UniqueConstraint(name="readiness_finding_one_an_element", fields=["review", "element"]),
            models.CheckConstraint(
                name="readiness_finding_says_something", condition=~Q(worked="") | ~Q(did_not_work="")
            ),
        ]


class Lesson(models.Model):
    """A lesson with what should change, the team that owns that, by when, and how it ended."""

    review = models.ForeignKey(IncidentReview, models.PROTECT, related_name="lessons")
    element = models.CharField(max_length=30, choices=Element)
    lesson = models.TextField()
    recommendation = models.TextField(blank=True)
    team = models.CharField(max_length=30, choices=Team, blank=True)
    due = models.DateField(null=True)
    state = models.CharField(max_length=20, choices=LessonState, default=LessonState.OPEN)
    answer = models.TextField(blank=True)
    added_as = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    settled_as = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        constraints = [
            known("element", Element),
            known("team", Team, blank=True),
            known("state", LessonState),
            models.CheckConstraint(
                name="readiness_lesson_settled_with_an_answer",
                condition=Q(state=LessonState.OPEN, answer="", settled_at__isnull=True)
                | (~Q(state=LessonState.OPEN) & ~Q(answer="") & Q(settled_at__isnull=False)),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == LessonState.OPEN
