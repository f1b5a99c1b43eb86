"""What is asked when the battle rhythm changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from command import rules
from command.enums import RhythmKind
from govuk import forms
from kernel import clock

# Whoever reads the rhythm counts on from its start: a start in another century would keep all waiting.
FURTHEST = timedelta(days=10 * 366)


class RhythmAdd(forms.GovukForm):
    kind = forms.ChoiceField(label="What happens?", choices=RhythmKind.choices, widget=forms.Radios)
    title = forms.CharField(label="What is it called?", max_length=250)
    starts_at = forms.DateTimeField(
        label="When does it happen first?", error_messages={"required": "Enter when it happens first"}
    )
    recurrence = forms.CharField(
        label="How often does it come back?",
        max_length=300,
        help_text="As a rule of RFC 5545, such as FREQ=DAILY or FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=9;BYMINUTE=30",
    )

    def clean_recurrence(self) -> str:
        try:
            return rules.recurrence_checked(self.cleaned_data["recurrence"])
        except rules.RecurrenceProblem as problem:
            raise forms.ValidationError(str(problem), code="bad_recurrence") from None

    def clean_starts_at(self) -> datetime:
        starts_at: datetime = self.cleaned_data["starts_at"]
        if abs(starts_at - clock.now()) > FURTHEST:
            raise forms.ValidationError("The first time must be within ten years of today", code="too_far")
        return starts_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        rule, start = cleaned.get("recurrence"), cleaned.get("starts_at")
        if rule and start and rules.next_occurrence(rule, start, after=start - timedelta(seconds=1)) is None:
            self.add_error("recurrence", forms.ValidationError("This never happens", code="bad_recurrence"))
        return cleaned


class RhythmAgree(forms.GovukForm):
    """Agreeing asks nothing: it is agreed to the rhythm as it stands."""
