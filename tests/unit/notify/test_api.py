"""The inbox over REST: the same notices as the page shows, hides and marks as read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from notify import kinds
from notify.models import Notice
from tests.factories.accounts import UserFactory, person
from tests.factories.notify import NoticeFactory
from tests.queries import asked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hidden")]

INBOX, READ = "/api/v1/inbox/", "/api/v1/inbox/read/"


@pytest.fixture
def reader(client):
    """A stranger: an inbox is one's own, whatever post one holds."""
    user = person()
    client.force_login(user)
    return user


def titles(answer) -> list[str]:
    return [notice["title"] for notice in answer.json()["results"]]


def read(client, **body: object):
    return client.post(READ, body, content_type="application/json")


def codes(answer) -> list[tuple[str, str]]:
    return [(error["field"], error["code"]) for error in answer.json()["errors"]]


def test_own_delivered_notices_stand_newest_first(client, reader):
    now = clock.now()
    notice = NoticeFactory(recipient=reader, title="new", body="Look", urgent=True, delivered_at=now)
    NoticeFactory(recipient=reader, title="old", delivered_at=now - timedelta(hours=1), read_at=now)
    NoticeFactory(recipient=reader, title="on its way")
    NoticeFactory(title="of somebody else", delivered=True)

    answer = client.get(INBOX)

    assert titles(answer) == ["new", "old"]
    assert answer.json()["results"][0] == {
        "id": notice.pk,
        "kind": "issue.reported",
        "about": "TST-2026-00001",
        "title": "new",
        "body": "Look",
        "done_as": None,
        "asks": kinds.asks("issue.reported"),
        "due_at": None,
        "due_on": None,
        "url": "/issues/TST-2026-00001/",
        "urgent": True,
        "created_at": answer.json()["results"][0]["created_at"],
        "delivered_at": answer.json()["results"][0]["delivered_at"],
        "read_at": None,
    }


@pytest.mark.parametrize(
    ("query", "found"), [("", ["new", "old"]), ("?unread=true", ["new"]), ("?unread=false", ["new", "old"])]
)
def test_unread_narrows_to_what_is_not_read(client, reader, query, found):
    NoticeFactory(recipient=reader, title="old", read=True)
    NoticeFactory(recipient=reader, title="new", delivered=True)
    assert titles(client.get(INBOX + query)) == found


@pytest.mark.parametrize(
    ("query", "said"),
    [("?unread=maybe", ("unread", "invalid_choice")), ("?show=all", ("show", "unknown_filter"))],
)
def test_what_is_asked_wrongly_is_refused_by_name(client, reader, query, said):
    answer = client.get(INBOX + query)
    assert (answer.status_code, codes(answer)) == (400, [said])


def test_case_that_may_no_longer_be_seen_is_left_out_as_on_the_page(client, reader, hidden):
    NoticeFactory(recipient=reader, title="Secret title", about="TST-1", delivered=True)
    NoticeFactory(recipient=reader, title="Open title", about="TST-2", delivered=True)
    NoticeFactory(recipient=reader, title="About none", about="", delivered=True)
    hidden[reader.pk] = {"TST-1"}
    answer = client.get(INBOX)
    assert titles(answer) == ["About none", "Open title"]
    assert "TST-1" not in answer.content.decode()


def test_long_inbox_goes_on_by_cursor_past_what_is_hidden(client, reader, hidden):
    for number in range(5):
        NoticeFactory(recipient=reader, title=str(number), about=f"TST-{number}", delivered=True)
    hidden[reader.pk] = {"TST-3", "TST-2"}
    first = client.get(f"{INBOX}?limit=2&unread=true")
    second = client.get(first.json()["next"])
    third = client.get(second.json()["next"])
    assert [titles(first), titles(second), titles(third)] == [["4"], ["1"], ["0"]]
    assert third.json()["next"] is None
    assert titles(client.get(third.json()["previous"])) == ["1"]


@pytest.mark.parametrize("rows", [1, 50])
def test_inbox_asks_once_however_long_it_is(client, reader, rows):
    for number in range(rows):
        NoticeFactory(recipient=reader, about=f"TST-{number}", delivered=True)
    with asked() as questions:
        answer = client.get(INBOX)
    assert len(titles(answer)) == rows
    assert len(questions) == 1, questions


def test_one_notice_is_read_by_its_id_and_its_first_reading_counts(client, reader):
    one, other = NoticeFactory.create_batch(2, recipient=reader, delivered=True)
    assert read(client, notice=one.pk).json() == {"count": 1}
    first = Notice.objects.get(pk=one.pk).read_at
    assert read(client, notice=one.pk).json() == {"count": 1}
    assert Notice.objects.get(pk=one.pk).read_at == first
    assert Notice.objects.get(pk=other.pk).read_at is None


@pytest.mark.parametrize(("about", "left"), [("TST-1", ["", "TST-2"]), ("", ["TST-1", "TST-2"])])
def test_all_about_one_case_or_about_none_are_read_at_once(client, reader, about, left):
    for case in ("TST-1", "TST-1", "TST-2", "", ""):
        NoticeFactory(recipient=reader, about=case, delivered=True)
    NoticeFactory(about=about, delivered=True)
    assert read(client, about=about).json() == {"count": 2}
    unread = Notice.objects.filter(recipient=reader, read_at=None).values_list("about", flat=True)
    assert sorted(set(unread)) == left
    assert Notice.objects.exclude(recipient=reader).get().read_at is None
    assert read(client, about=about).json() == {"count": 0}


def test_notice_of_somebody_else_is_not_found_and_stays_unread(client, reader):
    other = NoticeFactory(delivered=True, recipient=UserFactory())
    assert read(client, notice=other.pk).status_code == 404
    assert Notice.objects.get().read_at is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, ("", "required")),
        ({"notice": None}, ("", "required")),
        ({"notice": 1, "about": "TST-1"}, ("", "both")),
        ({"notice": "first"}, ("notice", "wrong_type")),
        ({"notice": 0}, ("notice", "min_value")),
        ({"notice": 2**70}, ("notice", "max_value")),
        ({"about": "TST-1\x00"}, ("about", "bad_character")),
        ({"about": "T" * 61}, ("about", "max_length")),
        ({"notice": 1, "all": True}, ("all", "unknown_field")),
    ],
)
def test_reading_of_nothing_in_particular_is_refused(client, reader, body, said):
    NoticeFactory(recipient=reader, delivered=True)
    answer = read(client, **body)
    assert (answer.status_code, codes(answer)) == (400, [said])
    assert Notice.objects.get().read_at is None
