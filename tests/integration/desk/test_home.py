from datetime import timedelta

import pytest
from django.urls import reverse

from command import services as command
from desk import selectors
from escalation import services
from kernel import clock
from notify.models import Notice
from tests.factories import command as command_factory
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
    assert tasks_of(cast, "dd.science") == [(reference, "Confirm")]  # was consulted, and decides nothing


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


def test_report_that_went_out_unchecked_waits_for_whoever_may_check_it(cast):
    case = command_factory.incident(cast)
    report = command_factory.draft(cast, case, by="imt.duty")
    command_factory.move(cast, report, "submit", "imt.duty")
    command_factory.move(cast, report, "approve", "imt.duty", second_check="due")
    command_factory.move(cast, report, "issue", "imt.duty")
    row = (case.reference, f"Check {report.reference}, which went out without a second check")
    assert row in tasks_of(cast, "imt.head")
    for post in ("imt.duty", "imt.officer", "dd.science"):
        assert row not in tasks_of(cast, post)
    task = next(task for task in selectors.home(cast.user("imt.head"), cast("imt.head")).tasks if task.case == row[0])
    assert task.url == f"/sitreps/{report.reference.replace('/', '-')}/second-check/"

    command.sitrep_second_check(reference=report.reference, by=cast("imt.head"), data={"finding": "Nothing to correct"})
    assert row not in tasks_of(cast, "imt.head")


def test_rhythm_that_nobody_agreed_to_waits_for_the_chair_of_the_scg(cast):
    case = command_factory.incident(cast)
    row = (case.reference, "Agree to the rhythm")
    assert [post for post in ("dceo.evidence", "dd.enforcement", "imt.head") if row in tasks_of(cast, post)] == [
        "dceo.evidence"
    ]
    command.rhythm_agree(incident_reference=case.reference, by=cast("dceo.evidence"), data={})
    assert row not in tasks_of(cast, "dceo.evidence")


def test_de_escalation_waits_for_each_party_until_it_has_agreed(cast):
    case = command_factory.incident(cast)
    command_factory.incident_move(cast, case, "propose_de_escalation", "imt.officer")
    row = (case.reference, "Agree to de-escalate, or say why not")
    asked = ("imt.head", "imt.duty", "dd.enforcement", "dceo.evidence", "dd.science")
    assert [post for post in asked if row in tasks_of(cast, post)] == ["imt.head", "imt.duty", "dd.enforcement"]

    command_factory.incident_move(cast, case, "agree_de_escalation", "imt.head")
    assert [post for post in asked if row in tasks_of(cast, post)] == ["dd.enforcement"]
    command_factory.incident_move(cast, case, "agree_de_escalation", "dd.enforcement")
    assert [post for post in asked if row in tasks_of(cast, post)] == []


def test_urgent_notice_stands_first_and_other_news_below(cast):
    user = cast.user("imt.head")
    NoticeFactory(recipient=user, delivered=True, about="", title="The register is closed")
    NoticeFactory(recipient=user, delivered=True, about="", title="Telephone now", urgent=True)
    NoticeFactory(recipient=user, read=True, about="", title="Old news")
    NoticeFactory(recipient=user, about="", title="Not delivered yet")

    home = selectors.home(user, cast("imt.head"))

    assert [task.title for task in home.tasks] == ["Telephone now"]
    assert [notice.title for notice in home.changes] == ["The register is closed"]


def test_work_stands_before_urgent_notices_and_each_case_once(cast):
    case = command_factory.incident(cast)
    waiting = command_factory.at_status(cast, "in_review", case)
    user = cast.user("imt.head")
    Notice.objects.filter(recipient=user).delete()
    deciding = [at_stage(cast, "cam") for _ in range(3)]
    Notice.objects.filter(recipient=user).delete()
    for about in (deciding[0], case.reference, "", *[""] * 7):
        NoticeFactory(
            recipient=user, delivered=True, about=about, title="Telephone now", urgent=True, kind="issue.named"
        )

    home = selectors.home(user, cast("imt.head"))

    assert [task.title.split(":")[0] for task in home.tasks] == [
        f"Approve {waiting.reference}",
        *["Assess the impact"] * 3,
        *["Telephone now"] * 4,
    ]
    cases = [task.case for task in home.tasks if task.case]
    assert sorted(cases) == sorted({case.reference, *deciding})
    assert home.more_tasks


def test_much_work_leaves_a_row_to_what_is_urgent(cast):
    for _ in range(9):
        at_stage(cast, "cam")
    user = cast.user("imt.head")
    Notice.objects.filter(recipient=user).delete()
    NoticeFactory(recipient=user, delivered=True, about="", title="Telephone now", urgent=True, kind="issue.named")

    titles = [task.title.split(":")[0] for task in selectors.home(user, cast("imt.head")).tasks]

    assert titles == [*["Assess the impact"] * 7, "Telephone now"]


def test_report_that_somebody_could_be_hurt_stands_above_all_work(cast):
    at_stage(cast, "cam")
    user = cast.user("imt.head")
    NoticeFactory(recipient=user, delivered=True, about="", title="Telephone now", urgent=True, kind="issue.named")
    NoticeFactory(recipient=user, delivered=True, about="", title="Hurt now", urgent=True, kind="issue.reported")
    titles = [task.title.split(":")[0] for task in selectors.home(user, cast("imt.head")).tasks]
    assert titles == ["Hurt now", "Assess the impact", "Telephone now"]


def test_what_the_clock_tells_crowds_out_nothing_that_is_urgent(cast):
    user = cast.user("imt.head")
    NoticeFactory(recipient=user, delivered=True, about="", title="Hurt now", urgent=True, kind="issue.reported")
    for _ in range(12):
        NoticeFactory(recipient=user, delivered=True, about="", title="Owes an answer", kind="issue.commission_overdue")

    titles = [task.title for task in selectors.home(user, cast("imt.head")).tasks]

    assert titles == ["Hurt now", *["Owes an answer"] * 7]


def test_urgent_notice_gives_way_once_its_case_has_moved_on(cast):
    reference = reported(cast("officer.enforcement")).reference
    user = cast.user("officer.enforcement")
    Notice.objects.filter(recipient=user).delete()
    NoticeFactory(recipient=user, delivered=True, about=reference, title="It is urgent", urgent=True)
    actor = cast("officer.enforcement")
    assert [task.title for task in selectors.home(user, actor).tasks] == ["It is urgent"]

    NoticeFactory(recipient=user, delivered=True, about=reference, title="It is settled")

    home = selectors.home(user, actor)
    assert home.tasks == []
    assert [notice.title for notice in home.changes] == ["It is settled", "It is urgent"]


def test_case_with_several_questions_is_one_row_that_says_so(cast):
    reference = at_stage(cast, "cam")
    for what in ("Test two joints", "Test the hob"):
        asked = {"kind": "advice", "what": what, "team": "science", "due": clock.today().isoformat()}
        services.commission_ask(reference=reference, by=cast("imt.head"), data=asked)

    (task,) = selectors.home(cast.user("officer.science"), cast("officer.science")).tasks

    assert task.title == "Answer: Test two joints"
    assert task.why.endswith("; 1 more about this case waits")


def test_home_and_inbox_agree_on_whether_everything_is_read(cast, client):
    user = cast.user("imt.officer")
    NoticeFactory(recipient=user, delivered=True, about="", title="Telephone now", urgent=True)
    client.force_login(user)
    everything = "You have read everything"

    assert everything not in client.get(reverse("desk:home")).content.decode()
    assert everything not in client.get(reverse("notify:inbox")).content.decode()
    Notice.objects.filter(recipient=user).update(read_at=clock.now())
    assert everything in client.get(reverse("desk:home")).content.decode()
    assert everything in client.get(reverse("notify:inbox")).content.decode()


def test_danger_keeps_its_mark_when_its_time_is_past(cast, client):
    at_stage(cast, "assessing", danger_now=True)
    user = cast.user("ftl.enforcement")
    client.force_login(user)
    with clock.at(clock.now() + timedelta(days=60)):
        (task,) = selectors.home(user, cast("ftl.enforcement")).tasks
        client.force_login(user)
        rows = client.get(reverse("desk:home")).content.decode().split("govuk-task-list__status")[1]
        assert task.is_overdue

    assert 'govuk-tag--red">Danger now<' in rows
    assert "overdue</strong>" in rows


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

    with django_assert_num_queries(17):
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
