"""The REST addresses of what waits for the next meeting of CAM or TTG."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from audit import references
from escalation import services
from escalation.api import documents
from escalation.api.views import IssuePartApi, described
from escalation.forms import AgendaForm, TakeUpForm
from escalation.selectors import agenda
from govuk import json_adapter
from incidents import services as records
from incidents.enums import AgendaBody
from incidents.models import AgendaMark
from rest.views import GuardedApi


class AgendaApi(GuardedApi):
    """What waits for the next meeting of a body, longest first, on every case that the caller may know of."""

    authority: ClassVar = "post"

    @extend_schema(summary="What waits for the next CAM, or `?body=ttg`", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        asked = json_adapter.bind(AgendaForm, self.known_query("body")).cleaned_data
        marks = agenda.marks_waiting(self.actor, asked["body"] or AgendaBody.CAM)
        return self.paged(marks, order=agenda.WAITING, present=self._documents)

    def _documents(self, marks: list[AgendaMark]) -> list[dict[str, Any]]:
        records.reading_note(*(mark.issue for mark in marks), by=self.actor, what="agenda (json)")
        rows = [{"issue": mark.issue.reference, **documents.mark_document(mark)} for mark in marks]
        return references.veiled(self.actor, rows)


class AgendaMarksApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "marks for meetings"
    rows: ClassVar = staticmethod(agenda.agenda_marks)
    order: ClassVar = ("-raised_at", "-id")
    document: ClassVar = staticmethod(documents.mark_document)


class MarkTakeUpApi(GuardedApi):
    authority: ClassVar = "post"

    @described(TakeUpForm, status=200, summary="Say what came of what waited for a meeting")
    def post(self, request: Request, reference: str, mark_id: int) -> Response:
        mark = services.mark_take_up(reference=reference, mark_id=mark_id, by=self.actor, data=self.body)
        return self.answer(documents.mark_document(mark))
