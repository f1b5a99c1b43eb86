"""What failed for good: who sees it, and that only the operator sends it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from audit.models import AuditEvent
from kernel import clock
from notify import selectors, services, tasks
from notify.models import Alarm, Delivery, Notice
from tests.factories.accounts import acting, person
from tests.factories.incidents import reported
from tests.factories.notify import DeliveryFactory, NoticeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hidden")]

AGAIN = "/service/dead-letters/again/"


def one(letter: Delivery | Notice) -> str:
    channel = "email" if isinstance(letter, Delivery) else "inbox"
    return f"/service/dead-letters/{channel}/{letter.pk}/again/"


@pytest.fixture
def email():
    return DeliveryFactory(dead=True, notice__title="Secret title", last_error="550 no such mailbox")


@pytest.fixture
def notice():
    return NoticeFactory(failed_at=clock.now(), why_not="gave_up", attempts=6, last_error="KeyError: 0")


@pytest.fixture
def operator(client):
    user = person("operator")
    client.force_login(user)
    return user


def test_page_names_reason_reader_and_kind_and_never_what_it_says(client, operator, email, notice):
    page = client.get("/service/").content.decode()
    for shown in ("550 no such mailbox", email.notice.recipient.email, "An issue was reported", "KeyError: 0"):
        assert shown in page
    assert "Secret title" not in page
    assert "Send all 2 again" in page


def test_imt_sees_them_and_has_no_button(client, email):
    client.force_login(person("imt.duty"))
    page = client.get("/service/").content.decode()
    assert "550 no such mailbox" in page
    assert f'action="{one(email)}"' not in page
    assert "ask the Service Operator" in page


@pytest.mark.parametrize(("post", "is_named"), [("operator", False), ("imt.officer", False), ("imt.head", True)])
def test_case_is_named_to_those_alone_who_may_know_of_it(client, post, is_named):
    case = reported(acting("officer.risk"), sensitivity="restricted").reference
    DeliveryFactory(dead=True, notice__about=case, last_error=f"ValueError: {case}")
    client.force_login(person(post))
    for address in ("/service/", "/api/v1/service/"):
        told = client.get(address).content.decode()
        assert "ValueError" in told
        assert (case in told, "another case" in told) == (is_named, not is_named)


def test_what_was_held_back_on_purpose_is_none(client, operator):
    DeliveryFactory(failed_at=clock.now(), why_not="not_wanted")
    NoticeFactory(failed_at=clock.now(), why_not="not_theirs")
    assert "There are none." in client.get("/service/").content.decode()


def test_one_that_is_sent_again_goes_and_is_audited(client, operator, email):
    answer = client.post(one(email))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/service/")
    tasks.send_due()
    email.refresh_from_db()
    assert email.delivered_at
    event = AuditEvent.objects.get(kind="dead_letters.sent_again")
    assert event.chain_key == "service"


def test_notice_that_is_sent_again_reaches_its_inbox(client, operator, notice):
    client.post(one(notice))
    tasks.deliver_due()
    notice.refresh_from_db()
    assert (bool(notice.delivered_at), notice.attempts) == (True, 1)


def test_all_are_sent_again_at_once(client, operator, email, notice):
    kept_back = DeliveryFactory(failed_at=clock.now(), why_not="not_wanted")
    client.post(AGAIN)
    assert list(Delivery.objects.filter(failed_at__isnull=False)) == [kept_back]
    assert not Notice.objects.filter(failed_at__isnull=False).exists()
    assert AuditEvent.objects.filter(kind="dead_letters.sent_again").count() == 1


def test_nothing_to_send_again_leaves_no_event(client, operator):
    assert client.post(AGAIN).status_code == 302
    assert not AuditEvent.objects.filter(kind="dead_letters.sent_again").exists()


@pytest.mark.parametrize(
    "path",
    [
        "/service/dead-letters/email/999/again/",
        "/service/dead-letters/pigeon/1/again/",
        "/service/dead-letters/inbox/1/again/",
    ],
)
def test_what_is_no_dead_letter_is_not_found(client, operator, path):
    assert client.post(path).status_code == 404


def test_second_press_finds_it_on_its_way(client, operator, email):
    client.post(one(email))
    assert client.post(one(email)).status_code == 404


@pytest.mark.parametrize("post", ["imt.head", "viewer"])
def test_only_the_operator_sends_again(client, email, post):
    client.force_login(person(post))
    for path in (one(email), AGAIN, f"/api/v1{one(email)}", f"/api/v1{AGAIN}"):
        assert client.post(path, content_type="application/json").status_code == 403
    email.refresh_from_db()
    assert email.failed_at


def test_rest_shows_them_and_sends_again(client, operator, email, notice):
    told = client.get("/api/v1/service/").json()["dead_letters"]
    assert told["count"] == 2
    assert {(letter["channel"], letter["number"]) for letter in told["newest"]} == {
        ("email", email.pk),
        ("inbox", notice.pk),
    }
    assert "Secret title" not in str(told)
    assert client.post(f"/api/v1{one(email)}", content_type="application/json").json() == {"count": 1}
    assert client.post(f"/api/v1{AGAIN}", content_type="application/json").json() == {"count": 1}
    assert not Delivery.objects.filter(failed_at__isnull=False).exists()


# --- the alarm --------------------------------------------------------------------------------------------------------


def watched_at(moment) -> list[Notice]:
    """What the watcher queued about dead letters at that moment."""
    before = set(Notice.objects.filter(kind="letters.given_up").values_list("pk", flat=True))
    with clock.at(moment):
        for tick in settings.TICKS:
            services.heartbeat(tick)
        services.watch()
    return list(Notice.objects.filter(kind="letters.given_up").exclude(pk__in=before))


def died(moment, **more) -> Delivery:
    return DeliveryFactory(failed_at=moment, why_not="refused", attempts=3, **more)


def test_operator_and_head_of_imt_are_told_in_their_inbox_once_a_spell(client):
    told = [person(post) for post in ("operator", "imt.head")]
    person("imt.duty")
    now = clock.now()
    died(now)
    notices = watched_at(now)
    assert {notice.recipient for notice in notices} == set(told)
    assert {(notice.about, notice.url, notice.urgent) for notice in notices} == {("", "/service/#dead-letters", False)}
    assert {notice.body for notice in notices} == {"Given up within a day: 0 in an inbox, 1 by e-mail."}
    died(now + timedelta(hours=20))
    assert watched_at(now + timedelta(hours=20)) == []
    died(now + timedelta(hours=40))
    assert watched_at(now + timedelta(hours=40)) == []
    tasks.deliver_due()
    client.force_login(told[1])
    assert "Notices or e-mails did not reach people" in client.get("/inbox/").content.decode()


def test_later_spell_is_told_again_though_old_letters_still_lie_there():
    person("operator")
    now = clock.now()
    died(now)
    assert len(watched_at(now)) == 1
    assert watched_at(now + timedelta(hours=25)) == []  # the spell settles
    died(now + timedelta(hours=30))
    assert len(watched_at(now + timedelta(hours=30))) == 1


def test_spell_ends_when_they_are_sent_again(operator, client):
    now = clock.now()
    died(now)
    assert len(watched_at(now)) == 1
    client.post(AGAIN)
    assert watched_at(now + timedelta(minutes=11)) == []
    died(now + timedelta(minutes=12))
    assert len(watched_at(now + timedelta(minutes=12))) == 1


def test_alarm_that_dies_itself_raises_no_alarm(operator):
    now = clock.now()
    died(now, notice__kind="letters.given_up")
    NoticeFactory(kind="letters.given_up", failed_at=now, why_not="gave_up")
    assert watched_at(now) == []
    assert selectors.dead_letters(acting("operator")).count == 2  # they are listed all the same


@pytest.mark.parametrize("urgent", [True, False])
def test_it_wakes_people_where_something_urgent_did_not_arrive(operator, urgent):
    now = clock.now()
    NoticeFactory(failed_at=now, why_not="gave_up", urgent=urgent)
    (notice,) = watched_at(now)
    assert notice.urgent is urgent


def test_first_urgent_one_within_a_spell_is_told_once_more_and_the_alarm_says_what_is_so_now(operator):
    now = clock.now()
    died(now)
    assert [notice.urgent for notice in watched_at(now)] == [False]
    hour = timedelta(hours=1)
    died(now + hour, urgent=True)
    assert [notice.urgent for notice in watched_at(now + hour)] == [True]
    assert Alarm.objects.get(name=selectors.DEAD_LETTERS).what == "Given up within a day: 0 in an inbox, 2 by e-mail"
    died(now + 2 * hour, urgent=True)
    assert watched_at(now + 2 * hour) == []
    Delivery.objects.filter(urgent=True).delete()
    assert watched_at(now + 3 * hour) == []


def test_dead_letters_make_no_clock_late(operator):
    now = clock.now()
    died(now)
    watched_at(now)
    assert selectors.late_names(now) == []


def test_page_warns_of_them_on_top_and_shows_the_alarm(client, operator, email):
    watched_at(clock.now())
    page = client.get("/service/").content.decode()
    assert page.index('<a class="govuk-link" href="#dead-letters">1 notice or e-mail did not arrive</a>') < page.index(
        "Due and not done"
    )
    assert "Given up within a day: 0 in an inbox, 1 by e-mail" in page
    names = [alarm["name"] for alarm in client.get("/api/v1/service/").json()["alarms"]]
    assert names == ["notify.dead_letters"]


@pytest.mark.parametrize(
    ("post", "leads"),
    [("imt.head", True), ("imt.officer", True), ("operator", True), ("ftl.science", False), ("", False)],
)
def test_who_may_watch_the_service_finds_the_way_there(client, post, leads):
    client.force_login(person(*filter(None, [post])))
    for page in ("/", "/help/"):
        assert ('href="/service/"' in client.get(page).content.decode()) is leads
