"""Notices of other regulators, as they were read."""

from __future__ import annotations

from django.db import models

from incidents.models.finding import found_by
from incidents.models.issues import Issue


class ForeignNotice(models.Model):
    """One notice of another regulator under its own number. `digest` tells whether a later file says anything new."""

    source = models.CharField(max_length=30)
    external_id = models.CharField(max_length=200)
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="foreign_notices")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    first_read_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="incidents_foreignnotice_once", fields=["source", "external_id"]),
        ]
        triggers = found_by("content", "external_id")
