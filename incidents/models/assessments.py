"""How bad it is (the impact matrix) and whose it is (NNC), judged again at every stage and never rewritten."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from incidents.enums import ImpactLevel, Indicator, LeadAuthority, Level
from incidents.models.issues import Issue
from kernel.models import AppendOnly, known


class ImpactMatrix(models.Model):
    """One version of the impact matrix (IMP-T1, 6.2). Assessments name the version that they were made with."""

    version = models.CharField(max_length=20, unique=True)
    in_force_from = models.DateField()
    source = models.CharField(max_length=250)


class MatrixDescriptor(models.Model):
    """What one level of one indicator looks like, in the product's own words."""

    matrix = models.ForeignKey(ImpactMatrix, models.CASCADE, related_name="descriptors")
    indicator = models.CharField(max_length=30, choices=Indicator)
    level = models.CharField(max_length=20, choices=Level)
    text = models.TextField()

    class Meta:
        constraints = [
            known("indicator", Indicator),
            known("level", Level),
            models.UniqueConstraint(name="incidents_descriptor_once", fields=["matrix", "indicator", "level"]),
        ]


class Assessment(AppendOnly):
    """What every assessment says of itself: of which climb, visit and stage it was, who made it and when."""

    climb = models.PositiveIntegerField()
    visit = models.PositiveIntegerField()
    stage = models.CharField(max_length=30)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_as = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        abstract = True


class ImpactAssessment(Assessment):
    """One use of the matrix. `could_reach*` says what the issue could become, by when and why; empty where not said."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="impact_assessments")
    matrix = models.ForeignKey(ImpactMatrix, models.PROTECT, related_name="+")
    overall = models.CharField(max_length=20, choices=ImpactLevel)
    overall_reason = models.TextField(blank=True)
    could_reach = models.CharField(max_length=20, choices=ImpactLevel, blank=True)
    could_reach_by = models.DateField(null=True)
    could_reach_why = models.TextField(blank=True)
    confirms = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            known("overall", ImpactLevel),
            known("could_reach", ImpactLevel, blank=True),
        ]
        indexes = [models.Index(name="incidents_impact_newest", fields=["issue", "-made_at", "-id"])]


class ImpactRating(AppendOnly):
    """How one indicator was rated, and why."""

    assessment = models.ForeignKey(ImpactAssessment, models.PROTECT, related_name="ratings")
    indicator = models.CharField(max_length=30, choices=Indicator)
    level = models.CharField(max_length=20, choices=Level)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            known("indicator", Indicator),
            known("level", Level),
            models.UniqueConstraint(name="incidents_rating_once", fields=["assessment", "indicator"]),
            models.CheckConstraint(
                name="incidents_rating_no_critical_non_compliance",
                condition=~Q(indicator=Indicator.NON_COMPLIANCE, level=Level.CRITICAL),
            ),
        ]


class NncAssessment(Assessment):
    """Nationally significant, novel, contentious: each with its reason, and who leads as a result (IMP-2.10).

    One that `confirms` another says the same at a later stage, for `confirms_reason` (IMP-2.12).
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="nnc_assessments")
    nationally_significant = models.BooleanField()
    nationally_significant_reason = models.TextField()
    novel = models.BooleanField()
    novel_reason = models.TextField()
    contentious = models.BooleanField()
    contentious_reason = models.TextField()
    lead_authority = models.CharField(max_length=20, choices=LeadAuthority)
    confirms = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    confirms_reason = models.TextField(blank=True)

    class Meta:
        constraints = [known("lead_authority", LeadAuthority)]
        indexes = [models.Index(name="incidents_nnc_newest", fields=["issue", "-made_at", "-id"])]

    @property
    def criteria(self) -> dict[str, dict[str, Any]]:
        """Each criterion by its name: met or not, and why."""
        names = ("nationally_significant", "novel", "contentious")
        return {name: {"met": getattr(self, name), "reason": getattr(self, f"{name}_reason")} for name in names}

    @property
    def is_met(self) -> bool:
        """Any one criterion is enough (IMP-2.10)."""
        return self.nationally_significant or self.novel or self.contentious
