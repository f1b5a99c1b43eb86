"""What the lists of incidents and reports are narrowed to."""

from __future__ import annotations

from command.enums import SitrepStatus
from govuk import forms
from incidents.enums import IncidentStatus


class IncidentFilter(forms.GovukForm):
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Any"), *IncidentStatus.choices])


class SitrepFilter(forms.GovukForm):
    incident = forms.CharField(label="Incident", required=False, max_length=20)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Any"), *SitrepStatus.choices])
    issued_since = forms.DateTimeField(label="Issued since", required=False)
