"""The OpenAPI document: what is the same at every address, beside what each view says of itself."""

from __future__ import annotations

import re
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from rest import problems
from rest.idempotency import HEADER, WRITES

_TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457). A move that is blocked adds `blocked_by`.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
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
                    "code": _TEXT,
                    "message": _TEXT,
                },
            },
        },
    },
}
_HEADERS = {
    "X-Acting-As": "The post to act as, of those that the caller has; by default the token's own, else the first held",
    HEADER: "Chosen by the caller: the same key with the same body is done once and answered the same",
    "If-Match": 'The version that is changed, such as `"7"`: refused with 412 when it is not the present one',
    "If-None-Match": "The ETag that the caller has: answered with 304 while it is the present one",
}


class ApiSchema(AutoSchema):
    """Adds the headers of the contract and the problem document to what `extend_schema` says of a view."""

    def get_operation_id(self) -> str:
        """The method and the whole path, which no two operations share."""
        return "_".join([self.method.lower(), *re.findall(r"\w+", self.path.removeprefix("/api/v1"))])

    def get_request_serializer(self) -> Any:
        return None

    def get_response_serializers(self) -> Any:
        return OpenApiTypes.OBJECT

    def get_override_parameters(self) -> list[Any]:
        return [
            OpenApiParameter(name, str, OpenApiParameter.HEADER, description=_HEADERS[name])
            for name in self._header_names()
        ]

    def _header_names(self) -> list[str]:
        if self.method in WRITES:
            return ["X-Acting-As", HEADER, *(["If-Match"] if self.method == "PATCH" else [])]
        return ["X-Acting-As", "If-None-Match"]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["responses"]["default"] = {
                "description": "Refused",
                "content": {problems.CONTENT_TYPE: {"schema": self._problem()}},
            }
        return operation

    def _problem(self) -> dict[str, Any]:
        component = ResolvedComponent(name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem")
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
