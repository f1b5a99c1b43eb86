"""The inputs of a review."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.enums import Team
from govuk import forms
from kernel import clock
from readiness.enums import Element, LessonState


def _text(label: str, *, required: bool = False, missing: str = "", hint: str = "") -> forms.CharField:
    messages = {"required": missing} if missing else {}
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=messages,
    )


def _element() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Which element of the plan?",
        choices=Element.choices,
        error_messages={"required": "Choose the element of the plan"},
    )


class FindingForm(forms.GovukForm):
    element = _element()
    worked = _text("What worked?")
    did_not_work = _text("What did not?")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (cleaned.get("worked") or "").strip() and not (cleaned.get("did_not_work") or "").strip():
            message = "Enter what worked, or what did not"
            self.add_error("worked", forms.ValidationError(message, code="required"))
        return cleaned


class LessonForm(forms.GovukForm):
    element = _element()
    lesson = _text("What is the lesson?", required=True, missing="Enter the lesson")
    recommendation = _text(
        "What should change?", hint="It can be left open until the review is completed, as can who owns it and by when"
    )
    team = forms.ChoiceField(
        label="Which team owns that?", choices=[("", "Not decided yet"), *Team.choices], required=False
    )
    due = forms.DateField(label="By when?", required=False)

    def __init__(self, *args: Any, stood: date | None = None, **kwargs: Any) -> None:
        """`stood` is the day on record: it may stay where it has passed meanwhile."""
        super().__init__(*args, **kwargs)
        self.stood = stood

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due and due < clock.today() and due != self.stood:
            raise forms.ValidationError("The day by which it is due must be today or later", code="in_the_past")
        return due


class SettleForm(forms.GovukForm):
    outcome = forms.ChoiceField(
        label="How did it end?",
        choices=[(state.value, state.label) for state in LessonState if state != LessonState.OPEN],
        widget=forms.Radios,
        error_messages={"required": "Choose how it ended"},
    )
    answer = _text(
        "What shows it, or why is it not taken up?",
        required=True,
        missing="Enter what shows that it is done, or why it is not taken up",
    )
