"""Who may come to a REST view, as which post, and what lists and conditional requests answer."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts import selectors, services
from accounts.models import User
from kernel import clock
from rest.views import GuardedApi
from tests.factories.accounts import UserFactory, person


def problem(response) -> tuple[int, str, str]:
    body = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert body["status"] == response.status_code
    assert body["type"] == f"/help/errors/{body['errors'][0]['code']}" or body["errors"][0]["field"]
    return response.status_code, body["errors"][0]["field"], body["errors"][0]["code"]


def test_view_without_authority_cannot_be_defined():
    with pytest.raises(TypeError, match="must state its authority"):
        type("Careless", (GuardedApi,), {})


@pytest.mark.parametrize("path", ["echo", "post-only", "operator-only", "people"])
def test_nobody_is_asked_to_sign_in(probe, path):
    response = APIClient().get(f"/api/v1/{path}/")
    assert problem(response) == (401, "", "not_signed_in")
    assert response.headers["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("given", ["Token nonsense", "Token", "token  ", "Token \x00", "Token é"])
def test_unknown_token_is_challenged(probe, given):
    response = APIClient().get("/api/v1/echo/", HTTP_AUTHORIZATION=given)
    assert problem(response) == (401, "", "not_signed_in")
    assert response.headers["WWW-Authenticate"] == "Token"


def test_unknown_token_is_not_saved_by_a_session(probe):
    client = APIClient()
    client.force_login(person("imt.head"))
    assert client.get("/api/v1/echo/", HTTP_AUTHORIZATION="Token nonsense").status_code == 401


def test_expired_token_is_challenged_and_told_how_to_make_another(probe):
    user = person("imt.head")
    token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user))
    with clock.at(token.expires_at):
        response = APIClient().get("/api/v1/echo/", HTTP_AUTHORIZATION=f"Token {key}")
    assert problem(response) == (401, "", "token_expired")
    assert "Make a new one on your profile page (/accounts/profile/)" in response.json()["detail"]
    assert response.headers["WWW-Authenticate"] == "Token"


def test_revoked_token_is_challenged(probe):
    user = person("imt.head")
    token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user))
    services.token_revoke(token_id=token.pk, by=selectors.actor_for(user))
    assert APIClient().get("/api/v1/echo/", HTTP_AUTHORIZATION=f"Token {key}").status_code == 401


def test_stranger_is_refused_where_a_post_is_needed(client_of):
    client = client_of(person())
    assert problem(client.get("/api/v1/post-only/")) == (403, "", "no_post")
    assert client.get("/api/v1/echo/").json() == {"post": "", "as_deputy": False}


def test_only_the_operator_comes_to_the_operators_address(client_of):
    refused = client_of(person("imt.head")).get("/api/v1/operator-only/")
    assert problem(refused) == (403, "", "not_allowed")
    assert refused.json()["posts"] == ["operator"]
    assert client_of(person("operator")).get("/api/v1/operator-only/").json() == {}


def test_token_acts_as_its_own_post_unless_the_header_names_another(client_of):
    user = person("imt.officer", "viewer", deputises=("imt.head",))
    client = client_of(user, "viewer")
    assert client.get("/api/v1/echo/").json() == {"post": "viewer", "as_deputy": False}
    acting = client.get("/api/v1/echo/", HTTP_X_ACTING_AS="imt.head")
    assert acting.json() == {"post": "imt.head", "as_deputy": True}


@pytest.mark.parametrize("post", ["imt.head", "no.such.post", "<b>"])
def test_acting_as_a_post_that_is_not_theirs_is_refused(client_of, post):
    response = client_of(person("viewer")).get("/api/v1/echo/", HTTP_X_ACTING_AS=post)
    assert problem(response) == (403, "", "not_your_post")


def test_session_acts_as_the_post_chosen_in_the_browser(probe):
    client = APIClient()
    client.force_login(person("imt.officer", "viewer"))
    session = client.session
    session["acting_as"] = "viewer"
    session.save()
    assert client.get("/api/v1/echo/").json()["post"] == "viewer"


def test_session_that_writes_needs_the_check_against_forgery(probe):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(person("imt.head"))
    assert problem(client.post("/api/v1/echo/", {"a": 1})) == (403, "", "not_allowed")


def test_options_tells_the_methods_to_whoever_may_come(client_of):
    response = client_of(person("viewer")).options("/api/v1/echo/")
    assert (response.status_code, response.headers["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")


def test_answers_are_kept_by_the_caller_alone(client_of):
    headers = client_of(person("viewer")).get("/api/v1/echo/").headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "X-Acting-As"} <= {name.strip() for name in headers["Vary"].split(",")}


class TestLists:
    @pytest.fixture
    def client(self, client_of):
        UserFactory.create_batch(6)
        return client_of(person("viewer"))

    def test_following_next_meets_everybody_once_and_previous_leads_back(self, client):
        everybody = list(User.objects.order_by("email").values_list("email", flat=True))
        met, address, before = [], "/api/v1/people/?limit=3", None
        while address:
            page = client.get(address).json()
            assert list(page) == ["next", "previous", "results"]
            met += page["results"]
            before, address = page["previous"], page["next"]
        assert met == everybody
        assert before.startswith("http://testserver/api/v1/people/?limit=3&cursor=")
        assert client.get(before).json()["results"] == everybody[3:6]

    @pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x"])
    def test_limit_out_of_range_is_refused_by_name(self, client, query):
        assert problem(client.get(f"/api/v1/people/?{query}")) == (400, "limit", "out_of_range")

    def test_spoilt_cursor_is_refused_by_name(self, client):
        assert problem(client.get("/api/v1/people/?cursor=abc")) == (400, "cursor", "bad_cursor")

    def test_filter_that_is_not_known_is_refused_and_not_ignored(self, client):
        assert problem(client.get("/api/v1/people/?stage=cam")) == (400, "stage", "unknown_filter")


class TestConditional:
    def test_same_version_for_the_same_viewer_is_not_sent_again(self, client_of):
        client = client_of(person("viewer"))
        etag = client.get("/api/v1/numbered/").headers["ETag"]
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            again = client.get("/api/v1/numbered/", HTTP_IF_NONE_MATCH=known)
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)

    def test_another_viewer_has_another_tag(self, client_of):
        mine = client_of(person("viewer")).get("/api/v1/numbered/").headers["ETag"]
        theirs = client_of(person("imt.head")).get("/api/v1/numbered/", HTTP_IF_NONE_MATCH=mine)
        assert theirs.json() == {"version": 7}
        assert theirs.headers["ETag"] != mine

    def test_another_version_is_sent(self, client_of):
        client = client_of(person("viewer"))
        assert client.get("/api/v1/numbered/", HTTP_IF_NONE_MATCH='"6-0123456789ab"').json() == {"version": 7}

    @pytest.mark.parametrize("given", ['"7"', 'W/"7"', "*", None])
    def test_update_of_the_present_version_is_made(self, client_of, given):
        headers = {} if given is None else {"HTTP_IF_MATCH": given}
        assert client_of(person("viewer")).patch("/api/v1/numbered/", {}, **headers).json() == {"version": 8}

    def test_the_tag_of_a_reading_serves_as_the_version(self, client_of):
        client = client_of(person("viewer"))
        etag = client.get("/api/v1/numbered/").headers["ETag"]
        assert client.patch("/api/v1/numbered/", {}, HTTP_IF_MATCH=etag).json() == {"version": 8}

    @pytest.mark.parametrize("given", ['"6"', "7", "nonsense", '""', '"-1"', '"٣"', '"' + "9" * 40 + '"'])
    def test_update_of_another_version_is_refused(self, client_of, given):
        response = client_of(person("viewer")).patch(
            "/api/v1/numbered/", {}, HTTP_IF_MATCH=given.encode().decode("latin1")
        )
        assert problem(response) == (412, "", "stale_version")

    def test_two_versions_at_once_are_refused(self, client_of):
        response = client_of(person("viewer")).patch("/api/v1/numbered/", {}, HTTP_IF_MATCH='"6", "7"')
        assert problem(response) == (400, "If-Match", "one_version")
