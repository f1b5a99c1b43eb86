"""The one question of the outbox."""

from __future__ import annotations

from govuk import forms
from notify.enums import EmailChoice


class EmailChoiceForm(forms.GovukForm):
    email = forms.ChoiceField(
        label="When do you want an e-mail about what is not urgent?",
        help_text="Everything stands in your inbox at once in any case. Urgent notices are always sent at once.",
        choices=EmailChoice.choices,
        widget=forms.Radios,
        error_messages={"required": "Choose when you want an e-mail"},
    )
