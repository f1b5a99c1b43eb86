"""The key / that leads to the search box can be turned off (WCAG 2.1.4), on a page and over REST."""

from __future__ import annotations

import pytest

from accounts.models import User
from audit import SERVICE_CHAIN
from audit import selectors as audit
from audit.presenters import sentence
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

PAGE, REST = "/accounts/keyboard/", "/api/v1/profile/keyboard/"
SCRIPT = "js/search"


@pytest.fixture
def reader(client) -> User:
    user = person("viewer")
    client.force_login(user)
    return user


def test_the_key_works_until_somebody_turns_it_off_for_themselves(client, reader):
    assert SCRIPT in client.get("/help/").content.decode()
    answer = client.post(PAGE, {"slash_searches": "no"}, follow=True)
    page = answer.content.decode()
    assert "The key / no longer goes to the search box" in page
    assert "The key / does nothing of its own" in page
    assert SCRIPT not in page
    assert "for you it is off" in client.get("/help/").content.decode()
    assert sentence(audit.events_for(SERVICE_CHAIN, limit=1)[0]) == "Chose that the key / does not go to the search box"
    other = person("imt.duty")
    client.force_login(other)
    assert SCRIPT in client.get("/help/").content.decode()


def test_it_can_be_turned_on_again_and_the_page_shows_what_was_chosen(client, reader):
    client.post(PAGE, {"slash_searches": "no"})
    assert 'value="no" id="id_slash_searches_1" checked' in " ".join(client.get(PAGE).content.decode().split())
    client.post(PAGE, {"slash_searches": "yes"})
    reader.refresh_from_db()
    assert reader.slash_searches is True


def test_saying_nothing_is_refused_at_the_question(client, reader):
    answer = client.post(PAGE, {})
    assert answer.status_code == 400
    assert 'href="#id_slash_searches"' in answer.content.decode()


def test_rest_reads_and_sets_the_same_choice(client, reader):
    assert client.get(REST).json() == {"slash_searches": True}
    answer = client.put(REST, {"slash_searches": False}, content_type="application/json")
    assert (answer.status_code, answer.json()) == (200, {"slash_searches": False})
    assert client.get(REST).json() == {"slash_searches": False}
    wrong = client.put(REST, {"slash_searches": "no"}, content_type="application/json")
    assert [(error["field"], error["code"]) for error in wrong.json()["errors"]] == [("slash_searches", "wrong_type")]


def test_stranger_is_told_that_the_key_can_be_turned_off_once_signed_in(client):
    assert "Once you have signed in you can turn it off in your profile." in client.get("/help/").content.decode()
