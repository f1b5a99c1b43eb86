"""How an incident is wound down: the plan, what remains and whose it is, and who agreed (IMP-3.26)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from command.enums import Party
from incidents.models import Incident
from kernel.models import AppendOnly, known


class DeEscalationPlan(models.Model):
    """One proposal to de-escalate. One stands at a time, until another is made or OPSS responds in full again.

    Who of the SCG was consulted, when, and their view are recorded with the agreement: a consultation, no consent.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="de_escalation_plans")
    exit_criteria_met = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_as = models.CharField(max_length=120)
    proposed_at = models.DateTimeField()
    is_standing = models.BooleanField(default=True)
    scg_consulted_who = models.TextField(blank=True)
    scg_consulted_at = models.DateTimeField(null=True)
    scg_view = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                name="command_deescalation_one_stands", fields=["incident"], condition=Q(is_standing=True)
            ),
            models.CheckConstraint(
                name="command_deescalation_consulted_whole",
                condition=Q(scg_consulted_who="", scg_consulted_at__isnull=True, scg_view="")
                | (~Q(scg_consulted_who="") & Q(scg_consulted_at__isnull=False) & ~Q(scg_view="")),
            ),
        ]

    def __str__(self) -> str:
        return f"De-escalation of {self.incident}"

    @property
    def is_consulted(self) -> bool:
        """Whether the SCG's view is on record."""
        return self.scg_consulted_at is not None


class ResidualActivity(AppendOnly):
    """What goes on after the incident, and who owns it: a person, a team or another organisation."""

    plan = models.ForeignKey(DeEscalationPlan, models.PROTECT, related_name="activities")
    position = models.PositiveSmallIntegerField()
    what = models.TextField()
    owner = models.CharField(max_length=250)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(name="command_residualactivity_in_order", fields=["plan", "position"]),
            models.CheckConstraint(name="command_residualactivity_owned", condition=~Q(what="") & ~Q(owner="")),
        ]

    def __str__(self) -> str:
        return f"{self.what} ({self.owner})"


class ReviewReminder(AppendOnly):
    """That people were told once that an incident is to be looked at again on this day."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="review_reminders")
    review_on = models.DateField()
    reminded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="command_reviewreminder_once", fields=["incident", "review_on"]),
        ]

    def __str__(self) -> str:
        return f"Review of {self.incident} on {self.review_on}"


class DeEscalationConsent(AppendOnly):
    """One party's agreement to one plan. Two parties, two people: the database takes neither twice."""

    plan = models.ForeignKey(DeEscalationPlan, models.PROTECT, related_name="consents")
    party = models.CharField(max_length=20, choices=Party)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    agreed_as = models.CharField(max_length=120)
    agreed_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            known("party", Party),
            models.UniqueConstraint(name="command_deescalationconsent_party_once", fields=["plan", "party"]),
            models.UniqueConstraint(name="command_deescalationconsent_person_once", fields=["plan", "user"]),
        ]

    def __str__(self) -> str:
        return f"{self.agreed_as} on {self.plan_id}"
