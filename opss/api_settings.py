"""How the REST framework and its OpenAPI document are set up; read by `opss.settings`."""

from __future__ import annotations

from typing import Any

REST_FRAMEWORK: dict[str, Any] = {
    "EXCEPTION_HANDLER": "rest.problems.handle",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest.authentication.TokenAuthentication",
        "rest.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest.parsers.StrictJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "rest.schema.ApiSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "OPSS incidents",
    "DESCRIPTION": (
        "Everything that the pages do, for programs. Every change goes through the same door as a page's.\n\n"
        "Sign in by `Authorization: Token KEY`; act as one of several posts by `X-Acting-As: POST`. Refusals are "
        "problem documents (RFC 9457) whose `errors` name each field. Lists go on by following `next`. A write that "
        "carries an `Idempotency-Key` is done once, however often it is sent; an update that carries `If-Match` is "
        "refused with 412 when somebody was faster."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
    "SORT_OPERATIONS": True,
}
