"""How many issues somebody without a post may report within an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts import services as people
from accounts.selectors import actor_for
from audit.models import AuditEvent
from incidents.models import Issue
from intake import services
from kernel import clock
from kernel.actors import SYSTEM
from kernel.errors import TooSoon
from notify.models import Notice
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
REPORT = {"title": "Leaking hob", "summary": "Gas came out", "source": "public"}
SAYS = "Send this one again after 13:00 Thursday 12 March 2026."


@pytest.fixture(autouse=True)
def two_an_hour(settings):
    settings.STRANGER_REPORTS_AN_HOUR = 2


def report(by, at=NOON) -> Issue:
    with clock.at(at):
        return services.issue_report(by=by, data=REPORT)


def test_last_report_within_the_limit_is_taken_and_the_next_is_not():
    person("imt.duty")
    stranger = actor_for(person())
    report(stranger, NOON)
    report(stranger, NOON + timedelta(minutes=10))
    before = (Issue.objects.count(), AuditEvent.objects.count(), Notice.objects.count())

    with pytest.raises(TooSoon, match=SAYS) as refused:
        report(stranger, NOON + timedelta(minutes=20))

    assert (refused.value.code, refused.value.retry_after) == ("too_many_reports", 40 * 60)
    assert (Issue.objects.count(), AuditEvent.objects.count(), Notice.objects.count()) == before


@pytest.mark.parametrize(("at", "taken"), [(HOUR - timedelta(microseconds=1), False), (HOUR, True)])
def test_report_counts_for_an_hour_and_no_longer(at, taken):
    stranger = actor_for(person())
    report(stranger)
    report(stranger, NOON + timedelta(minutes=10))
    if taken:
        assert report(stranger, NOON + at).title == REPORT["title"]
    else:
        with pytest.raises(TooSoon) as refused:
            report(stranger, NOON + at)
        assert refused.value.retry_after == 1


def test_reports_of_others_do_not_count():
    for _ in range(3):
        report(actor_for(person()))
    assert Issue.objects.count() == 3


@pytest.mark.parametrize("who", ["holder", "deputy"])
def test_people_with_a_post_are_not_limited(who):
    user = person("viewer") if who == "holder" else person(deputises=("imt.head",))
    for _ in range(3):
        report(actor_for(user))
    assert Issue.objects.filter(reported_by=user).count() == 3


def test_page_keeps_the_text_and_says_when_and_whom_to_call(client):
    user = person()
    person("imt.duty", email="duty@opss.example")
    people.telephones_give(post="imt.duty", by=SYSTEM, data={"out_of_hours": "07700 900001"})
    for _ in range(2):
        report(actor_for(user))
    with clock.at(NOON + timedelta(minutes=59, seconds=30)):
        client.force_login(user)
        answer = client.post("/issues/new/", REPORT | {"danger_now": "yes"})

    said = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert "There is a problem" in said
    assert SAYS in said
    assert 'value="Leaking hob"' in said
    assert "Gas came out</textarea>" in said
    assert 'href="tel:07700900001"' in said
    assert Issue.objects.count() == 2


def test_rest_answers_a_problem_with_when_to_come_again(client):
    user = person()
    for _ in range(2):
        report(actor_for(user))
    with clock.at(NOON + timedelta(minutes=15)):
        client.force_login(user)
        answer = client.post("/api/v1/issues/", REPORT, content_type="application/json")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2700")
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["type"], body["status"]) == ("/help/errors/too_many_reports", 429)
    assert SAYS in body["detail"]
    assert Issue.objects.count() == 2


def test_report_that_is_wrong_is_told_so_before_it_is_counted(client):
    user = person()
    for _ in range(2):
        report(actor_for(user), clock.now())
    client.force_login(user)
    answer = client.post("/api/v1/issues/", REPORT | {"title": ""}, content_type="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "title")


def test_same_key_again_is_answered_as_before_and_not_counted(client):
    client.force_login(person())
    for _ in range(4):
        answer = client.post(
            "/api/v1/issues/", REPORT, content_type="application/json", headers={"Idempotency-Key": "one"}
        )
        assert answer.status_code == 201
    assert Issue.objects.count() == 1
