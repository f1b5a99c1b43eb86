"""The questions of the accounts pages."""

from __future__ import annotations

from typing import Any

from accounts import selectors, telephone
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


class KeyboardForm(forms.GovukForm):
    """Which keys of one letter do something by themselves."""

    slash_searches = forms.YesNoField(
        label="Does the key / go to the search box?",
        help_text="Choose no if you speak to your computer, or press keys without meaning to.",
        error_messages={"required": "Say whether the key / goes to the search box"},
    )


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


class TelephonesForm(forms.GovukForm):
    """The numbers of a post. Sending them says that they are right today; sending none removes them."""

    office = forms.CharField(
        label="In the office",
        help_text="Leave both empty to remove the numbers.",
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    out_of_hours = forms.CharField(
        label="Out of hours",
        help_text="What somebody rings at two in the morning.",
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def clean_office(self) -> str:
        return _number(self.cleaned_data["office"])

    def clean_out_of_hours(self) -> str:
        return _number(self.cleaned_data["out_of_hours"])


def _number(text: str) -> str:
    """The number as it is kept; empty where none was sent."""
    if not text:
        return ""
    number = telephone.read(text)
    if number is None:
        raise forms.ValidationError(telephone.HOW_TO_WRITE, code="bad_telephone")
    return number
