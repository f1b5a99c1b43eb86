from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts import selectors
from kernel import clock
from kernel.errors import NotAllowed, NotFound
from tests.factories.accounts import LONG_AGO, PostDeputyFactory, PostHoldingFactory, UserFactory, person

pytestmark = pytest.mark.django_db


def test_actor_default_is_the_first_held_post_in_precedence():
    user = person("officer.enforcement", "ftl.enforcement", deputises=("dd.enforcement",))
    actor = selectors.actor_for(user)
    assert (actor.post, actor.as_deputy) == ("ftl.enforcement", False)
    assert (actor.team, actor.function, actor.scs) == ("enforcement", "enforcement", False)
    assert (actor.user_id, actor.email, actor.label) == (user.pk, user.email, "Functional Team Leader, Enforcement")


def test_actor_as_deputy_is_recorded_as_such():
    user = person("imt.duty", deputises=("imt.head",))
    actor = selectors.actor_for(user, "imt.head")
    assert (actor.post, actor.as_deputy, actor.label) == ("imt.head", True, "Head of IMT (deputy acting)")


def test_actor_who_only_deputises_is_no_stranger():
    actor = selectors.actor_for(person(deputises=("imt.head",)))
    assert (actor.post, actor.as_deputy) == ("imt.head", True)


def test_actor_who_holds_and_deputises_the_same_post_acts_as_its_holder():
    hats = selectors.posts_of(person("imt.head", deputises=("imt.head",)))
    assert [(hat.post, hat.as_deputy) for hat in hats] == [("imt.head", False)]


def test_actor_without_posts_is_a_stranger():
    user = person()
    actor = selectors.actor_for(user)
    assert actor.is_stranger
    assert (actor.user_id, actor.post, actor.label) == (user.pk, "", user.name)


@pytest.mark.parametrize("post", ["dd.science", "no.such.post"])
def test_actor_as_a_post_that_is_not_theirs_is_refused(post):
    with pytest.raises(NotAllowed) as refusal:
        selectors.actor_for(person("dd.enforcement"), post)
    assert (refusal.value.code, refusal.value.posts) == ("not_your_post", [post])


def test_expired_and_coming_posts_are_nobodys_hat():
    today, user = clock.today(), UserFactory()
    PostHoldingFactory(user=user, post_id="imt.head", ends_on=today)
    PostHoldingFactory(user=user, post_id="imt.duty", starts_on=today + timedelta(days=1))
    PostDeputyFactory(user=user, post_id="dd.science", ends_on=today)
    assert selectors.posts_of(user) == []
    with pytest.raises(NotAllowed):
        selectors.actor_for(user, "imt.head")


def test_posts_begin_at_midnight_in_london_not_in_utc():
    user = UserFactory()
    PostHoldingFactory(user=user, post_id="imt.head", starts_on=date(2026, 7, 1))
    with clock.at(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)):
        assert selectors.actor_for(user).is_stranger
    with clock.at(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)):
        assert selectors.actor_for(user).post == "imt.head"


@pytest.mark.parametrize("posts", [("imt.head",), ("imt.head", "imt.duty", "dd.science")])
def test_hats_cost_one_query_however_many(posts, django_assert_num_queries):
    user = person(*posts, deputises=("dd.enforcement", "dd.policy"))
    with django_assert_num_queries(1):
        assert len(selectors.posts_of(user)) == len(posts) + 2


def test_holders_are_active_people_who_hold_and_do_not_deputise():
    head, duty = person("imt.head"), person("imt.duty", "imt.head")
    person(deputises=("imt.head",))
    person("imt.head", is_active=False)
    PostHoldingFactory(post_id="imt.head", ends_on=clock.today())
    assert set(selectors.holders_of("imt.head", "imt.duty")) == {head, duty}
    assert selectors.holders_of("ceo") == []


def test_holder_is_the_longest_serving_of_several():
    PostHoldingFactory(post_id="imt.head", starts_on=date(2021, 1, 1))
    first = PostHoldingFactory(post_id="imt.head", starts_on=LONG_AGO).user
    person("imt.head", is_active=False)
    assert selectors.holder_of("imt.head") == first
    assert selectors.holder_of("ceo") is None


def test_senior_civil_servant_is_who_holds_such_a_post_not_who_deputises():
    assert selectors.is_scs(person("scs.science"))
    assert not selectors.is_scs(person("ftl.enforcement", deputises=("dd.enforcement",)))


def test_person_is_found_by_email_whatever_the_capitals_unless_closed():
    user = UserFactory(email="somebody@opss.example")
    UserFactory(email="closed@opss.example", is_active=False)
    assert selectors.user_by_email("Somebody@OPSS.example") == user
    assert selectors.user_by_email("closed@opss.example") is None
    assert selectors.user_by_email("nobody@opss.example") is None


def test_titles_are_answered_without_a_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert selectors.post_title("dceo.regulation") == "Deputy Chief Executive, Regulation"
        assert selectors.post_titles(["imt.head", "ceo", "imt.head"]) == ["Head of IMT", "Chief Executive"]


def test_unknown_post_is_not_found():
    with pytest.raises(NotFound):
        selectors.post_by_code("no.such.post")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_posts_costs_the_same_however_many_people(rows, django_assert_num_queries):
    for _ in range(rows):
        person("imt.officer", deputises=("imt.duty",))
    with django_assert_num_queries(3):
        listed = {row.post.code: row for row in selectors.posts_with_people()}
        people = [holding.user.name for holding in listed["imt.officer"].holdings]
        deputies = [deputy.user.name for deputy in listed["imt.duty"].deputies]
    assert (len(people), len(deputies)) == (rows, rows)
