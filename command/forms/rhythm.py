"""What is asked when the battle rhythm changes."""

from __future__ import annotations

from command import rules
from command.enums import RhythmKind
from govuk import forms


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


class RhythmAgree(forms.GovukForm):
    """Agreeing asks nothing: it is agreed to the rhythm as it stands."""
