"""The inputs of every move of the ladder and of the assessments made on it. Each form is their single definition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import selectors as accounts
from accounts.enums import Team
from escalation.enums import ClosureKind, Ground, Recommendation
from govuk.forms import DateField, DateTimeField, GovukForm, GroupField, MultiChoiceField, ReferenceField, YesNoField
from incidents.enums import ImpactLevel, Indicator, LeadAuthority, Level, ResponseLevel
from kernel import clock

TEXT = 20_000
SCG_CHAIR_POSTS = ("dceo.evidence", "dd.targeting")


def text(label: str, *, required: bool = True, rows: int = 4, hint: str = "", missing: str = "") -> forms.CharField:
    """A plain-text answer of up to 20,000 characters."""
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
        error_messages={"required": missing or f"Enter an answer to '{label}'"},
    )


def person(label: str, *, required: bool = False, hint: str = "") -> ReferenceField:
    """A person, named by e-mail address."""
    return ReferenceField(
        accounts.person_by_email, kind="person", label=label, required=required, help_text=hint or "E-mail address"
    )


def reason(label: str = "Why?") -> forms.CharField:
    return text(label, missing="Enter the reason for this move")


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
    information_wanted = text(
        "What must be found out?", missing="Enter what CAM-EP must find out"
    )
    due = DateField(label="By when?", error_messages={"required": "Enter the day by which it is wanted"})
    exception_reason = text(
        "If no NNC criterion is met or OPSS does not lead: why are incident triggers likely all the same?",
        required=False,
    )

    def clean_due(self) -> Any:
        due = self.cleaned_data["due"]
        if due and due < clock.today():
            raise ValidationError("The day by which it is wanted must be today or later", code="in_the_past")
        return due


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
            self.add_error("consulted_at", ValidationError("The consultation must be in the past", code="in_the_future"))
        return cleaned


class DeclareIncident(GovukForm):
    title = forms.CharField(
        label="What shall the incident be called?",
        max_length=250,
        strip=False,
        error_messages={"required": "Enter a title for the incident"},
    )
    significant_risk = YesNoField(
        label="Is there a significant risk of product-related harm to people, places or the environment?", required=False
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
    chair_reason = text(
        "If a chair is not the plan's post or its deputy: why?", required=False, rows=2
    )
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
    justification = text(
        "At medium or above: what justifies closing it at this level?", required=False
    )
    feedback = text(
        "What is the originator told, or why are they told nothing?", required=False
    )
    second_person = person("At high or above: who else looked at it?")


class Rating(GovukForm):
    """One indicator. Which levels it may have is `Ratings`' to say."""

    level = forms.ChoiceField(
        label="Level",
        choices=Level.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a level"},
    )
    reason = text("Reason", required=False, rows=2)


class NonComplianceRating(Rating):
    """Non-compliance without a safety issue has no critical level (IMP-T1)."""

    level = forms.ChoiceField(
        label="Level",
        choices=[choice for choice in Level.choices if choice[0] != Level.CRITICAL],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose a level",
            "invalid_choice": "Non-compliance without a safety issue cannot be critical: choose another level",
        },
    )


class Ratings(GovukForm):
    """The eight indicators of the matrix (IMP-T1). One that is left out is not known yet."""

    public_safety = GroupField(Rating, label=Indicator.PUBLIC_SAFETY.label, required=False)
    non_compliance = GroupField(NonComplianceRating, label=Indicator.NON_COMPLIANCE.label, required=False)
    remedial_action = GroupField(Rating, label=Indicator.REMEDIAL_ACTION.label, required=False)
    public_confidence = GroupField(Rating, label=Indicator.PUBLIC_CONFIDENCE.label, required=False)
    media_interest = GroupField(Rating, label=Indicator.MEDIA_INTEREST.label, required=False)
    reputational_risk = GroupField(Rating, label=Indicator.REPUTATIONAL_RISK.label, required=False)
    financial_risk = GroupField(Rating, label=Indicator.FINANCIAL_RISK.label, required=False)
    ministerial_interest = GroupField(Rating, label=Indicator.MINISTERIAL_INTEREST.label, required=False)


class CouldReach(GovukForm):
    """What the issue could become, by when and why (IMP-2.4)."""

    level = forms.ChoiceField(
        label="Level it could reach",
        choices=[choice for choice in ImpactLevel.choices if choice[0] != ImpactLevel.NOT_KNOWN_YET],
        error_messages={"required": "Choose the level it could reach"},
    )
    by = DateField(label="By when?", required=False)
    why = text("Why?", rows=2, missing="Enter why it could reach that level")


class ImpactForm(GovukForm):
    """An assessment against the matrix, or `confirms` with a reason: the last one stands unchanged."""

    ratings = GroupField(Ratings, label="Indicators", required=False)
    overall = forms.ChoiceField(
        label="Overall",
        required=False,
        choices=[("", "As proposed: the highest indicator"), *ImpactLevel.choices],
    )
    overall_reason = text("If it differs from what is proposed: why?", required=False, rows=2)
    could_reach = GroupField(CouldReach, label="What it could reach", required=False)
    confirms = YesNoField(label="Does the last assessment stand unchanged?", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("confirms"):
            if not cleaned.get("overall_reason") and "overall_reason" not in self.errors:
                message = "Enter the reason why the last assessment stands unchanged"
                self.add_error("overall_reason", ValidationError(message, code="required"))
            if any((cleaned.get("ratings") or {}).values()):
                message = "Either confirm the last assessment or rate the indicators, not both"
                self.add_error("ratings", ValidationError(message, code="both"))
        elif not any((cleaned.get("ratings") or {}).values()) and "ratings" not in self.errors:
            self.add_error("ratings", ValidationError("Rate at least one indicator", code="required"))
        return cleaned


class Criterion(GovukForm):
    met = YesNoField(label="Met?", error_messages={"required": "Say whether it is met"})
    reason = text("Reason", rows=2, missing="Enter the reason")


class NncForm(GovukForm):
    """Nationally significant, novel, contentious, and who leads as a result (IMP-2.10)."""

    nationally_significant = GroupField(
        Criterion,
        label="Nationally significant",
        help_text="The work or the expertise is beyond a local authority, or public concern is high across the nation",
    )
    novel = GroupField(Criterion, label="Novel", help_text="The risk of using the product is not known or not measured")
    contentious = GroupField(
        Criterion, label="Contentious", help_text="One answer from the centre is needed, or parties will dispute it"
    )
    lead_authority = forms.ChoiceField(
        label="Who leads?",
        choices=[choice for choice in LeadAuthority.choices if choice[0] != LeadAuthority.UNDETERMINED],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who leads"},
    )
