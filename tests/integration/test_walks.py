"""Cases walked over REST from report to end, as the plan lets them go: each by the posts whose steps they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel import clock
from notify import services as notify
from tests.factories.ladder import NNC, RATINGS, Cast, inputs_of
from tests.integration.test_rest_journey import Rest

pytestmark = pytest.mark.django_db

SUNDAY_NIGHT = datetime(2026, 3, 8, 23, 40, tzinfo=UTC)
LOW = {"ratings": {"public_safety": {"level": "low", "reason": "One seam, no injury"}}}
NONE_MET = {name: {"met": False, "reason": "No"} for name in ("nationally_significant", "novel", "contentious")}
UNCHANGED = {"confirms": True, "overall_reason": "Nothing new"}


class Keys(dict):
    """A token for whichever post speaks first."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast = cast

    def __missing__(self, post: str) -> str:
        self[post] = Rest._key(self.cast, post)
        return self[post]


class Walk(Rest):
    """One case, stepped through the interface; every step answers what the interface answered."""

    def __init__(self, cast: Cast) -> None:
        super().__init__(cast)
        self.cast, self.keys, self.reference = cast, Keys(cast), ""

    def report(self, post: str = "officer.enforcement", **facts: Any) -> str:
        body = {"title": "Hob joint leaks", "summary": "Gas was smelt in a kitchen.", "source": "public"} | facts
        self.reference = self(post, "post", "/issues/", body, status=201)["reference"]
        return self.reference

    def step(self, post: str, name: str, *, status: int = 200, **more: Any) -> Any:
        given = {"convene_urgent_conference": "request_case_conference"}.get(name, name)
        body = {key: value for key, value in (inputs_of(self.cast, given) | more).items() if value is not None}
        return self.move(post, self.reference, name, body, status=status)

    def stopped(self, post: str, name: str, **more: Any) -> list[str]:
        before = self.issue(self.reference)
        problem = self.step(post, name, status=409, **more)
        assert self.issue(self.reference) == before
        return [blocker["code"] for blocker in problem["blocked_by"]]

    def add(self, post: str, part: str, body: dict[str, Any], *, status: int = 201) -> Any:
        return self(post, "post", f"/issues/{self.reference}/{part}/", body, status=status)

    def impact(self, post: str, **body: Any) -> Any:
        return self.add(post, "impact-assessments", body or {"ratings": RATINGS})

    def nnc(self, post: str, **body: Any) -> Any:
        return self.add(post, "nnc-assessments", NNC | body)

    def part(self, part: str) -> list[dict[str, Any]]:
        return self("imt.head", "get", f"/issues/{self.reference}/{part}/", status=200)["results"]

    def deliver(self, post: str, what: str, result: str) -> None:
        [asked] = [commission for commission in self.part("commissions") if commission["what"] == what]
        path = f"/issues/{self.reference}/commissions/{asked['id']}/settle/"
        self(post, "post", path, {"outcome": "delivered", "result": result}, status=200)

    def incident(self) -> dict[str, Any]:
        reference = self.issue(self.reference)["incident"]
        return self("viewer", "get", f"/incidents/{reference}/", status=200)


@pytest.fixture
def walk() -> Walk:
    return Walk(Cast())


def inbox(post: str, walk: Walk) -> list[str]:
    """The kinds of what lies in somebody's inbox once the postman has been round."""
    while notices := notify.notices_claim(now=clock.now(), most=50):
        notify.notices_deliver(notices)
    return list(walk.cast.user(post).notices.filter(delivered_at__isnull=False).values_list("kind", flat=True))


def test_two_explosions_on_a_sunday_night(walk: Walk):
    with clock.at(SUNDAY_NIGHT):
        walk.cast.user("dceo.regulation")
        walk.report("imt.duty", source="emergency_service", danger_now=True, functional_team="enforcement")
        assert walk.stopped("imt.duty", "convene_urgent_conference", consulted_scs=None) == ["scs_not_consulted"]
        walk.step("imt.officer", "convene_urgent_conference", status=403)
        meets = walk.step("imt.duty", "convene_urgent_conference")
        assert meets["stage"] == "case_conference"
        assert datetime.fromisoformat(meets["due_at"]) == SUNDAY_NIGHT + timedelta(hours=4)
        assert walk.part("events")[0]["facts"]["passed_over"] == ["assessing", "cam", "ttg", "cam_ep"]
        assert walk.stopped("dd.enforcement", "declare_incident") == ["impact_not_assessed"]
        walk.impact("dd.enforcement", ratings={"public_safety": {"level": "critical", "reason": "Two explosions"}})
        walk.step("imt.duty", "declare_incident", status=403)
        assert walk.step("dd.enforcement", "declare_incident")["stage"] == "incident_declared"
        assert "issue.convene_urgent_conference" in inbox("dceo.regulation", walk)
        incident = walk.incident()
        assert (incident["impact_level"], incident["declared_at"][:10]) == ("critical", "2026-03-08")
        rhythm = walk("viewer", "get", f"/incidents/{incident['reference']}/rhythm/", status=200)["results"]
        first = {event["kind"]: min(e["next_at"] for e in rhythm if e["kind"] == event["kind"]) for event in rhythm}
        assert {kind: at[:10] for kind, at in first.items()} == dict.fromkeys(first, "2026-03-09")


def test_a_weak_complaint_goes_to_trading_standards(walk: Walk):
    walk.report(originator={"name": "A reader", "email": "reader@mail.example"})
    walk.step("ftl.enforcement", "begin_assessment")
    walk.impact("officer.enforcement", **LOW)
    walk.nnc("ftl.enforcement", **NONE_MET, lead_authority="local_authority")
    handed = walk.step("ftl.enforcement", "hand_over", exception_reason=None, justification=None)
    assert (handed["stage"], handed["lead_authority"], handed["due_at"]) == ("led_elsewhere", "local_authority", None)
    walk.step("ftl.enforcement", "close", status=403)
    ending = {"closure_kind": "resolved_by_action", "justification": None, "second_person": None}
    assert walk.stopped("imt.officer", "close", **ending) == ["impact_not_assessed"]
    walk.impact("officer.enforcement", **UNCHANGED)
    assert walk.stopped("imt.officer", "close", **ending, feedback=None) == ["feedback_missing"]
    assert walk.step("imt.officer", "close", **ending, feedback="The shop has taken it off sale")["stage"] == "closed"
    [task] = walk.part("commissions")
    assert (task["team"], task["status"], "off sale" in task["what"]) == ("enforcement", "asked", True)
    walk.deliver("officer.enforcement", task["what"], "Told by e-mail")
    assert [decision["kind"] for decision in walk.part("decisions")] == ["close", "hand_over", "begin_assessment"]


def test_a_construction_product_has_the_housing_department_as_policy_owner(walk: Walk):
    owner = "Ministry of Housing, Communities and Local Government"
    walk.report(title="Cladding panel fails its fire test", regulatory_area="construction_products")
    walk.impact("ftl.enforcement")
    walk.step("ftl.enforcement", "submit_to_cam")
    walk.impact("imt.head")
    assert walk.stopped("imt.head", "recommend_to_ttg") == ["nnc_not_assessed"]
    walk.nnc("imt.head")
    walk.step("imt.head", "recommend_to_ttg", recommendation="case_conference")
    walk.impact("dceo.regulation", **UNCHANGED)
    asked = {"chair": None, "consulted_scs": None, "consulted_how": None, "consulted_at": None}
    assert walk.stopped("dd.policy", "request_case_conference", **asked, grounds=None) == ["grounds_missing"]
    walk.step("dd.policy", "request_case_conference", **asked)
    walk.impact("dd.policy", **UNCHANGED)
    refused = walk.step("dd.policy", "declare_incident", status=400, policy_owner=None)
    assert [error["field"] for error in refused["errors"]] == ["policy_owner"]
    walk.step("dd.policy", "declare_incident", policy_owner=owner, lead_department=owner)
    assert (walk.incident()["policy_owner"], walk.incident()["lead_department"]) == (owner, owner)


def test_an_energy_label_climbs_without_the_nnc_criteria(walk: Walk):
    walk.report("ftl.science", title="Labels overstate the class", regulatory_area="energy", is_product_safety=False)
    walk.impact("ftl.science")
    walk.step("ftl.science", "submit_to_cam")
    offer = walk.offers("imt.head", walk.reference)["recommend_to_ttg"]
    assert [blocker["code"] for blocker in offer["blocked_by"]] == ["impact_not_assessed"]
    walk.impact("imt.head", **UNCHANGED)
    walk.step("imt.head", "recommend_to_ttg")
    walk.impact("dceo.regulation", **UNCHANGED)
    walk.step("dceo.regulation", "activate_cam_ep")
    assert walk.stopped("scs.science", "submit_to_cam") == ["impact_not_assessed"]
    walk.impact("scs.science", **UNCHANGED)
    walk.step("scs.science", "submit_to_cam")
    back = walk.step("imt.head", "return_to_function")
    assert (back["stage"], back["nnc"], back["functional_team"]) == ("handled_in_function", None, "science")
    assert walk.part("nnc-assessments") == []


def test_another_department_is_supported_with_the_same_tools(walk: Walk):
    walk.report("imt.duty", title="Fire at a depot", source="government_department", functional_team="science")
    assert walk.stopped("dd.science", "open_supporting_response", requested_by=None) == ["request_not_recorded"]
    assert walk.stopped("imt.head", "open_supporting_response") == ["scs_not_consulted"]
    walk.step("imt.officer", "open_supporting_response", status=403)
    opened = walk.step("dd.science", "open_supporting_response")
    assert opened["stage"] == "supporting_response"
    incident = walk.incident()
    assert (incident["lead_department"], incident["response_level"]) == ("Home Office", "tactical")
    assert incident["issues"] == [walk.reference]
    assert {group["kind"] for group in incident["groups"]} == {"scg", "tcg"}
    draft = walk("imt.officer", "post", f"/incidents/{incident['reference']}/sitreps/", {}, status=201)
    assert draft["number"] == 1
    assert walk.stopped("imt.head", "reopen") == ["incident_active"]


def test_a_monitored_case_worsens_and_comes_back_to_cam(walk: Walk):
    for post in ("imt.head", "imt.duty"):
        walk.cast.user(post)
    walk.report()
    walk.step("imt.head", "imt_escalate")
    walk.impact("imt.head", **LOW)
    parked = walk.step("imt.head", "monitor", justification=None, review_on=in_days(180))
    assert (parked["stage"], parked["due_at"]) == ("monitoring", None)
    burnt = {"kind": "injury_report", "title": "Two children burnt"}
    walk.add("officer.enforcement", "evidence", burnt)
    assert "issue.evidence_added" in inbox("imt.duty", walk)
    assert walk.issue(walk.reference)["stage"] == "monitoring"
    assert walk.stopped("ftl.enforcement", "submit_to_cam") == ["impact_not_assessed"]
    walk.impact("officer.enforcement", ratings={"public_safety": {"level": "critical", "reason": "Two burnt"}})
    back = walk.step("ftl.enforcement", "submit_to_cam")
    assert (back["stage"], back["impact_level"]) == ("cam", "critical")
    walk.impact("imt.head", **UNCHANGED)
    too_late = walk.stopped("imt.head", "monitor", review_on=in_days(7), justification=None)
    assert too_late == ["justification_missing", "review_too_late"]


def test_a_flare_up_climbs_again_and_the_incident_begins_a_new_phase(walk: Walk):
    walk.report()
    _to_a_declared_incident(walk)
    first = walk.incident()["reference"]
    assert walk.stopped("imt.head", "reopen") == ["incident_active"]
    _wind_down(walk, first)
    walk.step("ftl.enforcement", "reopen", status=403)
    again = walk.step("imt.officer", "reopen", ground="changed_circumstances", what_changed="A third explosion")
    assert (again["stage"], again["climb"], again["visit"], again["incident"]) == ("cam", 2, 1, first)
    assert walk.stopped("imt.head", "request_case_conference") == ["impact_not_assessed"]
    _to_a_declared_incident(walk, resume=first)
    incident = walk.incident()
    assert (incident["reference"], incident["status"], incident["issues"]) == (first, "active", [walk.reference])
    assert len(walk("imt.head", "get", "/incidents/", status=200)["results"]) == 1
    assert walk.issue(walk.reference)["climb"] == 2
    kinds = [decision["kind"] for decision in walk.part("decisions")]
    assert [kind for kind in kinds if kind in ("declare_incident", "convene_urgent_conference", "reopen")] == [
        "declare_incident",
        "convene_urgent_conference",
        "reopen",
        "declare_incident",
        "convene_urgent_conference",
    ]
    assert [made["climb"] for made in walk.part("impact-assessments")] == [2, 1]


def test_a_flare_up_that_is_another_matter_is_an_incident_of_its_own(walk: Walk):
    walk.report()
    _to_a_declared_incident(walk)
    first = walk.incident()["reference"]
    _wind_down(walk, first)
    walk.step("imt.head", "reopen")
    walk.step("imt.head", "convene_urgent_conference")
    walk.impact("dd.enforcement")
    assert walk.stopped("dd.enforcement", "declare_incident", resume="INC-2020-0001") == ["resume_not_possible"]
    walk.step("dd.enforcement", "declare_incident")
    assert walk.incident()["reference"] != first
    assert walk("viewer", "get", f"/incidents/{first}/", status=200)["status"] == "de_escalating"


def test_ttg_sees_no_criterion_met_where_cam_saw_one(walk: Walk):
    walk.report()
    walk.impact("ftl.enforcement")
    walk.step("ftl.enforcement", "submit_to_cam")
    walk.impact("imt.head")
    walk.nnc("imt.head")
    assert walk.issue(walk.reference)["nnc"] is True
    walk.step("imt.head", "recommend_to_ttg")
    walk.impact("dceo.regulation", **UNCHANGED)
    assert walk.stopped("dceo.regulation", "activate_cam_ep") == ["nnc_not_confirmed"]
    walk.add("imt.head", "nnc-assessments", NNC, status=403)
    walk.nnc("dceo.regulation", **NONE_MET, lead_authority="local_authority")
    assert walk.stopped("dceo.regulation", "activate_cam_ep") == ["nnc_not_met", "not_opss_lead"]
    offer = walk.offers("dceo.regulation", walk.reference)["activate_cam_ep"]
    assert {blocker["override"] for blocker in offer["blocked_by"]} == {"exception_reason"}
    handed = walk.step("dceo.regulation", "hand_over", exception_reason=None)
    assert (handed["stage"], handed["nnc"], handed["lead_authority"]) == ("led_elsewhere", False, "local_authority")
    made = walk.part("nnc-assessments")
    assert [(nnc["stage"], nnc["met"], nnc["lead_authority"]) for nnc in made] == [
        ("ttg", False, "local_authority"),
        ("cam", True, "opss"),
    ]


def test_a_conference_asks_for_tests_twice_before_it_declares(walk: Walk):
    walk.report()
    walk.step("dd.enforcement", "convene_urgent_conference")
    walk.impact("dd.enforcement")
    meets = walk.issue(walk.reference)
    for what, result in (("Does it fail when cold?", "Yes, below 5 C"), ("Does it fail when hot?", "Yes, above 60 C")):
        asked = walk.step("dd.enforcement", "request_information", what=what)
        assert (asked["stage"], asked["visit"], asked["due_at"]) == ("case_conference", meets["visit"], meets["due_at"])
        assert walk.stopped("dd.enforcement", "close") == ["commissions_open"]
        walk.deliver("officer.science", what, result)
        assert walk.stopped("dd.enforcement", "declare_incident") == ["impact_stale"]
        walk.impact("dd.enforcement", confirms=True, overall_reason=result)
    assert walk.step("dd.enforcement", "declare_incident")["stage"] == "incident_declared"
    assert [decision["kind"] for decision in walk.part("decisions")].count("request_information") == 2


def test_a_wrong_merge_is_undone_and_both_originators_hear_how_their_own_case_ended(walk: Walk):
    council = {"name": "A council", "email": "desk@council.example"}
    reader = {"name": "A reader", "email": "reader@mail.example"}
    kept = walk.report(originator=council)
    wrong = walk.report(title="Another model leaks", originator=reader)
    walk.impact("ftl.enforcement", **LOW)
    merged = walk.step("imt.officer", "merge", into=kept)
    assert merged["stage"] == "merged"
    walk.deliver("ftl.enforcement", f"Tell the originator that the matter goes on as {kept}.", "Told by e-mail")
    walk.step("ftl.enforcement", "unmerge", status=403)
    assert walk.step("imt.officer", "unmerge")["stage"] == "reported"
    told = "Tell the originator that the matter goes on by itself after all."
    walk.deliver("ftl.enforcement", told, "Told by e-mail, with an apology")
    for reference, feedback in ((wrong, "Other model: no fault found"), (kept, "Recalled")):
        walk.reference = reference
        walk.step("ftl.enforcement", "close", feedback=feedback)
        [task] = [task for task in walk.part("commissions") if task["status"] == "asked"]
        assert task["what"] == f"Tell the originator how it ended: {feedback}"
    kinds = [event["kind"] for event in walk.part("events")]
    assert [kind for kind in kinds if kind in ("issue.absorbed", "issue.released")] == [
        "issue.released",
        "issue.absorbed",
    ]
    assert walk.issue(wrong)["title"] == "Another model leaks"


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def _to_a_declared_incident(walk: Walk, **more: Any) -> None:
    walk.step("imt.head", "convene_urgent_conference")
    walk.impact("dd.enforcement")
    walk.step("dd.enforcement", "declare_incident", **more)


def _wind_down(walk: Walk, incident: str) -> None:
    """IMT proposes; IMT and the chair of the TCG agree, each once, when the SCG was consulted."""
    consulted = {
        "scg_consulted_who": "The SCG's chair",
        "scg_consulted_when": (clock.now() - timedelta(hours=1)).isoformat(),
        "scg_view": "Agrees",
    }
    plan = {"plan": [{"what": "Watch the recall", "owner": "Enforcement"}], "exit_criteria_met": "No fire for a week"}
    for post, name, inputs in (
        ("imt.head", "propose_de_escalation", plan),
        ("imt.head", "agree_de_escalation", consulted),
        ("dd.enforcement", "agree_de_escalation", {}),
    ):
        version = walk("imt.head", "get", f"/incidents/{incident}/", status=200)["version"]
        walk(post, "post", f"/incidents/{incident}/transitions/{name}/", {"version": version} | inputs, status=200)
