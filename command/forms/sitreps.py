"""The inputs of writing a situation report and of each of its moves."""

from __future__ import annotations

from typing import Any

from accounts import selectors as accounts
from command.enums import SecondCheck, SectionKey
from govuk import forms
from moves.forms import with_acting_reason


class SitrepOpen(forms.GovukForm):
    """Opening asks nothing: the report is drafted from the record."""


class SectionForm(forms.GovukForm):
    key = forms.ChoiceField(label="Section", choices=SectionKey.choices, widget=forms.HiddenInput)
    body = forms.CharField(label="Text", widget=forms.Textarea(attrs={"rows": 6}), required=False)

    @property
    def row_title(self) -> str:
        return dict(SectionKey.choices).get(self["key"].value(), "")


class SitrepEdit(forms.GovukForm):
    """New texts for some or all of the sections; those that are not named stay as they are."""

    sections = forms.ListField(SectionForm, label="Sections", max_items=len(SectionKey.values))

    def clean_sections(self) -> list[dict[str, Any]]:
        sections = self.cleaned_data["sections"]
        keys = [section["key"] for section in sections]
        if doubled := sorted({key for key in keys if keys.count(key) > 1}):
            raise forms.ValidationError(f"Send each section once: {', '.join(doubled)}", code="sent_twice")
        return sections


def _reason(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": f"Answer ‘{label}’"},
    )


class SubmitSitrep(forms.GovukForm):
    """Submitting asks nothing more: the text is what is submitted."""


class ReturnSitrep(forms.GovukForm):
    reason = _reason("What should be changed?")


class ApproveSitrep(forms.GovukForm):
    second_check = forms.ChoiceField(
        label="Has somebody checked it who did not write it?",
        choices=SecondCheck.choices,
        widget=forms.Radios,
        required=False,
        help_text="Left open: done, when whoever approves it did not write it",
    )

    def clean_second_check(self) -> str:
        return self.cleaned_data["second_check"] or SecondCheck.DONE


class IssueSitrep(forms.GovukForm):
    recipients = forms.ReferenceListField(
        lookup=accounts.person_by_email,
        kind="person",
        label="Who else should be told?",
        required=False,
        help_text="E-mail addresses, one a line. IMT, the authors and the groups' people are told in any case",
    )


@with_acting_reason
class SecondCheckDone(forms.GovukForm):
    finding = forms.CharField(
        label="What did you find?",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Correct the report if anything in it is wrong",
        error_messages={"required": "Enter what you found, such as 'Nothing to correct'"},
    )


class CorrectSitrep(forms.GovukForm):
    reason = _reason("What has to be corrected?")


class WithdrawSitrep(forms.GovukForm):
    reason = _reason("Why is it withdrawn?")
