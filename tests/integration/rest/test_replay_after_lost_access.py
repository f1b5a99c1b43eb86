"""A stored answer is not given again to somebody who may no longer know of the case that it is about."""

from __future__ import annotations

import pytest
from django.test import Client

from incidents.models import Issue, IssuePerson
from tests.factories.accounts import person
from tests.factories.incidents import ReportData, reported

pytestmark = pytest.mark.django_db


def post(user, path: str, data: dict):
    client = Client()
    client.force_login(user)
    headers = {"Idempotency-Key": "once"}
    return client.post(f"/api/v1{path}", data, content_type="application/json", headers=headers)


def test_a_replay_is_answered_while_the_case_may_be_read_and_404_afterwards():
    officer = person("officer.enforcement")
    reference = reported().reference
    sent = (officer, f"/issues/{reference}/evidence/", {"kind": "test_result", "title": "It melts"})
    first = post(*sent)
    assert (first.status_code, post(*sent).content) == (201, first.content)
    Issue.objects.update(sensitivity="restricted")
    refused = post(*sent)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (404, "not_found")
    assert "It melts" not in refused.content.decode()


def test_a_report_is_not_given_again_once_its_reporter_is_off_the_case():
    officer, report = person("officer.science"), ReportData(sensitivity="restricted")
    assert post(officer, "/issues/", report).json()["title"] == report["title"]
    assert post(officer, "/issues/", report).status_code == 201
    IssuePerson.objects.all().delete()
    assert post(officer, "/issues/", report).status_code == 404


def test_a_stranger_gets_the_receipt_again_of_what_they_never_could_read():
    stranger, report = person(), ReportData()
    first = post(stranger, "/issues/", report)
    again = post(stranger, "/issues/", report)
    assert (again.status_code, again.content) == (201, first.content)
