"""The list of issues: who comes in, exactly which rows, in which order, at which cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.models import Issue
from kernel import clock
from tests.factories.incidents import MARKED_UP, reported
from tests.factories.ladder import assess, at_stage

pytestmark = pytest.mark.django_db
LIST = "/issues/"


def titles(answer) -> list[str]:
    return [row.title for row in answer.context["page"].rows]


def test_list_is_for_people_who_hold_a_post(client, browse):
    assert client.get(LIST).headers["Location"] == "/accounts/sign-in/?next=%2Fissues%2F"
    refused = browse("").get(LIST)
    assert refused.status_code == 403
    assert "Service Operator" in refused.content.decode()


def test_operator_reads_no_case_by_running_the_service(cast, browse, words):
    reported(cast("officer.enforcement"), title="Leaking hob")
    answer = browse("operator").get(LIST)
    assert titles(answer) == []
    assert "You run the service, and running it does not let you read cases." in words(answer)
    assert "Filter and sort" not in words(answer)


def test_row_says_where_the_case_stands_and_for_how_long(cast, browse, words):
    with clock.at(clock.now() - timedelta(days=60)):
        reference = at_stage(cast, "assessing", title="Leaking hob")
    answer = browse("viewer").get(LIST)
    assert titles(answer) == ["Leaking hob"]
    said = words(answer)
    assert f"{reference} Leaking hob" in said
    assert "Being assessed Not yet assessed Enforcement 60 days, " in said
    assert " overdue 60 days ago" in said
    assert f'href="/issues/{reference}/"' in answer.content.decode()
    assert 'href="/issues/new/"' in answer.content.decode()


def test_danger_and_marking_are_told_in_words(cast, browse, words):
    reported(cast("officer.enforcement"), title="Hot plug", danger_now=True, sensitivity="official_sensitive")
    said = words(browse("imt.duty").get(LIST))
    assert "Hot plug Danger now Official-Sensitive" in said


@pytest.fixture
def aged(cast) -> None:
    """Cases of many ages, the oldest of them closed."""
    officer = cast("officer.enforcement")
    for title, days in (("New", 0.5), ("This week", 3), ("Last month", 20), ("Old", 60)):
        reported(officer, title=title, received_at=(clock.now() - timedelta(days=days)).isoformat())
    at_stage(cast, "closed", title="Ended", received_at=(clock.now() - timedelta(days=400)).isoformat())


BY_AGE = ["Old", "Last month", "This week", "New", "Ended"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=age", BY_AGE),
        ("sort=newest", ["New", "This week", "Last month", "Old", "Ended"]),
        ("sort=age&stage=reported", BY_AGE[:-1]),
        ("sort=age&age=day", ["New"]),
        ("sort=age&age=week", ["This week", "New"]),
        ("sort=age&age=month", ["Last month", "This week", "New"]),
        ("sort=age&age=older", ["Old", "Ended"]),
    ],
)
def test_page_and_rest_sort_and_narrow_by_age_alike(query, expected, aged, browse):
    client = browse("viewer")
    assert titles(client.get(f"{LIST}?{query}")) == expected
    assert [issue["title"] for issue in client.get(f"/api/v1/issues/?{query}").json()["results"]] == expected


@pytest.mark.parametrize("query", ["sort=age", "sort=age&stage=reported", "sort=pressing", "sort=newest"])
def test_every_order_goes_on_where_the_last_page_ended(query, aged, browse):
    client = browse("viewer")
    whole = [issue["reference"] for issue in client.get(f"/api/v1/issues/?{query}").json()["results"]]
    walked, address = [], f"/api/v1/issues/?{query}&limit=2"
    while address:
        page = client.get(address).json()
        walked += [issue["reference"] for issue in page["results"]]
        address = page["next"]
    assert walked == whole
    assert len(set(walked)) == len(walked) >= 4


def test_rest_gives_the_newest_first_unless_asked_otherwise(aged, browse):
    newest, pressing = (browse("viewer").get(f"/api/v1/issues/{query}").json() for query in ("", "?sort=pressing"))
    assert [issue["title"] for issue in newest["results"]] == ["New", "This week", "Last month", "Old", "Ended"]
    page = browse("viewer").get(LIST)
    assert [issue["title"] for issue in pressing["results"]] == titles(page)


def test_list_by_age_says_when_each_case_was_received(aged, browse, words):
    said = words(browse("viewer").get(f"{LIST}?sort=age"))
    assert "Longest open first" in said
    assert "Old Received 60 days ago" in said
    assert "Received 60 days ago" not in words(browse("viewer").get(LIST))


@pytest.mark.parametrize("address", [LIST, "/api/v1/issues/"])
@pytest.mark.parametrize("query", ["age=year", "sort=title"])
def test_unknown_age_or_order_is_refused(address, query, browse):
    assert browse("viewer").get(f"{address}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Danger", "High", "Plain", "Closed"]),
        ("sort=newest", ["Closed", "High", "Danger", "Plain"]),
        ("stage=reported", ["Danger", "Plain"]),
        ("stage=closed", ["Closed"]),
        ("team=science", ["Danger"]),
        ("impact=none", ["Danger", "Plain", "Closed"]),
        ("impact=high", ["High"]),
        ("lead=undetermined&stage=assessing", ["High"]),
        ("lead=opss", []),
        ("source=media", ["Plain"]),
        ("q=LAIN", ["Plain"]),
        ("q=kettle", ["Danger"]),
        ("q=%25", []),
        ("team=science&source=media", []),
    ],
)
def test_filter_is_the_address(query, expected, cast, browse):
    officer = cast("officer.enforcement")
    now = clock.now()
    with clock.at(now - timedelta(hours=4)):
        reported(officer, title="Plain", source="media")
    with clock.at(now - timedelta(hours=3)):
        products = [{"name": "Kettle 3"}]
        reported(officer, title="Danger", danger_now=True, functional_team="science", products=products)
    with clock.at(now - timedelta(hours=2)):
        assess(cast, at_stage(cast, "assessing", title="High"), "ftl.enforcement")
    with clock.at(now - timedelta(hours=1)):
        at_stage(cast, "closed", title="Closed")
    answer = browse("imt.head").get(f"{LIST}?{query}")
    assert titles(answer) == expected


def test_reference_finds_its_issue(cast, browse):
    reported(cast("officer.enforcement"), title="One")
    issue = reported(cast("officer.enforcement"), title="Two")
    assert titles(browse("viewer").get(f"{LIST}?q={issue.reference.lower()}")) == ["Two"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("stage=upstairs", "Choose one of the values offered under ‘Stage’"),
        ("team=sales", "Choose one of the values offered under ‘Handling team’"),
        ("impact=huge", "Choose one of the values offered under ‘Impact’"),
        ("sort=random", "Choose one of the values offered under ‘Sort by’"),
        ("q=a%00b", "Take out the characters that cannot be stored"),
        ("cursor=made-up", "This cursor is not one that this list gave"),
    ],
)
def test_wrong_filter_is_explained(query, message, browse, words):
    answer = browse("viewer").get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert message in words(answer)


def test_more_goes_on_where_the_page_ended_and_keeps_the_filter(cast, browse):
    for number in range(52):
        reported(cast("officer.enforcement"), title=f"Issue {number}", source="media")
    reported(cast("officer.enforcement"), title="Another source", source="minister")
    client = browse("viewer")
    first = client.get(f"{LIST}?source=media")
    second = client.get(LIST + first.context["next"])
    assert len(titles(first)) == 50
    assert sorted(titles(first) + titles(second)) == sorted(f"Issue {number}" for number in range(52))
    assert second.context["next"] == ""
    assert titles(client.get(LIST + second.context["previous"])) == titles(first)


def test_list_costs_the_same_for_one_row_and_for_fifty(cast, browse):
    client = browse("imt.head")
    reported(cast("officer.enforcement"))
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        assert len(titles(client.get(LIST))) == 1
    for _ in range(49):
        reported(cast("officer.enforcement"), products=[{"name": "Kettle"}])
    with CaptureQueriesContext(connection) as fifty:
        assert len(titles(client.get(LIST))) == 50
    assert len(one) == len(fifty) == 4


def test_restricted_and_sensitive_issues_are_listed_for_those_who_may_know(cast, browse):
    officer = cast("officer.enforcement")
    reported(officer, title="Open")
    reported(officer, title="Sensitive", sensitivity="official_sensitive")
    reported(officer, title="Restricted", sensitivity="restricted")
    seen = {post: set(titles(browse(post).get(LIST))) for post in ("viewer", "ftl.enforcement", "imt.officer")}
    assert seen == {
        "viewer": {"Open"},
        "ftl.enforcement": {"Open", "Sensitive"},
        "imt.officer": {"Open", "Sensitive"},
    }
    everything = {"Open", "Sensitive", "Restricted"}
    assert set(titles(browse("officer.enforcement").get(LIST))) == everything
    assert set(titles(browse("imt.head").get(LIST))) == everything


def test_typed_markup_and_direction_marks_stay_in_their_place(cast, browse):
    issue = reported(cast("officer.enforcement"), title=MARKED_UP)
    page = browse("viewer").get(LIST).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp;amp; \u202eright to left" in page
    assert f'{issue.reference} <bdi class="app-cards__title">&lt;script&gt;' in page
    assert Issue.objects.get().title == MARKED_UP
