from datetime import timedelta

import pytest
from django.urls import reverse

from desk import selectors
from escalation import services
from kernel import clock
from tests.factories.accounts import acting, person
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, assess, at_stage, move
from tests.factories.notify import NoticeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def tasks_of(cast: Cast, post: str) -> list[tuple[str, str]]:
    found = selectors.home(cast.user(post), cast(post)).tasks
    return [(task.case, task.title.split(":")[0]) for task in found if "told urgently" not in task.why]


def test_case_needs_whoever_decides_where_it_stands_and_nobody_else(cast):
    reference = at_stage(cast, "assessing")

    assert tasks_of(cast, "ftl.enforcement") == [(reference, "Assess the impact")]
    for other in ("ftl.science", "dd.enforcement", "imt.head", "officer.enforcement", "viewer"):
        assert tasks_of(cast, other) == [], other


def test_task_says_what_is_missing_next(cast):
    reference = at_stage(cast, "cam")
    assert tasks_of(cast, "imt.officer") == [(reference, "Assess the impact")]

    assess(cast, reference)

    assert tasks_of(cast, "imt.officer") == [(reference, "Assess against the NNC criteria")]


def test_case_conference_needs_its_chair_as_a_person(cast):
    reference = at_stage(cast, "case_conference")

    assert (reference, "Assess the impact") in tasks_of(cast, "dd.enforcement")
    assert tasks_of(cast, "dd.science") == []


def test_case_that_rests_needs_its_keeper_again_on_the_day_of_its_review(cast):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    review_on = clock.today() + timedelta(days=9)
    resting = {
        "reason": "The business acts",
        "plan": "Look at its answer",
        "review_on": review_on.isoformat(),
        "justification": "No more harm is possible",
    }
    move(cast, reference, "handle_in_function", "ftl.enforcement", **resting)

    assert tasks_of(cast, "ftl.enforcement") == []
    with clock.at(clock.now() + timedelta(days=9)):
        assert tasks_of(cast, "ftl.enforcement") == [(reference, "Look again")]
        assert tasks_of(cast, "imt.head") == []


def test_commission_needs_the_team_that_was_asked(cast):
    reference = at_stage(cast, "cam")
    asked = {
        "kind": "advice",
        "what": "Test two joints",
        "team": "science",
        "due": (clock.today() + timedelta(days=2)).isoformat(),
    }
    services.commission_ask(reference=reference, by=cast("imt.head"), data=asked)

    home = selectors.home(cast.user("officer.science"), cast("officer.science"))

    assert [(task.case, task.title, task.due_on) for task in home.tasks] == [
        (reference, "Answer: Test two joints", clock.today() + timedelta(days=2))
    ]


def test_urgent_notice_stands_first_and_other_news_below(cast):
    user = cast.user("imt.head")
    NoticeFactory(recipient=user, delivered=True, about="", title="The register is closed")
    NoticeFactory(recipient=user, delivered=True, about="", title="Telephone now", urgent=True)
    NoticeFactory(recipient=user, read=True, about="", title="Old news")
    NoticeFactory(recipient=user, about="", title="Not delivered yet")

    home = selectors.home(user, cast("imt.head"))

    assert [task.title for task in home.tasks] == ["Telephone now"]
    assert [notice.title for notice in home.changes] == ["The register is closed"]


def test_queue_counts_what_the_post_works_and_puts_the_most_pressing_first(cast):
    calm = at_stage(cast, "assessing")
    hot = at_stage(cast, "assessing", danger_now=True)
    reported(acting("officer.science"))

    home = selectors.home(cast.user("officer.enforcement"), cast("officer.enforcement"))

    assert [(queue.stage, queue.count) for queue in home.queues] == [("assessing", 2)]
    assert [case.reference for case in home.queues[0].pressing] == [hot, calm]


def test_restricted_case_shows_on_no_home_but_those_of_its_people(cast):
    reference = reported(cast("officer.enforcement"), sensitivity="restricted").reference

    assert tasks_of(cast, "ftl.enforcement") == []
    assert selectors.home(cast.user("imt.officer"), cast("imt.officer")).queues == []
    queues = selectors.home(cast.user("imt.head"), cast("imt.head")).queues
    assert [case.reference for queue in queues for case in queue.pressing] == [reference]


@pytest.mark.parametrize("rows", [1, 4])
def test_home_takes_the_same_queries_however_much_work_there_is(rows, cast, client, django_assert_num_queries):
    user = cast.user("imt.head")
    for _ in range(rows):
        at_stage(cast, "cam")
        at_stage(cast, "incident_declared")
        NoticeFactory(recipient=user, delivered=True, about="", urgent=True)
    client.force_login(user)
    client.get(reverse("desk:home"))

    with django_assert_num_queries(12):
        page = client.get(reverse("desk:home"))

    assert len(page.context["home"].live) == rows


def test_stranger_and_operator_find_the_report_button_and_no_case(client):
    title = reported().title
    for user in (person(), person("operator")):
        client.force_login(user)
        page = client.get(reverse("desk:home")).content.decode()
        assert reverse("intake:issue-new") in page
        assert title not in page


def test_visitor_is_asked_to_sign_in_and_may_read_help(client):
    assert client.get(reverse("desk:home")).headers["Location"].startswith(reverse("accounts:sign-in"))
    assert "Case Assessment and Monitoring" in client.get(reverse("desk:help")).content.decode()


def test_help_on_a_problem_that_does_not_exist_is_not_found(client):
    assert client.get(reverse("desk:help-error", args=["no_such_code"])).status_code == 404
