"""The inputs of work on a case: its facts, its evidence, what is asked of teams."""

from __future__ import annotations

from django import forms

from accounts.enums import Team
from escalation.forms.questions import due, text
from govuk.forms import GovukForm, MultiChoiceField
from incidents.enums import CommissionKind, CommissionStatus, EvidenceKind, Nation, RegulatoryArea


class IssueEditForm(GovukForm):
    """Facts of an issue that may be put right. Sensitivity, product safety and team have doors of their own."""

    title = forms.CharField(label="Title", max_length=250, error_messages={"required": "Enter a title"})
    summary = text("What happened?", missing="Enter what happened")
    regulatory_area = forms.ChoiceField(label="Regulatory area", choices=RegulatoryArea.choices)
    nations = MultiChoiceField(label="Nations affected", required=False, choices=Nation.choices)


class EvidenceForm(GovukForm):
    kind = forms.ChoiceField(
        label="What kind of evidence is it?",
        choices=EvidenceKind.choices,
        error_messages={"required": "Choose the kind of evidence"},
    )
    title = forms.CharField(label="Title", max_length=250, error_messages={"required": "Enter a title"})
    body = text("What does it say?", required=False, rows=8)


class CommissionForm(GovukForm):
    kind = forms.ChoiceField(
        label="What is wanted?",
        choices=CommissionKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is wanted"},
    )
    what = text("Describe it", missing="Enter what is wanted")
    team = forms.ChoiceField(label="Of which team?", choices=Team.choices, error_messages={"required": "Choose a team"})
    due = due()


class CommissionSettleForm(GovukForm):
    outcome = forms.ChoiceField(
        label="What became of it?",
        choices=[choice for choice in CommissionStatus.choices if choice[0] != CommissionStatus.ASKED],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what became of it"},
    )
    result = text("The answer, or why it is waived", rows=8, missing="Enter the answer, or why it is waived")
