"""The OpenAPI document: what each REST view says about itself, from the same forms that check what is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.forms import BaseForm
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from govuk import json_adapter
from kernel.keyset import DEFAULT_LIMIT, MAX_LIMIT
from rest import problems

JsonSchema = Mapping[str, Any]
Handler = TypeVar("Handler", bound=Callable[..., Any])

TEXT: JsonSchema = {"type": "string"}
WHOLE: JsonSchema = {"type": "integer"}
YES_NO: JsonSchema = {"type": "boolean"}
MOMENT: JsonSchema = {"type": "string", "format": "date-time"}
DAY: JsonSchema = {"type": "string", "format": "date"}
ANYTHING: JsonSchema = {"type": "object"}

PROBLEM: JsonSchema = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457). A move that is blocked adds `blocked_by`.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": TEXT,
        "status": WHOLE,
        "detail": TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {
                        "type": "string",
                        "description": "A path such as `products[0].name`; empty for the whole",
                    },
                    "code": TEXT,
                    "message": TEXT,
                },
            },
        },
    },
}


def record(required: Mapping[str, JsonSchema], optional: Mapping[str, JsonSchema] | None = None) -> JsonSchema:
    """The schema of an object whose `required` members are always there."""
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def rows(item: JsonSchema) -> JsonSchema:
    return {"type": "array", "items": item}


def maybe(schema: JsonSchema) -> JsonSchema:
    """The same, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(*values: str) -> JsonSchema:
    return {"type": "string", "enum": list(values)}


def paged(item: JsonSchema) -> JsonSchema:
    """The schema of one page of a list."""
    address = maybe({"type": "string", "format": "uri"})
    return record({"next": address, "previous": address, "results": rows(item)})


@dataclass(frozen=True)
class Described:
    summary: str
    answer: JsonSchema | None
    status: int
    form: type[BaseForm] | None = None
    body: JsonSchema | None = None
    query: Mapping[str, JsonSchema] = field(default_factory=dict)
    is_paged: bool = False
    formats: tuple[str, ...] = ("application/json",)


def describe(
    summary: str,
    answer: JsonSchema | None = None,
    *,
    status: int = 200,
    form: type[BaseForm] | None = None,
    body: JsonSchema | None = None,
    query: Mapping[str, JsonSchema] | None = None,
    formats: tuple[str, ...] = ("application/json",),
) -> Callable[[Handler], Handler]:
    """Says what a handler (`get`, `post`, ..) does, for the OpenAPI document.

    `answer` is what it answers with `status`; a `paged(...)` answer brings `limit` and `cursor`. The body is described
    by the `form` that checks it, or by `body` where there is no single form.
    """
    is_paged = bool(answer) and list((answer or {}).get("properties", {})) == ["next", "previous", "results"]
    described = Described(summary, answer, status, form, body, query or {}, is_paged, formats)

    def mark(handler: Handler) -> Handler:
        handler.described = described  # type: ignore[attr-defined]
        return handler

    return mark


class ApiSchema(AutoSchema):
    """Reads `describe`, and adds what is the same everywhere: problem documents and the headers of the contract."""

    @property
    def _described(self) -> Described:
        handler = getattr(self.view, self.method.lower(), None)
        return getattr(handler, "described", None) or Described(summary="", answer=ANYTHING, status=200)

    def get_summary(self) -> str | None:
        return self._described.summary or None

    def get_description(self) -> str:
        return getattr(self.view, self.method.lower()).__doc__ or ""

    def get_request_serializer(self) -> Any:
        described = self._described
        if described.form is not None:
            return {"application/json": json_adapter.to_schema(described.form)}
        return {"application/json": dict(described.body)} if described.body else None

    def get_response_serializers(self) -> Any:
        described = self._described
        answer = dict(described.answer) if described.answer else None
        return {(str(described.status), *described.formats): answer} if answer else {str(described.status): None}

    def get_override_parameters(self) -> list[OpenApiParameter]:
        described = self._described
        query = dict(described.query)
        if described.is_paged:
            query["limit"] = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
            query["cursor"] = TEXT
        asked = [OpenApiParameter(name, dict(schema), OpenApiParameter.QUERY) for name, schema in query.items()]
        return asked + [OpenApiParameter(name, str, OpenApiParameter.HEADER) for name in self._headers()]

    def _headers(self) -> list[str]:
        headers = ["X-Acting-As"]
        if self.method in {"POST", "PUT", "PATCH", "DELETE"}:
            headers.append("Idempotency-Key")
        if self.method == "PATCH":
            headers.append("If-Match")
        if self.method == "GET" and not self._described.is_paged:
            headers.append("If-None-Match")
        return headers

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["responses"]["default"] = {
                "description": "Refused",
                "content": {problems.CONTENT_TYPE: {"schema": self._problem()}},
            }
        return operation

    def _problem(self) -> dict[str, Any]:
        component = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, schema=dict(PROBLEM), object="Problem"
        )
        self.registry.register_on_missing(component)
        return component.ref


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "rest.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token KEY`; keys are made on one's own profile or by `manage.py api_token`.",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "rest.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
