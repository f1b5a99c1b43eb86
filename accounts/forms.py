"""The questions of the accounts pages."""

from __future__ import annotations

from typing import Any

from accounts import selectors
from govuk import forms
from kernel.actors import Actor


class SignInForm(forms.GovukForm):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address like name@example.gov.uk",
        },
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password"},
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class TokenForm(forms.GovukForm):
    """`hats` are the posts that the token may act as."""

    name = forms.CharField(
        label="What is it for?",
        help_text="So that you recognise it when you want to revoke it.",
        max_length=100,
        error_messages={"required": "Enter what the token is for"},
    )
    post = forms.ChoiceField(
        label="Which post does it act as?",
        required=False,
        widget=forms.Radios,
    )

    def __init__(self, *args: Any, hats: list[Actor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["post"]
        if hats and isinstance(choice, forms.ChoiceField):
            choice.choices = [(hat.post, hat.label) for hat in hats]
            choice.initial = hats[0].post
        else:
            del self.fields["post"]


class PeriodForm(forms.GovukForm):
    """Somebody has a post over dates."""

    person = forms.ReferenceField(
        lookup=selectors.user_by_email,
        kind="person",
        label="Who?",
        help_text="Their e-mail address.",
        error_messages={"required": "Enter the person's e-mail address"},
    )
    starts_on = forms.DateField(label="From when?", help_text="Leave empty for today.", required=False)
    ends_on = forms.DateField(
        label="Until when?", help_text="The first day without it. Leave empty for no end.", required=False
    )
