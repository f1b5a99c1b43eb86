"""What is asked for, what comes back, and what is decided on it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.enums import Team
from incidents.enums import CommissionKind, CommissionStatus, EvidenceKind, NamedAs
from incidents.models.incidents import Incident
from incidents.models.issues import Issue
from kernel.models import AppendOnly, known

# The moves of an issue that leave telling its originator as a task.
FEEDBACK_MOVES = ("close", "merge", "unmerge")


class Evidence(AppendOnly):
    """One item of evidence. A newer item makes an assessment at a case conference stale (IMP-2.9)."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=30, choices=EvidenceKind)
    title = models.CharField(max_length=250)
    body = models.TextField(blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_as = models.CharField(max_length=120)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [known("kind", EvidenceKind)]
        indexes = [models.Index(name="incidents_evidence_newest", fields=["issue", "-added_at", "-id"])]


class Commission(models.Model):
    """Something asked of a team by a time (IMP-2.9). `origin` is the kind and reference of what asked for it.

    `overdue_told_at` is when the clock told that the day has passed without an answer.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="commissions")
    kind = models.CharField(max_length=20, choices=CommissionKind)
    what = models.TextField()
    team = models.CharField(max_length=30, choices=Team)
    due = models.DateField(null=True)
    status = models.CharField(max_length=20, choices=CommissionStatus, default=CommissionStatus.ASKED)
    origin_kind = models.CharField(max_length=30)
    origin = models.CharField(max_length=60)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_as = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    result = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)
    overdue_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known("kind", CommissionKind),
            known("team", Team),
            known("status", CommissionStatus),
            models.CheckConstraint(
                name="incidents_commission_delivered_at",
                condition=Q(status="delivered", delivered_at__isnull=False)
                | (~Q(status="delivered") & Q(delivered_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(name="incidents_commission_newest", fields=["issue", "-asked_at", "-id"]),
            models.Index(
                name="incidents_commission_waking",
                fields=["due", "id"],
                condition=Q(status="asked", overdue_told_at__isnull=True, due__isnull=False),
            ),
        ]

    @property
    def is_feedback(self) -> bool:
        """Whether it is to tell an originator: what they were told, as it was sent, is then its result (IMP-2.19)."""
        by_a_move = self.origin_kind == "move" and self.origin in FEEDBACK_MOVES
        return self.origin_kind == "challenge" or by_a_move


class Decision(AppendOnly):
    """One decision: who, when, why, from where to where (IMP-1.3). Command drafts its reports from these.

    Where a senior made it in the place of a post, `made_as` says of which and `acting_reason` why.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="decisions")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="decisions")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=250)
    reason = models.TextField(blank=True)
    stage_from = models.CharField(max_length=30)
    stage_to = models.CharField(max_length=30)
    impact_level = models.CharField(max_length=20, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_as = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    acting_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incidents_decision_of_a_case", condition=Q(issue__isnull=False) | Q(incident__isnull=False)
            ),
        ]
        indexes = [
            models.Index(name="incidents_decision_issue", fields=["issue", "-made_at", "-id"]),
            models.Index(name="incidents_decision_incident", fields=["incident", "-made_at", "-id"]),
        ]


class Consultation(AppendOnly):
    """Whom a mover names in a decision: consulted before it, how and when, or the second person at a closure.

    They are asked to confirm it afterwards, and until then it stands as the mover's word.
    """

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="consultations")
    role = models.CharField(max_length=20, choices=NamedAs, default=NamedAs.CONSULTED, db_default=NamedAs.CONSULTED)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    consulted_as = models.CharField(max_length=120)
    how = models.TextField(blank=True)
    consulted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            known("role", NamedAs),
            models.CheckConstraint(
                name="incidents_consultation_says_when",
                condition=~Q(role=NamedAs.CONSULTED) | Q(consulted_at__isnull=False),
            ),
        ]


class Confirmation(AppendOnly):
    """What the person named in a decision says of it, once: that it was so, or what was otherwise."""

    consultation = models.OneToOneField(Consultation, models.PROTECT, related_name="confirmation")
    agrees = models.BooleanField()
    said = models.TextField(blank=True)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="incidents_confirmation_says_what_was_otherwise", condition=Q(agrees=True) | ~Q(said="")
            ),
        ]
