"""Moves beside the ladder and straight to a conference: what stops each by itself, and what each leaves behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from audit.selectors import events_for
from escalation import selectors, services
from incidents.models import Commission, Consultation, Decision, IssuePerson
from kernel import clock
from kernel.errors import InvalidInput
from notify.models import Notice
from tests.factories.ladder import NNC, Cast, assess, at_stage, climb_of, inputs_of, move
from tests.factories.refusals import inputs_of_any, refused, told

pytestmark = pytest.mark.django_db

IMT = {"imt.head", "imt.duty", "imt.officer"}
NOT_MET = {name: {"met": False, "reason": "No"} for name in ("nationally_significant", "novel", "contentious")}


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def rated(level: str) -> dict[str, Any]:
    return {"ratings": {"public_safety": {"level": level, "reason": "As tested"}}}


def nnc(cast: Cast, reference: str, post: str = "imt.head", **data: Any) -> None:
    services.nnc_assess(reference=reference, by=cast(post), data=NNC | data)


def all_hands(cast: Cast, *posts: str) -> None:
    """People hear of a move only where they hold their posts before it."""
    for post in (*IMT, "ftl.enforcement", "dceo.regulation", *posts):
        cast.user(post)


@pytest.mark.parametrize(
    ("stage", "name", "post", "prepared", "blank", "expected"),
    [
        ("reported", "handle_in_function", "ftl.enforcement", "", {}, ["impact_not_assessed"]),
        (
            "assessing",
            "handle_in_function",
            "ftl.enforcement",
            "i",
            {"justification": " \u200b"},
            ["justification_missing"],
        ),
        ("assessing", "refer_to_deputy_director", "ftl.enforcement", "", {}, ["impact_not_assessed"]),
        ("handled_in_function", "refer_to_deputy_director", "ftl.enforcement", "", {}, ["impact_not_assessed"]),
        ("handled_in_function", "monitor", "ftl.enforcement", "", {}, ["impact_not_assessed"]),
        ("cam", "hand_over", "imt.head", "n", {}, ["impact_not_assessed"]),
        ("cam", "hand_over", "imt.head", "i", {}, ["nnc_not_assessed"]),
        ("cam", "hand_over", "imt.head", "in", {"exception_reason": None}, ["nnc_met"]),
        ("cam", "hand_over", "imt.head", "in", {"justification": None}, ["justification_missing"]),
        ("ttg", "hand_over", "dceo.regulation", "", {}, ["impact_not_assessed"]),
        ("ttg", "hand_over", "dceo.regulation", "i", {"exception_reason": None}, ["nnc_met"]),
        ("cam", "monitor", "imt.head", "", {}, ["impact_not_assessed"]),
        ("cam", "monitor", "imt.head", "i", {"justification": None}, ["justification_missing"]),
        ("led_elsewhere", "monitor", "imt.head", "", {}, ["impact_not_assessed"]),
        ("case_conference", "agree_coordination", "dd.enforcement", "", {}, ["impact_not_assessed"]),
        ("reported", "convene_urgent_conference", "imt.head", "", {"grounds": None}, ["grounds_missing"]),
        ("reported", "convene_urgent_conference", "imt.head", "", {"consulted_scs": None}, ["scs_not_consulted"]),
        ("reported", "convene_urgent_conference", "dd.science", "", {"grounds": []}, ["grounds_missing"]),
    ],
)
def test_each_thing_that_is_missing_stops_the_move_by_itself(stage, name, post, prepared, blank, expected, cast):
    reference = at_stage(cast, stage)
    if "i" in prepared:
        assess(cast, reference, "ftl.enforcement" if stage == "assessing" else "imt.head")
    if "n" in prepared:
        nnc(cast, reference)
    assert refused(cast, reference, name, post, **blank) == expected


def test_a_met_criterion_is_overridden_by_a_reason_and_the_offer_says_so(cast):
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    nnc(cast, reference)
    found = services.ISSUE_MACHINE.find(reference, cast("imt.head"))
    facts = services.ISSUE_MACHINE.facts(found, cast("imt.head"))
    guards = services.ISSUE_MACHINE.moves["hand_over"].guards
    assert [(b.code, b.override) for guard in guards if (b := guard(facts))] == [("nnc_met", "exception_reason")]
    move(cast, reference, "hand_over", "imt.head", **inputs_of(cast, "hand_over"))
    assert events_for(reference)[0].facts["inputs"]["exception_reason"] == "The authority asked to lead"


@pytest.mark.parametrize(
    "matter",
    [{"is_product_safety": False}, {}],
    ids=["another-matter", "no-criterion-met"],
)
def test_cam_hands_over_without_an_exception_where_no_criterion_speaks_for_opss(matter, cast):
    reference = at_stage(cast, "cam", **matter)
    assess(cast, reference)
    if not matter:
        nnc(cast, reference, **NOT_MET, lead_authority="local_authority")
    inputs = inputs_of(cast, "hand_over") | {"exception_reason": None}
    assert move(cast, reference, "hand_over", "imt.head", **inputs).stage == "led_elsewhere"


@pytest.mark.parametrize(
    ("level", "danger_now", "days"),
    [("low", False, 180), ("medium", False, 60), ("high", False, 14), ("critical", False, 3), ("low", True, 3)],
)
def test_the_review_comes_within_what_the_level_allows(level, danger_now, days, cast):
    reference = at_stage(cast, "reported", danger_now=danger_now)
    assess(cast, reference, "ftl.enforcement", **rated(level))
    late = refused(cast, reference, "handle_in_function", "ftl.enforcement", review_on=in_days(days + 1))
    assert late == ["review_too_late"]
    inputs = inputs_of(cast, "handle_in_function") | {"review_on": in_days(days)}
    climb = move(cast, reference, "handle_in_function", "ftl.enforcement", **inputs)
    assert climb.review_on.isoformat() == in_days(days)


@pytest.mark.parametrize(
    ("stage", "name", "post"),
    [
        ("cam", "return_to_function", "imt.head"),
        ("cam", "hand_over", "imt.head"),
        ("cam", "monitor", "imt.head"),
        ("case_conference", "agree_coordination", "dd.enforcement"),
    ],
)
def test_whatever_parks_a_case_keeps_to_the_furthest_review_and_never_the_past(stage, name, post, cast):
    reference = at_stage(cast, stage)
    assess(cast, reference, "imt.head", **rated("critical"))
    if name == "hand_over":
        nnc(cast, reference)
    assert refused(cast, reference, name, post, review_on=in_days(4)) == ["review_too_late"]
    with pytest.raises(InvalidInput) as refusal:
        move(cast, reference, name, post, **inputs_of(cast, name) | {"review_on": in_days(0)})
    assert [(error.field, error.code) for error in refusal.value.errors] == [("review_on", "in_the_past")]
    assert move(cast, reference, name, post, **inputs_of(cast, name) | {"review_on": in_days(3)}).stage != stage


def test_what_nobody_has_assessed_is_reviewed_as_if_medium(cast):
    reference = at_stage(cast, "cam")
    move(cast, reference, "return_to_function", "imt.head", **inputs_of(cast, "return_to_function"))
    move(cast, reference, "imt_escalate", "imt.head", reason="Look again")
    assess(cast, reference, "imt.head", ratings={"public_safety": {"level": "not_known_yet"}})
    assert refused(cast, reference, "return_to_function", "imt.head", review_on=in_days(61)) == ["review_too_late"]


def test_below_high_a_case_is_slowed_without_a_justification(cast):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement", **rated("medium"))
    inputs = inputs_of(cast, "handle_in_function") | {"justification": None}
    assert move(cast, reference, "handle_in_function", "ftl.enforcement", **inputs).stage == "handled_in_function"


def test_a_referral_tells_the_deputy_director_of_the_teams_function_alone(cast):
    all_hands(cast, "dd.enforcement", "dd.science")
    reference = at_stage(cast, "referred")
    assert told(reference, "issue.refer_to_deputy_director") == {"dd.enforcement"}
    decision = Decision.objects.get(issue__reference=reference, kind="refer_to_deputy_director")
    assert (decision.stage_from, decision.stage_to, decision.reason) == ("assessing", "referred", "It may grow")
    assert (decision.made_as, decision.impact_level) == ("Functional Team Leader, Enforcement", "high")


def test_a_case_handed_over_remembers_by_whom_it_is_led_until_it_comes_back(cast):
    all_hands(cast)
    reference = at_stage(cast, "led_elsewhere")
    climb = climb_of(reference)
    assert (climb.led_by, climb.issue.lead_authority) == ("Leeds City Council", "local_authority")
    assert climb.review_on == clock.today() + timedelta(days=7)
    assert told(reference, "issue.hand_over") == IMT | {"ftl.enforcement"}
    plan = inputs_of(cast, "return_to_function")
    back = move(cast, reference, "return_to_function", "imt.officer", **plan | {"review_on": in_days(5)})
    assert (back.stage, back.led_by, back.review_on.isoformat()) == ("handled_in_function", "", in_days(5))
    assert told(reference, "issue.return_to_function") == {"ftl.enforcement"}
    assert Notice.objects.get(kind="issue.return_to_function").body == plan["plan"]


def test_a_monitored_case_says_what_would_bring_it_back_and_forgets_it_when_it_comes(cast):
    all_hands(cast)
    reference = at_stage(cast, "monitoring")
    climb = climb_of(reference)
    assert (climb.watch_for, climb.review_on) == ("Another fire", clock.today() + timedelta(days=7))
    assert told(reference, "issue.monitor") == {"ftl.enforcement"}
    back = move(cast, reference, "imt_escalate", "imt.duty", reason="Another fire")
    assert (back.stage, back.watch_for, back.review_on) == ("cam", "", None)
    assert Decision.objects.get(kind="monitor").reason == "Sales have stopped"


def test_imt_takes_a_case_to_cam_first_and_the_assessment_falls_due_there(cast):
    all_hands(cast)
    reference = at_stage(cast, "reported")
    move(cast, reference, "imt_escalate", "imt.duty", **inputs_of(cast, "imt_escalate"))
    assert told(reference, "issue.imt_escalate") == IMT | {"ftl.enforcement"}
    nnc(cast, reference)
    assert refused(cast, reference, "recommend_to_ttg", "imt.head") == ["impact_not_assessed"]


@pytest.mark.parametrize("stage", ["handled_in_function", "led_elsewhere", "monitoring", "closed"])
def test_evidence_for_a_case_that_nobody_may_look_at_is_told_and_moves_nothing(stage, cast):
    all_hands(cast)
    reference = at_stage(cast, stage)
    before = climb_of(reference)
    injury = {"kind": "injury_report", "title": "A child was burnt"}
    services.evidence_add(reference=reference, by=cast("imt.officer"), data=injury)
    assert told(reference, "issue.evidence_added") == IMT - {"imt.officer"} | {"ftl.enforcement"}
    after = climb_of(reference)
    assert (after.stage, after.visit, after.issue.version) == (stage, before.visit, before.issue.version + 1)


def test_evidence_for_a_case_in_hand_is_no_notice(cast):
    all_hands(cast)
    reference = at_stage(cast, "assessing")
    services.evidence_add(reference=reference, by=cast("imt.officer"), data={"kind": "other", "title": "A letter"})
    assert told(reference, "issue.evidence_added") == set()


@pytest.mark.parametrize(
    ("stage", "passed_over"),
    [
        ("reported", ["assessing", "cam", "ttg", "cam_ep"]),
        ("handled_in_function", ["cam", "ttg", "cam_ep"]),
        ("ttg", ["cam_ep"]),
        ("monitoring", ["ttg", "cam_ep"]),
    ],
)
def test_an_urgent_conference_records_what_was_passed_over_and_tells_cam_and_ttg(stage, passed_over, cast):
    all_hands(cast)
    reference = at_stage(cast, stage)
    inputs = inputs_of_any(cast, "convene_urgent_conference")
    climb = move(cast, reference, "convene_urgent_conference", "imt.head", **inputs)
    assert (climb.stage, climb.conference_urgent) == ("case_conference", True)
    assert (climb.conference_chair, climb.conference_grounds) == (cast.user("dd.enforcement"), inputs["grounds"])
    assert events_for(reference)[0].facts["passed_over"] == passed_over
    assert told(reference, "issue.convene_urgent_conference") == IMT | {"dd.enforcement", "dceo.regulation"}
    assert set(Notice.objects.filter(kind="issue.convene_urgent_conference").values_list("urgent", flat=True)) == {True}
    assert IssuePerson.objects.filter(issue=climb.issue, role="chair", user=climb.conference_chair).exists()
    assert Consultation.objects.get(decision__kind="convene_urgent_conference").user == cast.user("dd.science")
    assert refused(cast, reference, "declare_incident", "dd.enforcement") == ["impact_not_assessed"]


@pytest.mark.parametrize("named", ["imt.duty", "ftl.science"])
def test_whom_the_duty_officer_consulted_is_a_senior_civil_servant_and_somebody_else(named, cast):
    reference = at_stage(cast, "reported")
    consulted = {"consulted_scs": cast.user(named).email}
    assert refused(cast, reference, "convene_urgent_conference", "imt.duty", **consulted) == ["scs_not_consulted"]


def test_a_deputy_director_convenes_and_chairs_without_asking_anybody(cast):
    reference = at_stage(cast, "reported")
    blank = {"consulted_scs": None, "consulted_how": None, "consulted_at": None, "chair": None}
    inputs = inputs_of_any(cast, "convene_urgent_conference") | blank
    climb = move(cast, reference, "convene_urgent_conference", "dd.science", **inputs)
    assert climb.conference_chair == cast.user("dd.science")
    assert not Consultation.objects.filter(decision__issue=climb.issue).exists()


def test_a_conference_asks_and_goes_on_as_the_same_visit(cast):
    all_hands(cast, "ftl.science")
    reference = at_stage(cast, "case_conference")
    assess(cast, reference)
    before = climb_of(reference)
    climb = move(cast, reference, "request_information", "dd.enforcement", **inputs_of(cast, "request_information"))
    assert (climb.stage, climb.visit) == ("case_conference", before.visit)
    assert (climb.entered_stage_at, climb.due_at) == (before.entered_stage_at, before.due_at)
    assert climb.issue.version == before.issue.version + 1
    asked = Commission.objects.get(issue=climb.issue, origin="request_information")
    assert (asked.team, asked.what, asked.status) == ("science", "Does it fail when cold?", "asked")
    assert told(reference, "issue.request_information") == IMT | {"ftl.science"}
    facts = selectors.facts_of(climb_of(reference), cast("dd.enforcement"))
    assert facts.impact_at is not None
    assert refused(cast, reference, "close", "dd.enforcement") == ["commissions_open"]
    answer = {"outcome": "delivered", "result": "It does"}
    services.commission_settle(reference=reference, commission_id=asked.pk, by=cast("ftl.science"), data=answer)
    assert refused(cast, reference, "declare_incident", "dd.enforcement") == ["impact_stale"]


def test_a_coordinated_case_passes_to_the_team_that_leads(cast):
    all_hands(cast, "ftl.science")
    reference = at_stage(cast, "case_conference")
    assess(cast, reference)
    inputs = inputs_of(cast, "agree_coordination") | {"lead_team": "science"}
    climb = move(cast, reference, "agree_coordination", "dd.enforcement", **inputs)
    assert (climb.stage, climb.handling_team, climb.issue.functional_team) == ("coordinated", "science", "science")
    assert climb.review_on == clock.today() + timedelta(days=7)
    assert told(reference, "issue.agree_coordination") == IMT | {"ftl.science"}
    assert Decision.objects.get(kind="agree_coordination").reason == inputs["arrangement"]


@pytest.mark.parametrize(
    ("kind", "named", "led_by", "code"),
    [
        ("local_authority", "leeds trading standards", "Leeds City Council", "E08000035"),
        ("local_authority", "S12000049", "Glasgow City Council", "S12000049"),
        ("other_regulator", "Leeds", "Leeds", ""),
    ],
)
def test_local_authority_is_recorded_by_name_and_code_and_a_regulator_as_given(kind, named, led_by, code, cast, browse):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    inputs = inputs_of(cast, "hand_over") | {"lead_kind": kind, "authority": named}
    climb = move(cast, reference, "hand_over", "ftl.enforcement", **inputs)

    shown = f"{led_by} ({code})" if code else led_by
    assert (climb.led_by, climb.led_by_code) == (led_by, code)
    assert events_for(reference, limit=1)[0].facts["inputs"]["authority"] == shown
    decision = Decision.objects.get(issue__reference=reference, kind="hand_over")
    assert decision.reason == f"{shown} leads from here. One shop sells it"
    document = browse("viewer").get(f"/api/v1/issues/{reference}/").json()
    assert (document["led_by"], document["led_by_code"]) == (led_by, code or None)


def test_local_authority_that_is_not_known_is_refused_with_the_nearest_names(cast, browse):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    inputs = inputs_of(cast, "hand_over") | {"authority": "Westminister Council"}
    with pytest.raises(InvalidInput) as refusal:
        move(cast, reference, "hand_over", "ftl.enforcement", **inputs)

    (error,) = refusal.value.errors
    assert (error.field, error.code) == ("authority", "unknown_reference")
    assert "‘Westminister Council’. Did you mean City of Westminster (E09000033)" in error.message
    body = inputs | {"version": climb_of(reference).issue.version}
    answer = browse("ftl.enforcement").post(
        f"/api/v1/issues/{reference}/transitions/hand_over/", body, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "authority")
    page = browse("ftl.enforcement").post(f"/issues/{reference}/moves/hand_over/", body)
    assert page.status_code == 400
    assert "Westminister Council" in page.content.decode()
    assert climb_of(reference).stage == "assessing"


@pytest.mark.parametrize(
    ("name", "post", "lead", "led_by"),
    [
        ("return_to_function", "imt.head", "undetermined", ""),
        ("imt_escalate", "imt.head", "undetermined", ""),
        ("monitor", "imt.head", "local_authority", "Leeds City Council"),
        ("close", "imt.head", "local_authority", "Leeds City Council"),
    ],
)
def test_lead_comes_back_with_the_case_and_stays_elsewhere_while_opss_only_watches(name, post, lead, led_by, cast):
    reference = at_stage(cast, "led_elsewhere")
    assess(cast, reference)
    climb = move(cast, reference, name, post, **inputs_of(cast, name))

    assert (climb.issue.lead_authority, climb.led_by) == (lead, led_by)


def test_lead_comes_back_to_whom_the_nnc_assessment_gives_it(cast):
    reference = at_stage(cast, "ttg")
    assess(cast, reference)
    services.nnc_assess(reference=reference, by=cast("dceo.regulation"), data=NNC)
    move(cast, reference, "hand_over", "dceo.regulation", **inputs_of(cast, "hand_over"))
    assert climb_of(reference).issue.lead_authority == "local_authority"

    assert move(cast, reference, "imt_escalate", "imt.head", reason="It grows").issue.lead_authority == "opss"


def test_case_that_ended_under_another_lead_comes_back_led_by_nobody_yet(cast):
    reference = at_stage(cast, "led_elsewhere")
    assess(cast, reference)
    move(cast, reference, "close", "imt.head", **inputs_of(cast, "close"))
    climb = move(cast, reference, "reopen", "imt.head", **inputs_of(cast, "reopen"))

    assert (climb.issue.lead_authority, climb.led_by) == ("undetermined", "")
