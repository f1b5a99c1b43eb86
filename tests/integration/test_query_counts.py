"""How many questions a request asks the database: the same with one row of each kind as with fifty."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import services as people
from escalation.models import Escalation
from incidents.models import Business, Commission, Evidence, Issue, IssuePerson, Product
from kernel import clock
from tests.factories.accounts import person
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, assess, at_stage
from tests.queries import asked

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def program(cast):
    """A client with a token of the post."""

    def made(post: str) -> Client:
        _, key = people.token_create(user_id=cast.user(post).pk, by=cast(post))
        client = Client(HTTP_AUTHORIZATION=f"Token {key}")
        client.get("/api/v1/issues/")  # the first use of a minute is noted
        return client

    return made


@pytest.fixture
def browser(cast):
    def made(post: str) -> Client:
        client = Client()
        client.force_login(cast.user(post))
        return client

    return made


def full_case(cast: Cast, parts: int) -> str:
    """A case at `assessing` with so many parts of every kind."""
    reference = at_stage(cast, "assessing", title="Leaking hob")
    issue = Issue.objects.get(reference=reference)
    by, now = cast("officer.enforcement"), clock.now()
    for number in range(parts):
        Product.objects.create(issue=issue, name=f"Hob {number}")
        Business.objects.create(issue=issue, name=f"Shop {number}", role="retailer")
        IssuePerson.objects.create(issue=issue, user=person(), role="observer", since=now)
        Evidence.objects.create(issue=issue, kind="notice", title="A", added_as=by.label, added_at=now)
        Commission.objects.create(
            issue=issue, kind="action", what="Look", team="science", origin_kind="x", asked_as="x", asked_at=now
        )
    assess(cast, reference, "ftl.enforcement")
    return reference


REFUSED_UNREAD = "/api/v1/issues/?colour=red"


def test_finding_out_which_program_asks_takes_one_query(program, django_assert_num_queries):
    client = program("imt.duty")
    with django_assert_num_queries(1):
        answer = client.get(REFUSED_UNREAD, headers={"X-Acting-As": "imt.duty"})
    assert answer.json()["errors"][0]["code"] == "unknown_filter"


def test_finding_out_whose_session_it_is_takes_two_queries(browser, django_assert_num_queries):
    client = browser("imt.duty")
    with django_assert_num_queries(2):
        answer = client.get(REFUSED_UNREAD, headers={"X-Acting-As": "imt.duty"})
    assert answer.json()["errors"][0]["code"] == "unknown_filter"


@pytest.mark.parametrize("rows", [1, 50])
def test_list_of_programs_asks_twice(rows, cast, program):
    for number in range(rows):
        reported(cast("officer.enforcement"), title=f"Hob {number}")
    client = program("imt.duty")
    with asked() as questions:
        answer = client.get("/api/v1/issues/?limit=50")
    assert len(answer.json()["results"]) == rows
    assert len(questions) == 2, questions


@pytest.mark.parametrize("rows", [1, 50])
def test_page_of_the_list_asks_twice(rows, cast, browser):
    for number in range(rows):
        reported(cast("officer.enforcement"), title=f"Hob {number}")
    client = browser("imt.duty")
    with asked() as questions:
        answer = client.get("/issues/")
    assert len(answer.context["page"].rows) == rows
    assert len(questions) == 2, questions


@pytest.mark.parametrize("parts", [1, 50])
def test_case_asks_twice(parts, cast, program):
    reference = full_case(cast, parts)
    client = program("imt.duty")
    with asked() as questions:
        answer = client.get(f"/api/v1/issues/{reference}/")
    assert len(answer.json()["businesses"]) == parts
    assert len(questions) == 2, questions


@pytest.mark.parametrize("parts", [1, 50])
def test_page_of_a_case_asks_six_times(parts, cast, browser):
    reference = full_case(cast, parts)
    client = browser("imt.duty")
    with asked() as questions:
        answer = client.get(f"/issues/{reference}/")
    assert len(answer.context["page"].evidence) == parts
    assert len(questions) == 6, questions


@pytest.mark.parametrize("parts", [1, 50])
def test_report_asks_and_writes_eleven_times(parts, cast, program):
    client = program("officer.enforcement")
    for post in ("imt.head", "imt.duty", "imt.officer", "ftl.enforcement"):
        cast.user(post)
    data = {
        "title": "Hob",
        "summary": "It leaks",
        "source": "public",
        "products": [{"name": f"Hob {n}"} for n in range(parts)],
        "businesses": [{"name": f"Shop {n}", "role": "retailer"} for n in range(parts)],
    }
    with asked() as questions:
        answer = client.post("/api/v1/issues/", data, **JSON)
    assert answer.status_code == 201
    assert len(questions) == 11, questions


@pytest.mark.parametrize("parts", [1, 50])
def test_move_asks_and_writes_ten_times(parts, cast, program):
    reference = full_case(cast, parts)
    version = Escalation.objects.get(issue__reference=reference).issue.version
    for post in ("imt.head", "imt.duty", "imt.officer", "ftl.enforcement"):
        cast.user(post)
    client = program("ftl.enforcement")
    with asked() as questions:
        answer = client.post(
            f"/api/v1/issues/{reference}/transitions/submit_to_cam/", {"version": version, "reason": "Now"}, **JSON
        )
    assert answer.status_code == 200, answer.content
    assert len(questions) == 10, questions
