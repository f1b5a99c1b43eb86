from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import PostDeputy, PostHolding, User
from kernel import clock
from tests.factories.accounts import LONG_AGO, PostDeputyFactory, PostHoldingFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_email_differing_in_capitals_is_the_same_person():
    kept = UserFactory(email="First.Person@OPSS.example")
    assert kept.email == "first.person@opss.example"
    assert User.objects.get(email="FIRST.person@opss.EXAMPLE") == kept
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(email="FIRST.PERSON@opss.example")


def test_database_refuses_capitals_that_came_past_the_model():
    user = UserFactory()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET email = 'Capital@opss.example' WHERE id = %s", [user.pk])


@pytest.mark.parametrize("row", [PostHoldingFactory, PostDeputyFactory])
def test_post_cannot_end_before_it_starts(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        row(starts_on=date(2026, 5, 2), ends_on=date(2026, 5, 1))


@pytest.mark.parametrize("row", [PostHoldingFactory, PostDeputyFactory])
def test_same_person_has_a_post_once_at_a_time(row):
    first = row(ends_on=date(2026, 5, 1))
    row(user=first.user, starts_on=date(2026, 5, 1))
    row(user=UserFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        row(user=first.user, starts_on=date(2026, 4, 30), ends_on=date(2026, 5, 1))


@pytest.mark.parametrize(("factory", "model"), [(PostHoldingFactory, PostHolding), (PostDeputyFactory, PostDeputy)])
def test_current_rows_are_those_of_today_in_london(factory, model):
    today = clock.today()
    in_force = {
        factory(starts_on=today).pk,
        factory(starts_on=LONG_AGO).pk,
        factory(starts_on=LONG_AGO, ends_on=today + timedelta(days=1)).pk,
    }
    coming = factory(starts_on=today + timedelta(days=1)).pk
    factory(starts_on=LONG_AGO, ends_on=today)
    assert set(model.objects.current().values_list("pk", flat=True)) == in_force
    assert set(model.objects.unfinished().values_list("pk", flat=True)) == in_force | {coming}
