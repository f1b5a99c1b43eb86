"""Issues over REST: the list, one issue, its offers and moves, and the parts of its record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from audit import presenters, references
from escalation import selectors, services
from escalation.api import documents
from escalation.enums import Sort
from escalation.forms import (
    CommissionForm,
    CommissionSettleForm,
    ConfirmForm,
    DeclareNow,
    EvidenceForm,
    ImpactForm,
    IssueEditForm,
    IssueFilterForm,
    NncConfirmForm,
    NncForm,
)
from escalation.ladder.offices import OFFICES, address_of
from escalation.models import Escalation
from govuk import json_adapter
from govuk.forms import GovukForm
from incidents import selectors as incidents
from incidents import services as records
from moves.api import MoveApi, OffersApi
from rest.views import GuardedApi


def described(body: type, *, status: int, summary: str) -> Callable[[Any], Any]:
    """The OpenAPI description of an address whose body is one of our forms."""
    return extend_schema(
        summary=summary,
        request={"application/json": json_adapter.to_schema(body)},
        responses={status: OpenApiTypes.OBJECT},
    )


class IssueListApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Issues, newest first",
        description="`?sort=pressing` gives what presses most first, `?sort=age` the open issues that OPSS has had for "
        "longest, then ended ones. `?age=` is how long ago they were received: `day`, `week`, `month` (at most so "
        "long) or `older`.",
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        given = json_adapter.bind(IssueFilterForm, self.known_query(*IssueFilterForm.base_fields)).cleaned_data
        sort = given.pop("sort") or Sort.NEWEST
        filters = selectors.IssueFilters(**given)
        climbs = selectors.climbs_filtered(self.actor, filters)
        return self.paged(documents.rows_of(climbs), order=selectors.order_of(sort, filters), present=self._documents)

    def _documents(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        read = {row["issue__reference"]: row["issue__sensitivity"] for row in rows}
        records.rows_reading_note(read, by=self.actor, what="list of issues (json)")
        return documents.issue_documents(rows, self.actor)


class IssueApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="One issue",
        description="Where it rests, `review_on` says when it is looked at again, `watch_for` what brings it back; "
        "`led_by` and `led_by_code` name the authority that leads elsewhere, `merged_into` the issue that carries it. "
        "Each is null where there is none, or where the caller may not know of it.",
        responses={200: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, reference: str) -> HttpResponse:
        climb = selectors.climb_get(reference, self.actor)
        if same := self.unchanged(climb.issue.version):
            return same
        records.reading_note(climb.issue, by=self.actor, what="issue (json)")
        return self._answer(climb)

    @described(IssueEditForm, status=200, summary="Put facts of an issue right")
    def patch(self, request: Request, reference: str) -> Response:
        climb = services.issue_edit(
            reference=reference, by=self.actor, data=self.body, expected_version=self.expected_version()
        )
        return self._answer(climb)

    def _answer(self, climb: Escalation) -> Response:
        return self.answer(documents.issue_document(climb, self.actor), version=climb.issue.version)


class IssueOffersApi(OffersApi):
    authority: ClassVar = "post"
    machine: ClassVar = services.ISSUE_MACHINE

    def reading_note(self, subject: Escalation) -> None:
        records.reading_note(subject.issue, by=self.actor, what="moves (json)")


class IssueMoveApi(MoveApi):
    authority: ClassVar = "post"
    machine: ClassVar = services.ISSUE_MACHINE
    service: ClassVar = staticmethod(services.issue_move)

    def present(self, subject: Escalation) -> dict[str, Any]:
        return documents.issue_document(subject, self.actor)


def with_version(body: type[GovukForm]) -> dict[str, Any]:
    """The schema of a body that also says which version the caller saw."""
    schema = json_adapter.to_schema(body)
    schema["properties"] = {**schema["properties"], "version": {"type": "integer"}}
    schema["required"] = [*schema.get("required", []), "version"]
    return schema


class IssueDeclareNowApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Convene an urgent case conference, assess the impact and declare an incident, all or nothing",
        description="At a case conference that sits already, leave out reason, grounds and who was consulted.",
        request={"application/json": with_version(DeclareNow)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        data = dict(self.body)
        version = data.pop("version", None)
        climb = services.declare_now(reference=reference, version=version, by=self.actor, data=data)
        return self.answer(documents.issue_document(climb, self.actor), version=climb.issue.version)


class IssueOfficeApi(GuardedApi):
    """One change beside the stage. The body is its inputs and the `version` that the caller saw."""

    authority: ClassVar = "post"
    name: ClassVar[str] = ""

    def post(self, request: Request, reference: str) -> Response:
        data = dict(self.body)
        version = data.pop("version", None)
        door = services.OFFICE_DOORS[self.name]
        climb = door(reference=reference, version=version, by=self.actor, data=data)
        return self.answer(documents.issue_document(climb, self.actor), version=climb.issue.version)


def office_routes(prefix: str) -> list[URLPattern]:
    """A route for each change beside the stage, with its own body in the description."""
    routes = []
    for name, office in OFFICES.items():
        described_view: type[IssueOfficeApi] = extend_schema(
            summary=office.change.meaning,
            request={"application/json": with_version(office.change.form)},
            responses={200: OpenApiTypes.OBJECT},
        )(type(f"Issue{name.title().replace('_', '')}Api", (IssueOfficeApi,), {"name": name}))
        address = address_of(name)
        routes.append(path(f"{prefix}{address}/", described_view.as_view(), name=f"issue-{address}"))
    return routes


class IssuePartApi(GuardedApi):
    """A list of one part of an issue's record, newest first; a subclass that has a door adds by POST."""

    authority: ClassVar = "post"
    part: ClassVar[str]  # what the access log calls it
    rows: ClassVar[Any]  # a selector: (reference, actor) -> QuerySet
    order: ClassVar[tuple[str, ...]]
    document: ClassVar[Any]  # (row) -> its JSON

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> Response:
        self.known_query()
        issue = incidents.issue_get(reference, self.actor)
        records.reading_note(issue, by=self.actor, what=f"{self.part} (json)")
        rows = type(self).rows(reference, self.actor)
        return self.paged(rows, order=self.order, present=self._documents)

    def _documents(self, page: list[Any]) -> list[Any]:
        return references.veiled(self.actor, [type(self).document(row) for row in page])

    def added(self, row: Model) -> Response:
        return self.answer(type(self).document(row), status=201)


class ImpactAssessmentsApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "impact assessments"
    rows: ClassVar = staticmethod(selectors.impact_assessments)
    order: ClassVar = ("-made_at", "-id")
    document: ClassVar = staticmethod(documents.impact_document)

    @described(ImpactForm, status=201, summary="Assess the impact at this stage, or confirm it unchanged")
    def post(self, request: Request, reference: str) -> Response:
        return self.added(services.impact_assess(reference=reference, by=self.actor, data=self.body))


class NncAssessmentsApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "NNC assessments"
    rows: ClassVar = staticmethod(selectors.nnc_assessments)
    order: ClassVar = ("-made_at", "-id")
    document: ClassVar = staticmethod(documents.nnc_document)

    @extend_schema(
        summary="Assess the NNC criteria at this stage, or confirm the last version unchanged",
        request={
            "application/json": {
                "oneOf": [json_adapter.to_schema(NncForm), json_adapter.to_schema(NncConfirmForm)],
            }
        },
        responses={201: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str) -> Response:
        return self.added(services.nnc_assess(reference=reference, by=self.actor, data=self.body))


class EvidenceApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "evidence"
    rows: ClassVar = staticmethod(selectors.evidence)
    order: ClassVar = ("-added_at", "-id")
    document: ClassVar = staticmethod(documents.evidence_document)

    @described(EvidenceForm, status=201, summary="Add evidence")
    def post(self, request: Request, reference: str) -> Response:
        return self.added(services.evidence_add(reference=reference, by=self.actor, data=self.body))


class CommissionsApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "commissions"
    rows: ClassVar = staticmethod(selectors.commissions)
    order: ClassVar = ("-asked_at", "-id")
    document: ClassVar = staticmethod(documents.commission_document)

    @described(CommissionForm, status=201, summary="Ask a team for an action, advice or a report")
    def post(self, request: Request, reference: str) -> Response:
        return self.added(services.commission_ask(reference=reference, by=self.actor, data=self.body))


class CommissionSettleApi(GuardedApi):
    authority: ClassVar = "post"

    @described(CommissionSettleForm, status=200, summary="Deliver or waive a commission")
    def post(self, request: Request, reference: str, commission_id: int) -> Response:
        commission = services.commission_settle(
            reference=reference, commission_id=commission_id, by=self.actor, data=self.body
        )
        return self.answer(references.veiled(self.actor, documents.commission_document(commission)))


class DecisionsApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "decisions"
    rows: ClassVar = staticmethod(selectors.decisions)
    order: ClassVar = ("-made_at", "-id")
    document: ClassVar = staticmethod(documents.decision_document)


class ConsultationConfirmApi(GuardedApi):
    authority: ClassVar = "post"

    @described(ConfirmForm, status=200, summary="Confirm, as the person named in a decision, that it was so")
    def post(self, request: Request, reference: str, consultation_id: int) -> Response:
        named = services.consultation_confirm(
            reference=reference, consultation_id=consultation_id, by=self.actor, data=self.body
        )
        return self.answer(references.veiled(self.actor, documents.consultation_document(named)))


class EventsApi(GuardedApi):
    """What happened to an issue, newest first, from its audit chain."""

    authority: ClassVar = "post"

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> Response:
        self.known_query()
        climb = selectors.climb_get(reference, self.actor)
        records.reading_note(climb.issue, by=self.actor, what="issue history (json)")
        return self.paged(
            presenters.history_in(climb.issue.reference, self.actor),
            order=("-position",),
            present=lambda rows: presenters.documents(rows, self.actor),
        )
