"""The inbox: what it shows, what it hides, and that reading is one's own."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.utils.html import escape

from kernel import clock
from notify import selectors
from notify.models import Notice
from tests.factories.accounts import UserFactory, person
from tests.factories.notify import NoticeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hidden")]


@pytest.fixture
def reader(client):
    user = person("viewer")
    client.force_login(user)
    return user


def shown(response) -> list[str]:
    return [notice.title for case in response.context["inbox"].cases for notice in case.notices]


def test_signed_out_person_is_asked_to_sign_in_and_comes_back(client):
    response = client.get("/inbox/")
    assert response.status_code == 302
    assert unquote(response.headers["Location"]).endswith("next=/inbox/")


def test_unread_notices_stand_newest_first_by_case(client, reader):
    now = clock.now()
    for title, minutes, about in [("old", 30, "TST-1"), ("middle", 20, "TST-2"), ("new", 10, "TST-1")]:
        NoticeFactory(recipient=reader, title=title, about=about, delivered_at=now - timedelta(minutes=minutes))
    NoticeFactory(recipient=reader, read=True)
    NoticeFactory(recipient=reader)
    NoticeFactory(delivered=True)
    page = client.get("/inbox/")
    assert shown(page) == ["new", "old", "middle"]
    assert [case.about for case in page.context["inbox"].cases] == ["TST-1", "TST-2"]


def test_all_notices_hold_the_read_ones_too(client, reader):
    NoticeFactory(recipient=reader, title="read", read=True)
    assert shown(client.get("/inbox/")) == []
    assert shown(client.get("/inbox/?show=all")) == ["read"]


def test_empty_inbox_says_so(client, reader):
    assert "You have read everything" in client.get("/inbox/").content.decode()
    assert "You have no notices" in client.get("/inbox/?show=all").content.decode()


def test_case_that_may_no_longer_be_seen_is_neither_shown_nor_counted(client, reader, hidden):
    NoticeFactory(recipient=reader, title="Secret title", about="TST-1", delivered=True)
    NoticeFactory(recipient=reader, title="Open title", about="TST-2", delivered=True)
    assert selectors.unread_count(reader) == 2
    hidden[reader.pk] = {"TST-1"}
    page = client.get("/inbox/?show=all").content.decode()
    assert "Open title" in page
    assert "Secret title" not in page
    assert "TST-1" not in page
    assert selectors.unread_count(reader) == 1


def test_text_of_a_notice_is_shown_as_text(client, reader):
    NoticeFactory(recipient=reader, title="<script>alert(1)</script>", delivered=True)
    assert "&lt;script&gt;alert(1)" in client.get("/inbox/").content.decode()


def test_long_inbox_goes_on_by_pages(client, reader):
    NoticeFactory.create_batch(selectors.PAGE + 5, recipient=reader, delivered=True)
    first = client.get("/inbox/?show=all")
    assert f'href="{escape(first.context["next"])}"' in first.content.decode()
    second = client.get(f"/inbox/{first.context['next']}")
    assert (len(shown(first)), len(shown(second))) == (selectors.PAGE, 5)
    assert set(shown(first)).isdisjoint(shown(second))
    assert second.context["next"] == ""
    assert shown(client.get(f"/inbox/{second.context['previous']}")) == shown(first)


def test_spoilt_cursor_is_refused(client, reader):
    assert client.get("/inbox/?cursor=abc").status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_inbox_asks_the_database_the_same_number_of_times(client, reader, rows, django_assert_max_num_queries):
    for number in range(rows):
        NoticeFactory.create_batch(3, recipient=reader, about=f"TST-{number}", delivered=True)
    with django_assert_max_num_queries(6):
        page = client.get("/inbox/")
    assert len(shown(page)) == 3 * rows


def test_button_marks_a_case_as_read_and_goes_back(client, reader):
    notice = NoticeFactory(recipient=reader, delivered=True)
    response = client.post("/inbox/read/", {"about": notice.about, "back": "/inbox/?show=all"})
    assert (response.status_code, response.headers["Location"]) == (302, "/inbox/?show=all")
    assert Notice.objects.get().read_at


def test_button_for_a_case_that_no_name_can_have_reads_nothing(client, reader):
    NoticeFactory(recipient=reader, delivered=True)
    assert client.post("/inbox/read/", {"about": "TST-1\x00x"}).status_code == 302
    assert Notice.objects.get().read_at is None


def test_button_marks_one_notice_as_read(client, reader):
    one, _ = NoticeFactory.create_batch(2, recipient=reader, delivered=True)
    client.post("/inbox/read/", {"notice": one.pk})
    assert list(Notice.objects.filter(read_at__isnull=False)) == [one]


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_button_leads_nowhere_else(client, reader, back):
    notice = NoticeFactory(recipient=reader, delivered=True)
    response = client.post("/inbox/read/", {"about": notice.about, "back": back})
    assert response.headers["Location"] == "/inbox/"


@pytest.mark.parametrize("number", ["", "x", "9" * 30, "-1"])
def test_notice_that_is_not_there_is_not_found(client, reader, number):
    assert client.post("/inbox/read/", {"notice": number}).status_code == 404


def test_notice_of_somebody_else_is_not_found_and_stays_unread(client, reader):
    other = NoticeFactory(delivered=True, recipient=UserFactory())
    assert client.post("/inbox/read/", {"notice": other.pk}).status_code == 404
    assert Notice.objects.get().read_at is None


def test_reading_by_link_changes_nothing(client, reader):
    assert client.get("/inbox/read/").status_code == 405


def test_every_page_shows_how_many_wait_and_asks_once(client, reader, django_assert_num_queries):
    NoticeFactory.create_batch(2, recipient=reader, delivered=True)
    count = client.get("/inbox/").context["inbox_count"]
    with django_assert_num_queries(0):
        assert count() == 2
    assert client.get("/healthz").context is None
