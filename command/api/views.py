"""Incidents over REST: the list, one incident, its moves, groups, rhythm and history."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from audit import presenters
from command import forms, selectors, services
from command.api import documents
from govuk import json_adapter
from incidents import selectors as incidents
from incidents import services as records
from incidents.models import Incident
from moves.api import MoveApi, OffersApi
from rest.views import GuardedApi


class IncidentListApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(summary="Incidents, newest first", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        given = json_adapter.bind(forms.IncidentFilter, self.known_query("status")).cleaned_data
        return self.paged(
            selectors.incidents_filtered(self.actor, status=given["status"]),
            order=("-declared_at", "-id"),
            present=self._documents,
        )

    def _documents(self, rows: list[Incident]) -> list[dict[str, Any]]:
        records.reading_note(*rows, by=self.actor, what="list of incidents (json)")
        return [documents.incident_document(incident) for incident in rows]


class IncidentApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(summary="One incident", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> HttpResponse:
        incident = incidents.incident_get(reference, self.actor)
        if same := self.unchanged(incident.version):
            return same
        records.reading_note(incident, by=self.actor, what="incident (json)")
        return self.answer(documents.incident_document(incident), version=incident.version)


class GroupsApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(summary="The groups of an incident", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> Response:
        self.known_query()
        incident = incidents.incident_get(reference, self.actor)
        records.reading_note(incident, by=self.actor, what="groups (json)")
        return self.paged(
            selectors.groups_of(incident),
            order=("id",),
            present=lambda rows: [documents.group_document(group) for group in rows],
        )

    @extend_schema(
        summary="Stand up a group",
        request={"application/json": json_adapter.to_schema(forms.GroupStandUp)},
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        group = services.group_stand_up(incident_reference=reference, by=self.actor, data=self.body)
        return self.answer(documents.group_document(group), status=201)


class GroupStandDownApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Stand a group down, naming who owns what remains",
        request={"application/json": json_adapter.to_schema(forms.GroupStandDown)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str, group_id: int) -> Response:
        group = services.group_stand_down(
            incident_reference=reference, group_id=group_id, by=self.actor, data=self.body
        )
        return self.answer(documents.group_document(group))


class IncidentEventsApi(GuardedApi):
    """What happened to an incident, newest first, from its audit chain."""

    authority: ClassVar = "post"

    @extend_schema(summary="The history of an incident", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> Response:
        self.known_query()
        incident = incidents.incident_get(reference, self.actor)
        records.reading_note(incident, by=self.actor, what="history of the incident (json)")
        return self.paged(
            presenters.history_in(incident.reference, self.actor),
            order=("-position",),
            present=lambda rows: presenters.documents(rows, self.actor),
        )


class IncidentOffersApi(OffersApi):
    authority: ClassVar = "post"
    machine: ClassVar = services.INCIDENT_MACHINE

    def reading_note(self, subject: Incident) -> None:
        records.reading_note(subject, by=self.actor, what="moves (json)")


class IncidentMoveApi(MoveApi):
    authority: ClassVar = "post"
    machine: ClassVar = services.INCIDENT_MACHINE
    service: ClassVar = staticmethod(services.incident_move)

    def present(self, subject: Incident) -> dict[str, Any]:
        return documents.incident_document(subject)
