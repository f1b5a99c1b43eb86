"""What a list of issues may be narrowed to: the same for the page's address and the REST address."""

from __future__ import annotations

from django import forms

from accounts.enums import Team
from escalation.enums import Stage
from govuk.forms import DateTimeField, GovukForm
from incidents.enums import ImpactLevel, LeadAuthority, Source

NOT_ASSESSED = ("none", "Not yet assessed")


def _any(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Any"), *choices])


class IssueFilterForm(GovukForm):
    stage = _any("Stage", Stage.choices)
    team = _any("Handling team", Team.choices)
    impact = _any("Impact", [NOT_ASSESSED, *ImpactLevel.choices])
    lead = _any("Who leads", LeadAuthority.choices)
    source = _any("Source", Source.choices)
    q = forms.CharField(label="Words or reference", required=False, max_length=250)
    updated_since = DateTimeField(label="Changed since", required=False)
