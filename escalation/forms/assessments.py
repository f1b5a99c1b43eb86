"""The inputs of an assessment against the impact matrix or the NNC criteria."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from escalation.forms.questions import text
from govuk.forms import DateField, GovukForm, GroupField, YesNoField
from incidents.enums import ImpactLevel, Indicator, LeadAuthority, Level
from kernel import clock
from moves.forms import with_acting_reason


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

    def clean_by(self) -> date | None:
        by = self.cleaned_data["by"]
        if by and by < clock.today():
            raise ValidationError("The day by which it could get there must be today or later", code="in_the_past")
        return by


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


@with_acting_reason
class NncConfirmForm(GovukForm):
    """The last version of the NNC assessment stands unchanged at this stage, for a reason (IMP-2.12)."""

    confirms = YesNoField(
        label="Does the last version stand unchanged?", error_messages={"required": "Say that the last version stands"}
    )
    reason = text("Why does it stand unchanged?", rows=2, missing="Enter why the last version stands unchanged")


@with_acting_reason
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
