"""Notices for tests: `NoticeFactory(delivered=True)` stands in its inbox."""

from __future__ import annotations

import factory

from kernel import clock
from notify.models import Notice
from tests.factories.accounts import UserFactory


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    class Params:
        delivered = factory.Trait(delivered_at=factory.LazyFunction(clock.now))
        read = factory.Trait(delivered=True, read_at=factory.LazyFunction(clock.now))

    kind = "issue.reported"
    recipient = factory.SubFactory(UserFactory)
    about = "TST-2026-00001"
    title = factory.Sequence(lambda number: f"Something happened {number}")
    url = "/issues/TST-2026-00001/"
    key = factory.Sequence(lambda number: f"event-{number}")
    created_at = factory.LazyFunction(clock.now)
