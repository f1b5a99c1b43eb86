"""The inputs of what waits for a meeting."""

from __future__ import annotations

from django import forms

from escalation.forms.questions import text
from govuk.forms import GovukForm
from incidents.enums import AgendaBody


class TakeUpForm(GovukForm):
    outcome = text("What came of it?", missing="Enter what came of it")


class AgendaForm(GovukForm):
    """Whose agenda is asked for."""

    body = forms.ChoiceField(
        label="Which body?", required=False, choices=[("", AgendaBody.CAM.label), *AgendaBody.choices]
    )
