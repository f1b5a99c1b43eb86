from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import demonstration, selectors, services
from accounts.models import PostDeputy, PostHolding, User
from audit.models import AuditEvent
from govuk import when
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

ALWAYS_THERE = [
    "imt.head",
    "imt.duty",
    "imt.officer",
    "ftl.enforcement",
    "ftl.science",
    "dd.targeting",
    "dd.enforcement",
    "dd.science",
    "dceo.regulation",
    "dceo.evidence",
    "ceo",
    "scs.science",
    "officer.enforcement",
    "officer.intelligence",
    "viewer",
    "operator",
]


def test_promised_accounts_are_there_with_their_posts(seeded):
    for post in ALWAYS_THERE:
        user = selectors.user_by_email(f"{post}@demo.opss.example")
        actor = selectors.actor_for(user)
        assert (actor.post, actor.as_deputy, user.name) == (post, False, actor.post_title)
        assert user.check_password(demonstration.PASSWORD)


def test_duty_deputy_acts_for_the_head(seeded):
    duty = selectors.user_by_email("imt.duty@demo.opss.example")
    assert [hat.post for hat in selectors.posts_of(duty) if hat.as_deputy] == ["imt.head"]
    assert not selectors.is_scs(selectors.user_by_email("ftl.enforcement@demo.opss.example"))


def test_second_seeding_changes_nothing(seeded):
    def rows():
        return [model.objects.count() for model in (User, PostHolding, PostDeputy, AuditEvent)]

    before = rows()
    demonstration.seed()
    assert rows() == before


def test_seeding_does_not_give_back_what_the_operator_took(seeded):
    head = selectors.user_by_email("imt.head@demo.opss.example")
    operator = selectors.actor_for(selectors.user_by_email("operator@demo.opss.example"))
    services.holding_end(holding_id=head.holdings.get().pk, by=operator)
    demonstration.seed()
    assert selectors.actor_for(head).is_stranger


def test_seeding_is_refused_in_production(settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="not made in production"):
        call_command("seed_accounts")
    assert not User.objects.exists()


def test_seed_command_says_how_to_sign_in():
    out = StringIO()
    call_command("seed_accounts", stdout=out)
    assert out.getvalue() == f"{len(demonstration.POSTS)} demonstration accounts, password {demonstration.PASSWORD}\n"


def test_api_token_prints_the_key_alone_on_the_last_line():
    user = person("imt.head")
    out, aside = StringIO(), StringIO()
    call_command("api_token", user.email.upper(), stdout=out, stderr=aside)
    token = selectors.token_by_key(out.getvalue().splitlines()[-1])
    assert (token.user, token.post_id) == (user, "imt.head")
    assert f"It works until {when.london(token.expires_at)}." in aside.getvalue()


@pytest.mark.parametrize("email", ["nobody@opss.example", "closed@opss.example"])
def test_api_token_for_nobody_is_an_error(email):
    person("imt.head", email="closed@opss.example", is_active=False)
    with pytest.raises(CommandError, match="No active account"):
        call_command("api_token", email)


def test_first_operator_is_opened_from_the_command_line():
    call_command("open_account", "Chief.Operator@opss.example", "The operator", "--post", "operator", stdout=StringIO())
    user = selectors.user_by_email("chief.operator@opss.example")
    assert selectors.actor_for(user).post == "operator"
    assert not user.has_usable_password()


def test_account_that_cannot_have_its_post_is_not_opened_at_all():
    with pytest.raises(CommandError, match=r"no\.such\.post"):
        call_command("open_account", "new@opss.example", "New", "--post", "no.such.post")
    assert not User.objects.exists()
