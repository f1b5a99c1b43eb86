"""People for tests: `person("imt.head")` holds that post since long ago; `person()` is a stranger."""

from __future__ import annotations

from datetime import date

import factory
from django.contrib.auth.hashers import make_password

from accounts.models import PostDeputy, PostHolding, User
from accounts.selectors import actor_for
from kernel.actors import Actor

PASSWORD = "correct horse battery staple"
LONG_AGO = date(2020, 1, 1)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@opss.example")
    name = factory.Sequence(lambda number: f"Person {number}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))


class PostHoldingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PostHolding

    user = factory.SubFactory(UserFactory)
    post_id = "imt.officer"
    starts_on = LONG_AGO


class PostDeputyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PostDeputy

    user = factory.SubFactory(UserFactory)
    post_id = "imt.head"
    starts_on = LONG_AGO


def person(*posts: str, deputises: tuple[str, ...] = (), **fields: object) -> User:
    """Somebody who holds `posts` and deputises for others; a stranger when there are none."""
    user = UserFactory(**fields)
    for post in posts:
        PostHoldingFactory(user=user, post_id=post)
    for post in deputises:
        PostDeputyFactory(user=user, post_id=post)
    return user


def acting(post: str, **fields: object) -> Actor:
    """A new person acting as the post that they hold."""
    return actor_for(person(post, **fields), post)
