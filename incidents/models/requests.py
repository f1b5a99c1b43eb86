"""What is asked about a case beside the ladder, each with its one answer. None of these moves the case by itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.enums.requests import ChallengeOutcome, Challenger, HelpOutcome, ReopenOutcome
from incidents.models.issues import Issue
from kernel.models import known


class CaseRequest(models.Model):
    """Who asked when, in which climb, and how it was answered; `outcome` is empty while it waits."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="+")
    climb = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_as = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, blank=True)
    reply = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_as = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None


def _answered_once() -> models.CheckConstraint:
    return models.CheckConstraint(
        name="%(app_label)s_%(class)s_answered",
        condition=Q(outcome="", answered_at__isnull=True) | (~Q(outcome="") & Q(answered_at__isnull=False)),
    )


class ClosureChallenge(CaseRequest):
    """A closure is challenged. Somebody looks at it who neither took the decision nor challenges it (IMP-2.19)."""

    raised_by = models.CharField(max_length=20, choices=Challenger)
    points = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_as = models.CharField(max_length=120)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewer_as = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=20, choices=ChallengeOutcome, blank=True)

    class Meta:
        constraints = [
            known("raised_by", Challenger),
            known("outcome", ChallengeOutcome, blank=True),
            _answered_once(),
            models.CheckConstraint(
                name="incidents_closurechallenge_reviewer_is_another",
                condition=Q(reviewer__isnull=True) | Q(decided_by__isnull=True) | ~Q(reviewer=models.F("decided_by")),
            ),
        ]
        indexes = [models.Index(name="incidents_challenge_newest", fields=["issue", "-asked_at", "-id"])]


class HelpRequest(CaseRequest):
    """The authority that leads a case asks OPSS for help with it (IMP-2.11)."""

    authority = models.CharField(max_length=250)
    what = models.TextField()
    due = models.DateField(null=True)
    outcome = models.CharField(max_length=20, choices=HelpOutcome, blank=True)

    class Meta:
        constraints = [known("outcome", HelpOutcome, blank=True), _answered_once()]
        indexes = [models.Index(name="incidents_help_newest", fields=["issue", "-asked_at", "-id"])]


class ReopenRequest(CaseRequest):
    """Somebody asks that a case that ended comes back. `ground` is one of the grounds of the move `reopen`."""

    ground = models.CharField(max_length=30)
    what_changed = models.TextField()
    evidence = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, choices=ReopenOutcome, blank=True)

    class Meta:
        constraints = [known("outcome", ReopenOutcome, blank=True), _answered_once()]
        indexes = [models.Index(name="incidents_reopen_ask_newest", fields=["issue", "-asked_at", "-id"])]
