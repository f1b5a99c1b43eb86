"""The review of a closed incident over REST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from govuk import json_adapter
from incidents import services as records
from readiness import selectors, services
from readiness.forms import FindingForm, LessonForm, SettleForm
from readiness.models import Finding, Lesson
from readiness.selectors import ReviewPicture
from rest.views import GuardedApi


def finding_document(finding: Finding) -> dict[str, Any]:
    return {
        "element": finding.element,
        "worked": finding.worked or None,
        "did_not_work": finding.did_not_work or None,
        "recorded_by": finding.recorded_as,
        "recorded_at": finding.recorded_at,
        "version": finding.version,
    }


def lesson_document(lesson: Lesson) -> dict[str, Any]:
    return {
        "id": lesson.pk,
        "element": lesson.element,
        "lesson": lesson.lesson,
        "recommendation": lesson.recommendation or None,
        "team": lesson.team or None,
        "due": lesson.due,
        "state": lesson.state,
        "answer": lesson.answer or None,
        "added_by": lesson.added_as,
        "added_at": lesson.added_at,
        "settled_by": lesson.settled_as or None,
        "settled_at": lesson.settled_at,
        "version": lesson.version,
    }


def review_document(picture: ReviewPicture) -> dict[str, Any]:
    review = picture.review
    return {
        "incident": picture.incident.reference,
        "phase": picture.incident.phase,
        "lead": review.lead_as or None if review else None,
        "opened_at": review.opened_at if review else None,
        "completed_at": review.completed_at if review else None,
        "completed_by": review.completed_as or None if review else None,
        "missing": list(picture.gaps),
        "findings": [finding_document(heading.finding) for heading in picture.headings if heading.finding],
        "lessons": [lesson_document(line.lesson) for line in picture.lessons],
    }


class ReviewApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(summary="The review of a closed incident", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> Response:
        self.known_query()
        incident = selectors.incident_reviewed(reference, self.actor)
        records.reading_note(incident, by=self.actor, what="review (json)")
        return Response(review_document(selectors.picture_of(incident, self.actor)))


class FindingsApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Say what worked and what did not under one heading of the plan",
        request={"application/json": json_adapter.to_schema(FindingForm)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Takes the version of what stands under the heading in `If-Match`, and answers the new one."""
        finding = services.finding_record(
            incident_reference=reference, by=self.actor, data=self.body, expected_version=self.expected_version()
        )
        return self.answer(finding_document(finding), version=finding.version)


class LessonsApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Add a lesson",
        request={"application/json": json_adapter.to_schema(LessonForm)},
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        lesson = services.lesson_add(incident_reference=reference, by=self.actor, data=self.body)
        return self.answer(lesson_document(lesson), version=lesson.version, status=201)


class _LessonDoorApi(GuardedApi):
    """A change of one lesson. Takes its version in `If-Match`, and answers the new one."""

    authority: ClassVar = "post"

    def changed(self, door: Callable[..., Lesson], reference: str, lesson_id: int) -> Response:
        lesson = door(
            incident_reference=reference,
            lesson_id=lesson_id,
            by=self.actor,
            data=self.body,
            expected_version=self.expected_version(),
        )
        return self.answer(lesson_document(lesson), version=lesson.version)


class LessonApi(_LessonDoorApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Put a lesson right, or give its recommendation an owner and a day",
        request={"application/json": json_adapter.to_schema(LessonForm)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def put(self, request: Request, reference: str, lesson_id: int) -> Response:
        return self.changed(services.lesson_change, reference, lesson_id)


class LessonSettleApi(_LessonDoorApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Say that a recommendation is done, or is not taken up",
        request={"application/json": json_adapter.to_schema(SettleForm)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str, lesson_id: int) -> Response:
        return self.changed(services.lesson_settle, reference, lesson_id)
