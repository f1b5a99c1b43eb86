"""What is asked when a group is stood up, and when it is stood down."""

from __future__ import annotations

from typing import Any

from accounts import selectors as accounts
from command.enums import GroupKind, GroupLevel, MemberRole
from govuk import forms
from moves.forms import with_acting_reason


class MemberForm(forms.GovukForm):
    person = forms.ReferenceField(
        lookup=accounts.person_by_email, kind="person", label="Who?", help_text="Their e-mail address"
    )
    role = forms.ChoiceField(label="As what?", choices=MemberRole.choices, required=False)

    def clean_role(self) -> str:
        return self.cleaned_data["role"] or MemberRole.MEMBER


@with_acting_reason
class GroupStandUp(forms.GovukForm):
    """Setting up any group considers its purpose and how it will end (IMP-3.16)."""

    kind = forms.ChoiceField(label="What kind of group?", choices=GroupKind.choices, widget=forms.Select)
    name = forms.CharField(
        label="What is it called?", max_length=250, required=False, help_text="Left empty: the kind of group"
    )
    level = forms.ChoiceField(label="At which level does it work?", choices=GroupLevel.choices, widget=forms.Radios)
    chair = forms.ReferenceField(
        lookup=accounts.person_by_email, kind="person", label="Who chairs it?", help_text="Their e-mail address"
    )
    purpose = forms.CharField(
        label="What is it for?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter what the group is for"},
    )
    exit_strategy = forms.CharField(
        label="When will it no longer be needed, and who takes over?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter when it will no longer be needed, and who takes over"},
    )
    members = forms.ListField(
        MemberForm, label="Who else sits on it?", row_label="Member", required=False, max_items=100
    )

    def clean_members(self) -> list[dict[str, Any]]:
        """Each person once: the last role given stands."""
        return list({member["person"].user_id: member for member in self.cleaned_data["members"]}.values())


@with_acting_reason
class GroupStandDown(forms.GovukForm):
    """What a group leaves has a longer-term owner (IMP-3.16)."""

    longer_term_owner = forms.CharField(
        label="Who owns what remains?",
        max_length=250,
        help_text="A person, a team or another organisation",
        error_messages={"required": "Enter who owns what remains"},
    )
    reason = forms.CharField(
        label="Why is it no longer needed?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why it is no longer needed"},
    )
