"""What OPSS does together once an incident is declared."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django_fsm import FSMField, FSMModelMixin

from incidents.enums import ImpactLevel, IncidentKind, IncidentStatus, ResponseLevel
from kernel.models import known


class Incident(FSMModelMixin, models.Model):
    """One incident. `significant_risk` and `mitigation` are the two limbs of IMP-1.5 as shown at declaration."""

    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=20, choices=IncidentKind, default=IncidentKind.OPSS_LED)
    status = FSMField(max_length=20, choices=IncidentStatus, default=IncidentStatus.ACTIVE, protected=True)
    response_level = models.CharField(max_length=20, choices=ResponseLevel)
    impact_level = models.CharField(max_length=20, choices=ImpactLevel)
    policy_owner = models.CharField(max_length=250, blank=True)
    lead_department = models.CharField(max_length=250, blank=True)
    significant_risk = models.TextField()
    mitigation = models.TextField()
    equality = models.TextField()
    declared_at = models.DateTimeField()
    declared_as = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            known("kind", IncidentKind),
            known("status", IncidentStatus),
            known("response_level", ResponseLevel),
            known("impact_level", ImpactLevel),
        ]
        indexes = [models.Index(name="incidents_incident_newest", fields=["-declared_at", "-id"])]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("command:incident-detail", args=[self.reference])
