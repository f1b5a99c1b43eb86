"""The moves of an incident: what may follow what, who is named for it, and each rule over facts alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from django_fsm import can_proceed

from command import rules
from command.enums import Party
from command.ladder import INCIDENT_MOVES
from command.rules import Consent, IncidentFacts
from incidents.enums import IncidentStatus
from incidents.models import Incident
from kernel.actors import Actor

WINDING = ("de_escalating", "monitoring")
ALLOWED = {
    *product(("active", "de_escalating"), ("raise_level", "lower_level")),
    ("active", "propose_de_escalation"),
    ("active", "agree_de_escalation"),
    ("de_escalating", "monitor"),
    *product(WINDING, ("resume", "close")),
    ("closed", "complete_review"),
    *product((*WINDING, "closed", "reviewed"), ("begin_phase",)),
}


def _steps() -> set[str]:
    return {transition.name for transition in Incident().get_all_status_transitions()}


def test_incidents_move_exactly_as_agreed():
    got = {
        (status, step)
        for status, step in product(IncidentStatus.values, _steps())
        if can_proceed(getattr(Incident(status=status), step), check_conditions=False)
    }
    assert got == ALLOWED


def test_every_transition_is_a_move_but_the_new_phase_which_a_declaration_begins():
    assert set(INCIDENT_MOVES) == _steps() - {"begin_phase"}


def test_every_move_names_who_may_make_it_for_exactly_its_sources():
    for name, move in INCIDENT_MOVES.items():
        assert set(move.authority) == {status for status, step in ALLOWED if step == name}, name


FACTS = IncidentFacts(
    by=Actor(user_id=1, email="head@opss.example", name="Head", post="imt.head", post_title="Head of IMT"),
    party=Party.IMT,
    response_level="tactical",
    tcg_chairs=frozenset({2}),
    chairs=frozenset({2, 3}),
    plan_stands=True,
    scg_consulted=True,
    consents=(),
    actions_open=0,
    feedback_open=0,
    groups_standing=(),
    last_sitrep=True,
    open_report="",
)


def codes(move: str, **facts: object) -> list[str]:
    known = replace(FACTS, **facts)
    return [blocker.code for guard in INCIDENT_MOVES[move].guards if (blocker := guard(known))]


@pytest.mark.parametrize(
    ("facts", "blocked_by"),
    [
        ({}, []),
        ({"actions_open": 1}, ["actions_open"]),
        ({"groups_standing": ("SCG",)}, ["groups_standing"]),
        ({"last_sitrep": False}, ["last_sitrep_missing"]),
        ({"open_report": "INC-2026-0007/SR-002"}, ["last_sitrep_missing"]),
        ({"feedback_open": 2}, ["feedback_open"]),
        (
            {"actions_open": 3, "groups_standing": ("SCG", "TCG"), "last_sitrep": False, "feedback_open": 1},
            ["actions_open", "groups_standing", "last_sitrep_missing", "feedback_open"],
        ),
    ],
)
def test_closing_is_blocked_by_what_is_left_open(facts, blocked_by):
    assert codes("close", **facts) == blocked_by


@pytest.mark.parametrize(
    ("consents", "blocked_by"),
    [
        ((), []),
        ((Consent("tcg_chair", 2, "Deputy Director"),), []),
        ((Consent("imt", 1, "Head of IMT"),), ["already_agreed"]),
        ((Consent("imt", 9, "IMT Officer"),), ["party_has_agreed"]),
        # Who chairs the TCG and has agreed as that does not agree again as IMT.
        ((Consent("tcg_chair", 1, "Deputy Director"),), ["already_agreed"]),
    ],
)
def test_neither_a_person_nor_a_party_agrees_twice(consents, blocked_by):
    assert codes("agree_de_escalation", consents=consents) == blocked_by


def test_agreement_wants_a_plan_that_stands():
    assert codes("agree_de_escalation", plan_stands=False) == ["plan_missing"]


@pytest.mark.parametrize(
    ("level", "higher", "lower"),
    [("operational", False, True), ("tactical", False, False), ("strategic", True, False)],
)
def test_levels_are_in_order(level, higher, lower):
    assert (rules.is_higher(FACTS, level), rules.is_lower(FACTS, level)) == (higher, lower)


def test_there_is_a_highest_and_a_lowest_level():
    assert codes("raise_level", response_level="strategic") == ["level_highest"]
    assert codes("lower_level", response_level="operational") == ["level_lowest"]
    assert codes("raise_level") == codes("lower_level") == []


def test_messages_count_in_words_that_read():
    one, many = (rules.feedback_given(replace(FACTS, feedback_open=number)) for number in (1, 3))
    assert one is not None
    assert many is not None
    assert one.message.startswith("1 originator is still")
    assert many.message.startswith("3 originators are still")
    work = rules.actions_done(replace(FACTS, actions_open=1))
    assert work is not None
    assert work.message == "1 commission of its issues is still open. Deliver or waive each."


def test_making_a_response_smaller_warns_of_danger_that_is_still_on_record():
    smaller = {"lower_level", "propose_de_escalation", "agree_de_escalation", "monitor", "close"}
    dangerous = replace(FACTS, in_danger=("ISS-2026-00001", "ISS-2026-00002"))
    warned = {name: [*move.warnings(dangerous)] for name, move in INCIDENT_MOVES.items()}
    assert {name for name, warnings in warned.items() if warnings} == smaller
    (warning,) = warned["close"]
    assert warning.code == "still_dangerous"
    assert "ISS-2026-00001, ISS-2026-00002" in warning.message
    assert [*INCIDENT_MOVES["close"].warnings(FACTS)] == []
