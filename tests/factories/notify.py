"""Notices for tests: `NoticeFactory(delivered=True)` stands in its inbox."""

from __future__ import annotations

from datetime import datetime

import factory

from kernel import clock
from notify import services
from notify.models import Delivery, Notice
from tests.factories.accounts import UserFactory


def claimed(now: datetime) -> Notice | None:
    """The next notice that waits, claimed alone as by a worker that takes no more."""
    return next(iter(services.notices_claim(now=now, most=1)), None)


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


class DeliveryFactory(factory.django.DjangoModelFactory):
    """An e-mail that waits, about a notice that stands in its inbox."""

    class Meta:
        model = Delivery

    class Params:
        dead = factory.Trait(failed_at=factory.LazyFunction(clock.now), why_not="refused", attempts=3)

    notice = factory.SubFactory(NoticeFactory, delivered=True)
    channel = "email"
    urgent = factory.SelfAttribute("notice.urgent")
    created_at = factory.LazyFunction(clock.now)
    not_before = factory.LazyFunction(clock.now)
