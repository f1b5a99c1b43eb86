"""The main job over REST alone: from a report to a situation report, refusals on the way included."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts import services as accounts
from accounts.selectors import actor_for
from escalation import services
from kernel import clock
from tests.factories.accounts import person
from tests.factories.ladder import NNC, RATINGS, Cast, inputs_of

pytestmark = pytest.mark.django_db

POSTS = (
    "officer.enforcement",
    "ftl.enforcement",
    "imt.head",
    "imt.officer",
    "dceo.regulation",
    "dceo.evidence",
    "dd.enforcement",
    "dd.targeting",
    "dd.science",
    "scs.science",
    "viewer",
)


class Rest:
    """A client that calls the interface as the holder of a post, with a token of its own.

    `client` is Django's, or anything that answers like it, such as one that goes through a real proxy.
    """

    def __init__(self, cast: Cast, client: Any = None) -> None:
        self.client, self.keys = client or Client(), {post: self._key(cast, post) for post in POSTS}

    @staticmethod
    def _key(cast: Cast, post: str) -> str:
        user = cast.user(post)
        return accounts.token_create(user_id=user.pk, by=actor_for(user, post), post=post)[1]

    def __call__(self, post: str, method: str, path: str, body: Any = None, *, status: int, **headers: str) -> Any:
        headers = {"Authorization": f"Token {self.keys[post]}"} | headers
        given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = getattr(self.client, method)(f"/api/v1{path}", headers=headers, **given)
        assert answer.status_code == status, (post, method, path, answer.content[:500])
        if answer.headers.get("Content-Type", "").endswith("json"):
            return answer.json()
        return answer

    def issue(self, reference: str) -> dict[str, Any]:
        return self("imt.head", "get", f"/issues/{reference}/", status=200)

    def move(self, post: str, reference: str, name: str, body: dict[str, Any], *, status: int = 200) -> Any:
        body = {"version": self.issue(reference)["version"]} | body
        return self(post, "post", f"/issues/{reference}/transitions/{name}/", body, status=status)

    def offers(self, post: str, reference: str) -> dict[str, dict[str, Any]]:
        offered = self(post, "get", f"/issues/{reference}/transitions/", status=200)
        return {offer["name"]: offer for offer in offered}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def rest(cast: Cast) -> Rest:
    return Rest(cast)


REPORT = {
    "title": "Hob elbow joint leaks gas <b>\u202eevil</b>",
    "summary": "Two explosions in kitchens. صمام الغاز يتسرب.",
    "source": "emergency_service",
    "products": [{"name": "Elbow joint for gas hobs", "country_of_origin": "CN"}],
    "businesses": [{"name": "Fittings Importer Ltd", "role": "importer"}],
}


def test_from_a_report_to_an_issued_sitrep(rest: Rest, cast: Cast):
    made = rest("officer.enforcement", "post", "/issues/", REPORT, status=201)
    reference = made["reference"]
    assert (made["title"], made["summary"]) == (REPORT["title"], REPORT["summary"])
    assert (made["stage"], made["impact_level"], made["nnc"], made["incident"]) == ("reported", None, None, None)

    begun = rest.move("ftl.enforcement", reference, "begin_assessment", {"note": "Look at the joint"})
    assert begun["stage"] == "assessing"
    blocked = rest.move("ftl.enforcement", reference, "submit_to_cam", {"reason": "Big"}, status=409)
    assert blocked["blocked_by"] == [
        {
            "code": "impact_not_assessed",
            "message": blocked["blocked_by"][0]["message"],
            "cites": "IMP-2.4",
            "override": None,
        }
    ]
    assert rest.offers("ftl.enforcement", reference)["submit_to_cam"]["blocked_by"] == blocked["blocked_by"]
    impact = f"/issues/{reference}/impact-assessments/"
    rest("ftl.enforcement", "post", impact, {"ratings": RATINGS}, status=201)
    assert rest.offers("ftl.enforcement", reference)["submit_to_cam"]["allowed"] is True
    rest.move("ftl.enforcement", reference, "submit_to_cam", {"reason": "Sold everywhere"})

    refused = rest.move("ftl.enforcement", reference, "recommend_to_ttg", {}, status=403)
    assert refused["errors"][0]["code"] == "not_your_move"
    assert refused["posts"] == ["imt.head", "imt.duty", "imt.officer"]
    wrong = rest.move("imt.head", reference, "recommend_to_ttg", {"recommendation": "panic"}, status=400)
    assert {error["field"] for error in wrong["errors"]} == {"recommendation", "reason"}
    rest("imt.head", "post", impact, {"ratings": RATINGS}, status=201)
    rest("imt.head", "post", f"/issues/{reference}/nnc-assessments/", NNC, status=201)
    rest.move("imt.head", reference, "recommend_to_ttg", inputs_of(cast, "recommend_to_ttg"))

    rest("imt.head", "post", impact, {"confirms": True, "overall_reason": "Nothing new"}, status=201)
    rest("dceo.regulation", "post", f"/issues/{reference}/nnc-assessments/", NNC, status=201)
    rest.move("dceo.regulation", reference, "activate_cam_ep", inputs_of(cast, "activate_cam_ep"))

    rest("scs.science", "post", impact, {"ratings": RATINGS}, status=201)
    rest.move("dd.enforcement", reference, "request_case_conference", inputs_of(cast, "request_case_conference"))
    rest("dd.enforcement", "post", impact, {"ratings": RATINGS}, status=201)
    declared = rest.move("dd.enforcement", reference, "declare_incident", inputs_of(cast, "declare_incident"))
    assert declared["stage"] == "incident_declared"

    incident = rest("viewer", "get", f"/incidents/{declared['incident']}/", status=200)
    assert (incident["status"], incident["response_level"], incident["impact_level"]) == ("active", "strategic", "high")
    assert incident["issues"] == [reference]
    assert {group["kind"] for group in incident["groups"]} == {"scg", "tcg"}
    rhythm = rest("viewer", "get", f"/incidents/{declared['incident']}/rhythm/", status=200)["results"]
    assert {event["kind"] for event in rhythm} >= {"scg", "tcg", "bird_table", "sitrep"}
    assert {event["status"] for event in rhythm} == {"provisional"}
    _report(rest, cast, declared["incident"])


def _report(rest: Rest, cast: Cast, incident: str) -> None:
    refused = rest("viewer", "post", f"/incidents/{incident}/sitreps/", {}, status=403)
    assert refused["title"]
    draft = rest("imt.officer", "post", f"/incidents/{incident}/sitreps/", {}, status=201)
    assert (draft["reference"], draft["number"], draft["status"]) == (f"{incident}/SR-001", 1, "draft")
    path = f"/sitreps/{incident}-SR-001/"
    sections = [
        {"key": section["key"], "body": f"{section['title']}: as of this afternoon <script>\u202e"}
        for section in draft["sections"]
    ]
    rest("imt.officer", "patch", path, {"sections": sections}, status=400)
    edited = rest("imt.officer", "patch", path, {"sections": sections, "version": draft["version"]}, status=200)
    rest("imt.officer", "patch", path, {"sections": sections, "version": draft["version"]}, status=412)

    def move(post: str, name: str, body: dict[str, Any], status: int = 200) -> Any:
        version = rest("imt.head", "get", path, status=200)["version"]
        return rest(post, "post", f"{path}transitions/{name}/", {"version": version} | body, status=status)

    assert edited["status"] == "draft"
    move("imt.officer", "submit", {})
    own = move("imt.officer", "approve", {"second_check": "done"}, status=403)
    assert own["posts"]
    move("imt.head", "approve", {"second_check": "done"})
    issued = move("imt.head", "issue", {})
    assert issued["status"] == "issued"
    got = rest.client.get(f"/api/v1{path}", headers={"Authorization": f"Token {rest.keys['viewer']}"})
    assert got.json()["sha256"] == issued["sha256"]
    again = {"Authorization": f"Token {rest.keys['viewer']}", "If-None-Match": got.headers["ETag"]}
    assert rest.client.get(f"/api/v1{path}", headers=again).status_code == 304
    page = rest("viewer", "get", path, status=200, Accept="text/html")
    assert "&lt;script&gt;" in page.content.decode()
    assert "<script>" not in page.content.decode().replace("<script type", "").replace("<script src", "")
    pdf = rest("viewer", "get", path, status=200, Accept="application/pdf")
    assert pdf.content.startswith(b"%PDF-")
    stale = rest("imt.officer", "patch", path, {"sections": [], "version": issued["version"]}, status=409)
    assert stale["title"]


def test_who_is_not_known_or_holds_no_post_learns_nothing(rest: Rest, cast: Cast):
    reference = rest("officer.enforcement", "post", "/issues/", REPORT, status=201)["reference"]
    nobody = rest.client.get(f"/api/v1/issues/{reference}/")
    assert (nobody.status_code, nobody.headers["Content-Type"]) == (401, "application/problem+json")
    assert nobody.headers["WWW-Authenticate"].startswith("Token")
    stranger = person()
    key = accounts.token_create(user_id=stranger.pk, by=actor_for(stranger))[1]
    as_stranger = {"Authorization": f"Token {key}"}
    assert rest.client.get(f"/api/v1/issues/{reference}/", headers=as_stranger).status_code == 403
    answer = rest.client.post(
        "/api/v1/issues/", data=json.dumps(REPORT), content_type="application/json", headers=as_stranger
    )
    assert (answer.status_code, set(answer.json())) == (201, {"reference", "version"})


def test_a_restricted_case_is_not_there_for_those_off_its_list(rest: Rest):
    restricted = REPORT | {"sensitivity": "restricted"}
    reference = rest("officer.enforcement", "post", "/issues/", restricted, status=201)["reference"]
    assert rest("imt.head", "get", f"/issues/{reference}/", status=200)["sensitivity"] == "restricted"
    parts = ("", "transitions/", "impact-assessments/", "nnc-assessments/", "evidence/", "commissions/", "decisions/")
    for part in (*parts, "events/"):
        absent = rest("imt.officer", "get", f"/issues/ISS-2020-00001/{part}", status=404)
        hidden = rest("imt.officer", "get", f"/issues/{reference}/{part}", status=404)
        assert hidden["title"] == absent["title"]
        assert hidden["detail"] == absent["detail"].replace("ISS-2020-00001", reference)
    listed = rest("imt.officer", "get", "/issues/", status=200)["results"]
    assert [row["reference"] for row in listed] == []
    for name in ("begin_assessment", "close", "declare_incident"):
        body = {"version": 1}
        rest("ftl.enforcement", "post", f"/issues/{reference}/transitions/{name}/", body, status=404)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": None}, "reason"),
        ({"reason": " \u200f "}, "reason"),
        ({"reason": 7}, "reason"),
        ({"reason": ["x"]}, "reason"),
        ({"reason": "x" * 20_001}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
        ({"reason": "\ud800"}, "reason"),
        ({"reason": "Look", "speed": "fast"}, "speed"),
    ],
)
def test_wrong_inputs_of_a_move_are_named_and_change_nothing(rest: Rest, body, field):
    reference = rest("officer.enforcement", "post", "/issues/", REPORT, status=201)["reference"]
    before = rest.issue(reference)
    problem = rest.move("ftl.enforcement", reference, "submit_to_cam", body, status=400)
    assert field in {error["field"] for error in problem["errors"]}
    assert rest.issue(reference) == before


def test_the_list_is_narrowed_by_its_filters_and_refuses_words_it_does_not_know(rest: Rest):
    first = rest("officer.enforcement", "post", "/issues/", REPORT, status=201)["reference"]
    other = REPORT | {
        "source": "media",
        "title": "Toy with loose magnets",
        "functional_team": "science",
        "products": [],
    }
    second = rest("officer.enforcement", "post", "/issues/", other, status=201)["reference"]

    def listed(query: str) -> list[str]:
        return [row["reference"] for row in rest("viewer", "get", f"/issues/?{query}", status=200)["results"]]

    assert listed("") == [second, first]
    assert listed("source=media") == [second]
    assert listed("team=enforcement") == [first]
    assert listed("q=MAGNETS") == [second]
    assert listed("q=elbow+joint+for") == [first]
    assert listed(f"q={first}") == [first]
    assert listed("stage=cam") == []
    assert listed("impact=none") == [second, first]
    page = rest("viewer", "get", "/issues/?limit=1", status=200)
    assert [row["reference"] for row in page["results"]] == [second]
    rest_of_it = rest.client.get(page["next"], headers={"Authorization": f"Token {rest.keys['viewer']}"}).json()
    assert [row["reference"] for row in rest_of_it["results"]] == [first]
    tomorrow = (clock.now() + timedelta(days=1)).isoformat().replace("+", "%2B")
    assert listed(f"updated_since={tomorrow}") == []
    for query, field in (
        ("stage=moon", "stage"),
        ("sort=x", "sort"),
        ("updated_since=2026-01-01", "updated_since"),
        ("limit=0", "limit"),
        ("cursor=abc", "cursor"),
    ):
        problem = rest("viewer", "get", f"/issues/?{query}", status=400)
        assert field in {error["field"] for error in problem["errors"]}


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_costs_the_same_however_long_it_is(rest: Rest, rows, django_assert_max_num_queries):
    for number in range(rows):
        rest("officer.enforcement", "post", "/issues/", REPORT | {"title": f"Case {number}"}, status=201)
    with django_assert_max_num_queries(8):
        assert len(rest("viewer", "get", "/issues/", status=200)["results"]) == rows


def test_facts_are_put_right_by_the_team_and_a_stale_version_is_refused(rest: Rest):
    made = rest("officer.enforcement", "post", "/issues/", REPORT, status=201)
    path = f"/issues/{made['reference']}/"
    rest("viewer", "patch", path, {"title": "Mine now"}, status=403)
    changed = rest("ftl.enforcement", "patch", path, {"title": "Hob joints leak"}, status=200, **{"If-Match": '"1"'})
    assert (changed["title"], changed["summary"], changed["version"]) == ("Hob joints leak", made["summary"], 2)
    rest("ftl.enforcement", "patch", path, {"title": "Again"}, status=412, **{"If-Match": '"1"'})
    assert rest("ftl.enforcement", "patch", path, {"title": ""}, status=400)["errors"][0]["field"] == "title"
    assert rest.issue(made["reference"])["title"] == "Hob joints leak"
    event = rest("viewer", "get", f"{path}events/", status=200)["results"][0]
    assert event["facts"]["changed"]["title"] == {"before": REPORT["title"], "after": "Hob joints leak"}


def test_a_commission_is_asked_answered_once_and_counts_as_news(rest: Rest, cast: Cast):
    reference = rest("officer.enforcement", "post", "/issues/", REPORT, status=201)["reference"]
    path = f"/issues/{reference}/commissions/"
    due = (clock.today() + timedelta(days=2)).isoformat()
    wanted = {"kind": "advice", "what": "Does it fail?", "team": "science", "due": due}
    rest("viewer", "post", path, wanted, status=403)
    late = wanted | {"due": (clock.today() - timedelta(days=1)).isoformat()}
    assert rest("imt.head", "post", path, late, status=400)["errors"][0]["field"] == "due"
    asked = rest("imt.head", "post", path, wanted, status=201)
    settle = f"{path}{asked['id']}/settle/"
    rest("officer.enforcement", "post", settle, {"outcome": "delivered", "result": "Yes"}, status=403)
    done = rest("imt.head", "post", settle, {"outcome": "delivered", "result": "Yes"}, status=200)
    assert (done["status"], done["result"], bool(done["delivered_at"])) == ("delivered", "Yes", True)
    again = rest("imt.head", "post", settle, {"outcome": "waived", "result": "No"}, status=409)
    assert again["errors"][0]["code"] == "commission_settled"
    facts = services.ISSUE_MACHINE.facts(services.ISSUE_MACHINE.find(reference, cast("imt.head")), cast("imt.head"))
    assert facts.news_at is not None
