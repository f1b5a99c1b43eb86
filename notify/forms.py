"""The questions of the outbox."""

from __future__ import annotations

from typing import Any

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


class InboxForm(forms.GovukForm):
    """What a program may narrow the inbox by."""

    unread = forms.ChoiceField(label="Unread only", required=False, choices=[("true", "Yes"), ("false", "No")])


class NoticesReadForm(forms.GovukForm):
    """What has been read: one notice, or all about one case. An empty `about` stands for what is about no case."""

    notice = forms.IntegerField(label="The id of the notice", required=False, min_value=1)
    about = forms.CharField(label="The reference of the case", required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        sent = {"notice", "about"} & set(self.given)
        if sent == {"notice", "about"}:
            raise forms.ValidationError("Send ‘notice’ or ‘about’, not both", code="both")
        if not sent or ("notice" in sent and "notice" not in self.errors and self.cleaned_data["notice"] is None):
            raise forms.ValidationError("Send ‘notice’, its id, or ‘about’, the reference of a case", code="required")
        return self.cleaned_data
