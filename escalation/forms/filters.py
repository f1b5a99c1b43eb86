"""What a list of issues may be narrowed to: the same for the page's address and the REST address."""

from __future__ import annotations

from django import forms

from accounts.enums import Team
from escalation.enums import Age, Sort, Stage
from govuk.forms import DateTimeField, GovukForm
from incidents.enums import ImpactLevel, LeadAuthority, Source

NOT_ASSESSED = ("none", "Not yet assessed")


def _any(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Any"), *choices])


class IssueNarrowForm(GovukForm):
    """What a page and a program may both narrow the list by."""

    stage = _any("Stage", Stage.choices)
    team = _any("Handling team", Team.choices)
    impact = _any("Impact", [NOT_ASSESSED, *ImpactLevel.choices])
    lead = _any("Who leads", LeadAuthority.choices)
    source = _any("Source", Source.choices)
    age = _any("Received", Age.choices)
    q = forms.CharField(label="Words or reference", required=False, max_length=250)


class IssueFilterForm(IssueNarrowForm):
    """What the REST address asks: a program also fetches what has changed since it last came, newest first."""

    sort = forms.ChoiceField(label="Sort by", required=False, choices=[("", "Newest"), *Sort.choices])
    updated_since = DateTimeField(label="Changed since", required=False)
