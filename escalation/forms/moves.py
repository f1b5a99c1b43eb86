"""The inputs of every move of the ladder. Each form is their single definition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.enums import Team
from escalation.enums import ClosureKind, Ground, Recommendation
from escalation.forms.questions import TEXT, due, person, reason, text
from govuk.forms import DateTimeField, GovukForm, MultiChoiceField, YesNoField
from incidents.enums import ResponseLevel
from kernel import clock

SCG_CHAIR_POSTS = ("dceo.evidence", "dd.targeting")


class BeginAssessment(GovukForm):
    note = text("What will be looked at first?", required=False)
    handling_team = forms.ChoiceField(
        label="Handling team",
        required=False,
        choices=[("", "Leave it with the present team"), *Team.choices],
        help_text="The team that will look after the case from here",
    )


class SubmitToCam(GovukForm):
    reason = reason("Why should CAM look at this?")


class RecommendToTtg(GovukForm):
    recommendation = forms.ChoiceField(
        label="What does CAM recommend?",
        choices=Recommendation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what CAM recommends"},
    )
    reason = reason("Why does CAM recommend this?")
    exception_reason = text(
        "If no NNC criterion is met or OPSS does not lead: why are incident triggers likely all the same?",
        required=False,
    )


class ActivateCamEp(GovukForm):
    scs_lead = person("Who leads CAM-EP?", hint="E-mail address of the senior civil servant")
    information_wanted = text("What must be found out?", missing="Enter what CAM-EP must find out")
    due = due()
    exception_reason = text(
        "If no NNC criterion is met or OPSS does not lead: why are incident triggers likely all the same?",
        required=False,
    )


class RequestCaseConference(GovukForm):
    grounds = MultiChoiceField(label="On what grounds?", required=False, choices=Ground.choices)
    reason = reason("Why is a case conference needed?")
    consulted_scs = person(
        "Which senior civil servant was consulted?",
        hint="E-mail address. Not needed when a Deputy Director or higher asks",
    )
    consulted_how = text("How were they consulted?", required=False, rows=2)
    consulted_at = DateTimeField(label="When were they consulted?", required=False)
    chair = person(
        "Who will chair the conference?",
        hint="E-mail address. Left empty: you when you are a Deputy Director or higher, else the person consulted. "
        "Only a Deputy Director or higher can declare an incident",
    )
    proposed_at = DateTimeField(label="When should it meet?", required=False)

    def clean_chair(self) -> Any:
        chair = self.cleaned_data["chair"]
        if chair and not chair.scs:
            raise ValidationError("The chair must hold a senior civil servant's post", code="not_scs")
        return chair

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("consulted_scs"):
            for name, message in (
                ("consulted_how", "Enter how they were consulted"),
                ("consulted_at", "Enter when they were consulted"),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(message, code="required"))
        if (consulted_at := cleaned.get("consulted_at")) and consulted_at > clock.now():
            self.add_error(
                "consulted_at", ValidationError("The consultation must be in the past", code="in_the_future")
            )
        return cleaned


class DeclareIncident(GovukForm):
    title = forms.CharField(
        label="What shall the incident be called?",
        max_length=250,
        strip=False,
        error_messages={"required": "Enter a title for the incident"},
    )
    significant_risk = YesNoField(
        label="Is there a significant risk of product-related harm to people, places or the environment?",
        required=False,
    )
    significant_risk_reason = text("What shows it?", required=False)
    mitigation_likely = YesNoField(label="Is action by OPSS likely to reduce that risk?", required=False)
    mitigation_reason = text("How?", required=False)
    took_part = forms.CharField(
        label="Who took part in the conference besides the chair?",
        required=False,
        strip=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Names and posts, one a line",
    )
    response_level = forms.ChoiceField(
        label="At which level will OPSS respond?",
        choices=ResponseLevel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the level of the response"},
    )
    policy_owner = forms.CharField(
        label="Which department owns the policy?",
        max_length=250,
        strip=False,
        error_messages={"required": "Enter the department that owns the policy"},
    )
    lead_department = forms.CharField(
        label="Which department leads the response?",
        max_length=250,
        strip=False,
        error_messages={"required": "Enter the department that leads the response"},
    )
    scg_chair = person("Who chairs the SCG?", hint="E-mail address. Left empty: whoever holds the plan's post now")
    tcg_chair = person(
        "Who chairs the TCG?", hint="E-mail address. Left empty: the Deputy Director of the handling team's function"
    )
    chair_reason = text("If a chair is not the plan's post or its deputy: why?", required=False, rows=2)
    equality = text(
        "Who could be affected differently, and what follows from that?",
        required=False,
        hint="Think of age, disability, language and the other protected characteristics. 'Not known yet' will do: it "
        "makes a task to find out",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("chair_reason"):
            return cleaned
        for name, kinds, who in (
            ("scg_chair", SCG_CHAIR_POSTS, "the Deputy Chief Executive, Evidence or the Deputy Director, Targeting"),
            ("tcg_chair", ("dd.", "ftl."), "a Deputy Director or a Functional Team Leader"),
        ):
            chair = cleaned.get(name)
            if chair and not any(post.startswith(kinds) for post in (*chair.posts, *chair.deputises)):
                message = f"This chair is not {who}, nor a named deputy: say why under 'chair_reason'"
                self.add_error(name, ValidationError(message, code="chair_reason_missing"))
        return cleaned


class Close(GovukForm):
    closure_kind = forms.ChoiceField(
        label="How did it end?",
        choices=ClosureKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it ended"},
    )
    reason = reason("Why can it be closed?")
    justification = text("At medium or above: what justifies closing it at this level?", required=False)
    feedback = text("What is the originator told, or why are they told nothing?", required=False)
    second_person = person("At high or above: who else looked at it?")
