"""What the search asks."""

from __future__ import annotations

from django import forms

from govuk.forms import GovukForm


class SearchForm(GovukForm):
    q = forms.CharField(
        label="Words or reference",
        required=False,
        max_length=250,
        help_text="Words in any form, part of a name or number, or a reference such as ISS-2026-00042",
    )
