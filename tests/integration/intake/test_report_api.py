"""Reporting over REST: the same door, the same refusals."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import Issue
from tests.factories.accounts import person
from tests.factories.incidents import BAD_IDS, BAD_REPORTS, MARKED_UP, ProductData, ReportData, reported

pytestmark = pytest.mark.django_db

ISSUES = "/api/v1/issues/"


def api(user: User | None) -> Client:
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user)
    return client


def post(user: User | None, data: dict, **headers: str):
    return api(user).post(ISSUES, data, content_type="application/json", headers=headers)


def test_report_answers_the_issue_and_where_it_is():
    answer = post(person("officer.science"), ReportData(title=MARKED_UP, products=[ProductData(name="Kettle")]))
    issue = Issue.objects.get()
    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/issues/{issue.reference}/"
    assert answer.headers["ETag"].startswith('"1-')
    assert body["reference"] == issue.reference
    assert body["title"] == MARKED_UP
    assert [product["name"] for product in body["products"]] == ["Kettle"]
    assert (body["stage"], body["functional_team"], body["version"]) == ("reported", "science", 1)
    assert (body["impact_level"], body["nnc"], body["incident"]) == (None, None, None)
    assert api(person("viewer")).get(answer.headers["Location"]).json() == body


@pytest.mark.parametrize(("sent", "kept"), [({}, None), ({"danger_now": None}, None), ({"danger_now": False}, False)])
def test_danger_that_was_left_out_reads_null_and_not_false(sent, kept):
    assert post(person("officer.science"), ReportData(**sent)).json()["danger_now"] is kept


@pytest.mark.parametrize("posts", [(), ("operator",)])
def test_who_may_not_read_the_issue_learns_reference_and_version_only(posts):
    body = post(person(*posts), ReportData()).json()
    assert body == {"reference": Issue.objects.get().reference, "version": 1}


def test_stranger_may_report_but_not_list():
    reported()
    answer = api(person()).get(ISSUES)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "no_post")
    assert len(api(person("viewer")).get(ISSUES).json()["results"]) == 1


def test_report_needs_signing_in():
    assert post(None, ReportData()).status_code == 401
    assert not Issue.objects.exists()


@pytest.mark.parametrize(("wrong", "field", "code"), BAD_REPORTS, ids=BAD_IDS)
def test_each_bad_input_is_a_problem_at_its_field(wrong, field, code):
    answer = post(person("officer.science"), ReportData(**wrong))
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert not Issue.objects.exists()


def test_same_idempotency_key_reports_once():
    user, data = person("officer.science"), ReportData()
    first, second = (post(user, data, **{"Idempotency-Key": "abc"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Issue.objects.count() == 1
