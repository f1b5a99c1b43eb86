"""The rules of the ladder over plain facts: no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation import rules
from escalation.enums import OPEN_STAGES, Stage
from escalation.ladder import needs
from escalation.rules import IssueFacts
from incidents.enums import Indicator, Level
from kernel.actors import Actor

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
MOVER = Actor(user_id=1, email="a@opss.example", name="A", post="imt.head", post_title="Head of IMT")
IN_ORDER = IssueFacts(
    by=MOVER,
    reference="ISS-2026-00001",
    sensitivity="official",
    stage=Stage.CASE_CONFERENCE,
    team="enforcement",
    team_function="enforcement",
    ftl_post="ftl.enforcement",
    is_product_safety=True,
    danger_now=False,
    impact_level="high",
    impact_at=NOON,
    nnc_stage=Stage.TTG,
    nnc_at_stage=True,
    nnc_met=True,
    lead_authority="opss",
    news_at=None,
    conference_chair=1,
    chair_is_dd_or_higher=True,
    scs_lead=2,
    commissions_open=0,
    people=frozenset(),
    chair_warnings=(),
    tcg_chairs={"INC-2026-0001": frozenset({7})},
    furthest_review=NOON.date() + timedelta(days=14),
    incident_status="",
    merged_by=None,
)


def person(user_id: int, *, scs: bool = True, posts: tuple[str, ...] = ("ftl.science",)) -> SimpleNamespace:
    return SimpleNamespace(user_id=user_id, scs=scs, posts=posts, deputises=())


@pytest.mark.parametrize(
    ("guard", "wrong", "code"),
    [
        (rules.impact_assessed, {"impact_at": None}, "impact_not_assessed"),
        (rules.impact_fresh, {"news_at": NOON + timedelta(seconds=1)}, "impact_stale"),
        (rules.nnc_assessed, {"nnc_stage": "", "nnc_met": False, "lead_authority": ""}, "nnc_not_assessed"),
        (rules.nnc_confirmed_by_ttg, {"nnc_at_stage": False}, "nnc_not_confirmed"),
        (rules.nnc_met, {"nnc_met": False}, "nnc_not_met"),
        (rules.opss_leads, {"lead_authority": "local_authority"}, "not_opss_lead"),
        (rules.commissions_done, {"commissions_open": 2}, "commissions_open"),
    ],
)
def test_each_guard_blocks_by_its_own_code_and_cites_the_plan(guard, wrong, code):
    assert guard(IN_ORDER) is None
    blocker = guard(replace(IN_ORDER, **wrong))
    assert (blocker.code, blocker.cites[:4]) == (code, "IMP-")


@pytest.mark.parametrize("guard", [rules.nnc_assessed, rules.nnc_confirmed_by_ttg, rules.nnc_met, rules.opss_leads])
def test_nnc_never_blocks_what_is_not_product_safety(guard):
    nothing_known = replace(
        IN_ORDER, is_product_safety=False, nnc_stage="", nnc_at_stage=False, nnc_met=False, lead_authority=""
    )
    assert guard(nothing_known) is None


def test_news_that_came_before_the_assessment_leaves_it_fresh():
    assert rules.impact_fresh(replace(IN_ORDER, news_at=NOON - timedelta(seconds=1))) is None


@pytest.mark.parametrize("stage", [stage for stage in OPEN_STAGES if stage != Stage.CASE_CONFERENCE])
def test_open_commissions_hold_only_a_case_conference(stage):
    assert rules.commissions_done(replace(IN_ORDER, stage=stage, commissions_open=3)) is None


@pytest.mark.parametrize(("number", "says"), [(1, "1 commission is still open"), (2, "2 commissions are still open")])
def test_open_commissions_are_counted_in_good_english(number, says):
    blocker = rules.commissions_done(replace(IN_ORDER, commissions_open=number))

    assert blocker.message.startswith(f"{says}. ")


FULL = {
    "grounds": ["resource_impact"],
    "consulted_scs": person(9),
    "scs_lead": person(9),
    "significant_risk": True,
    "significant_risk_reason": "Burns",
    "mitigation_likely": True,
    "mitigation_reason": "Recall",
    "took_part": [person(9)],
    "equality": "Not known yet",
    "closure_kind": "out_of_scope",
    "justification": "Another cause",
    "second_person": person(9),
    "feedback": "Told",
}


@pytest.mark.parametrize(
    ("guard", "inputs", "blocks"),
    [
        (needs.GROUNDS, {"grounds": []}, True),
        (needs.SCS_CONSULTED, {"consulted_scs": None}, True),
        (needs.SCS_CONSULTED, {"consulted_scs": person(9, scs=False)}, True),
        (needs.SCS_CONSULTED, {"consulted_scs": person(1)}, True),
        (needs.SCS_LEAD_NAMED, {"scs_lead": None}, True),
        (needs.SCS_LEAD_IS_SCS, {"scs_lead": person(9, scs=False)}, True),
        (needs.SCS_LEAD_IS_SCS, {"scs_lead": None}, False),
        (needs.SIGNIFICANT_RISK, {"significant_risk": False}, True),
        (needs.SIGNIFICANT_RISK, {"significant_risk": None}, True),
        (needs.SIGNIFICANT_RISK, {"significant_risk_reason": ""}, True),
        (needs.MITIGATION, {"mitigation_likely": False}, True),
        (needs.MITIGATION, {"mitigation_reason": ""}, True),
        (needs.TOOK_PART, {"took_part": []}, True),
        (needs.TOOK_PART, {"took_part": [person(1)]}, True),
        (needs.TOOK_PART, {"took_part": [person(1), person(9)]}, False),
        (needs.EQUALITY, {"equality": ""}, True),
        (needs.OUT_OF_SCOPE_ONLY, {"closure_kind": "no_further_action"}, False),
        (needs.JUSTIFICATION, {"justification": " "}, True),
        (needs.SECOND_PERSON, {"second_person": None}, True),
        (needs.SECOND_PERSON, {"second_person": person(1)}, True),
        (needs.SECOND_PERSON, {"second_person": person(9, posts=("viewer",))}, True),
        (needs.SECOND_PERSON, {"second_person": person(9, posts=())}, True),
        (needs.FEEDBACK, {"feedback": ""}, True),
    ],
)
def test_each_input_guard_by_itself(guard, inputs, blocks):
    assert guard.blocks(IN_ORDER, FULL) is False
    assert bool(guard.blocks(IN_ORDER, FULL | inputs)) is blocks


def test_a_case_that_nobody_began_to_assess_is_only_ever_out_of_scope():
    reported = replace(IN_ORDER, stage=Stage.REPORTED)
    assert needs.OUT_OF_SCOPE_ONLY.blocks(reported, FULL | {"closure_kind": "resolved_by_action"})
    assert not needs.OUT_OF_SCOPE_ONLY.blocks(reported, FULL)
    assert needs.OUT_OF_SCOPE_ONLY.wanted(reported)
    assert not needs.OUT_OF_SCOPE_ONLY.wanted(IN_ORDER)


def test_a_restricted_issue_warns_that_it_narrows_who_reads_the_incident():
    assert rules.narrows_readers(IN_ORDER) == ()
    warnings = rules.narrows_readers(replace(IN_ORDER, sensitivity="restricted"))
    assert [warning.code for warning in warnings] == ["narrows_readers"]


def test_a_deputy_director_needs_nobody_to_have_been_consulted():
    deputy_director = replace(IN_ORDER, by=replace(MOVER, post="dd.science"))
    assert not needs.SCS_CONSULTED.blocks(deputy_director, {"consulted_scs": None})
    assert not needs.SCS_CONSULTED.wanted(deputy_director)


@pytest.mark.parametrize(("is_scs", "must"), [(True, False), (False, True)])
def test_a_deputy_below_scs_consults_before_using_a_deputy_directors_power(is_scs, must):
    deputy = replace(IN_ORDER, by=replace(MOVER, post="dd.science", scs=True, as_deputy=True, is_scs=is_scs))
    assert needs.SCS_CONSULTED.blocks(deputy, {"consulted_scs": None}) is must
    assert needs.SCS_CONSULTED.wanted(deputy) is must
    assert not needs.SCS_CONSULTED.blocks(deputy, {"consulted_scs": person(9)})


@pytest.mark.parametrize(
    ("level", "justified", "second"),
    [("", False, False), ("not_known_yet", False, False), ("low", False, False), ("medium", True, False)]
    + [(level, True, True) for level in ("high", "critical")],
)
def test_reasons_to_close_weigh_with_the_level(level, justified, second):
    facts = replace(IN_ORDER, impact_level=level)
    nothing = {"justification": "", "second_person": None}
    assert (needs.JUSTIFICATION.blocks(facts, nothing), needs.SECOND_PERSON.blocks(facts, nothing)) == (
        justified,
        second,
    )


@given(st.dictionaries(st.sampled_from(Indicator.values), st.sampled_from(Level.values)))
def test_the_overall_level_is_the_highest_that_is_known(levels):
    order = ["low", "medium", "high", "critical"]
    known = [level for level in levels.values() if level in order]
    expected = max(known, key=order.index) if known else "not_known_yet"
    assert rules.overall_proposed(levels) == expected


TARGETS = {"cam": (("working_days", 10), ("working_days", 5), ("hours", 24), ("hours", 4))}


@pytest.mark.parametrize(
    ("rank", "danger", "expected"),
    [
        (1, False, datetime(2026, 3, 26, 12, tzinfo=UTC)),
        (2, False, datetime(2026, 3, 19, 12, tzinfo=UTC)),
        (0, False, datetime(2026, 3, 19, 12, tzinfo=UTC)),
        (3, False, NOON + timedelta(hours=24)),
        (4, False, NOON + timedelta(hours=4)),
        (1, True, NOON + timedelta(hours=4)),
    ],
)
def test_the_clock_of_a_stage_runs_by_level(rank, danger, expected):
    assert rules.due_at(stage="cam", entered=NOON, rank=rank, danger_now=danger, targets=TARGETS) == expected


def test_a_stage_without_target_has_no_clock():
    assert rules.due_at(stage="monitoring", entered=NOON, rank=4, danger_now=True, targets=TARGETS) is None


def key(**changes) -> int:
    given = {"stage": "cam", "danger_now": False, "rank": 2, "due": NOON, "opened": NOON, "at": NOON} | changes
    return rules.pressing_key(**given)


def test_queues_put_danger_first_then_impact_then_time_and_ended_cases_last():
    in_order = [
        key(danger_now=True, rank=1, due=NOON + timedelta(days=9)),
        key(rank=4),
        key(rank=3),
        key(rank=2, due=NOON - timedelta(hours=1)),
        key(rank=2),
        key(rank=1),
        key(rank=0, due=NOON + timedelta(hours=1)),
        key(stage="closed", danger_now=True, rank=4),
        key(stage="closed", rank=4),
    ]
    assert in_order == sorted(in_order)
    assert len(set(in_order)) == len(in_order)


def test_what_nobody_has_assessed_counts_as_high_once_its_target_has_passed():
    late = NOON - timedelta(minutes=1)
    assert key(rank=0, due=late) == key(rank=3, due=late)
    assert key(rank=0, due=late) < key(rank=2, due=late)
