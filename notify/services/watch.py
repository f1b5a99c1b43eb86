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
from notify.models import Alarm, Heartbeat, Notice
from notify.selectors import Late
from notify.services.due import failures_forget
from notify.services.notices import notice_queue

WATCHED_BY = (IMT_HEAD_POST, IMT_DUTY_POST, OPERATOR)
# Who has to do something about letters that were given up: mend the cause, and tell people in another way.
POST_KEPT_BY = (IMT_HEAD_POST, OPERATOR)
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
    """Ask what was due and is not done, and what was given up; tell those who keep it once of each episode.

    Gives the names of what is late or given up. Who comes to one of their posts while an episode lasts is told too.
    """
    now = clock.now()
    _expect_every_tick()
    failures_forget(now)
    given_up = selectors.newly_dead(now)
    found = {item.name: item for item in [*selectors.late(now), *([given_up] if given_up else [])]}
    with transaction.atomic():
        lasting = Alarm.objects.filter(ended_at__isnull=True)
        # In one order, so that two watchers at once wait and do not embrace.
        list(lasting.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        Alarm.objects.bulk_create(
            [Alarm(name=item.name, what=item.what, began_at=item.since, seen_at=now) for item in found.values()],
            ignore_conflicts=True,
        )
        alarms = list(lasting.filter(name__in=found))
        for alarm in alarms:
            alarm.what, alarm.seen_at = found[alarm.name].what, now
        Alarm.objects.bulk_update(alarms, ["what", "seen_at"])
        lasting.filter(seen_at__lte=now - SETTLED_AFTER).update(ended_at=now)
        for alarm in alarms:
            _tell(alarm, found[alarm.name])
    return sorted(found)


def _tell(alarm: Alarm, item: Late) -> None:
    url, key = reverse("notify:service"), f"clock:{alarm.name}:{alarm.began_at.isoformat()}"
    if alarm.name == selectors.DEAD_LETTERS:
        _tell_given_up(item, url, key)
    else:
        _tell_late(item, url, key)


def _tell_late(item: Late, url: str, key: str) -> None:
    notice_queue(
        "clock.late",
        to=accounts.holders_of(*WATCHED_BY),
        about="",
        title=f"The clock is late: {item.name}",
        body=f"{item.what}.",
        url=url,
        key=key,
    )


def _tell_given_up(item: Late, url: str, key: str) -> None:
    """It is in the inbox whatever becomes of the e-mail about it, since e-mail may be what fails.

    The first urgent one of a spell is told of by itself: who heard of others has not been woken. What is not urgent is
    no news after that.
    """
    urgent_key = f"{key}:urgent"
    if item.is_urgent or Notice.objects.filter(key=urgent_key).exists():
        key = urgent_key
    notice_queue(
        "letters.given_up",
        to=accounts.holders_of(*POST_KEPT_BY),
        about="",
        title="Notices or e-mails did not reach people",
        body=f"{item.what}.",
        url=f"{url}#dead-letters",
        key=key,
        urgent=item.is_urgent,
    )


def _expect_every_tick() -> None:
    """From now on each tick that never ran is awaited."""
    now = clock.now()
    Heartbeat.objects.bulk_create([Heartbeat(name=name, since=now) for name in settings.TICKS], ignore_conflicts=True)
