"""Incidents and situation reports over REST: the fields that others rely on, and the refusals."""

from __future__ import annotations

import json
from hashlib import sha256
from itertools import pairwise

import pytest
from django.test import Client

from accounts.models import User
from command.enums import SectionKey
from command.models import Sitrep
from tests.factories.accounts import person
from tests.factories.command import PLAN, at_status, draft, incident, incident_at, incident_inputs, move
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db

API = "/api/v1"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def api(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(user: User, path: str, data: dict | None = None, **headers: str):
    return api(user).post(f"{API}{path}", data or {}, content_type="application/json", headers=headers)


def get(user: User, path: str, **headers: str):
    return api(user).get(f"{API}{path}", headers=headers)


def patch(user: User, path: str, data: dict, **headers: str):
    return api(user).patch(f"{API}{path}", data, content_type="application/json", headers=headers)


def test_an_incident_with_its_groups_and_issues(cast):
    case = incident(cast)
    answer = get(cast.user("viewer"), f"/incidents/{case.reference}/")
    body = answer.json()
    assert {
        "reference", "title", "status", "response_level", "impact_level", "declared_at", "issues", "policy_owner",
        "lead_department", "groups", "version",
    } <= body.keys()  # fmt: skip
    assert body["issues"] == [case.issues.get().reference]
    assert [(group["kind"], group["level"], group["chair"]) for group in body["groups"]] == [
        ("scg", "strategic", cast.user("dceo.evidence").email),
        ("tcg", "tactical", cast.user("dd.enforcement").email),
    ]
    again = get(cast.user("viewer"), f"/incidents/{case.reference}/", **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert get(cast.user("viewer"), "/incidents/").json()["results"] == [body]
    assert get(cast.user("viewer"), "/incidents/?status=closed").json()["results"] == []


@pytest.mark.parametrize("rows", [1, 4])
def test_a_list_of_incidents_costs_the_same_whatever_its_length(rows, cast, django_assert_max_num_queries):
    for _ in range(rows):
        incident(cast)
    client = api(cast.user("imt.head"))
    with django_assert_max_num_queries(12):
        assert len(client.get(f"{API}/incidents/").json()["results"]) == rows


def test_the_rhythm_has_a_next_time_for_each_event(cast):
    case = incident(cast)
    page = get(cast.user("imt.head"), f"/incidents/{case.reference}/rhythm/").json()
    assert page.keys() == {"next", "previous", "results"}
    assert len(page["results"]) >= 3
    assert all(
        row["next_at"] and row["recurrence"].startswith("FREQ=") and row["status"] == "provisional"
        for row in page["results"]
    )
    added = post(
        cast.user("imt.head"),
        f"/incidents/{case.reference}/rhythm/",
        {"kind": "meeting", "title": "Call", "starts_at": "2030-01-07T09:30:00+00:00", "recurrence": "FREQ=WEEKLY"},
    )
    assert (added.status_code, added.json()["next_at"]) == (201, "2030-01-07T09:30:00Z")
    assert post(cast.user("imt.head"), f"/incidents/{case.reference}/rhythm/agree/").status_code == 403
    agreed = post(cast.user("dceo.evidence"), f"/incidents/{case.reference}/rhythm/agree/")
    assert {row["status"] for row in agreed.json()["agreed"]} == {"agreed"}


def test_a_group_stood_up_over_rest_is_in_the_list(cast):
    case = incident(cast)
    data = {
        "kind": "working_group", "level": "operational", "name": "Cells", "chair": cast.user("ftl.science").email,
        "purpose": "Looks at the cells", "exit_strategy": "When the tests are in",
    }  # fmt: skip
    assert post(cast.user("ftl.science"), f"/incidents/{case.reference}/groups/", data).status_code == 403
    made = post(cast.user("imt.head"), f"/incidents/{case.reference}/groups/", data)
    assert (made.status_code, made.json()["status"]) == (201, "standing")
    listed = get(cast.user("imt.head"), f"/incidents/{case.reference}/groups/").json()["results"]
    assert listed[-1] == made.json()
    refused = post(cast.user("imt.head"), f"/incidents/{case.reference}/groups/", {**data, "exit_strategy": " "})
    assert [error["field"] for error in refused.json()["errors"]] == ["exit_strategy"]


def test_the_history_of_an_incident_pages(cast):
    case = incident(cast)
    first = get(cast.user("imt.head"), f"/incidents/{case.reference}/events/?limit=3").json()
    assert [row["kind"] for row in first["results"]] == ["rhythm.set", "group.stood_up", "group.stood_up"]
    rest = api(cast.user("imt.head")).get(first["next"]).json()
    assert [row["kind"] for row in rest["results"]] == ["incident.opened"]


def test_a_draft_is_opened_written_and_issued_over_rest(cast):
    case, officer, head = incident(cast), cast.user("imt.officer"), cast.user("imt.head")
    opened = post(officer, f"/incidents/{case.reference}/sitreps/")
    body = opened.json()
    assert (opened.status_code, body["reference"], body["status"]) == (201, f"{case.reference}/SR-001", "draft")
    path = f"/sitreps/{case.reference}-SR-001/"
    assert opened.headers["Location"] == f"{API}{path}"
    assert [section["key"] for section in body["sections"]] == SectionKey.values
    again = post(officer, f"/incidents/{case.reference}/sitreps/")
    assert (again.status_code, again.json()["blocked_by"][0]["code"]) == (409, "draft_open")

    blocked = post(officer, f"{path}transitions/submit/", {"version": body["version"]})
    assert (blocked.status_code, blocked.json()["blocked_by"][0]["code"]) == (409, "placeholders_left")
    sections = [{"key": key, "body": "Nothing to report"} for key in SectionKey.values]
    written = patch(officer, path, {"sections": sections, "version": body["version"]})
    assert (written.status_code, written.json()["version"]) == (200, 2)

    version = 2
    for user, name, data in (
        (officer, "submit", {}),
        (head, "approve", {"second_check": "done"}),
        (head, "issue", {"recipients": [cast.user("ftl.science").email]}),
    ):
        moved = post(user, f"{path}transitions/{name}/", {**data, "version": version})
        version = moved.json()["version"]
        assert moved.status_code == 200, moved.json()
    assert moved.json()["status"] == "issued"


def test_the_digest_of_an_issued_report_is_recomputed_from_what_is_served(cast):
    sitrep = at_status(cast, "issued", harm="Zwei Brände – مرحبا \u202e 'x' <b>")
    body = get(cast.user("viewer"), f"/sitreps/{sitrep.path}/").json()
    assert {
        "reference", "number", "status", "as_of", "issued_at", "sections", "figures", "sha256", "supersedes", "version",
    } <= body.keys()  # fmt: skip
    assert sha256(body["canonical"].encode()).hexdigest() == body["sha256"]
    content = json.loads(body["canonical"])
    assert {name: body[name] for name in content} == content
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sha256(text.encode()).hexdigest() == body["sha256"]


def test_an_issued_report_reads_the_same_after_what_it_tells_of_has_changed(cast):
    sitrep = at_status(cast, "issued")
    before = get(cast.user("viewer"), f"/sitreps/{sitrep.path}/").json()
    case = sitrep.incident
    type(case).objects.filter(pk=case.pk).update(title="Another title")
    case.issues.update(sensitivity="official")
    assert get(cast.user("viewer"), f"/sitreps/{sitrep.path}/").json() == before


@pytest.mark.parametrize(
    ("data", "headers", "status"),
    [
        ({}, {}, 400),
        ({"version": 1}, {}, 412),
        ({"version": 2}, {"If-Match": '"1"'}, 412),
        ({}, {"If-Match": '"1"'}, 412),
        ({}, {"If-Match": '"2"'}, 200),
        ({"version": 2}, {}, 200),
        ({"version": "two"}, {}, 400),
    ],
)
def test_a_patch_says_which_version_it_saw(cast, data, headers, status):
    sitrep = draft(cast, incident(cast))
    body = {"sections": [{"key": "harm", "body": "Three burns"}], **data}
    answer = patch(cast.user("imt.officer"), f"/sitreps/{sitrep.path}/", body, **headers)
    assert answer.status_code == status
    saved = Sitrep.objects.get(pk=sitrep.pk).sections.get(key="harm").body
    assert saved == ("Three burns" if status == 200 else "Nothing to report")


def test_a_patch_of_an_issued_report_is_refused(cast):
    sitrep = at_status(cast, "issued")
    body = {"sections": [{"key": "harm", "body": "x"}], "version": sitrep.version}
    answer = patch(cast.user("imt.officer"), f"/sitreps/{sitrep.path}/", body)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "not_from_here")


def test_the_same_etag_is_304_for_each_form_and_another_after_a_change(cast):
    sitrep, user = draft(cast, incident(cast)), cast.user("imt.officer")
    path = f"/sitreps/{sitrep.path}/"
    tags = {form: get(user, path, Accept=form).headers["ETag"] for form in ("application/json", "text/html")}
    assert len(set(tags.values())) == 2
    for form, tag in tags.items():
        assert get(user, path, Accept=form, **{"If-None-Match": tag}).status_code == 304
    move(cast, sitrep, "submit", "imt.officer")
    assert get(user, path, **{"If-None-Match": tags["application/json"]}).status_code == 200


def test_offers_are_a_bare_array_for_this_caller(cast):
    sitrep = at_status(cast, "in_review")
    path = f"/sitreps/{sitrep.path}/transitions/"
    offers = get(cast.user("imt.officer"), path).json()
    allowed = {offer["name"]: offer["allowed"] for offer in offers}
    assert allowed == {
        "return": False,
        "approve": False,
        "withdraw": True,
    }
    codes = {blocker["code"] for offer in offers if offer["name"] == "approve" for blocker in offer["blocked_by"]}
    assert codes == {"not_your_move", "author_may_not_approve"}
    [approve] = [offer for offer in get(cast.user("imt.head"), path).json() if offer["name"] == "approve"]
    assert approve["allowed"]
    assert approve["fields"]["properties"]["second_check"]["enum"] == ["done", "due"]


@pytest.mark.parametrize(
    ("post_held", "name", "data", "status", "code"),
    [
        ("imt.head", "publish", {"version": 3}, 404, "not_found"),
        ("imt.head", "approve", {"second_check": "done"}, 400, "required"),
        ("imt.head", "approve", {"second_check": "done", "version": 2}, 409, "changed_since_seen"),
        ("imt.head", "issue", {"version": 3}, 409, "not_from_here"),
        ("ftl.science", "approve", {"version": 3}, 403, "not_your_move"),
        ("imt.head", "approve", {"version": 3, "second_check": "later"}, 400, "invalid_choice"),
        ("imt.head", "approve", {"version": 3, "second_check": "done", "note": "x"}, 400, "unknown_field"),
        ("imt.head", "return", {"version": 3}, 400, "required"),
    ],
)
def test_a_move_is_refused_in_the_order_of_the_ladder(cast, post_held, name, data, status, code):
    sitrep = at_status(cast, "in_review")
    answer = post(cast.user(post_held), f"/sitreps/{sitrep.path}/transitions/{name}/", data)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)


def test_lists_filter_by_incident_status_and_time(cast):
    issued = at_status(cast, "issued")
    other = draft(cast, incident(cast))
    user = cast.user("imt.head")

    def listed(query: str) -> list[str]:
        return [row["reference"] for row in get(user, f"/sitreps/{query}").json()["results"]]

    assert listed("") == [other.reference, issued.reference]
    assert listed("?status=draft") == [other.reference]
    assert listed(f"?incident={issued.incident.reference}") == [issued.reference]
    assert listed("?issued_since=2020-01-01T00:00:00Z") == [issued.reference]
    assert listed("?issued_since=2100-01-01T00:00:00Z") == []
    assert listed("?incident=INC-1999-0001") == []
    own = get(user, f"/incidents/{other.incident.reference}/sitreps/").json()["results"]
    assert [row["reference"] for row in own] == [other.reference]
    for query, field in (("?status=lost", "status"), ("?issued_since=soon", "issued_since"), ("?colour=red", "colour")):
        answer = get(user, f"/sitreps/{query}")
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_a_list_pages_without_losing_or_doubling(cast):
    case = incident(cast)
    for _ in range(3):
        at_status(cast, "withdrawn", case)
    user, address, seen = cast.user("imt.head"), f"{API}/sitreps/?limit=1", []
    while address:
        page = api(user).get(address).json()
        seen += [row["number"] for row in page["results"]]
        address = page["next"]
    assert seen == [3, 2, 1]
    assert all(later > earlier for later, earlier in pairwise(seen))


def test_strangers_and_operators_learn_nothing(cast):
    sitrep = at_status(cast, "issued")
    addresses = (
        f"/incidents/{sitrep.incident.reference}/", f"/incidents/{sitrep.incident.reference}/sitreps/",
        f"/sitreps/{sitrep.path}/", f"/sitreps/{sitrep.path}/transitions/",
    )  # fmt: skip
    for address in addresses:
        assert Client().get(f"{API}{address}").status_code == 401
        assert get(person(), address).status_code == 403
        answer = get(cast.user("operator"), address)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert get(cast.user("operator"), "/sitreps/").json()["results"] == []


def test_a_report_as_a_page(cast):
    sitrep = at_status(cast, "superseded", harm="<script>alert(1)</script> {{ 7|add:7 }}")
    answer = get(cast.user("viewer"), f"/sitreps/{sitrep.path}/", Accept="text/html")
    page = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in page
    assert f'superseded by <a class="govuk-link" href="/sitreps/{sitrep.incident.reference}-SR-002/"' in page
    assert sitrep.sha256 in page


def test_no_other_form_is_answered(cast):
    sitrep = at_status(cast, "issued")
    assert get(cast.user("viewer"), f"/sitreps/{sitrep.path}/", Accept="text/csv").status_code == 406


# Moves of an incident


def test_offers_of_an_incident_are_a_bare_array_for_this_caller(cast):
    case = incident(cast)
    offers = {
        offer["name"]: offer for offer in get(cast.user("imt.head"), f"/incidents/{case.reference}/transitions/").json()
    }
    assert {name: offer["allowed"] for name, offer in offers.items()} == {
        "raise_level": True,
        "lower_level": True,
        "propose_de_escalation": True,
        "agree_de_escalation": False,
    }
    assert [blocker["code"] for blocker in offers["agree_de_escalation"]["blocked_by"]] == ["plan_missing"]
    assert [need["code"] for need in offers["agree_de_escalation"]["needs"]] == ["scg_not_consulted"]
    assert [need["code"] for need in offers["propose_de_escalation"]["needs"]] == ["plan_missing"]
    activity = offers["propose_de_escalation"]["fields"]["properties"]["plan"]["items"]
    assert set(activity["required"]) == {"what", "owner"}
    assert offers["raise_level"]["fields"]["properties"]["level"]["enum"] == ["operational", "tactical", "strategic"]
    viewer = get(cast.user("viewer"), f"/incidents/{case.reference}/transitions/").json()
    assert {offer["allowed"] for offer in viewer} == {False}


@pytest.mark.parametrize(
    ("post_held", "name", "data", "status", "code"),
    [
        ("imt.head", "declare", {"version": 1}, 404, "not_found"),
        ("imt.head", "raise_level", {"level": "strategic", "reason": "x"}, 400, "required"),
        ("imt.head", "raise_level", {"version": 9}, 409, "changed_since_seen"),
        ("imt.head", "close", {"version": 1}, 409, "not_from_here"),
        ("imt.officer", "raise_level", {"version": 1}, 403, "not_your_move"),
        ("imt.head", "raise_level", {"version": 1, "level": "higher", "reason": "x"}, 400, "invalid_choice"),
        ("imt.head", "raise_level", {"version": 1, "level": "tactical", "reason": "x"}, 409, "level_not_higher"),
        ("imt.head", "propose_de_escalation", {"version": 1, "exit_criteria_met": "x", "plan": "y"}, 400, "wrong_type"),
        ("imt.head", "propose_de_escalation", {"version": 1, "exit_criteria_met": "x"}, 409, "plan_missing"),
    ],
)
def test_a_move_of_an_incident_is_refused_in_the_order_of_the_ladder(cast, post_held, name, data, status, code):
    case = incident(cast)
    answer = post(cast.user(post_held), f"/incidents/{case.reference}/transitions/{name}/", data)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert get(cast.user("imt.head"), f"/incidents/{case.reference}/").json()["version"] == 1


def test_an_incident_is_wound_down_and_closed_over_rest_alone(cast):
    case = incident(cast)
    path = f"/incidents/{case.reference}"

    def make(post_held: str, name: str) -> dict:
        version = get(cast.user("imt.head"), f"{path}/").json()["version"]
        answer = post(
            cast.user(post_held), f"{path}/transitions/{name}/", {**incident_inputs(name), "version": version}
        )
        assert answer.status_code == 200, answer.json()
        assert answer.headers["ETag"]
        return answer.json()

    make("imt.officer", "propose_de_escalation")
    half = make("imt.officer", "agree_de_escalation")
    assert (half["status"], [row["party"] for row in half["de_escalation"]["agreed"]]) == ("active", ["imt"])
    both = make("dd.enforcement", "agree_de_escalation")
    assert (both["status"], [row["party"] for row in both["de_escalation"]["agreed"]]) == (
        "de_escalating", ["imt", "tcg_chair"],
    )  # fmt: skip
    assert both["de_escalation"]["plan"] == PLAN
    assert both["de_escalation"]["scg_view"] == "It agrees, with a watch on sales online"
    watched = make("imt.officer", "monitor")
    assert (watched["status"], watched["watched_by"]) == ("monitoring", "The monitoring group")

    version = watched["version"]
    blocked = post(cast.user("imt.head"), f"{path}/transitions/close/", {"reason": "x", "version": version})
    assert blocked.status_code == 409
    assert [row["code"] for row in blocked.json()["blocked_by"]] == ["groups_standing", "last_sitrep_missing"]
    for group in watched["groups"]:
        address = f"{path}/groups/{group['id']}/stand-down/"
        assert post(cast.user("ftl.science"), address, {}).status_code == 403
        down = post(cast.user("imt.head"), address, {"longer_term_owner": "Science", "reason": "Done"})
        assert (down.status_code, down.json()["status"], down.json()["longer_term_owner"]) == (
            200, "stood_down", "Science",
        )  # fmt: skip
        again = post(cast.user("imt.head"), address, {"longer_term_owner": "Science", "reason": "Done"})
        assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "group_stood_down")
    at_status(cast, "issued", case)
    assert make("imt.head", "close")["status"] == "closed"
    assert get(cast.user("imt.head"), f"{path}/rhythm/").json()["results"] == []
    left = get(cast.user("imt.head"), f"{path}/transitions/").json()
    assert [(offer["name"], [row["code"] for row in offer["blocked_by"]]) for offer in left] == [
        ("complete_review", ["review_incomplete"])
    ]


def test_browser_and_rest_answer_a_move_of_an_incident_alike(cast):
    """The same refusals, told by a page and as a problem document."""
    case, client = incident_at(cast, "de_escalating"), api(cast.user("imt.officer"))
    for name, data in (("close", {"reason": "x"}), ("monitor", {"review_on": "2020-01-01"}), ("raise_level", {})):
        sent = {**data, "version": case.version}
        problem = post(cast.user("imt.officer"), f"/incidents/{case.reference}/transitions/{name}/", sent)
        page = client.post(f"/incidents/{case.reference}/moves/{name}/", {**data, "version": str(case.version)})
        assert page.status_code == problem.status_code
        if problem.status_code == 409:
            assert all(row["message"] in page.content.decode() for row in problem.json()["blocked_by"])
