"""How the clock is doing: which ticks ran when, what was due and is not done, and which of it is late."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db.models import Count, F, Min

from kernel.prepared import Prepared
from notify import hooks
from notify.hooks import Due
from notify.models import Alarm, Heartbeat, Notice, PutOff

log = logging.getLogger(__name__)

POSTMAN, WATCHER = "notify.deliver_due", "notify.watch"
# The alarm about letters that were given up: no work is late then, and trying goes no further by itself.
DEAD_LETTERS = "notify.dead_letters"
# A tick is late when it was missed twice, and never before people would notice.
SOONEST_LATE = timedelta(minutes=2)
ONE_MORE = timedelta(minutes=1)
MOST_ALARMS = 20
# How long a row that fails is left alone at most; after so many failures, some minutes, it is no passing fault.
LONGEST_PAUSE = timedelta(minutes=10)
STUBBORN = 5


@dataclass(frozen=True)
class Beat:
    """One tick of the clock: how often it should run, when it last did (never: None), and whether that is too long ago.

    `since` is when its next run was first awaited. The clock may step back: a run in the future counts by its distance.
    """

    name: str
    every: timedelta
    ran_at: datetime | None
    since: datetime | None
    is_late: bool

    @property
    def every_in_words(self) -> str:
        return _in_words(self.every)


@dataclass(frozen=True)
class Work:
    """One kind of due work: what was due and is not done, and whether the oldest of it waits for too long."""

    name: str
    due: Due
    is_late: bool


@dataclass(frozen=True)
class Delay:
    """Nobody puts notices into inboxes since then; None when nobody ever did."""

    since: datetime | None


@dataclass(frozen=True)
class Late:
    """What the watcher warns of: its name, since when, one sentence, and whether people are woken for it."""

    name: str
    since: datetime
    what: str
    is_urgent: bool = True


def beats(now: datetime) -> list[Beat]:
    """Every tick of `settings.TICKS` with when it last ran; one query.

    The postman is always awaited, the watcher as long as anything ran, the others since the watcher first saw them.
    """
    rows = {row.name: row for row in Heartbeat.objects.all()}
    first = min((row.since for row in rows.values()), default=None)
    found = []
    for name, seconds in settings.TICKS.items():
        row, every = rows.get(name), timedelta(seconds=seconds)
        ran_at = row.ran_at if row else None
        since = ran_at or (row.since if row else first if name == WATCHER else None)
        is_late = abs(now - since) > _patience(every) if since else name == POSTMAN
        found.append(Beat(name, every, ran_at, since, is_late))
    return found


def _patience(every: timedelta) -> timedelta:
    return max(SOONEST_LATE, 2 * every + ONE_MORE)


def work(now: datetime) -> list[Work]:
    """What every room says was due and is not done. A room that cannot answer is late itself."""
    return [_asked(name, watched, now) for name, watched in hooks.due_work().items()]


def _asked(name: str, watched: hooks.Watched, now: datetime) -> Work:
    try:
        due = watched.ask(now)
    except Exception as error:
        log.exception("Nobody could say what of %s is due", name)
        return Work(name, Due(1, now, f"question that was not answered ({type(error).__name__})"), is_late=True)
    return Work(name, due, is_late=due.oldest_at is not None and now - due.oldest_at > watched.patience)


def is_late(beats: Iterable[Beat], work: Iterable[Work]) -> bool:
    """Whether anything of it is late."""
    return any(beat.is_late for beat in beats) or any(item.is_late for item in work)


def late(now: datetime) -> list[Late]:
    """Everything that is late now, ticks first."""
    return [*_late_beats(now), *_late_work(now)]


def _late_beats(now: datetime) -> Iterator[Late]:
    for beat in beats(now):
        if beat.is_late:
            ran = f"{beat.name} should run each {beat.every_in_words} and did not"
            yield Late(beat.name, beat.since or now, ran)


def _late_work(now: datetime) -> Iterator[Late]:
    for item in work(now):
        if item.is_late:
            yield Late(item.name, item.due.oldest_at or now, f"{item.due.what}: {item.due.count} overdue")


def late_names(now: datetime) -> list[str]:
    """The names of what is late, for probes: ticks as they are now, due work as the watcher saw it; two queries."""
    lasting = Alarm.objects.filter(ended_at__isnull=True).exclude(name=DEAD_LETTERS)
    alarmed = set(lasting.values_list("name", flat=True))
    return sorted(alarmed | {beat.name for beat in beats(now) if beat.is_late})


def delay(now: datetime) -> Delay | None:
    """Tells when the postman stands still, for pages that warn of it; one query."""
    beat = _postman().ask()
    ran_at = beat[0].ran_at if beat else None
    if ran_at and abs(now - ran_at) <= _patience(timedelta(seconds=settings.TICKS[POSTMAN])):
        return None
    return Delay(ran_at)


@cache
def _postman() -> Prepared[Heartbeat]:
    return Prepared(Heartbeat.objects.filter(pk=POSTMAN))


def alarms() -> list[Alarm]:
    """The episodes that last, then the latest that ended."""
    return list(Alarm.objects.order_by(F("ended_at").desc(nulls_first=True), "-began_at")[:MOST_ALARMS])


def notices_waiting(now: datetime) -> Due:
    """Notices that are not yet in the inbox that they are for."""
    waiting = Notice.objects.filter(delivered_at__isnull=True, failed_at__isnull=True)
    return counted(
        waiting.aggregate(count=Count("pk"), oldest_at=Min("created_at")), "Notices on their way to an inbox"
    )


def rows_put_off(now: datetime) -> Due:
    """Rows of any kind of work that failed each time they were tried and are still tried; one query.

    One that was done, or is due no more, counts until a few minutes after its last pause.
    """
    tried = PutOff.objects.filter(
        failures__gte=STUBBORN, try_again_at__gt=now - hooks.PATIENCE, try_again_at__lte=now + LONGEST_PAUSE
    )
    found = tried.values("work").annotate(count=Count("pk"), again_at=Min("try_again_at")).order_by("work")
    works = {row["work"]: row for row in found}
    again_at = min((row["again_at"] for row in works.values()), default=None)
    # Nobody notes when a row first failed: it was due at least since the longest pause before its next try.
    since = again_at - LONGEST_PAUSE if again_at else None
    what = "Rows that fail each time they are tried"
    return Due(sum(row["count"] for row in works.values()), since, f"{what} ({', '.join(works)})" if works else what)


def counted(found: dict[str, int | datetime | None], what: str) -> Due:
    """`Due` of an aggregate of `count` and `oldest_at`."""
    return Due(found["count"], found["oldest_at"], what)  # type: ignore[arg-type]


def _in_words(every: timedelta) -> str:
    seconds = int(every.total_seconds())
    for size, word in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds % size == 0:
            return word if seconds == size else f"{seconds // size} {word}s"
    return f"{seconds} seconds"
