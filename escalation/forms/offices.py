"""The inputs of what changes beside the stage: whose the case is, and who chairs or leads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.enums import Team
from escalation.forms.questions import chair_is_scs, person, text
from govuk.forms import GovukForm, YesNoField


class ReassignTeam(GovukForm):
    team = forms.ChoiceField(
        label="Which team handles it from here?",
        choices=Team.choices,
        error_messages={"required": "Choose the team that handles it from here"},
    )
    reason = text("Why?", missing="Enter why another team should handle it")


class ChangeChair(GovukForm):
    chair = person(
        "Who chairs the conference from here?",
        required=True,
        hint="E-mail address of a senior civil servant. Only a Deputy Director or higher can declare an incident",
    )
    reason = text("Why?", missing="Enter why somebody else should chair")

    def clean_chair(self) -> Any:
        return chair_is_scs(self.cleaned_data["chair"])


class ChangeScsLead(GovukForm):
    scs_lead = person("Who leads CAM-EP from here?", hint="E-mail address of the senior civil servant")
    reason = text("Why?", missing="Enter why somebody else should lead")


class SetDanger(GovukForm):
    danger_now = YesNoField(
        label="Could somebody be hurt now?", error_messages={"required": "Say whether somebody could be hurt now"}
    )
    reason = text("What shows it?", missing="Enter what shows it: others were alarmed by it, or will be")


class SetProductSafety(GovukForm):
    is_product_safety = YesNoField(
        label="Is this about the safety of a product?",
        error_messages={"required": "Say whether this is about the safety of a product"},
    )
    reason = text(
        "If it is not: why?", required=False, hint="The NNC criteria are then not asked for, so IMT is told why"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("is_product_safety") is False and not cleaned.get("reason"):
            message = "Enter why this is not about the safety of a product"
            self.add_error("reason", ValidationError(message, code="required"))
        return cleaned
