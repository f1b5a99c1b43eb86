"""The shape of the ladder: what may follow what, and that every edge has its data."""

from __future__ import annotations

from itertools import product

from django_fsm import can_proceed

from escalation.enums import ENDS, OPEN_STAGES, Stage
from escalation.ladder import MOVES
from escalation.models import Escalation

S = Stage
BELOW_CAM = {S.REPORTED, S.ASSESSING, S.HANDLED_IN_FUNCTION, S.REFERRED}
BESIDE = {S.MONITORING, S.LED_ELSEWHERE, S.COORDINATED}
ALLOWED = (
    {(S.REPORTED, "begin_assessment", S.ASSESSING)}
    | {(s, "submit_to_cam", S.CAM) for s in BELOW_CAM | BESIDE | {S.TTG, S.CAM_EP, S.CASE_CONFERENCE}}
    | {(S.CAM, "recommend_to_ttg", S.TTG), (S.TTG, "activate_cam_ep", S.CAM_EP)}
    | {(s, "request_case_conference", S.CASE_CONFERENCE) for s in set(OPEN_STAGES) - {S.CASE_CONFERENCE}}
    | {(S.CASE_CONFERENCE, "declare_incident", S.INCIDENT_DECLARED)}
    | {(s, "close", S.CLOSED) for s in OPEN_STAGES}
)


def test_the_ladder_moves_exactly_as_agreed():
    got = set()
    for stage, name in product(Stage, MOVES):
        step = getattr(Escalation(stage=stage), name)
        if can_proceed(step, check_conditions=False):
            got.add((stage, name, Stage(step._django_fsm.transitions[stage].target)))
    assert got == ALLOWED


def test_every_transition_is_a_move_and_every_edge_names_who_may():
    transitions = {(t.source, t.name) for t in Escalation().get_all_stage_transitions()}
    assert {name for _, name in transitions} == MOVES.keys()
    assert {(stage, name) for name, move in MOVES.items() for stage in move.authority} == transitions


def test_the_ends_and_the_open_stages_share_nothing_and_leave_nothing_out():
    assert set(ENDS) | set(OPEN_STAGES) == set(Stage)
    assert not set(ENDS) & set(OPEN_STAGES)
    assert not [t for t in Escalation().get_all_stage_transitions() if t.source in ENDS]
