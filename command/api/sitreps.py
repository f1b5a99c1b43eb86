"""Situation reports over REST: lists, one report as JSON, HTML or PDF, its edits, offers and moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from command import forms, selectors, services
from command.api import documents
from command.api.renderers import HtmlRenderer, PdfRenderer
from command.models import Sitrep
from command.selectors import SitrepFilters
from govuk import json_adapter
from incidents import selectors as incidents
from incidents import services as records
from moves.api import MoveApi, OffersApi
from rest.views import GuardedApi


class SitrepsApi(GuardedApi):
    """What both lists of reports have in common."""

    authority: ClassVar = "post"

    def listed(self, query: Mapping[str, str]) -> Response:
        given = json_adapter.bind(forms.SitrepFilter, query).cleaned_data
        return self.paged(
            selectors.sitreps_filtered(self.actor, SitrepFilters(**given)),
            order=("-id",),
            present=self._documents,
        )

    def _documents(self, rows: list[Sitrep]) -> list[dict[str, Any]]:
        read = {sitrep.incident_id: sitrep.incident for sitrep in rows}
        records.reading_note(*read.values(), by=self.actor, what="situation reports (json)")
        return [documents.sitrep_document(sitrep) for sitrep in rows]


class SitrepListApi(SitrepsApi):
    authority: ClassVar = "post"

    @extend_schema(summary="Situation reports, newest first", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        return self.listed(self.known_query("incident", "status", "issued_since"))


class IncidentSitrepsApi(SitrepsApi):
    authority: ClassVar = "post"

    @extend_schema(summary="The situation reports of an incident, newest first", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> Response:
        incident = incidents.incident_get(reference, self.actor)
        return self.listed({**self.known_query("status", "issued_since"), "incident": incident.reference})

    @extend_schema(
        summary="Open the next situation report, drafted from the record",
        request=None,
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        sitrep = services.sitrep_open(incident_reference=reference, by=self.actor, data=self.body)
        answer = self.answer(documents.sitrep_document(sitrep), version=sitrep.version, status=201)
        answer.headers["Location"] = reverse("api:command_api:sitrep-detail", args=[sitrep.path])
        return answer


class SitrepApi(GuardedApi):
    """One report: JSON, the page that prints, or PDF/UA, as `Accept` asks."""

    authority: ClassVar = "post"
    renderer_classes = [JSONRenderer, HtmlRenderer, PdfRenderer]

    @extend_schema(
        summary="One situation report",
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "text/html"): OpenApiTypes.STR,
            (200, "application/pdf"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        sitrep = selectors.sitrep_get(reference, self.actor)
        form = request.accepted_renderer.format
        parts = [] if form == "json" else [form]
        if same := self.unchanged(sitrep.version, *parts):
            return same
        records.reading_note(sitrep.incident, by=self.actor, what=f"{sitrep.reference} ({form})")
        if form == "pdf":
            answer = self.answer(services.sitrep_pdf(sitrep), version=sitrep.version, parts=parts)
            answer.headers["Content-Disposition"] = f'inline; filename="{sitrep.path}.pdf"'
            return answer
        if form == "html":
            page = render_to_string("command/sitrep_read.html", selectors.reading_of(sitrep), request._request)
            return self.answer(page, version=sitrep.version, parts=parts)
        return self.answer(documents.sitrep_document(sitrep), version=sitrep.version, parts=parts)

    @extend_schema(
        summary="Write into sections of a draft",
        request={
            "application/json": {
                **json_adapter.to_schema(forms.SitrepEdit),
                "properties": {
                    **json_adapter.to_schema(forms.SitrepEdit)["properties"],
                    "version": {"type": "integer"},
                },
            }
        },
        responses={200: OpenApiTypes.OBJECT},
    )
    def patch(self, request: Request, reference: str) -> Response:
        data = dict(request.data)
        seen, named = self.expected_version(), data.pop("version", None)
        sitrep = services.sitrep_edit(
            reference=reference, version=named if seen is None else seen, by=self.actor, data=data
        )
        return self.answer(documents.sitrep_document(sitrep), version=sitrep.version)


class SitrepSecondCheckApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Record the second check that was still due when the report went out",
        request={"application/json": json_adapter.to_schema(forms.SecondCheckDone)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        sitrep = services.sitrep_second_check(reference=reference, by=self.actor, data=self.body)
        return self.answer(documents.sitrep_document(sitrep), version=sitrep.version)


class SitrepOffersApi(OffersApi):
    authority: ClassVar = "post"
    machine: ClassVar = services.SITREP_MACHINE

    def reading_note(self, subject: Sitrep) -> None:
        records.reading_note(subject.incident, by=self.actor, what=f"moves of {subject.reference} (json)")


class SitrepMoveApi(MoveApi):
    authority: ClassVar = "post"
    machine: ClassVar = services.SITREP_MACHINE
    service: ClassVar = staticmethod(services.sitrep_move)

    def present(self, subject: Sitrep) -> dict[str, Any]:
        return documents.sitrep_document(subject)
