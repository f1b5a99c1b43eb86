"""The inputs of what is asked about a case beside the ladder, and of the answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from escalation.enums import ReopenGround
from escalation.forms.questions import DueField, person, text
from govuk.forms import GovukForm, YesNoField
from incidents.enums.requests import ChallengeOutcome, Challenger, HelpOutcome, ReopenOutcome


class ChallengeForm(GovukForm):
    raised_by = forms.ChoiceField(
        label="Who challenges the closure?",
        choices=Challenger.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who challenges the closure"},
    )
    points = text("Which points are made?", rows=8, missing="Enter the points made against the closure")


class ReviewerForm(GovukForm):
    reviewer = person(
        "Who looks at it afresh?",
        required=True,
        hint="E-mail address, also your own. Neither whoever closed the case nor whoever challenges it. "
        "They may read the case from then on",
    )


class ChallengeAnswerForm(GovukForm):
    outcome = forms.ChoiceField(
        label="What do you find?",
        choices=ChallengeOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the challenge is upheld"},
    )
    reply = text("The reply to each point", rows=8, missing="Enter the reply")


class ConfirmForm(GovukForm):
    agrees = YesNoField(
        label="Was it as it is recorded?", error_messages={"required": "Choose whether it was as it is recorded"}
    )
    said = text("If not: what was otherwise?", required=False, hint="Stays beside the decision, which it does not undo")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("agrees") is False and not cleaned.get("said", "").strip():
            self.add_error("said", ValidationError("Enter what was otherwise", code="required"))
        return cleaned


class HelpForm(GovukForm):
    authority = forms.CharField(
        label="Who asks?",
        max_length=250,
        help_text="The authority, and its officer where one is named",
        error_messages={"required": "Enter who asks for help"},
    )
    what = text("What do they ask OPSS for?", missing="Enter what is asked for")
    due = DueField(label="By when, if they said?", required=False)


class HelpAnswerForm(GovukForm):
    outcome = forms.ChoiceField(
        label="Is the help given?",
        choices=HelpOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the help is given"},
    )
    reply = text("What is given, or why is it refused?", missing="Enter what is given, or why it is refused")


class ReopenAskForm(GovukForm):
    """The inputs of the move `reopen`, but for the ground that is IMT's own."""

    ground = forms.ChoiceField(
        label="On what ground?",
        choices=[choice for choice in ReopenGround.choices if choice[0] != ReopenGround.IMT_DISAGREES],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the ground for reopening"},
    )
    what_changed = text("What has changed?", missing="Enter what has changed")
    evidence = text("What shows it?", required=False)


class ReopenAnswerForm(GovukForm):
    outcome = forms.ChoiceField(
        label="What does IMT decide?",
        choices=ReopenOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the case is reopened"},
    )
    reply = text("If it is declined: why?", required=False, hint="Whoever asked is told")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome") == ReopenOutcome.DECLINED and not cleaned.get("reply"):
            self.add_error("reply", ValidationError("Enter why the case is not reopened", code="required"))
        return cleaned
