"""The ladder: which move has which inputs, who may make it, and what must be on record first.

The legal sources and targets are the transitions of `models.Escalation`; a meta test holds the two together. Plan
section 2 is the source; each move cites its paragraph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from escalation import authority, forms, rules
from escalation.enums import OPEN_STAGES, ClosureKind, Stage
from escalation.rules import IssueFacts
from moves.machine import Authority, Blocker, InputGuard, Move

S = Stage


def _closing_guard(facts: IssueFacts) -> Blocker | None:
    """The matrix is looked at before closing, save at `reported`, where only 'out of scope' can be said."""
    return None if rules.is_out_of_scope_only(facts) else rules.impact_assessed(facts)


def _scs_not_consulted(facts: IssueFacts, inputs: Mapping[str, Any]) -> bool:
    if facts.by.post in authority.DD_OR_HIGHER_POSTS:
        return False
    consulted = inputs.get("consulted_scs")
    return consulted is None or not consulted.scs or consulted.user_id == facts.by.user_id


GROUNDS = InputGuard(
    code="grounds_missing",
    field="grounds",
    message="Say on which of the three grounds a case conference is needed.",
    cites="IMP-2.15",
    blocks=lambda facts, inputs: not inputs.get("grounds"),
)
SCS_CONSULTED = InputGuard(
    code="scs_not_consulted",
    field="consulted_scs",
    message="Name the senior civil servant, other than yourself, who was consulted before asking.",
    cites="IMP-2.16",
    blocks=_scs_not_consulted,
    wanted=lambda facts: facts.by.post not in authority.DD_OR_HIGHER_POSTS,
)
SCS_LEAD_NAMED = InputGuard(
    code="scs_lead_missing",
    field="scs_lead",
    message="Name the senior civil servant who leads CAM-EP.",
    cites="IMP-2.13",
    blocks=lambda facts, inputs: inputs.get("scs_lead") is None,
)
SCS_LEAD_IS_SCS = InputGuard(
    code="scs_lead_not_scs",
    field="scs_lead",
    message="CAM-EP is led by a senior civil servant; the person named holds no such post.",
    cites="IMP-2.13",
    blocks=lambda facts, inputs: inputs.get("scs_lead") is not None and not inputs["scs_lead"].scs,
    wanted=lambda facts: False,
)
SIGNIFICANT_RISK = InputGuard(
    code="significant_risk_not_shown",
    field="significant_risk_reason",
    message="An incident needs a significant risk of product-related harm, with what shows it.",
    cites="IMP-1.5",
    blocks=lambda facts, inputs: not (inputs.get("significant_risk") and inputs.get("significant_risk_reason")),
)
MITIGATION = InputGuard(
    code="mitigation_not_shown",
    field="mitigation_reason",
    message="An incident needs action by OPSS to be likely to reduce the risk, with how.",
    cites="IMP-1.5",
    blocks=lambda facts, inputs: not (inputs.get("mitigation_likely") and inputs.get("mitigation_reason")),
)
TOOK_PART = InputGuard(
    code="conference_of_one",
    field="took_part",
    message="Name at least one other person who took part: nobody confers alone.",
    cites="IMP-2.17",
    blocks=lambda facts, inputs: not (inputs.get("took_part") or "").strip(),
)
EQUALITY = InputGuard(
    code="equality_not_considered",
    field="equality",
    message="Say who could be affected differently. 'Not known yet' is an answer.",
    cites="IMP-1.7",
    blocks=lambda facts, inputs: not (inputs.get("equality") or "").strip(),
)
OUT_OF_SCOPE_ONLY = InputGuard(
    code="out_of_scope_only",
    field="closure_kind",
    message="Nobody has begun to assess this, so it can only be closed as out of scope.",
    cites="IMP-2.3",
    blocks=lambda facts, inputs: (
        rules.is_out_of_scope_only(facts) and inputs.get("closure_kind") != ClosureKind.OUT_OF_SCOPE
    ),
    wanted=rules.is_out_of_scope_only,
)
JUSTIFICATION = InputGuard(
    code="justification_missing",
    field="justification",
    message="At medium or above, write what justifies closing the case.",
    cites="IMP-2.4",
    blocks=lambda facts, inputs: rules.at_least_medium(facts) and not (inputs.get("justification") or "").strip(),
    wanted=rules.at_least_medium,
)
SECOND_PERSON = InputGuard(
    code="second_person_missing",
    field="second_person",
    message="At high or above, name somebody other than yourself who looked at it too.",
    cites="IMP-2.4",
    blocks=lambda facts, inputs: (
        rules.at_least_high(facts)
        and (inputs.get("second_person") is None or inputs["second_person"].user_id == facts.by.user_id)
    ),
    wanted=rules.at_least_high,
)
FEEDBACK = InputGuard(
    code="feedback_missing",
    field="feedback",
    message="Write what the originator is told, or why they are told nothing.",
    cites="IMP-2.19",
    blocks=lambda facts, inputs: not (inputs.get("feedback") or "").strip(),
)

_CONFERENCE_REQUESTER = authority.dd_or_higher | authority.imt_head | authority.handling_ftl
_SUBMITTER = authority.handling_ftl | authority.handling_dd | authority.imt


def _close_authority() -> dict[str, Authority]:
    """IMT may close at any stage; so may whoever decides there, and the FTL what the team looks after (IMP-2.3)."""
    beside = {S.COORDINATED: authority.imt, S.LED_ELSEWHERE: authority.imt, S.MONITORING: authority.handling_ftl}
    return {stage: authority.imt | (authority.DECIDERS.get(stage) or beside[stage]) for stage in OPEN_STAGES}


MOVES: dict[str, Move] = {
    "begin_assessment": Move(
        form=forms.BeginAssessment,
        meaning="The handling team starts to find out what this is and how bad it could be.",
        cites="IMP-2.3",
        authority={S.REPORTED: authority.handling_ftl | authority.imt},
        outcomes=("The case stands at 'Being assessed', with a target time of its own.",),
        decides=False,
    ),
    "submit_to_cam": Move(
        form=forms.SubmitToCam,
        meaning="CAM considers whether OPSS should intervene or coordinate.",
        cites="IMP-2.5",
        authority={
            **dict.fromkeys(
                (
                    S.REPORTED,
                    S.ASSESSING,
                    S.HANDLED_IN_FUNCTION,
                    S.REFERRED,
                    S.MONITORING,
                    S.LED_ELSEWHERE,
                    S.COORDINATED,
                ),
                _SUBMITTER,
            ),
            S.TTG: authority.ttg_chair,
            S.CAM_EP: authority.scs_lead,
            S.CASE_CONFERENCE: authority.conference_chair,
        },
        guards=(rules.impact_assessed,),
        outcomes=("IMT, which chairs CAM, is told at once.",),
    ),
    "recommend_to_ttg": Move(
        form=forms.RecommendToTtg,
        meaning="CAM recommends that TTG takes this further, because it is for OPSS to lead.",
        cites="IMP-2.6",
        authority={S.CAM: authority.cam_chair},
        guards=(rules.impact_assessed, rules.nnc_assessed, rules.nnc_met, rules.opss_leads),
        outcomes=("The chair of TTG is told at once.",),
    ),
    "activate_cam_ep": Move(
        form=forms.ActivateCamEp,
        meaning="A senior civil servant leads the gathering of a fuller picture, so that a decision can be informed.",
        cites="IMP-2.13",
        authority={S.TTG: authority.ttg_chair},
        guards=(rules.impact_assessed, rules.nnc_confirmed_by_ttg, rules.nnc_met, rules.opss_leads),
        input_guards=(SCS_LEAD_NAMED, SCS_LEAD_IS_SCS),
        outcomes=("The lead is told at once.", "What must be found out becomes a commission of the handling team."),
    ),
    "request_case_conference": Move(
        form=forms.RequestCaseConference,
        meaning="A case conference decides whether to declare an incident.",
        cites="IMP-2.16",
        authority=dict.fromkeys((stage for stage in OPEN_STAGES if stage != S.CASE_CONFERENCE), _CONFERENCE_REQUESTER),
        guards=(rules.impact_assessed,),
        input_guards=(GROUNDS, SCS_CONSULTED),
        outcomes=("The chair of the conference and IMT are told at once.",),
    ),
    "declare_incident": Move(
        form=forms.DeclareIncident,
        meaning="OPSS responds together: command groups are set up and a first rhythm of meetings begins.",
        cites="IMP-2.20",
        authority={S.CASE_CONFERENCE: authority.declaring_chair},
        guards=(rules.impact_assessed, rules.impact_fresh),
        input_guards=(SIGNIFICANT_RISK, MITIGATION, TOOK_PART, EQUALITY),
        warnings=lambda facts: facts.chair_warnings,
        outcomes=(
            "An incident is opened with its strategic and tactical groups.",
            "A first rhythm of meetings and situation reports starts, provisional until the SCG chair agrees it.",
            "The chairs of both groups and IMT are told at once.",
        ),
    ),
    "close": Move(
        form=forms.Close,
        meaning="The case ends here, with a true account of how.",
        cites="IMP-2.19",
        authority=_close_authority(),
        guards=(_closing_guard, rules.commissions_done),
        input_guards=(OUT_OF_SCOPE_ONLY, JUSTIFICATION, SECOND_PERSON, FEEDBACK),
        outcomes=("The case leaves every queue. It stays on record and can be reopened.",),
    ),
}
