"""Moves of the functional area, and those that park a case beside the ladder."""

from __future__ import annotations

from escalation import authority, forms, rules
from escalation.enums import FUNCTIONAL_STAGES, Stage
from escalation.ladder import needs
from moves.machine import Move

S = Stage

_REVIEW = (needs.SLOWING_JUSTIFIED, needs.REVIEW_IN_TIME)
_PARKED = (S.MONITORING, S.LED_ELSEWHERE, S.COORDINATED)

MOVES: dict[str, Move] = {
    "begin_assessment": Move(
        form=forms.BeginAssessment,
        meaning="The handling team starts to find out what this is and how bad it could be.",
        cites="IMP-2.3",
        authority={S.REPORTED: authority.handling_ftl | authority.imt},
        outcomes=("The case stands at 'Being assessed', with a target time of its own.",),
    ),
    "handle_in_function": Move(
        form=forms.HandleInFunction,
        meaning="The handling team deals with the matter itself, at the lowest level that can.",
        cites="IMP-2.3",
        authority=dict.fromkeys((S.REPORTED, S.ASSESSING), authority.handling_ftl),
        guards=(rules.impact_assessed,),
        input_guards=_REVIEW,
        outcomes=("The case comes back for review on the day given.",),
    ),
    "refer_to_deputy_director": Move(
        form=forms.ReferToDeputyDirector,
        meaning="The Deputy Director considers whether this could become an incident.",
        cites="IMP-2.3",
        authority=dict.fromkeys((S.REPORTED, S.ASSESSING, S.HANDLED_IN_FUNCTION), authority.handling_ftl),
        guards=(rules.impact_assessed,),
        outcomes=("The Deputy Director of the handling team's function is told at once.",),
    ),
    "return_to_function": Move(
        form=forms.ReturnToFunction,
        meaning="The case goes back to the team that can deal with it, at the lowest level that can.",
        cites="IMP-2.3",
        authority={
            **{stage: authority.DECIDERS[stage] for stage in (S.REFERRED, S.CAM, S.TTG, S.CAM_EP, S.CASE_CONFERENCE)},
            **dict.fromkeys(_PARKED, authority.imt),
        },
        input_guards=(needs.REVIEW_IN_TIME,),
        outcomes=("The handling team's leader is told at once.", "The case comes back for review on the day given."),
    ),
    "hand_over": Move(
        form=forms.HandOver,
        meaning="A local authority or another regulator leads; OPSS supports it where that is agreed.",
        cites="IMP-2.10",
        authority={
            **dict.fromkeys(FUNCTIONAL_STAGES, authority.handling_ftl),
            S.CAM: authority.cam_chair,
            S.TTG: authority.ttg_chair,
            S.MONITORING: authority.cam_chair,
        },
        guards=(rules.assessed_before_hand_over, rules.nnc_before_hand_over, rules.nnc_speaks_for_opss),
        input_guards=_REVIEW,
        outcomes=("The lead passes to the authority named.", "The case comes back for review on the day given."),
    ),
    "monitor": Move(
        form=forms.Monitor,
        meaning="Nothing more is done for now; the case is watched for what would bring it back.",
        cites="IMP-2.9",
        authority={
            S.HANDLED_IN_FUNCTION: authority.imt | authority.handling_ftl,
            **{stage: authority.imt | authority.DECIDERS[stage] for stage in (S.TTG, S.CAM_EP, S.CASE_CONFERENCE)},
            **dict.fromkeys((S.CAM, S.LED_ELSEWHERE, S.COORDINATED), authority.imt),
        },
        guards=(rules.impact_assessed,),
        input_guards=_REVIEW,
        outcomes=("The case comes back for review on the day given.",),
    ),
}
