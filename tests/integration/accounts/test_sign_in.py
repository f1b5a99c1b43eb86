from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.demonstration import PASSWORD as DEMONSTRATION_PASSWORD
from accounts.kept import KEPT_FOR
from audit import SERVICE_CHAIN
from audit import selectors as audit
from incidents.models import Issue
from kernel import clock
from tests.factories.accounts import PASSWORD, person

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/sign-in/"
WRONG = "The e-mail address or the password is wrong"


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"email": email, "password": password, **more})


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def test_sign_in_with_any_capitals_and_come_home(client):
    user = person("imt.head", email="head@opss.example")
    answer = sign_in(client, "Head@OPSS.example")
    assert (answer.status_code, answer.url) == (302, "/")
    assert signed_in_as(client) == str(user.pk)
    event = audit.events_for(SERVICE_CHAIN, limit=1)[0]
    assert (event.kind, event.actor["email"], event.actor["post"]) == ("account.signed_in", user.email, "imt.head")


def test_sign_in_gives_the_session_a_new_key(client):
    person("imt.head", email="head@opss.example")
    client.get(reverse("accounts:hat"))
    session = client.session
    session["seen"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client, "head@opss.example")
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_wrong_password_unknown_address_and_closed_account_read_the_same(client):
    person("imt.head", email="head@opss.example")
    person("imt.head", email="closed@opss.example", is_active=False)
    pages = [
        sign_in(client, "head@opss.example", "not the password"),
        sign_in(client, "nobody@opss.example"),
        sign_in(client, "closed@opss.example"),
    ]
    assert {page.status_code for page in pages} == {400}
    assert all(WRONG in page.content.decode() for page in pages)
    assert signed_in_as(client) is None


def test_wrong_password_keeps_the_address_and_forgets_the_password(client):
    person("imt.head", email="head@opss.example")
    page = sign_in(client, "head@opss.example", "not the password").content.decode()
    assert 'value="head@opss.example"' in page
    assert "not the password" not in page


def test_empty_form_says_what_to_enter(client):
    page = sign_in(client, "", "").content.decode()
    assert "Enter your e-mail address" in page
    assert "Enter your password" in page


def test_too_many_wrong_passwords_lock_that_address_out_even_with_the_right_one(client, settings):
    person("imt.head", email="head@opss.example")
    other = person("imt.duty", email="duty@opss.example")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, "HEAD@opss.example", "not the password")
    assert answer.status_code == 429
    locked = sign_in(client, "head@opss.example")
    assert locked.status_code == 429
    assert "Wait 15 minutes" in locked.content.decode()
    assert locked["Retry-After"] == "900"
    assert signed_in_as(client) is None
    sign_in(client, "duty@opss.example")
    assert signed_in_as(client) == str(other.pk)


def test_lock_out_says_nothing_about_who_has_an_account(client, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(client, "nobody@opss.example", "not the password")
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/accounts/profile/?tab=1", "/accounts/profile/?tab=1"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("profile", "/"),
        ("accounts:sign-out", "/"),
        ("", "/"),
    ],
)
def test_after_sign_in_one_comes_back_to_our_own_pages_only(client, wanted, goes_to):
    person("imt.head", email="head@opss.example")
    assert sign_in(client, "head@opss.example", next=wanted).url == goes_to
    assert client.get(SIGN_IN, {"next": wanted}).url == goes_to


def test_page_wanted_before_sign_in_is_kept_on_the_form(client):
    answer = client.get("/accounts/posts/", {"team": "science"})
    assert answer.url == "/accounts/sign-in/?next=%2Faccounts%2Fposts%2F%3Fteam%3Dscience"
    page = client.get(answer.url).content.decode()
    assert 'name="next" value="/accounts/posts/?team=science"' in page
    assert "elsewhere" not in client.get(SIGN_IN, {"next": "https://elsewhere.example/"}).content.decode()


def test_form_sent_without_a_session_comes_back_to_its_page(client):
    answer = client.post("/accounts/tokens/new/?from=profile", {"name": "x"})
    assert answer.url == "/accounts/sign-in/?next=%2Faccounts%2Ftokens%2Fnew%2F"


def test_fragment_without_a_session_sends_the_whole_page_to_sign_in(client):
    answer = client.get(
        "/accounts/posts/",
        headers={"HX-Request": "true", "HX-Current-URL": "https://testserver/accounts/profile/?a=b"},
    )
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/accounts/sign-in/?next=%2Faccounts%2Fprofile%2F%3Fa%3Db"


def test_fragment_of_a_page_that_is_no_address_sends_to_sign_in_too(client):
    answer = client.get("/accounts/posts/", headers={"HX-Request": "true", "HX-Current-URL": "http://["})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/accounts/sign-in/?next=%2F")


def test_sign_out_ends_the_session_and_only_a_post_does_it(client):
    user = person("imt.head")
    client.force_login(user)
    assert client.get("/accounts/sign-out/").status_code == 405
    assert signed_in_as(client) == str(user.pk)
    assert client.post("/accounts/sign-out/").url == SIGN_IN
    assert signed_in_as(client) is None
    assert audit.events_for(SERVICE_CHAIN, limit=1)[0].kind == "account.signed_out"
    assert client.post("/accounts/sign-out/").url == SIGN_IN


def test_account_closed_meanwhile_is_out_at_the_next_request(client):
    user = person("imt.head")
    client.force_login(user)
    assert client.get("/accounts/posts/").status_code == 200
    user.is_active = False
    user.save()
    assert client.get("/accounts/posts/").url.startswith(SIGN_IN)


def test_service_account_cannot_sign_in(client):
    person("imt.head", email="feed@opss.example", is_service=True)
    assert WRONG in sign_in(client, "feed@opss.example").content.decode()


def test_demonstration_account_enters_the_demonstration_and_never_production(client, settings, seeded):
    assert sign_in(client, "imt.head@demo.opss.example", DEMONSTRATION_PASSWORD).status_code == 302
    assert "Head of IMT" in client.get("/accounts/profile/").content.decode()
    settings.DEMONSTRATION = False
    assert client.get("/accounts/profile/").url.startswith(SIGN_IN)
    assert WRONG in sign_in(client, "imt.head@demo.opss.example", DEMONSTRATION_PASSWORD).content.decode()


REPORT = "/issues/new/"
TYPED = {"title": "Hob joint leaks", "summary": "\nTwo bangs & a <fire>", "source": "media", "danger_now": "no"}


def sent_after_the_session_ended(client):
    """The sign-in page that answers a report sent when the session was gone."""
    user = person("officer.science", email="officer@opss.example")
    client.force_login(user)
    Session.objects.all().delete()
    return client.post(REPORT, TYPED).content.decode()


def hidden(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page)[1]


def test_what_was_typed_when_the_session_ended_is_kept_through_signing_in(client):
    page = sent_after_the_session_ended(client)
    assert "What you typed is kept" in page
    kept = hidden(page, "kept")
    refused = sign_in(client, "officer@opss.example", "not the password", kept=kept)
    assert hidden(refused.content.decode(), "kept") == kept

    shown = sign_in(client, "officer@opss.example", kept=kept, next=REPORT).content.decode()
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', shown, re.DOTALL)
    }
    assert fields == TYPED
    assert f'action="{REPORT}"' in shown
    listed = re.findall(r'<p class="govuk-body"><bdi>(.*?)</bdi></p>', shown, re.DOTALL)
    assert [unescape(text).replace("<br>", "\n") for text in listed] == [TYPED["title"], TYPED["summary"]]
    assert not Issue.objects.exists()
    client.post(REPORT, fields)
    assert Issue.objects.get().title == "Hob joint leaks"


def test_what_was_typed_is_kept_too_when_the_browser_has_dropped_the_cookie_of_a_session_that_was_too_old():
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person("officer.science", email="officer@opss.example"))
    token = hidden(browser.get(REPORT).content.decode(), "csrfmiddlewaretoken")
    del browser.cookies["sessionid"]
    answer = browser.post(REPORT, {**TYPED, "csrfmiddlewaretoken": token})
    assert answer.status_code == 403
    page = answer.content.decode()
    kept, token = hidden(page, "kept"), hidden(page, "csrfmiddlewaretoken")
    shown = sign_in(browser, "officer@opss.example", kept=kept, next=REPORT, csrfmiddlewaretoken=token)
    assert TYPED["title"] in shown.content.decode()
    assert not Issue.objects.exists()


@pytest.mark.parametrize("forged", ["", "not sealed", "eyJwYXRoIjoiLyJ9:1:x"])
def test_what_we_did_not_keep_is_not_handed_back(client, forged):
    person("imt.head", email="head@opss.example")
    answer = sign_in(client, "head@opss.example", kept=forged, next=REPORT)
    assert (answer.status_code, answer.url) == (302, REPORT)


def test_what_was_kept_too_long_ago_is_not_handed_back(client):
    kept = hidden(sent_after_the_session_ended(client), "kept")
    with clock.at(clock.now() + KEPT_FOR + timedelta(minutes=1)):
        assert sign_in(client, "officer@opss.example", kept=kept, next=REPORT).url == REPORT


def test_a_form_that_says_nothing_is_not_kept(client):
    client.force_login(person("officer.science"))
    Session.objects.all().delete()
    assert client.post(REPORT, {"title": " "}).status_code == 302
