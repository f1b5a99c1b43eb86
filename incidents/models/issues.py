"""What is wrong, with which products, by which businesses, and who told OPSS."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse

from accounts.enums import Team
from incidents.enums import (
    BusinessRole,
    ImpactLevel,
    LeadAuthority,
    Nation,
    PersonRole,
    RegulatoryArea,
    Sensitivity,
    Source,
)
from incidents.models.finding import found_by, found_by_until_gone
from kernel.models import known


class Issue(models.Model):
    """One issue, whatever becomes of it. Where it stands on the ladder is its climb's (`escalation.Escalation`).

    `version` is the version of the whole representation: any change of the issue or of its climb raises it.
    `impact_level` is empty until somebody has assessed it; `nnc` is null until somebody has assessed that, and
    `danger_now` until somebody has said whether someone could be hurt now.
    """

    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=250)
    summary = models.TextField()
    source = models.CharField(max_length=30, choices=Source)
    received_at = models.DateTimeField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reported_as = models.CharField(max_length=120)
    functional_team = models.CharField(max_length=30, choices=Team)
    regulatory_area = models.CharField(max_length=30, choices=RegulatoryArea, default=RegulatoryArea.CONSUMER_PRODUCTS)
    is_product_safety = models.BooleanField(default=True)
    sensitivity = models.CharField(max_length=20, choices=Sensitivity, default=Sensitivity.OFFICIAL)
    danger_now = models.BooleanField(null=True)
    nations = ArrayField(models.CharField(max_length=20, choices=Nation), default=list, blank=True)
    lead_authority = models.CharField(max_length=20, choices=LeadAuthority, default=LeadAuthority.UNDETERMINED)
    impact_level = models.CharField(max_length=20, choices=ImpactLevel, blank=True)
    nnc = models.BooleanField(null=True)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, null=True, related_name="issues")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            known("source", Source),
            known("functional_team", Team),
            known("regulatory_area", RegulatoryArea),
            known("sensitivity", Sensitivity),
            known("lead_authority", LeadAuthority),
            known("impact_level", ImpactLevel, blank=True),
        ]
        indexes = [
            GinIndex(name="incidents_issue_title_trgm", fields=["title"], opclasses=["gin_trgm_ops"]),
            models.Index(name="incidents_issue_updated", fields=["updated_at", "id"]),
        ]
        triggers = found_by("reference", "title", "summary", issue="id")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("escalation:issue-detail", args=[self.reference])


class Originator(models.Model):
    """Who told OPSS, so that they can be told the outcome (IMP-2.1, 2.19). Kept apart: these are personal data."""

    issue = models.OneToOneField(Issue, models.CASCADE, related_name="originator")
    name = models.TextField(blank=True)
    organisation = models.TextField(blank=True)
    email = models.CharField(max_length=320, blank=True)
    phone = models.TextField(blank=True)
    kind = models.CharField(max_length=30, choices=Source, blank=True)

    class Meta:
        constraints = [known("kind", Source, blank=True)]


class Product(models.Model):
    """One product of one issue, as far as it is known. Identifiers and numbers are kept as they were given."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="products")
    name = models.CharField(max_length=300)
    brand = models.TextField(blank=True)
    model = models.TextField(blank=True)
    category = models.TextField(blank=True)
    barcode = models.TextField(blank=True)
    batch = models.TextField(blank=True)
    country_of_origin = models.CharField(max_length=2, blank=True)
    units = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        triggers = found_by_until_gone("name", "brand", "model", "category", "barcode", "batch")

    def __str__(self) -> str:
        return self.name


class Business(models.Model):
    """One business in the supply chain of one issue."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="businesses")
    name = models.TextField()
    role = models.CharField(max_length=30, choices=BusinessRole)
    company_number = models.TextField(blank=True)
    country = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [known("role", BusinessRole)]
        triggers = found_by_until_gone("name", "company_number")

    def __str__(self) -> str:
        return self.name


class IssuePerson(models.Model):
    """A person on the case. On a restricted case these are the named list."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=PersonRole)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            known("role", PersonRole),
            models.UniqueConstraint(name="incidents_issueperson_once", fields=["issue", "user", "role"]),
        ]
        indexes = [models.Index(name="incidents_issueperson_user", fields=["user", "issue"])]
