from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import selectors, services
from accounts.models import ApiToken, PostDeputy, PostHolding
from kernel import clock
from kernel.actors import SYSTEM
from tests.factories.accounts import PostHoldingFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_user(client):
    """Sign somebody in: `as_user("imt.head")`, `as_user()` for a stranger."""

    def sign_in(*posts, **fields):
        user = person(*posts, **fields)
        client.force_login(user)
        return user

    return sign_in


# Address: what a stranger, a viewer, the Head of IMT and the operator are answered.
PAGES = {
    "/accounts/hat/": (200, 200, 200, 200),
    "/accounts/profile/": (200, 200, 200, 200),
    "/accounts/tokens/new/": (200, 200, 200, 200),
    "/accounts/posts/": (403, 200, 200, 200),
    "/accounts/posts/imt.duty/holders/new/": (403, 403, 403, 200),
    "/accounts/posts/imt.duty/deputies/new/": (403, 403, 403, 200),
    "/accounts/posts/imt.head/deputies/new/": (403, 403, 200, 200),
    "/accounts/posts/no.such.post/holders/new/": (403, 403, 403, 404),
}
WHO = ((), ("viewer",), ("imt.head",), ("operator",))


@pytest.mark.parametrize("address", PAGES)
def test_each_page_opens_to_whom_it_should(client, address):
    answers = []
    for posts in WHO:
        client.force_login(person(*posts))
        answers.append(client.get(address).status_code)
    assert tuple(answers) == PAGES[address]


@pytest.mark.parametrize("address", PAGES)
def test_each_page_sends_the_anonymous_to_sign_in(client, address):
    assert client.get(address).url.startswith("/accounts/sign-in/?next=%2Faccounts%2F")


def test_refusal_names_the_post_that_may(client, as_user):
    as_user()
    assert "Service Operator" in client.get("/accounts/posts/").content.decode()


def test_chosen_hat_is_worn_until_another_is_chosen(client, as_user):
    as_user("imt.duty", deputises=("imt.head",))
    answer = client.post("/accounts/hat/", {"post": "imt.head", "next": "/accounts/profile/"})
    assert answer.url == "/accounts/profile/"
    page = client.get("/accounts/profile/")
    assert (page.wsgi_request.actor.post, page.wsgi_request.actor.as_deputy) == ("imt.head", True)
    assert "Head of IMT (deputy acting)" in page.content.decode()
    client.post("/accounts/hat/", {"post": "imt.duty"})
    assert client.get("/accounts/profile/").wsgi_request.actor.post == "imt.duty"


@pytest.mark.parametrize("post", ["imt.head", "no.such.post", "\x00"])
def test_hat_that_is_not_ones_own_is_refused(client, as_user, post):
    as_user("imt.duty")
    assert client.post("/accounts/hat/", {"post": post}).status_code == 403
    assert client.get("/accounts/profile/").wsgi_request.actor.post == "imt.duty"


def test_hat_that_ran_out_gives_way_to_the_default(client, as_user):
    user = as_user("imt.officer")
    holding = PostHoldingFactory(user=user, post_id="imt.head")
    client.post("/accounts/hat/", {"post": "imt.officer"})
    client.post("/accounts/hat/", {"post": "imt.head"})
    services.holding_end(holding_id=holding.pk, by=SYSTEM)
    assert client.get("/accounts/profile/").wsgi_request.actor.post == "imt.officer"


def test_change_of_hat_never_leads_to_another_host(client, as_user):
    as_user("imt.duty")
    assert client.post("/accounts/hat/", {"post": "imt.duty", "next": "//elsewhere.example"}).url == "/"


def test_request_without_a_session_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        request = client.get("/accounts/sign-in/").wsgi_request
    assert (request.actor, request.hats) == (None, [])


def test_profile_costs_the_same_however_many_posts_and_tokens(client, as_user):
    def queries(*posts):
        user = as_user(*posts, deputises=posts)
        for _ in posts:
            services.token_create(user_id=user.pk, by=selectors.actor_for(user))
        with CaptureQueriesContext(connection) as captured:
            client.get("/accounts/profile/")
        return len(captured)

    assert queries("imt.head") == queries("imt.duty", "imt.officer", "ftl.science")


def test_token_is_shown_on_the_answer_and_never_again(client, as_user):
    user = as_user("imt.duty", deputises=("imt.head",))
    answer = client.post("/accounts/tokens/new/", {"name": "Nightly export", "post": "imt.head"})
    token = ApiToken.objects.get()
    shown = answer.content.decode()
    key = shown[shown.index("opss_") :].split("<")[0]
    assert (token.user, token.post_id, token.name) == (user, "imt.head", "Nightly export")
    assert services.token_authenticate(key=key) == token
    assert "no-store" in answer["Cache-Control"]
    profile = client.get("/accounts/profile/").content.decode()
    assert "Nightly export" in profile
    assert key not in profile


def test_token_for_anothers_post_is_refused_at_the_field(client, as_user):
    as_user("imt.duty")
    answer = client.post("/accounts/tokens/new/", {"name": "x", "post": "imt.head"})
    assert answer.status_code == 400
    assert "Choose one of: imt.duty" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_token_of_a_stranger_needs_no_post(client, as_user):
    as_user()
    assert client.post("/accounts/tokens/new/", {"name": "x"}).status_code == 201
    assert ApiToken.objects.get().post is None


def test_revoked_token_leaves_the_profile_and_stops_working(client, as_user):
    user = as_user("imt.duty")
    token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user), name="Old script")
    assert client.post(f"/accounts/tokens/{token.pk}/revoke/").url == "/accounts/profile/"
    assert services.token_authenticate(key=key) is None
    assert "Old script" not in client.get("/accounts/profile/").content.decode()


def test_profile_says_until_when_a_token_works_and_that_it_has_expired(client, as_user):
    user = as_user("imt.duty")
    with clock.at(datetime(2026, 3, 12, 14, 5, tzinfo=UTC)):
        token, _ = services.token_create(user_id=user.pk, by=selectors.actor_for(user), name="Old script")
        new = client.get("/accounts/profile/").content.decode()
    with clock.at(token.expires_at):
        client.force_login(user)
        old = client.get("/accounts/profile/").content.decode()
        client.post(f"/accounts/tokens/{token.pk}/revoke/")
    assert "14:05 Friday 12 March 2027" in new
    assert "Expired</strong>" not in new
    assert "Expired</strong>" in old
    token.refresh_from_db()
    assert token.revoked_at == token.expires_at


def test_token_of_somebody_else_cannot_be_revoked(client, as_user):
    owner = person("imt.head")
    token, key = services.token_create(user_id=owner.pk, by=selectors.actor_for(owner))
    as_user("imt.duty")
    assert client.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
    assert services.token_authenticate(key=key) == token


def test_operator_gives_a_post_and_takes_it_back(client, as_user):
    as_user("operator")
    user = person(email="new@opss.example")
    answer = client.post("/accounts/posts/imt.duty/holders/new/", {"person": "New@opss.example"})
    assert answer.url == "/accounts/posts/"
    holding = PostHolding.objects.get(user=user)
    assert (holding.post_id, holding.starts_on, holding.ends_on) == ("imt.duty", clock.today(), None)
    assert user.name in client.get("/accounts/posts/").content.decode()
    asked = client.get(f"/accounts/holdings/{holding.pk}/end/").content.decode()
    assert user.email in asked
    assert holding.post.title in asked
    assert selectors.posts_of(user) != []
    client.post(f"/accounts/holdings/{holding.pk}/end/")
    assert client.get(f"/accounts/holdings/{holding.pk}/end/").status_code == 404
    client.get("/accounts/posts/")  # shows the banner of the change, which names them
    assert user.name not in client.get("/accounts/posts/").content.decode()
    assert selectors.posts_of(user) == []


def test_post_given_twice_is_said_on_the_form(client, as_user):
    as_user("operator")
    user = person("imt.duty")
    answer = client.post("/accounts/posts/imt.duty/holders/new/", {"person": user.email})
    assert answer.status_code == 409
    assert "already has the post" in answer.content.decode()
    assert f'value="{user.email}"' in answer.content.decode()


def test_end_before_the_start_is_said_at_the_field(client, as_user):
    as_user("operator")
    user = person()
    answer = client.post(
        "/accounts/posts/imt.duty/holders/new/",
        {
            "person": user.email,
            "starts_on-day": "2",
            "starts_on-month": "5",
            "starts_on-year": "2026",
            "ends_on-day": "1",
            "ends_on-month": "5",
            "ends_on-year": "2026",
        },
    )
    assert answer.status_code == 400
    assert "The end must be after the start" in answer.content.decode()
    assert not PostHolding.objects.filter(user=user).exists()


def test_holder_names_a_deputy_and_ends_it(client, as_user):
    head = as_user("imt.head")
    user = person("imt.officer")
    client.post("/accounts/posts/imt.head/deputies/new/", {"person": user.email})
    deputy = PostDeputy.objects.get(user=user)
    assert (deputy.post_id, deputy.named_by) == ("imt.head", head)
    client.post(f"/accounts/deputies/{deputy.pk}/end/")
    assert client.get(f"/accounts/deputies/{deputy.pk}/end/").status_code == 404
    assert [hat.post for hat in selectors.posts_of(user)] == ["imt.officer"]


@pytest.mark.parametrize("posts", [("viewer",), ("imt.duty",), ()])
def test_nobody_else_changes_posts_or_deputies(client, as_user, posts):
    target = person("imt.officer", deputises=("imt.head",))
    as_user(*posts)
    for address in (
        "/accounts/posts/imt.head/holders/new/",
        "/accounts/posts/imt.head/deputies/new/",
        f"/accounts/holdings/{target.holdings.get().pk}/end/",
        f"/accounts/deputies/{target.deputising.get().pk}/end/",
    ):
        assert client.get(address).status_code == 403
        assert client.post(address, {"person": target.email}).status_code == 403
    assert [hat.post for hat in selectors.posts_of(target)] == ["imt.officer", "imt.head"]
