"""The inputs of every move of the ladder. Each form is their single definition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import selectors as accounts
from accounts.enums import SCG_CHAIR_POSTS, Team
from escalation.enums import ClosureKind, Ground, Recommendation, ReopenGround
from escalation.forms.questions import (
    NAMED_HINT,
    chair_is_scs,
    consultation_complete,
    consulted_scs,
    due,
    justification,
    person,
    reason,
    response_level,
    review,
    text,
)
from govuk.forms import DateTimeField, GovukForm, MultiChoiceField, ReferenceListField, YesNoField
from incidents.enums import LeadAuthority
from incidents.rules import local_authorities_like, local_authority

CHAIR_REASON = "If a chair is not the plan's post or its deputy: why?"


class BeginAssessment(GovukForm):
    note = text("What will be looked at first?", required=False)
    handling_team = forms.ChoiceField(
        label="Handling team",
        required=False,
        choices=[("", "Leave it with the present team"), *Team.choices],
        help_text="The team that will look after the case from here",
    )


class HandleInFunction(GovukForm):
    reason = reason("Why can the team deal with this itself?")
    plan = text("What will the team do?", missing="Enter what the team will do")
    review_on = review()
    justification = justification()


class ReferToDeputyDirector(GovukForm):
    reason = reason("Why should the Deputy Director look at this?")


class ReturnToFunction(GovukForm):
    reason = reason("Why can it go back to the team?")
    plan = text("What should the team do?", missing="Enter what the team should do")
    review_on = review()


class ImtEscalate(GovukForm):
    reason = reason("Why can this not wait?")


class HandOver(GovukForm):
    lead_kind = forms.ChoiceField(
        label="Who takes the lead?",
        choices=[
            choice
            for choice in LeadAuthority.choices
            if choice[0] in (LeadAuthority.LOCAL_AUTHORITY, LeadAuthority.OTHER_REGULATOR)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who takes the lead"},
    )
    authority = forms.CharField(
        label="Which one?",
        max_length=250,
        help_text="A local authority by its name or GSS code, such as Leeds City Council or E08000035",
        error_messages={"required": "Enter the name of the authority"},
    )
    others = text("Which others are involved?", required=False, rows=2)
    support = text("What does OPSS do in support?", required=False, rows=2)
    reason = reason("Why should they lead?")
    review_on = review()
    justification = justification()
    exception_reason = text("If an NNC criterion is met: why should OPSS not lead all the same?", required=False)

    def clean(self) -> dict[str, Any]:
        """A local authority is the one on record, with its code; another regulator goes by the name that was given."""
        cleaned = super().clean()
        named = cleaned.get("authority")
        if named and cleaned.get("lead_kind") == LeadAuthority.LOCAL_AUTHORITY:
            if found := local_authority(named):
                cleaned["authority"] = found
            else:
                self.add_error("authority", ValidationError(_no_authority(named), code="unknown_reference"))
        return cleaned


def _no_authority(named: str) -> str:
    likely = " or ".join(str(found) for found in local_authorities_like(named))
    mend = f"Did you mean {likely}?" if likely else "Enter its official name or its GSS code"
    return f"No local authority goes by ‘{named.strip()}’. {mend}"


class Monitor(GovukForm):
    reason = reason("Why is nothing more done for now?")
    watch_for = text("What would bring it back?", missing="Enter what would bring it back")
    review_on = review()
    justification = justification()


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
    consulted_scs = consulted_scs()
    consulted_how = text("How were they consulted?", required=False, rows=2)
    consulted_at = DateTimeField(label="When were they consulted?", required=False)
    chair = person(
        "Who will chair the conference?",
        hint="E-mail address. Left empty: you when you are a Deputy Director or higher, else the person consulted. "
        "Only a Deputy Director or higher can declare an incident",
    )
    proposed_at = DateTimeField(label="When should it meet?", required=False)

    def clean_chair(self) -> Any:
        return chair_is_scs(self.cleaned_data["chair"])

    def clean(self) -> dict[str, Any]:
        return consultation_complete(self, super().clean())


class RequestInformation(GovukForm):
    what = text("What does the conference want to know?", missing="Enter what the conference wants to know")
    team = forms.ChoiceField(
        label="Which team is asked?", choices=Team.choices, error_messages={"required": "Choose a team"}
    )
    due = due()


class AgreeCoordination(GovukForm):
    arrangement = text("Who does what?", missing="Enter who does what")
    lead_team = forms.ChoiceField(
        label="Which team leads?", choices=Team.choices, error_messages={"required": "Choose the team that leads"}
    )
    review_on = review()


class DeclareIncident(GovukForm):
    title = forms.CharField(
        label="What shall the incident be called?",
        max_length=250,
        strip=False,
        error_messages={"required": "Enter a title for the incident"},
    )
    significant_risk = YesNoField(
        label="Is there a significant risk of a product hurting people, or damaging places or nature?",
        required=False,
    )
    significant_risk_reason = text("What shows it?", required=False)
    mitigation_likely = YesNoField(label="Is action by OPSS likely to reduce that risk?", required=False)
    mitigation_reason = text("How?", required=False)
    took_part = ReferenceListField(
        accounts.person_by_email,
        kind="person",
        label="Who took part in the conference besides the chair?",
        required=False,
        help_text="E-mail addresses, one a line",
    )
    response_level = response_level()
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
    chair_reason = text(CHAIR_REASON, required=False, rows=2)
    equality = text(
        "Who could be affected differently, and what follows from that?",
        required=False,
        hint="Think of age, disability, language and the other protected characteristics. 'Not known yet' will do: it "
        "makes a task to find out",
    )
    resume = forms.CharField(
        label="Does an earlier incident come back?",
        required=False,
        max_length=20,
        help_text="Its reference, such as INC-2026-0007, when this is a new phase of it. Left empty: a new incident",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("chair_reason"):
            return cleaned
        for name, kinds, who in (
            ("scg_chair", SCG_CHAIR_POSTS, "the Deputy Director, Targeting or the Deputy Chief Executive, Evidence"),
            ("tcg_chair", ("dd.", "ftl."), "a Deputy Director or a Functional Team Leader"),
        ):
            chair = cleaned.get(name)
            if chair and not any(post.startswith(kinds) for post in (*chair.posts, *chair.deputises)):
                message = f"This chair is not {who}, nor a named deputy: say why under ‘{CHAIR_REASON}’"
                self.add_error(name, ValidationError(message, code="chair_reason_missing"))
        return cleaned


class JoinIncident(GovukForm):
    incident = forms.CharField(
        label="Which incident?", required=False, max_length=20, help_text="Its reference, such as INC-2026-0007"
    )
    reason = reason("Why does it belong to that incident?")
    changes_the_picture = YesNoField(
        label="Does it change the picture of that incident?",
        error_messages={"required": "Say whether it changes the picture"},
    )


class OpenSupportingResponse(GovukForm):
    title = forms.CharField(
        label="What shall the response be called?",
        max_length=250,
        strip=False,
        error_messages={"required": "Enter a title for the response"},
    )
    lead_department = forms.CharField(
        label="Which department leads?",
        max_length=250,
        strip=False,
        error_messages={"required": "Enter the department that leads"},
    )
    requested_by = text("Who asked OPSS?", required=False, rows=2)
    asked_of_opss = text("What is asked of OPSS?", required=False)
    response_level = response_level()
    lead_person = person("Who leads for OPSS?", required=True)
    consulted_scs = consulted_scs()
    consulted_how = text("How were they consulted?", required=False, rows=2)
    consulted_at = DateTimeField(label="When were they consulted?", required=False)

    def clean(self) -> dict[str, Any]:
        return consultation_complete(self, super().clean())


class Merge(GovukForm):
    into = forms.CharField(
        label="Into which issue?", required=False, max_length=20, help_text="Its reference, such as ISS-2026-00042"
    )
    reason = reason("What shows that it is the same matter?")


class Unmerge(GovukForm):
    reason = reason("What shows that it is another matter?")


class Reopen(GovukForm):
    ground = forms.ChoiceField(
        label="On what ground?", required=False, choices=[("", "Choose one"), *ReopenGround.choices]
    )
    what_changed = text("What has changed?", missing="Enter what has changed")
    evidence = text("What shows it?", required=False)


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
    second_person = person("At high or above: who else looked at it?", hint=f"E-mail address. {NAMED_HINT}")
