"""How the state of the clock reads as JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from kernel.actors import Actor
from notify import selectors
from notify.models import Alarm, Notice
from notify.selectors import Beat, Work


def notice_document(notice: Notice) -> dict[str, Any]:
    """`about` is the reference of the case, empty for none; `url` the page that it leads to.

    `done_as` is who made it happen, as which post, null where the clock did; `asks` what the reader is to do, null
    where it is for information; `due_at` or `due_on` until when.
    """
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "about": notice.about,
        "title": notice.title,
        "body": notice.body,
        "done_as": notice.done_as or None,
        "asks": notice.asks or None,
        "due_at": notice.due_at,
        "due_on": notice.due_on,
        "url": notice.url,
        "urgent": notice.urgent,
        "created_at": notice.created_at,
        "delivered_at": notice.delivered_at,
        "read_at": notice.read_at,
    }


def service_document(now: datetime, reader: Actor) -> dict[str, Any]:
    beats, work, dead = selectors.beats(now), selectors.work(now), selectors.dead_letters(reader)
    return {
        "at": now,
        "status": "late" if selectors.is_late(beats, work) else "ok",
        "ticks": [_beat(beat, now) for beat in beats],
        "due_work": [_work(item) for item in work],
        "alarms": [_alarm(alarm) for alarm in selectors.alarms()],
        "dead_letters": {"count": dead.count, "newest": [asdict(letter) for letter in dead.letters]},
    }


def _beat(beat: Beat, now: datetime) -> dict[str, Any]:
    return {
        "name": beat.name,
        "every_seconds": int(beat.every.total_seconds()),
        "ran_at": beat.ran_at,
        "age_seconds": round((now - beat.ran_at).total_seconds(), 3) if beat.ran_at else None,
        "late": beat.is_late,
    }


def _work(item: Work) -> dict[str, Any]:
    return {
        "name": item.name,
        "what": item.due.what,
        "count": item.due.count,
        "oldest_at": item.due.oldest_at,
        "late": item.is_late,
    }


def _alarm(alarm: Alarm) -> dict[str, Any]:
    return {
        "name": alarm.name,
        "what": alarm.what,
        "began_at": alarm.began_at,
        "seen_at": alarm.seen_at,
        "ended_at": alarm.ended_at,
    }
