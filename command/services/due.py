"""What the clock does with the rhythm: it reminds, and begins what is due. Late when it was away, never twice.

Each occurrence is claimed with its incident and done by itself (`notify.services.due`). The incident's version stays: a
reminder takes nobody's move away from them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from audit import services as audit
from command import selectors
from command.enums import RhythmKind
from command.events import CommandEvent
from command.models import RhythmOccurrence
from command.selectors import due
from command.services.sitreps import sitrep_open
from govuk import when
from kernel.actors import SYSTEM
from notify import services as notify


def reminders_send() -> int:
    """Remind of every occurrence whose reminder is due; how many there were."""
    return _each("command.remind", due.to_remind, _remind)


def occurrences_begin() -> int:
    """Begin every occurrence that is due; how many there were. What nobody was reminded of is reminded of first."""
    return _each("command.begin", due.to_begin, _begin)


def _each(
    work: str,
    waiting: Callable[[datetime], QuerySet[RhythmOccurrence]],
    do: Callable[[RhythmOccurrence, datetime], None],
) -> int:
    return notify.do_each(
        work,
        lambda now: waiting(now).select_related("incident", "event__group"),
        do,
        of=("self", "incident"),
        about=lambda occurrence: occurrence.incident.reference,
    )


def _remind(occurrence: RhythmOccurrence, now: datetime) -> None:
    told = selectors.people_concerned(occurrence)
    at = when.london_deadline(occurrence.starts_at)
    is_report = occurrence.kind in (RhythmKind.SITREP, RhythmKind.DEADLINE)
    _tell(
        occurrence,
        told,
        kind="rhythm.reminder",
        title=f"{occurrence.title}: {'due' if is_report else 'begins'} at {at}",
        body=f"{occurrence.incident.reference} {occurrence.incident.title}.",
        url=selectors.rhythm_url(occurrence.incident),
    )
    occurrence.reminded_at = now
    occurrence.save(update_fields=["reminded_at"])
    _record(
        CommandEvent.RHYTHM_REMINDED, occurrence, now, late_seconds=_late(occurrence.remind_at, now), told=len(told)
    )


def _begin(occurrence: RhythmOccurrence, now: datetime) -> None:
    if occurrence.reminded_at is None:
        _remind(occurrence, now)
    if occurrence.kind == RhythmKind.SITREP:
        _report_fetch(occurrence)
    told = selectors.people_concerned(occurrence)
    _tell(occurrence, told, kind="rhythm.begins", **_words(occurrence))
    occurrence.begun_at = now
    occurrence.save(update_fields=["begun_at", "sitrep", "draft_was_open"])
    _record(
        CommandEvent.RHYTHM_BEGUN,
        occurrence,
        now,
        late_seconds=_late(occurrence.starts_at, now),
        told=len(told),
        sitrep=occurrence.sitrep.reference if occurrence.sitrep else "",
        draft_was_open=occurrence.draft_was_open,
    )


def _report_fetch(occurrence: RhythmOccurrence) -> None:
    """The report that is due: the one being written, since there is one at a time, or a fresh draft."""
    draft = selectors.draft_open_of(occurrence.incident)
    occurrence.draft_was_open = draft is not None
    occurrence.sitrep = draft or sitrep_open(incident_reference=occurrence.incident.reference, by=SYSTEM)


def _words(occurrence: RhythmOccurrence) -> dict[str, str]:
    incident, at = occurrence.incident, when.london_deadline(occurrence.starts_at)
    about = f"{incident.reference} {incident.title}. It was due at {at}."
    if (sitrep := occurrence.sitrep) is not None:
        said = "is still being written" if occurrence.draft_was_open else "is open, drafted from the record"
        return {
            "title": f"{occurrence.title}: {sitrep.reference} {said}",
            "body": about,
            "url": sitrep.get_absolute_url(),
        }
    begins = "is due now" if occurrence.kind == RhythmKind.DEADLINE else "begins now"
    return {"title": f"{occurrence.title} {begins}", "body": about, "url": selectors.rhythm_url(incident)}


def _tell(occurrence: RhythmOccurrence, to: frozenset[int], *, kind: str, title: str, body: str, url: str) -> None:
    incident = occurrence.incident
    notify.notice_queue(
        kind,
        to=sorted(to),
        about=incident.reference,
        title=f"{title} ({incident.reference})" if incident.reference not in title else title,
        body=body,
        url=url,
        key=f"{incident.reference}:occurrence:{occurrence.pk}:{kind}",
        due=occurrence.starts_at,
    )


def _record(kind: CommandEvent, occurrence: RhythmOccurrence, now: datetime, **facts: Any) -> None:
    audit.record(
        kind,
        chain=occurrence.incident.reference,
        by=SYSTEM,
        at=now,
        version=occurrence.incident.version,
        occurrence=occurrence.pk,
        kind=occurrence.kind,
        title=occurrence.title,
        starts_at=occurrence.starts_at,
        **facts,
    )


def _late(due_at: datetime, now: datetime) -> int:
    return max(0, int((now - due_at).total_seconds()))
