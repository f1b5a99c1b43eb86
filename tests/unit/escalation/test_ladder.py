"""The shape of the ladder: what may follow what, and that every edge has its data."""

from __future__ import annotations

from itertools import product

from django_fsm import can_proceed

from escalation.enums import ENDS, OPEN_STAGES, Stage
from escalation.ladder import MOVES
from escalation.models import Escalation
from escalation.services import ISSUE_MACHINE

S = Stage
BELOW_CAM = {S.REPORTED, S.ASSESSING, S.HANDLED_IN_FUNCTION, S.REFERRED}
BESIDE = {S.MONITORING, S.LED_ELSEWHERE, S.COORDINATED}
OPEN = set(OPEN_STAGES)


def edges(sources: set[Stage], name: str, target: Stage) -> set[tuple[Stage, str, Stage]]:
    return {(source, name, target) for source in sources}


ALLOWED = (
    edges({S.REPORTED}, "begin_assessment", S.ASSESSING)
    | edges({S.REPORTED, S.ASSESSING}, "handle_in_function", S.HANDLED_IN_FUNCTION)
    | edges({S.REPORTED, S.ASSESSING, S.HANDLED_IN_FUNCTION}, "refer_to_deputy_director", S.REFERRED)
    | edges(BELOW_CAM | BESIDE | {S.TTG, S.CAM_EP, S.CASE_CONFERENCE}, "submit_to_cam", S.CAM)
    | edges(
        {S.REFERRED, S.CAM, S.TTG, S.CAM_EP, S.CASE_CONFERENCE} | BESIDE, "return_to_function", S.HANDLED_IN_FUNCTION
    )
    | edges(BELOW_CAM | BESIDE, "imt_escalate", S.CAM)
    | edges(BELOW_CAM | {S.CAM, S.TTG, S.MONITORING}, "hand_over", S.LED_ELSEWHERE)
    | edges({S.CAM}, "recommend_to_ttg", S.TTG)
    | edges({S.TTG}, "activate_cam_ep", S.CAM_EP)
    | edges(OPEN - {S.CASE_CONFERENCE}, "request_case_conference", S.CASE_CONFERENCE)
    | edges(OPEN - {S.CASE_CONFERENCE}, "convene_urgent_conference", S.CASE_CONFERENCE)
    | edges({S.CASE_CONFERENCE}, "request_information", S.CASE_CONFERENCE)
    | edges({S.CASE_CONFERENCE}, "agree_coordination", S.COORDINATED)
    | edges({S.CASE_CONFERENCE}, "declare_incident", S.INCIDENT_DECLARED)
    | edges(OPEN, "join_incident", S.INCIDENT_DECLARED)
    | edges(OPEN, "open_supporting_response", S.SUPPORTING_RESPONSE)
    | edges(OPEN, "close", S.CLOSED)
    | edges(
        {S.HANDLED_IN_FUNCTION, S.CAM, S.TTG, S.CAM_EP, S.CASE_CONFERENCE, S.LED_ELSEWHERE, S.COORDINATED},
        "monitor",
        S.MONITORING,
    )
    | edges(OPEN, "merge", S.MERGED)
    | edges({S.MERGED}, "unmerge", S.TTG)  # back to where it stood: here TTG
    | edges({S.CLOSED, S.INCIDENT_DECLARED, S.SUPPORTING_RESPONSE}, "reopen", S.CAM)
)


def test_the_ladder_moves_exactly_as_agreed():
    got = set()
    for stage, name in product(Stage, MOVES):
        climb = Escalation(stage=stage, merged_from=S.TTG)
        if can_proceed(getattr(climb, name), check_conditions=False):
            got.add((stage, name, Stage(ISSUE_MACHINE.target(climb, name))))
    assert got == ALLOWED


def test_every_transition_is_a_move_and_every_edge_names_who_may():
    transitions = {(t.source, t.name) for t in Escalation().get_all_stage_transitions()}
    assert {name for _, name in transitions} == MOVES.keys()
    assert {(stage, name) for name, move in MOVES.items() for stage in move.authority} == transitions


def test_the_ends_and_the_open_stages_share_nothing_and_leave_nothing_out():
    assert set(ENDS) | set(OPEN_STAGES) == set(Stage)
    assert not set(ENDS) & set(OPEN_STAGES)
    leaving = {(t.source, t.name) for t in Escalation().get_all_stage_transitions() if t.source in ENDS}
    assert {name for _, name in leaving} == {"unmerge", "reopen"}
