"""The inputs of each move of an incident."""

from __future__ import annotations

from datetime import date, datetime

from govuk import forms
from incidents.enums import ResponseLevel
from kernel import clock


def _text(label: str, *, missing: str = "", hint: str = "", rows: int = 3) -> forms.CharField:
    """A plain-text answer; one without `missing` may be left out, so that its absence is told with what else blocks."""
    return forms.CharField(
        label=label,
        required=bool(missing),
        strip=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
        error_messages={"required": missing},
    )


def _reason(label: str) -> forms.CharField:
    return _text(label, missing=f"Answer ‘{label}’")


class ChangeLevel(forms.GovukForm):
    level = forms.ChoiceField(
        label="At which level will OPSS respond?",
        choices=ResponseLevel.choices,
        widget=forms.Radios,
        error_messages={"required": "Choose the level of the response"},
    )
    reason = _reason("What has changed in severity, scale, impact or expectation?")


class ResidualActivityForm(forms.GovukForm):
    what = forms.CharField(
        label="What remains to be done?", error_messages={"required": "Enter what remains to be done"}
    )
    owner = forms.CharField(
        label="Who owns it?",
        max_length=250,
        help_text="A person, a team or another organisation",
        error_messages={"required": "Enter who owns it"},
    )


class ProposeDeEscalation(forms.GovukForm):
    plan = forms.ListField(
        ResidualActivityForm, label="What goes on afterwards?", row_label="Activity", required=False, max_items=50
    )
    exit_criteria_met = _text(
        "Which exit criteria are met, and what shows it?", missing="Enter which exit criteria are met"
    )


class AgreeDeEscalation(forms.GovukForm):
    scg_consulted_who = _text(
        "Who of the SCG was consulted?", rows=2, hint="Needed once: left empty when the other party has recorded it"
    )
    scg_consulted_when = forms.DateTimeField(label="When were they consulted?", required=False)
    scg_view = _text("What is the SCG's view?", hint="It is consulted; its consent is not needed")

    def clean_scg_consulted_when(self) -> datetime | None:
        when = self.cleaned_data["scg_consulted_when"]
        if when and when > clock.now():
            raise forms.ValidationError("The consultation must be in the past", code="in_the_future")
        return when


class MonitorIncident(forms.GovukForm):
    group = forms.CharField(
        label="Which group watches it, or who owns it from here?",
        required=False,
        max_length=250,
        help_text="The monitoring group, or the person, team or organisation that owns it in the longer term",
    )
    review_on = forms.DateField(
        label="When is it looked at again?", error_messages={"required": "Enter the day on which it is looked at again"}
    )

    def clean_review_on(self) -> date:
        day = self.cleaned_data["review_on"]
        if day <= clock.today():
            raise forms.ValidationError("The day of the review must be after today", code="in_the_past")
        return day


class ResumeIncident(forms.GovukForm):
    reason = _reason("Why is the full response needed again?")


class CloseIncident(forms.GovukForm):
    reason = _reason("Why can the incident be closed?")


class CompleteReview(forms.GovukForm):
    reason = forms.CharField(
        label="What is to be said of it?", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
