"""The watch over the clock: ticks say that they ran, and what was due and not done wakes somebody."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts import selectors as accounts
from accounts.enums import IMT_DUTY_POST, IMT_HEAD_POST, OPERATOR
from kernel import clock
from notify import selectors
from notify.models import Alarm, Heartbeat
from notify.services.due import failures_forget
from notify.services.notices import notice_queue

WATCHED_BY = (IMT_HEAD_POST, IMT_DUTY_POST, OPERATOR)
# Work that is caught up with and late again within this time is the same episode: nobody is told twice.
SETTLED_AFTER = timedelta(minutes=10)


def heartbeat(name: str) -> None:
    """Note that this tick ran. One statement, whose time is the clock's."""
    now = clock.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, since=now, ran_at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["ran_at"],
    )


def watch() -> list[str]:
    """Ask what was due and is not done; tell the Head of IMT, the duty deputy and the operator once of each episode.

    Gives the names of what is late. Who comes to one of these posts while an episode lasts is told too.
    """
    now = clock.now()
    _expect_every_tick()
    failures_forget(now)
    late = {item.name: item for item in selectors.late(now)}
    with transaction.atomic():
        lasting = Alarm.objects.filter(ended_at__isnull=True)
        # In one order, so that two watchers at once wait and do not embrace.
        list(lasting.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        Alarm.objects.bulk_create(
            [Alarm(name=item.name, what=item.what, began_at=item.since, seen_at=now) for item in late.values()],
            ignore_conflicts=True,
        )
        lasting.filter(name__in=late).update(seen_at=now)
        lasting.filter(seen_at__lte=now - SETTLED_AFTER).update(ended_at=now)
        people = accounts.holders_of(*WATCHED_BY) if late else []
        for alarm in lasting.filter(name__in=late):
            notice_queue(
                "clock.late",
                to=people,
                about="",
                title=f"The clock is late: {alarm.name}",
                body=f"{late[alarm.name].what}. See which of the worker, beat, the broker and the mail server is down.",
                url=reverse("notify:service"),
                key=f"clock:{alarm.name}:{alarm.began_at.isoformat()}",
            )
    return sorted(late)


def _expect_every_tick() -> None:
    """From now on each tick that never ran is awaited."""
    now = clock.now()
    Heartbeat.objects.bulk_create([Heartbeat(name=name, since=now) for name in settings.TICKS], ignore_conflicts=True)
