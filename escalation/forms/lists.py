"""What the page of the list asks beside the filters: how it is sorted."""

from __future__ import annotations

from django import forms

from escalation.enums import Sort
from escalation.forms.filters import IssueNarrowForm


class IssueListForm(IssueNarrowForm):
    """The filters of the page. The whole of it is the address, so that it can be shared and kept."""

    sort = forms.ChoiceField(
        label="Sort by",
        required=False,
        choices=[("", Sort.PRESSING.label), *(pair for pair in Sort.choices if pair[0] != Sort.PRESSING)],
    )
    field_order = ("q", "stage", "team", "impact", "lead", "source", "age", "sort")
