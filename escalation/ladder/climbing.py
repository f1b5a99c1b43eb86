"""Moves up the ladder: CAM, TTG, CAM-EP, case conference, declaration."""

from __future__ import annotations

from command import selectors as command
from escalation import authority, forms, rules
from escalation.enums import FUNCTIONAL_STAGES, OPEN_STAGES, Stage
from escalation.ladder import needs
from moves.machine import Authority, Move

S = Stage

_PARKED = (S.MONITORING, S.LED_ELSEWHERE, S.COORDINATED)
_CONFERENCE_REQUESTER = authority.dd_or_higher | authority.imt_head | authority.handling_ftl
_SUBMITTER = authority.handling_ftl | authority.handling_dd | authority.imt


def _before_a_conference(who: Authority) -> dict[str, Authority]:
    return dict.fromkeys((stage for stage in OPEN_STAGES if stage != S.CASE_CONFERENCE), who)


MOVES: dict[str, Move] = {
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
    "imt_escalate": Move(
        form=forms.ImtEscalate,
        meaning="IMT takes the case to CAM on its own account, because it cannot wait.",
        cites="IMP-2.3",
        authority=dict.fromkeys((*FUNCTIONAL_STAGES, *_PARKED), authority.imt),
        outcomes=("The handling team's leader is told at once.", "The impact is to be assessed at CAM."),
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
        input_guards=(needs.SCS_LEAD_NAMED, needs.SCS_LEAD_IS_SCS),
        outcomes=("The lead is told at once.", "What must be found out becomes a commission of the handling team."),
    ),
    "request_case_conference": Move(
        form=forms.RequestCaseConference,
        meaning="A case conference decides whether to declare an incident.",
        cites="IMP-2.16",
        authority=dict.fromkeys((stage for stage in OPEN_STAGES if stage != S.CASE_CONFERENCE), _CONFERENCE_REQUESTER),
        guards=(rules.impact_assessed,),
        input_guards=(needs.GROUNDS, needs.SCS_CONSULTED),
        outcomes=("The chair of the conference and IMT are told at once.",),
    ),
    "convene_urgent_conference": Move(
        form=forms.RequestCaseConference,
        meaning="A case conference meets at once; the stages passed over are recorded.",
        cites="IMP-2.3",
        authority=_before_a_conference(authority.urgent_conveners),
        input_guards=(needs.GROUNDS, needs.SCS_CONSULTED),
        outcomes=(
            "The chair of the conference, IMT for CAM and the chair of TTG are told at once.",
            "The impact is to be assessed at the conference.",
        ),
    ),
    "request_information": Move(
        form=forms.RequestInformation,
        meaning="The conference wants to know more before it decides; it goes on.",
        cites="IMP-2.19",
        authority={S.CASE_CONFERENCE: authority.conference_chair},
        outcomes=("What is wanted becomes a commission of the team named.",),
    ),
    "agree_coordination": Move(
        form=forms.AgreeCoordination,
        meaning="No incident is declared, but several teams work on it together under one lead.",
        cites="IMP-2.19",
        authority={S.CASE_CONFERENCE: authority.conference_chair},
        guards=(rules.impact_assessed,),
        input_guards=(needs.REVIEW_IN_TIME,),
        outcomes=("The leader of the team that leads is told at once.", "The case comes back for review."),
    ),
    "declare_incident": Move(
        form=forms.DeclareIncident,
        meaning="OPSS responds together: command groups are set up and a first rhythm of meetings begins.",
        cites="IMP-2.20",
        authority={S.CASE_CONFERENCE: authority.declaring_chair},
        guards=(rules.impact_assessed, rules.impact_fresh),
        lookups={"resume": command.resumable_incident},
        input_guards=(
            needs.SIGNIFICANT_RISK,
            needs.MITIGATION,
            needs.TOOK_PART,
            needs.EQUALITY,
            needs.RESUME_POSSIBLE,
        ),
        warnings=lambda facts: facts.chair_warnings,
        outcomes=(
            "An incident is opened with its strategic and tactical groups, or an earlier one begins a new phase.",
            "A first rhythm of meetings and situation reports starts, provisional until the SCG chair agrees it.",
            "The chairs of both groups and IMT are told at once.",
        ),
    ),
}
