"""The doors of a review: what worked and what did not, lessons, and who takes them up (IMP-5.1, 5.2).

Closing an incident that OPSS led opens its review, in the same transaction; it cannot be skipped (IMP-3.28).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import selectors as accounts
from accounts.enums import IMT_HEAD_POST, ftl_post
from audit import services as audit
from command import services as command
from govuk import json_adapter
from incidents.enums import IncidentKind, IncidentStatus
from incidents.models import Incident
from kernel import clock
from kernel.actors import Actor
from kernel.errors import Conflict, StaleVersion
from moves.machine import Making
from moves.mover import refuse_unless
from notify import services as notify
from readiness import authority, selectors
from readiness.enums import LessonState
from readiness.events import ReviewEvent
from readiness.forms import FindingForm, LessonForm, SettleForm
from readiness.models import Finding, IncidentReview, Lesson

KEPT = ("element", "lesson", "recommendation", "team", "due")


def review_opened(making: Making) -> None:
    """Open the review of an incident that was closed, led by the Head of IMT, who is told."""
    incident: Incident = making.subject
    if incident.kind == IncidentKind.OPSS_LED:
        _open(incident, by=making.by, at=making.at)


def review_completed(making: Making) -> None:
    """Write on the review that it is complete; the move has asked whether it is."""
    review = IncidentReview.objects.get(incident=making.subject, phase=making.subject.phase)
    review.completed_at, review.completed_as = making.at, making.by.label
    review.save(update_fields=["completed_at", "completed_as"])


@transaction.atomic
def finding_record(
    *, incident_reference: str, by: Actor, data: Mapping[str, Any], expected_version: int | None = None
) -> Finding:
    """Say what worked and what did not under one heading; what stood there before stays in the history.

    For IMT and people on the case. Raises NotFound, NotAllowed, InvalidInput, Conflict (`review_complete`),
    StaleVersion where something stands under the heading whose version is not `expected_version`.
    """
    incident = _incident_lock(incident_reference, by)
    inputs = json_adapter.bind(FindingForm, data).cleaned_data
    review, now = _review_open(incident, by), clock.now()
    if before := selectors.finding_of(review, inputs["element"]):
        _require_seen(before, expected_version)
    finding, _ = Finding.objects.update_or_create(
        review=review,
        element=inputs["element"],
        defaults={
            "worked": inputs["worked"],
            "did_not_work": inputs["did_not_work"],
            "recorded_as": by.label,
            "recorded_at": now,
            "version": _version_next(review),
        },
    )
    audit.record(ReviewEvent.FINDING_RECORDED, chain=incident.reference, by=by, at=now, phase=review.phase, **inputs)
    return finding


@transaction.atomic
def lesson_add(*, incident_reference: str, by: Actor, data: Mapping[str, Any]) -> Lesson:
    """Add a lesson; the leader of the team that owns its recommendation is told. Raises as `finding_record`."""
    incident = _incident_lock(incident_reference, by)
    inputs = json_adapter.bind(LessonForm, data).cleaned_data
    review, now = _review_open(incident, by), clock.now()
    lesson = Lesson.objects.create(
        review=review, added_as=by.label, added_at=now, version=_version_next(review), **inputs
    )
    audit.record(
        ReviewEvent.LESSON_ADDED, chain=incident.reference, by=by, at=now, number=lesson.pk, **_as_recorded(lesson)
    )
    _owner_told(incident, lesson, by=by)
    return lesson


@transaction.atomic
def lesson_change(
    *, incident_reference: str, lesson_id: int, by: Actor, data: Mapping[str, Any], expected_version: int | None = None
) -> Lesson:
    """Put a lesson right, or give its recommendation an owner, who is told.

    For IMT and people on the case, until the review is complete. Raises NotFound, NotAllowed, InvalidInput, Conflict
    (`review_complete`, `lesson_settled`), StaleVersion when `expected_version` is not the lesson's present one.
    """
    incident = _incident_lock(incident_reference, by)
    lesson = selectors.lesson_get(selectors.review_of(incident), lesson_id)
    inputs = json_adapter.bind(LessonForm, data, stood=lesson.due).cleaned_data
    review = _review_open(incident, by)
    _require_open(lesson)
    _require_seen(lesson, expected_version)
    had = lesson.team
    for name in KEPT:
        setattr(lesson, name, inputs[name])
    lesson.version = _version_next(review)
    lesson.save(update_fields=[*KEPT, "version"])
    audit.record(ReviewEvent.LESSON_CHANGED, chain=incident.reference, by=by, number=lesson.pk, **_as_recorded(lesson))
    if lesson.team != had:
        _owner_told(incident, lesson, by=by)
    return lesson


@transaction.atomic
def lesson_settle(
    *, incident_reference: str, lesson_id: int, by: Actor, data: Mapping[str, Any], expected_version: int | None = None
) -> Lesson:
    """Say that a recommendation is done, with what shows it, or that it is not taken up, with why.

    For the team that owns it, IMT and people on the case, also after the review is complete. The lead of the review is
    told. Raises NotFound, NotAllowed, InvalidInput, Conflict (`lesson_settled`), StaleVersion as `lesson_change`.
    """
    selectors.incident_reviewed(incident_reference, by)
    incident = command.incident_lock(incident_reference, by)
    lesson = selectors.lesson_get(selectors.review_of(incident), lesson_id)
    review = lesson.review
    refuse_unless(authority.settler(lesson.team), selectors.review_facts(incident), by)
    inputs = json_adapter.bind(SettleForm, data).cleaned_data
    _require_open(lesson)
    _require_seen(lesson, expected_version)
    now = clock.now()
    lesson.state, lesson.answer = LessonState(inputs["outcome"]), inputs["answer"]
    lesson.settled_at, lesson.settled_as = now, by.label
    lesson.version = _version_next(review)
    lesson.save(update_fields=["state", "answer", "settled_at", "settled_as", "version"])
    audit.record(
        ReviewEvent.LESSON_SETTLED, chain=incident.reference, by=by, at=now, number=lesson.pk, lesson=lesson.lesson,
        outcome=lesson.state, answer=lesson.answer,
    )  # fmt: skip
    if review.lead_id and review.lead_id != by.user_id:
        notify.notice_queue(
            ReviewEvent.LESSON_SETTLED,
            to=[review.lead_id],
            about=incident.reference,
            title=f"{lesson.get_state_display()}: a recommendation of the review of {incident.reference}",
            body=lesson.answer,
            url=review.get_absolute_url(),
            key=f"{incident.reference}:lesson:{lesson.pk}:settled",
            done_as=by.label,
        )
    return lesson


def _incident_lock(reference: str, by: Actor) -> Incident:
    """The incident that has a review, locked, where `by` may write in it."""
    selectors.incident_reviewed(reference, by)
    incident = command.incident_lock(reference, by)
    refuse_unless(authority.editor, selectors.review_facts(incident), by)
    return incident


def _review_open(incident: Incident, by: Actor) -> IncidentReview:
    """The review, which is opened late for an incident that was closed before there were reviews."""
    if incident.status != IncidentStatus.CLOSED:
        raise Conflict(f"The review of {incident.reference} is complete.", code="review_complete")
    return selectors.review_of(incident) or _open(incident, by=by, at=clock.now())


def _open(incident: Incident, *, by: Actor, at: datetime) -> IncidentReview:
    lead = accounts.holder_of(IMT_HEAD_POST)
    review = IncidentReview.objects.create(
        incident=incident,
        phase=incident.phase,
        lead=lead,
        lead_as=accounts.post_title(IMT_HEAD_POST) if lead else "",
        opened_at=at,
    )
    audit.record(ReviewEvent.OPENED, chain=incident.reference, by=by, at=at, phase=review.phase, lead=review.lead_as)
    notify.notice_queue(
        ReviewEvent.OPENED,
        to=[lead] if lead else [],
        about=incident.reference,
        title=f"You lead the review of {incident.reference} {incident.title}",
        body="Say what worked and what did not, and give each recommendation an owner and a day.",
        url=review.get_absolute_url(),
        key=f"{incident.reference}:review:{review.phase}",
        done_as=by.label,
    )
    return review


def _require_open(lesson: Lesson) -> None:
    if not lesson.is_open:
        state = lesson.get_state_display().lower()
        raise Conflict(f"This recommendation is settled already: {state}.", code="lesson_settled")


def _require_seen(row: Finding | Lesson, version: int | None) -> None:
    """Raise StaleVersion where the caller says which version of the row they saw, and it is not the present one."""
    if version is not None and version != row.version:
        raise StaleVersion(f"You saw version {version}; this is now at version {row.version}. Read it again first.")


def _version_next(review: IncidentReview) -> int:
    """The version of the review with the row that is being written. The caller holds the incident locked."""
    review.version += 1
    review.save(update_fields=["version"])
    return review.version


def _as_recorded(lesson: Lesson) -> dict[str, Any]:
    return {name: getattr(lesson, name) for name in KEPT if getattr(lesson, name)}


def _owner_told(incident: Incident, lesson: Lesson, *, by: Actor) -> None:
    if not lesson.team:
        return
    notify.notice_queue(
        "review.lesson_owned",
        to=[leader for leader in accounts.holders_of(ftl_post(lesson.team)) if leader.pk != by.user_id],
        about=incident.reference,
        title=f"Your team owns a recommendation of the review of {incident.reference}",
        body=lesson.recommendation or lesson.lesson,
        url=lesson.review.get_absolute_url(),
        key=f"{incident.reference}:lesson:{lesson.pk}:{lesson.team}",
        done_as=by.label,
        due=lesson.due,
    )
