from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from accounts import selectors, services
from accounts.models import ApiToken
from audit import SERVICE_CHAIN
from audit import presenters as audit_presenters
from audit import selectors as audit
from kernel import clock
from kernel.actors import SYSTEM
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn
from tests.factories.accounts import LONG_AGO, PASSWORD, UserFactory, acting, person

pytestmark = pytest.mark.django_db


def last_event():
    return audit.events_for(SERVICE_CHAIN, limit=1)[0]


def test_token_is_kept_as_a_digest_and_shown_once():
    user = person("imt.head")
    token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user), name="a script")
    kept = ApiToken.objects.filter(pk=token.pk).values().get()
    assert key not in str(kept)
    assert key.startswith(kept["prefix"])
    assert len(key) > 40
    assert selectors.token_by_key(key) == token
    event = last_event()
    assert (event.kind, event.facts["email"], event.facts["post"]) == ("token.created", user.email, "imt.head")
    assert key not in str(event)


def test_token_of_a_stranger_acts_as_nobody():
    user = person()
    token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user))
    assert token.post is None
    assert selectors.token_by_key(key).user == user


def test_token_for_a_post_that_is_not_ones_own_is_refused():
    user = person("imt.officer")
    with pytest.raises(NotAllowed, match="Head of IMT"):
        services.token_create(user_id=user.pk, by=selectors.actor_for(user), post="imt.head")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("post", ["imt.head", "operator"])
def test_token_of_another_person_is_refused_even_to_the_operator(post):
    other = person("imt.officer")
    with pytest.raises(NotAllowed):
        services.token_create(user_id=other.pk, by=acting(post))


def test_token_of_a_service_account_is_the_operators():
    program = person("imt.officer", is_service=True)
    with pytest.raises(NotAllowed) as refusal:
        services.token_create(user_id=program.pk, by=acting("imt.head"))
    assert refusal.value.posts == ["operator"]
    token, _ = services.token_create(user_id=program.pk, by=acting("operator"))
    assert token.post_id == "imt.officer"


def test_revoked_token_no_longer_works_and_is_recorded_once():
    user = person("imt.head")
    by = selectors.actor_for(user)
    token, key = services.token_create(user_id=user.pk, by=by)
    services.token_revoke(token_id=token.pk, by=by)
    events = len(audit.events_for(SERVICE_CHAIN))
    services.token_revoke(token_id=token.pk, by=by)
    assert services.token_authenticate(key=key) is None
    assert len(audit.events_for(SERVICE_CHAIN)) == events
    assert last_event().kind == "token.revoked"


@pytest.mark.parametrize(
    ("after", "works"), [(timedelta(days=30) - timedelta(seconds=1), True), (timedelta(days=30), False)]
)
def test_token_works_until_its_time_is_over(after, works, settings):
    settings.TOKEN_LIFETIME = timedelta(days=30)
    user = person("imt.head")
    made = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)
    with clock.at(made):
        token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user))
    assert datetime.fromisoformat(last_event().facts["expires_at"]) == made + timedelta(days=30)
    with clock.at(made + after):
        if works:
            assert services.token_authenticate(key=key) == token
        else:
            with pytest.raises(NotSignedIn, match="expired at 15:05 Saturday 11 April 2026") as refused:
                services.token_authenticate(key=key)
            assert refused.value.code == "token_expired"


def test_revoked_token_is_unknown_even_after_its_time():
    user = person("imt.head")
    token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user))
    services.token_revoke(token_id=token.pk, by=selectors.actor_for(user))
    with clock.at(token.expires_at):
        assert services.token_authenticate(key=key) is None


def test_token_of_somebody_else_is_not_told_to_exist():
    user = person("imt.head")
    token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user))
    for by in (acting("imt.duty"), acting("operator")):
        with pytest.raises(NotFound):
            services.token_revoke(token_id=token.pk, by=by)
    assert services.token_authenticate(key=key) == token


def test_token_use_is_noted_to_the_minute():
    user = person("imt.head")
    token, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user))
    first = clock.now()
    with clock.at(first):
        services.token_authenticate(key=key)
    with clock.at(first + timedelta(seconds=59)):
        services.token_authenticate(key=key)
    token.refresh_from_db()
    assert token.last_used_at == first
    with clock.at(first + timedelta(seconds=60)):
        services.token_authenticate(key=key)
    token.refresh_from_db()
    assert token.last_used_at == first + timedelta(seconds=60)


@pytest.mark.parametrize("key", ["", "opss_", "opss_not-a-key", "kéy"])
def test_unknown_key_opens_nothing(key):
    assert services.token_authenticate(key=key) is None


def test_demonstration_token_opens_nothing_in_production(settings):
    user = person("imt.head", email="imt.head@demo.opss.example")
    _, key = services.token_create(user_id=user.pk, by=SYSTEM)
    assert selectors.token_by_key(key)
    settings.DEMONSTRATION = False
    assert selectors.token_by_key(key) is None


def test_account_opened_by_the_operator_has_no_post_and_no_password():
    user = services.account_open(email="New.Person@opss.example", name="New person", by=acting("operator"))
    assert (user.email, user.has_usable_password()) == ("new.person@opss.example", False)
    assert selectors.actor_for(user).is_stranger
    assert (last_event().kind, last_event().facts["email"]) == ("account.opened", "new.person@opss.example")


def test_service_account_gets_no_password_even_when_one_is_given():
    user = services.account_open(
        email="feed@opss.example", name="Feed", by=SYSTEM, is_service=True, password="never used here"
    )
    assert not user.has_usable_password()


def test_second_account_for_an_address_is_refused():
    UserFactory(email="there@opss.example")
    with pytest.raises(Conflict):
        services.account_open(email="THERE@opss.example", name="Again", by=SYSTEM)


def test_demonstration_account_is_not_opened_in_production(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(InvalidInput):
        services.account_open(email="x@demo.opss.example", name="X", by=SYSTEM)


def test_closed_account_loses_its_tokens():
    user = person("imt.head")
    _, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user))
    services.account_deactivate(user_id=user.pk, by=acting("operator"))
    user.refresh_from_db()
    assert (user.is_active, user.check_password(PASSWORD)) == (False, True)
    assert services.token_authenticate(key=key) is None
    assert (last_event().kind, last_event().facts["tokens_revoked"]) == ("account.deactivated", 1)


def test_operator_does_not_close_the_account_in_use():
    operator = acting("operator")
    with pytest.raises(Conflict):
        services.account_deactivate(user_id=operator.user_id, by=operator)


@pytest.mark.parametrize(
    "change",
    [
        lambda by: services.account_open(email="a@opss.example", name="A", by=by),
        lambda by: services.account_deactivate(user_id=0, by=by),
        lambda by: services.holding_start(post="imt.duty", user_id=0, by=by),
        lambda by: services.holding_end(holding_id=0, by=by),
    ],
)
@pytest.mark.parametrize("post", ["imt.head", "ceo", "viewer"])
def test_accounts_and_posts_are_the_operators_alone(change, post):
    with pytest.raises(NotAllowed) as refusal:
        change(acting(post))
    assert refusal.value.posts == ["operator"]


def test_holding_starts_today_and_ends_at_once():
    user, operator = person(), acting("operator")
    holding = services.holding_start(post="imt.head", user_id=user.pk, by=operator)
    assert selectors.actor_for(user).post == "imt.head"
    event = last_event()
    assert (event.kind, event.facts["post"], event.facts["email"]) == ("holding.started", "imt.head", user.email)
    assert "Head of IMT" in audit_presenters.sentence(event)
    services.holding_end(holding_id=holding.pk, by=operator)
    assert selectors.actor_for(user).is_stranger
    assert last_event().kind == "holding.ended"


def test_holding_that_overlaps_another_of_the_same_person_is_refused():
    user = person("imt.head")
    with pytest.raises(Conflict, match="Head of IMT"):
        services.holding_start(post="imt.head", user_id=user.pk, by=SYSTEM)


def test_holding_that_follows_another_is_kept():
    user, today = person(), clock.today()
    services.holding_start(post="imt.head", user_id=user.pk, by=SYSTEM, starts_on=LONG_AGO, ends_on=today)
    services.holding_start(post="imt.head", user_id=user.pk, by=SYSTEM, starts_on=today)
    assert selectors.actor_for(user).post == "imt.head"


@pytest.mark.parametrize("days", [0, -1])
def test_holding_that_ends_before_it_starts_is_refused(days):
    today = clock.today()
    with pytest.raises(InvalidInput) as refusal:
        services.holding_start(
            post="imt.head", user_id=person().pk, by=SYSTEM, starts_on=today, ends_on=today + timedelta(days=days)
        )
    assert [(e.field, e.code) for e in refusal.value.errors] == [("ends_on", "ends_before_start")]


def test_holding_of_an_unknown_post_or_a_closed_account_is_refused():
    with pytest.raises(NotFound):
        services.holding_start(post="no.such.post", user_id=person().pk, by=SYSTEM)
    with pytest.raises(Conflict):
        services.holding_start(post="imt.head", user_id=person(is_active=False).pk, by=SYSTEM)


def test_holding_that_has_not_begun_can_be_called_off():
    user, today = person(), clock.today()
    holding = services.holding_start(post="imt.head", user_id=user.pk, by=SYSTEM, starts_on=today + timedelta(days=7))
    services.holding_end(holding_id=holding.pk, by=SYSTEM)
    with clock.at(clock.now() + timedelta(days=8)):
        assert selectors.actor_for(user).is_stranger


def test_holding_that_has_ended_stays_as_it_was():
    user, today = person(), clock.today()
    ended = today - timedelta(days=30)
    first = services.holding_start(post="imt.head", user_id=user.pk, by=SYSTEM, starts_on=LONG_AGO, ends_on=ended)
    services.holding_start(post="imt.head", user_id=user.pk, by=SYSTEM, starts_on=ended)
    with pytest.raises(Conflict) as refusal:
        services.holding_end(holding_id=first.pk, by=SYSTEM)
    assert refusal.value.code == "already_ended"
    first.refresh_from_db()
    assert first.ends_on == ended


def test_deputy_is_named_by_the_holder_and_said_by_whom():
    head, user = acting("imt.head"), person("imt.duty")
    deputy = services.deputy_name(post="imt.head", user_id=user.pk, by=head)
    assert deputy.named_by_id == head.user_id
    assert selectors.actor_for(user, "imt.head").as_deputy
    event = last_event()
    assert (event.kind, event.actor["post"], event.facts["email"]) == ("deputy.named", "imt.head", user.email)
    services.deputy_end(deputy_id=deputy.pk, by=head)
    assert [hat.post for hat in selectors.posts_of(user)] == ["imt.duty"]


@pytest.mark.parametrize("post", ["imt.duty", "ceo", "viewer"])
def test_deputy_of_anothers_post_is_refused(post):
    with pytest.raises(NotAllowed) as refusal:
        services.deputy_name(post="imt.head", user_id=person().pk, by=acting(post))
    assert refusal.value.posts == ["imt.head", "operator"]


def test_deputy_names_no_further_deputies():
    deputy = person("imt.duty", deputises=("imt.head",))
    with pytest.raises(NotAllowed):
        services.deputy_name(post="imt.head", user_id=person().pk, by=selectors.actor_for(deputy, "imt.head"))
