"""Refusals and faults as pages: they say what happened, and lose nothing that was typed."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, person

TYPED = {"summary": "Charger caught fire <script>", "password": PASSWORD, "version": "4", "empty": " "}


@pytest.fixture
def client(settings, db):
    settings.ROOT_URLCONF = "tests.unit.rest.probe"
    client = Client(raise_request_exception=False)
    client.force_login(person("viewer"))
    return client


def text(response) -> str:
    assert response.headers["Content-Type"].startswith("text/html")
    return response.content.decode()


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("invalid", 400, "Enter a name"),
        ("not-allowed", 403, "Head of IMT may do this"),
        ("not-found", 404, "Page not found"),
        ("missing", 404, "Page not found"),
        ("conflict", 409, "It is taken"),
        ("changed", 409, "Impact was assessed"),
        ("blocked", 409, "Assess NNC first"),
        ("stale", 412, "Version 4 is not the present one"),
    ],
)
def test_each_refusal_has_its_page(client, kind, status, words):
    response = client.get(f"/refuse/{kind}/")
    assert response.status_code == status
    assert words in text(response)


def test_blocker_shows_the_paragraph_that_it_rests_on(client):
    assert "2.11" in text(client.get("/refuse/blocked/"))


def test_not_found_says_the_same_for_missing_and_hidden(client):
    hidden, missing, unknown = (client.get(path) for path in ("/refuse/not-found/", "/refuse/missing/", "/nothing/"))
    said = {text(response).partition("<main")[2] for response in (hidden, missing, unknown)}
    assert len(said) == 1


@pytest.mark.parametrize("kind", ["changed", "blocked", "stale", "not-allowed", "fault"])
def test_typed_text_is_shown_again_but_no_secret(client, kind):
    page = text(client.post(f"/refuse/{kind}/", TYPED))
    assert "Charger caught fire &lt;script&gt;" in page
    assert PASSWORD not in page


def test_fault_has_a_reference_that_the_log_has_too(client, caplog):
    with caplog.at_level(logging.ERROR, logger="opss.errors"):
        response = client.get("/refuse/fault/")
    [entry] = [record for record in caplog.records if record.name == "opss.errors"]
    reference = entry.getMessage().removeprefix("Fault ")
    assert response.status_code == 500
    assert reference in text(response)
    assert "secret words" not in text(response)


def test_fault_is_known_by_the_id_of_its_request(client, settings):
    settings.TRUSTED_PROXIES = 1
    response = client.get("/refuse/fault/", headers={"x-request-id": "0123456789abcdef"})
    assert response.headers["X-Request-ID"] == "0123456789abcdef"
    assert "0123456789abcdef" in text(response)


def test_database_that_takes_too_long_is_no_fault_and_the_text_is_kept(client):
    page = client.post("/refuse/cut-off/", TYPED)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "the service is busy" in text(page)
    assert "Charger caught fire &lt;script&gt;" in text(page)
    assert PASSWORD not in text(page)
    problem = client.get("/api/v1/refuse/cut-off/")
    assert (problem.status_code, problem.headers["Retry-After"]) == (503, "5")
    assert problem.json()["errors"][0]["code"] == "unavailable"
    assert "pg_sleep" not in problem.content.decode()


def test_fault_is_answered_even_when_its_page_is_broken(client, settings, caplog):
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": []}]
    response = client.post("/refuse/fault/", TYPED)
    page = text(response)
    assert response.status_code == 500
    assert "something went wrong" in page
    assert "Charger caught fire &lt;script&gt;" in page


def test_form_sent_too_late_keeps_the_text_and_says_so_kindly(client):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/typed/", TYPED)
    page = text(response)
    assert response.status_code == 403
    assert "nothing was saved" in page
    assert "Charger caught fire &lt;script&gt;" in page
    assert 'href="/typed/"' in page


def test_form_that_is_too_long_is_told_so(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post("/typed/", {"summary": "x" * 2000}, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    assert "Too much was sent at once" in text(response)


def test_request_that_is_not_in_order_is_refused(client):
    response = client.get("/nothing/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "not in order" in text(response)


@pytest.mark.parametrize(
    "path", ["/issues/a%00b/", "/incidents/%00/history/", "/accounts/posts/%00/deputies/new/", "/api/v1/issues/%00/"]
)
def test_address_with_a_null_character_names_nothing(path, db):
    client = Client(raise_request_exception=False)
    client.force_login(person("operator"))
    response = client.get(path)
    assert response.status_code == 404
    kind = "application/problem+json" if path.startswith("/api/") else "text/html"
    assert response.headers["Content-Type"].startswith(kind)
