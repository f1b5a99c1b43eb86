"""How the clock works through what is due: each row by itself, and a row that fails holds up no other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet

from kernel import clock
from notify import selectors, services
from notify.models import Alarm, PutOff
from notify.services import due

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def waiting(now: datetime) -> QuerySet[Alarm]:
    """Alarms that last stand for any work: done when they have ended."""
    return Alarm.objects.filter(ended_at__isnull=True, began_at__lte=now).order_by("began_at", "id")


def rows(*names: str) -> None:
    for number, name in enumerate(names):
        Alarm.objects.create(name=name, what=name, began_at=NOON - timedelta(minutes=60 - number), seen_at=NOON)


def ended() -> set[str]:
    return set(Alarm.objects.filter(ended_at__isnull=False).values_list("name", flat=True))


def tick(moment: datetime, *poison: str) -> int:
    """One tick at that moment, for which the rows of these names cannot be done."""

    def do(row: Alarm, now: datetime) -> None:
        row.ended_at = now
        row.save()
        if row.name in poison:
            raise ValueError(f"{row.name} is broken")

    with clock.at(moment):
        return services.do_each("test.work", waiting, do, about=lambda row: row.name)


def test_all_that_is_due_is_done_once():
    rows("one", "two", "three")
    assert (tick(NOON), tick(NOON)) == (3, 0)
    assert ended() == {"one", "two", "three"}


def test_row_that_fails_stays_as_it_was_and_the_others_are_done():
    rows("broken", "one", "two")
    assert tick(NOON, "broken") == 2
    assert ended() == {"one", "two"}
    failed = PutOff.objects.get()
    assert (failed.work, failed.failures, failed.last_error) == ("test.work", 1, "ValueError: broken is broken")


def test_row_that_fails_is_tried_again_after_a_pause_that_doubles_up_to_ten_minutes():
    rows("broken")
    moment, pauses = NOON, []
    for _ in range(9):
        tick(moment, "broken")
        again = PutOff.objects.get().try_again_at
        assert tick(again - SECOND) == 0
        pauses.append((again - moment).total_seconds())
        moment = again
    assert pauses == [10, 20, 40, 80, 160, 320, 600, 600, 600]
    assert tick(moment) == 1
    assert ended() == {"broken"}


def test_rows_that_fail_at_the_head_take_one_tick_from_those_behind_them_and_no_more(monkeypatch):
    monkeypatch.setattr(due, "MOST_IN_ONE_TICK", 2)
    rows("broken", "also broken", "one")
    assert tick(NOON, "broken", "also broken") == 0
    assert tick(NOON + SECOND, "broken", "also broken") == 1
    assert ended() == {"one"}


def test_what_one_work_puts_off_another_may_do():
    rows("broken")
    tick(NOON, "broken")

    def do(row: Alarm, now: datetime) -> None:
        row.ended_at = now
        row.save()

    with clock.at(NOON):
        assert services.do_each("other.work", waiting, do, about=lambda row: row.name) == 1


def test_clock_that_steps_back_parks_no_row_for_the_length_of_the_step():
    rows("broken")
    tick(NOON, "broken")
    assert tick(NOON - timedelta(minutes=30)) == 1


def test_watch_forgets_a_failure_a_day_after_its_pause_and_not_before():
    rows("broken")
    tick(NOON, "broken")
    for moment, left in ((NOON + timedelta(hours=23), 1), (NOON + timedelta(days=1, minutes=1), 0)):
        with clock.at(moment):
            services.watch()
        assert PutOff.objects.count() == left


def test_row_that_fails_five_times_alarms_whatever_its_work_until_it_is_done():
    rows("broken", "fine")

    def late(moment: datetime) -> dict[str, str]:
        return {item.name: item.what for item in selectors.late(moment) if item.name == "notify.put_off"}

    for failed_for in (0, 10, 30, 70):
        tick(NOON + failed_for * SECOND, "broken")
    assert late(NOON + 149 * SECOND) == {}
    tick(NOON + 150 * SECOND, "broken")
    told = {"notify.put_off": "Rows that fail each time they are tried (test.work): 1 overdue"}
    assert late(NOON + 150 * SECOND) == told
    again = PutOff.objects.get().try_again_at
    assert late(again + SECOND) == told
    assert tick(again) == 1
    assert late(again + timedelta(minutes=5)) == {}
