"""The battle rhythm over REST: its lines, what happens when, and the doors that change it."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from command import forms, selectors, services
from command.api import documents
from command.models import RhythmEvent
from govuk import json_adapter
from incidents import selectors as incidents
from incidents import services as records
from rest.views import GuardedApi


class RhythmApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(summary="The battle rhythm of an incident", responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> Response:
        self.known_query()
        incident = incidents.incident_get(reference, self.actor)
        records.reading_note(incident, by=self.actor, what="rhythm (json)")
        return self.paged(
            selectors.rhythm_of(incident),
            order=("id",),
            present=lambda rows: [documents.rhythm_document(event) for event in rows],
        )

    @extend_schema(
        summary="Add to the rhythm; provisional until the SCG's chair agrees",
        request={"application/json": json_adapter.to_schema(forms.RhythmLine)},
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        event = services.rhythm_add(incident_reference=reference, by=self.actor, data=self.body)
        return self.answer(self._with_clashes(event), status=201)

    def _with_clashes(self, event: RhythmEvent) -> dict[str, Any]:
        return {**documents.rhythm_document(event), "clashes": selectors.clashes_of_event(event, self.actor)}


class RhythmLineApi(RhythmApi):
    authority: ClassVar = "post"
    http_method_names = ["put", "options"]

    @extend_schema(
        summary="Change a line of the rhythm; what is to come of it is put on record anew",
        request={"application/json": json_adapter.to_schema(forms.RhythmLine)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def put(self, request: Request, reference: str, event_id: int) -> Response:
        """Takes the version of the incident in `If-Match`, as ending and agreeing do, and answers the new one."""
        event = services.rhythm_revise(
            incident_reference=reference,
            event_id=event_id,
            by=self.actor,
            data=self.body,
            expected_version=self.expected_version(),
        )
        return self.answer(self._with_clashes(event), version=event.incident.version)


class RhythmEndApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="End a line of the rhythm; what is to come of it is cancelled",
        request={"application/json": json_adapter.to_schema(forms.RhythmEnd)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str, event_id: int) -> Response:
        event = services.rhythm_end(
            incident_reference=reference,
            event_id=event_id,
            by=self.actor,
            data=self.body,
            expected_version=self.expected_version(),
        )
        return self.answer(documents.rhythm_document(event))


class RhythmAgreeApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Agree to the rhythm as it stands",
        request={"application/json": json_adapter.to_schema(forms.RhythmAgree)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        agreed = services.rhythm_agree(
            incident_reference=reference,
            by=self.actor,
            data=self.body,
            expected_version=self.expected_version(),
        )
        return self.answer({"agreed": [documents.rhythm_document(event) for event in agreed]})


class OccurrencesApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="What happened, happens and was cancelled in the rhythm, in the order of time",
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, reference: str) -> Response:
        given = json_adapter.bind(forms.OccurrenceFilter, self.known_query("since", "until")).cleaned_data
        incident = incidents.incident_get(reference, self.actor)
        records.reading_note(incident, by=self.actor, what="occurrences of the rhythm (json)")
        return self.paged(
            selectors.occurrences_between(incident, **given),
            order=("starts_at", "id"),
            present=lambda rows: [
                documents.occurrence_document(occurrence)
                for occurrence in selectors.occurrences_shown(rows, self.actor)
            ],
        )
