"""Questions whose SQL is written once: they answer what their queryset would have answered with those values."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from accounts.models import Post, PostHolding, User
from kernel.prepared import Given, OneOf, Prepared
from kernel.together import together
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db


def test_rows_come_with_what_was_selected_with_them_and_with_annotations(django_assert_num_queries):
    reader = person("imt.head")
    mine = User.objects.filter(holdings=OuterRef("pk"), pk=Given("user"))
    question = Prepared(
        PostHolding.objects.filter(user=Given("user")).select_related("user", "post").annotate(is_mine=Exists(mine))
    )
    with django_assert_num_queries(1):
        [held] = question.ask(user=reader.pk)
        assert (held.user.name, held.post.title, held.is_mine) == (reader.name, "Head of IMT", True)
    held.ends_on = date(2040, 1, 1)
    held.save()
    assert PostHolding.objects.get().ends_on == date(2040, 1, 1)


def test_each_asking_brings_its_own_values():
    head, duty = person("imt.head"), person("imt.duty")
    question = Prepared(PostHolding.objects.filter(user=Given("user"), starts_on__lte=Given("day")).values("post"))
    today = PostHolding.objects.get(user=head).starts_on
    assert question.ask(user=head.pk, day=today) == [{"post": "imt.head"}]
    assert question.ask(user=duty.pk, day=today) == [{"post": "imt.duty"}]
    assert question.ask(user=duty.pk, day=date(2000, 1, 1)) == []


def test_what_is_given_is_never_part_of_the_sql():
    question = Prepared(User.objects.filter(name=Given("name")).values_list("name", "email"))
    person("imt.head", name="'; DROP TABLE x; -- %s")
    [(name, _)] = question.ask(name="'; DROP TABLE x; -- %s")
    assert name == "'; DROP TABLE x; -- %s"


def test_value_that_is_left_out_is_a_fault_of_the_caller():
    with pytest.raises(KeyError, match="name"):
        Prepared(User.objects.filter(name=Given("name"))).ask()


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only():
    head = person("imt.head")
    with transaction.atomic():
        question = Prepared(User.objects.select_for_update().filter(pk=Given("user")))
        assert question.ask(user=head.pk) == [head]
    with pytest.raises(transaction.TransactionManagementError):
        question.ask(user=head.pk)


@pytest.mark.parametrize("codes", [[], ["imt.head"], ["imt.head", "imt.duty", "nobody.there"]])
def test_one_of_a_list(codes):
    question = Prepared(Post.objects.filter(OneOf("pk", Given("codes"))).order_by("order"))
    assert question.ask(codes=codes) == list(Post.objects.filter(pk__in=codes).order_by("order"))


def test_prepared_questions_are_put_together_with_others(django_assert_num_queries):
    reader = person("imt.head")
    question = Prepared(User.objects.filter(pk=Given("user")).annotate(posts=Count("holdings")))
    none = Prepared(Post.objects.filter(pk__in=[]))
    with django_assert_num_queries(1):
        [found], nobody, posts, nothing = together(
            question.given(user=reader.pk), question.given(user=0), Post.objects.filter(pk="imt.duty"), none.given()
        )
    assert (found.email, found.posts) == (reader.email, 1)
    assert (nobody, [post.pk for post in posts], nothing) == ([], ["imt.duty"], [])
    assert none.ask() == []
