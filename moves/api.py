"""Offers and moves over REST, alike for every machine: one static route a move, so that OpenAPI can describe it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from govuk import json_adapter
from moves import mover
from moves.machine import Machine
from rest.views import GuardedApi


class OffersApi(GuardedApi):
    """Every move that the present state knows, allowed or not, with why not, for this caller."""

    authority: ClassVar = "post"
    machine: ClassVar[Machine]

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request, reference: str) -> Response:
        subject = self.machine.find(self.reference_of(reference), self.actor)
        self.reading_note(subject)
        return Response([offer.as_json() for offer in mover.offers(self.machine, subject, self.actor)])

    def reference_of(self, reference: str) -> str:
        """The reference that the address stands for."""
        return reference

    def reading_note(self, subject: Any) -> None:
        """Note who read of a restricted case; the room that owns the machine says how."""
        raise NotImplementedError


class MoveApi(GuardedApi):
    """One move. The body is its inputs and the `version` that the caller saw; the answer is what was moved."""

    authority: ClassVar = "post"
    machine: ClassVar[Machine]
    service: ClassVar[Callable[..., Any]]
    move: str = ""

    def post(self, request: Request, reference: str, name: str = "") -> Response:
        reference = self.reference_of(reference)
        data = dict(self.body)
        version = data.pop("version", None)
        subject = type(self).service(
            reference=reference, name=self.move or name, version=version, by=self.actor, data=data
        )
        return self.answer(self.present(subject), version=self.machine.version(subject))

    def reference_of(self, reference: str) -> str:
        return reference

    def present(self, subject: Any) -> Any:
        raise NotImplementedError


def move_routes(view: type[MoveApi], prefix: str) -> list[URLPattern]:
    """A route for every move of the view's machine under `prefix`, and one that answers 404 for a name unknown."""
    routes = []
    for name, move in view.machine.moves.items():
        body = json_adapter.to_schema(move.form)
        body["properties"] = {**body["properties"], "version": {"type": "integer"}}
        body["required"] = [*body.get("required", []), "version"]
        described: type[MoveApi] = extend_schema(
            summary=move.meaning,
            request={"application/json": body},
            responses={200: OpenApiTypes.OBJECT},
        )(type(f"{view.__name__}{name.title().replace('_', '')}", (view,), {"move": name}))
        routes.append(path(f"{prefix}{name}/", described.as_view()))
    unknown: type[MoveApi] = extend_schema(exclude=True)(type(f"{view.__name__}Unknown", (view,), {}))
    routes.append(path(f"{prefix}<str:name>/", unknown.as_view()))
    return routes
