"""Moves that end a climb, undo that or begin the next: what stops each by itself, and what each leaves behind."""

from __future__ import annotations

from typing import Any

import pytest

from audit.selectors import events_for
from command import services as command
from command.models import Group
from escalation import selectors, services
from escalation.models import Escalation
from incidents.enums import IncidentKind
from incidents.models import Commission, Consultation, Decision, Incident, IssuePerson
from kernel import clock
from kernel.errors import Blocked, InvalidInput
from notify.models import Notice
from tests.factories.command import incident
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, assess, at_stage, climb_of, inputs_of, move
from tests.factories.refusals import inputs_of_any, on_record, refused, told

pytestmark = pytest.mark.django_db

IMT = {"imt.head", "imt.duty", "imt.officer"}
ORIGINATOR = {"name": "Trading Standards", "email": "desk@council.example", "kind": "local_authority"}


def end_incident(case: Incident, status: str) -> None:
    Incident.objects.filter(pk=case.pk).update(status=status)


def all_hands(cast: Cast) -> None:
    """People hear of a move only where they hold their posts before it."""
    for post in (*IMT, "ftl.enforcement", "dd.enforcement", "dceo.evidence"):
        cast.user(post)


def said(cast: Cast, reference: str, name: str, post: str, **inputs: Any) -> dict[str, Any]:
    """The one blocker with which the move is refused, as the interface answers it."""
    before = on_record(reference)
    with pytest.raises(Blocked) as refusal:
        move(cast, reference, name, post, **inputs_of_any(cast, name) | inputs)
    assert on_record(reference) == before
    [blocker] = refusal.value.blocked_by
    return blocker.as_json()


# --- joining an incident ----------------------------------------------------------------------------------------------


def test_an_incident_that_is_unknown_hidden_or_closed_is_refused_in_the_same_words(cast):
    reference = at_stage(cast, "assessing")
    hidden, closed = incident(cast, report={"sensitivity": "restricted"}), incident(cast)
    end_incident(closed, "closed")
    named = ("INC-2020-0009", hidden.reference, closed.reference, None, "nonsense")
    answers = [said(cast, reference, "join_incident", "imt.officer", incident=given) for given in named]
    assert answers == [answers[0]] * len(named)
    assert answers[0]["code"] == "incident_not_live"
    inputs = inputs_of_any(cast, "join_incident") | {"incident": hidden.reference}
    assert move(cast, reference, "join_incident", "imt.head", **inputs).issue.incident == hidden


@pytest.mark.parametrize("status", ["de_escalating", "monitoring"])
def test_an_incident_that_winds_down_still_takes_an_issue_in(status, cast):
    reference, case = at_stage(cast, "reported"), incident(cast)
    end_incident(case, status)
    inputs = inputs_of_any(cast, "join_incident") | {"incident": f" {case.reference.lower()} "}
    assert move(cast, reference, "join_incident", "imt.duty", **inputs).issue.incident == case


def test_a_tcg_chair_takes_issues_into_their_own_incident_alone(cast):
    reference = at_stage(cast, "cam")
    own = incident(cast)
    other = incident(cast, tcg_chair=cast.user("dd.science"))
    assert refused(cast, reference, "join_incident", "dd.enforcement", incident=other.reference) == [
        "not_its_tcg_chair"
    ]
    inputs = inputs_of_any(cast, "join_incident") | {"incident": own.reference}
    assert move(cast, reference, "join_incident", "dd.enforcement", **inputs).stage == "incident_declared"


def test_joining_ties_the_issue_tells_the_chairs_and_is_on_both_chains(cast):
    all_hands(cast)
    case = incident(cast)
    reference = at_stage(cast, "ttg")
    version = Incident.objects.get().version
    inputs = inputs_of_any(cast, "join_incident") | {"incident": case.reference, "changes_the_picture": True}
    climb = move(cast, reference, "join_incident", "imt.head", **inputs)
    assert (climb.stage, climb.issue.incident, climb.ended_at) == ("incident_declared", case, climb.entered_stage_at)
    assert told(reference, "issue.join_incident") == IMT | {"dceo.evidence", "dd.enforcement"}
    assert set(Notice.objects.filter(kind="issue.join_incident").values_list("urgent", flat=True)) == {True}
    assert events_for(reference)[0].facts["incident"] == case.reference
    assert events_for(case.reference)[0].facts["issue"] == reference
    assert Incident.objects.get().version == version + 1
    chairs = IssuePerson.objects.filter(issue=climb.issue, role="chair").values_list("user__email", flat=True)
    assert set(chairs) >= {"dceo.evidence@cast.example", "dd.enforcement@cast.example"}
    assert Decision.objects.get(kind="join_incident").incident == case


# --- supporting another department ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "blank", "expected"),
    [
        ("dd.science", {"requested_by": None}, ["request_not_recorded"]),
        ("dd.science", {"asked_of_opss": "  "}, ["request_not_recorded"]),
        ("imt.head", {}, ["scs_not_consulted"]),
    ],
)
def test_support_wants_the_request_and_whoever_was_consulted(post, blank, expected, cast):
    reference = at_stage(cast, "reported")
    assert refused(cast, reference, "open_supporting_response", post, **blank) == expected


def test_a_supporting_response_has_its_groups_and_its_lead(cast):
    all_hands(cast)
    reference = at_stage(cast, "reported")
    consulted = {key: value for key, value in inputs_of_any(cast, "request_case_conference").items() if "cons" in key}
    inputs = inputs_of(cast, "open_supporting_response") | consulted
    climb = move(cast, reference, "open_supporting_response", "imt.head", **inputs)
    case = climb.issue.incident
    assert (climb.stage, case.kind, case.lead_department) == (
        "supporting_response",
        IncidentKind.SUPPORTING,
        "Home Office",
    )
    chairs = set(Group.objects.filter(incident=case).values_list("kind", "chair__email"))
    assert chairs == {("scg", "dceo.evidence@cast.example"), ("tcg", "dd.science@cast.example")}
    assert case.rhythm.count() >= 3
    assert IssuePerson.objects.get(issue=climb.issue, role="lead").user == cast.user("dd.science")
    assert Consultation.objects.get().decision.kind == "open_supporting_response"
    assert "Advice on lithium cells" in Decision.objects.get(kind="open_supporting_response").reason


# --- merging, and undoing it ------------------------------------------------------------------------------------------


def test_what_cannot_carry_a_case_is_refused_in_the_same_words(cast):
    reference = at_stage(cast, "assessing")
    hidden = reported(cast("officer.science"), sensitivity="restricted").reference
    ended = [at_stage(cast, "merged"), at_stage(cast, "closed")]
    targets = [reference, hidden, *ended, "ISS-2020-00009", "the other one", None]
    answers = [said(cast, reference, "merge", "ftl.enforcement", into=target) for target in targets]
    assert answers == [answers[0]] * len(targets)
    assert answers[0]["code"] == "merge_target_invalid"


@pytest.mark.parametrize("into", ["a\x00b", "\ud800", ["ISS-2026-00001"], 7, {"reference": 1}, "x" * 21])
def test_a_target_that_cannot_be_a_reference_is_refused_by_field(into, cast):
    reference = at_stage(cast, "reported")
    with pytest.raises(InvalidInput) as refusal:
        move(cast, reference, "merge", "imt.head", reason="The same", into=into)
    assert {error.field for error in refusal.value.errors} == {"into"}


def test_an_issue_whose_incident_is_over_carries_nothing_and_one_whose_is_live_does(cast):
    declared, reference = incident(cast), at_stage(cast, "reported")
    into = at_stage(cast, "reported")
    joining = inputs_of_any(cast, "join_incident") | {"incident": declared.reference}
    move(cast, into, "join_incident", "imt.head", **joining)
    end_incident(declared, "closed")
    assert refused(cast, reference, "merge", "imt.head", into=into) == ["merge_target_invalid"]
    end_incident(declared, "monitoring")
    assert move(cast, reference, "merge", "imt.head", reason="The same", into=into).stage == "merged"


def test_what_was_reopened_and_merged_carries_nothing_though_its_incident_is_live(cast):
    carried, reference = at_stage(cast, "incident_declared"), at_stage(cast, "reported")
    end_incident(Incident.objects.get(), "monitoring")
    move(cast, carried, "reopen", "imt.head", **inputs_of(cast, "reopen"))
    move(cast, carried, "merge", "imt.head", reason="The same", into=at_stage(cast, "reported"))
    assert refused(cast, reference, "merge", "imt.head", into=carried) == ["merge_target_invalid"]


def test_a_merge_is_on_both_chains_and_leaves_the_originator_to_be_told(cast):
    into = at_stage(cast, "assessing")
    reference = at_stage(cast, "cam", originator=ORIGINATOR)
    before = climb_of(reference)
    climb = move(cast, reference, "merge", "imt.officer", reason="The same joint", into=into.lower())
    assert (climb.stage, climb.merged_into.reference, climb.merged_from) == ("merged", into, "cam")
    assert (climb.merged_by, climb.visit) == (cast.user("imt.officer"), before.visit + 1)
    assert events_for(reference)[0].facts["into"] == into
    absorbed = events_for(into)[0]
    assert (absorbed.kind, absorbed.facts, absorbed.label) == ("issue.absorbed", {"other": reference}, "IMT Officer")
    task = Commission.objects.get(issue=climb.issue, origin="merge")
    assert (task.team, task.status) == ("enforcement", "asked")
    assert into in task.what
    assert climb_of(into).stage == "assessing"


def test_a_merge_without_anybody_outside_leaves_no_task(cast):
    reference = at_stage(cast, "merged")
    assert not Commission.objects.filter(issue__reference=reference, origin="merge").exists()


@pytest.mark.parametrize("stage", ["reported", "monitoring", "cam_ep", "case_conference"])
def test_undoing_a_merge_restores_where_the_case_stood_with_all_it_remembered(stage, cast):
    reference, into = at_stage(cast, stage), at_stage(cast, "reported")
    before = climb_of(reference)
    move(cast, reference, "merge", "imt.head", reason="The same", into=into)
    climb = move(cast, reference, "unmerge", "imt.duty", reason="Another model")
    assert (climb.stage, climb.ended_at, climb.merged_into, climb.merged_by) == (stage, None, None, None)
    kept = ("conference_chair_id", "scs_lead_id", "review_on", "watch_for", "led_by", "handling_team")
    assert [getattr(climb, name) for name in kept] == [getattr(before, name) for name in kept]
    assert climb.visit == before.visit + 2
    assert [event.kind for event in events_for(into)[:2]] == ["issue.released", "issue.absorbed"]
    assert events_for(into)[0].facts == {"other": reference}


def test_whoever_merged_may_undo_it_and_another_leader_may_not(cast):
    reference, into = at_stage(cast, "assessing"), at_stage(cast, "reported")
    move(cast, reference, "merge", "ftl.enforcement", reason="The same", into=into)
    offers = services.ISSUE_MACHINE.moves["unmerge"].authority["merged"]
    facts = selectors.facts_of(climb_of(reference), cast("ftl.enforcement"))
    assert offers.holders(facts).include(cast("ftl.enforcement"))
    assert not offers.holders(facts).include(cast("ftl.science"))
    assert move(cast, reference, "unmerge", "ftl.enforcement", reason="Another model").stage == "assessing"


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        (None, [("merge", "waived")]),
        ("delivered", [("merge", "delivered"), ("unmerge", "asked")]),
        ("waived", [("merge", "waived")]),
    ],
)
def test_undoing_a_merge_puts_right_what_the_originator_hears(outcome, left, cast):
    reference, into = at_stage(cast, "reported", originator=ORIGINATOR), at_stage(cast, "reported")
    move(cast, reference, "merge", "imt.head", reason="The same", into=into)
    task = Commission.objects.get(issue__reference=reference)
    if outcome:
        data = {"outcome": outcome, "result": "By letter"}
        services.commission_settle(reference=reference, commission_id=task.pk, by=cast("ftl.enforcement"), data=data)
    move(cast, reference, "unmerge", "imt.head", reason="Another model")
    tasks = Commission.objects.filter(issue__reference=reference).order_by("pk")
    assert list(tasks.values_list("origin", "status")) == left
    kinds = [event.kind for event in events_for(reference)]
    assert kinds[0] == "issue.unmerge"
    assert kinds.count("issue.commission_settled") == 1


def test_a_second_merge_leaves_a_task_of_its_own(cast):
    reference, into = at_stage(cast, "reported", originator=ORIGINATOR), at_stage(cast, "reported")
    for _ in range(2):
        move(cast, reference, "merge", "imt.head", reason="The same", into=into)
        move(cast, reference, "unmerge", "imt.head", reason="Another model")
    tasks = Commission.objects.filter(issue__reference=reference)
    assert [task.status for task in tasks] == ["waived", "waived"]


# --- reopening --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["incident_declared", "supporting_response"])
def test_an_active_incident_keeps_its_matter_and_one_that_winds_down_gives_it_back(stage, cast):
    reference = at_stage(cast, stage)
    assert refused(cast, reference, "reopen", "imt.head") == ["incident_active"]
    for status in ("de_escalating", "reviewed"):
        end_incident(Incident.objects.get(), status)
        assert selectors.facts_of(climb_of(reference), cast("imt.head")).incident_status == status
    assert move(cast, reference, "reopen", "imt.head", **inputs_of(cast, "reopen")).stage == "cam"


def test_reopening_wants_its_ground_and_what_changed(cast):
    reference = at_stage(cast, "closed")
    assert refused(cast, reference, "reopen", "imt.head", ground=None) == ["ground_missing"]
    with pytest.raises(InvalidInput) as refusal:
        move(cast, reference, "reopen", "imt.head", ground="a whim")
    assert {error.field for error in refusal.value.errors} == {"ground", "what_changed"}


def test_reopening_begins_a_new_climb_and_leaves_the_old_one_as_it_ended(cast):
    all_hands(cast)
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    move(cast, reference, "close", "ftl.enforcement", **inputs_of(cast, "close"))
    old = Escalation.objects.values().get(issue__reference=reference)
    began = clock.now()
    climb = move(cast, reference, "reopen", "imt.duty", **inputs_of(cast, "reopen"))
    assert (climb.number, climb.stage, climb.visit, climb.is_current) == (2, "cam", 1, True)
    assert climb.opened_at >= began
    assert climb.due_at > climb.opened_at
    kept = Escalation.objects.values().get(pk=old["id"])
    assert {key for key in old if kept[key] != old[key]} == {"is_current"}
    assert Escalation.objects.filter(issue=climb.issue, is_current=True).count() == 1
    decision = Decision.objects.get(issue=climb.issue, kind="reopen")
    assert (decision.stage_from, decision.stage_to) == ("closed", "cam")
    assert decision.reason == "New evidence. Another fire"
    assert told(reference, "issue.reopen") == IMT | {"ftl.enforcement"}
    facts = selectors.facts_of(climb, cast("imt.head"))
    assert (facts.impact_level, facts.impact_at, facts.nnc_stage) == ("", None, "")
    assert refused(cast, reference, "recommend_to_ttg", "imt.head") == ["impact_not_assessed", "nnc_not_assessed"]


def test_a_case_may_come_back_more_than_once(cast):
    reference = at_stage(cast, "closed")
    for number in (2, 3):
        climb = move(cast, reference, "reopen", "imt.head", **inputs_of(cast, "reopen"))
        assert climb.number == number
        assess(cast, reference, "imt.head", ratings={"public_safety": {"level": "low"}})
        move(cast, reference, "close", "imt.head", **inputs_of(cast, "close"))
    assert Escalation.objects.filter(issue__reference=reference).count() == 3


def test_members_of_standing_groups_are_put_on_an_issue_that_joins_later(cast):
    first = at_stage(cast, "incident_declared")
    incident = climb_of(first).issue.incident
    group = {
        "kind": "working_group",
        "level": "tactical",
        "chair": cast.user("ftl.science").email,
        "members": [{"person": cast.user("officer.intelligence").email, "role": "member"}],
        "purpose": "Tests",
        "exit_strategy": "When the tests are done",
    }
    command.group_stand_up(incident_reference=incident.reference, by=cast("imt.head"), data=group)
    other = at_stage(cast, "assessing")
    reason = {"incident": incident.reference, "reason": "The same joint", "changes_the_picture": False}
    move(cast, other, "join_incident", "imt.head", **reason)

    people = set(climb_of(other).issue.people.values_list("user__email", "role"))
    assert {
        (cast.user("ftl.science").email, "chair"),
        (cast.user("officer.intelligence").email, "observer"),
        (cast.user("dd.enforcement").email, "chair"),
        (cast.user("dceo.evidence").email, "chair"),
    } <= people
