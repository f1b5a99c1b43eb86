"""The `Idempotency-Key` header: from a request to a stored answer and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from audit import references
from kernel.errors import FieldError, InvalidInput
from rest import services

HEADER = "Idempotency-Key"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEPT_HEADERS = ("ETag", "Location")
_MAX_KEY = 200


def key_of(request: Request) -> str | None:
    """The key that this request carries, None when it carries none or only reads."""
    key = request.headers.get(HEADER)
    if key is None or request.method not in WRITES or not request.user.is_authenticated:
        return None
    if not (0 < len(key) <= _MAX_KEY and key.isascii() and key.isprintable()):
        message = f"An {HEADER} is 1 to {_MAX_KEY} printable ASCII characters"
        raise InvalidInput([FieldError(HEADER, "bad_key", message)])
    return key


def answered_once(request: Request, key: str, handler: Callable[[], HttpResponse]) -> HttpResponse:
    """The handler's answer the first time, and exactly that answer every further time."""
    answer = services.answer_once(
        user_id=int(request.user.pk or 0),
        key=key,
        request_digest=_digest(request),
        act=lambda: _taken(request, handler()),
        visible=lambda about: references.visible(request.actor, about),  # type: ignore[attr-defined]
    )
    headers = {**answer.headers, "Idempotent-Replayed": "true"} if answer.replayed else answer.headers
    content_type = "application/json" if answer.body else None
    return HttpResponse(answer.body, status=answer.status, content_type=content_type, headers=headers)


def _taken(request: Request, response: HttpResponse) -> services.Answer:
    about = references.named_in([request.path, getattr(response, "data", None)])
    if isinstance(response, Response):
        body = "" if response.data is None else JSONRenderer().render(response.data).decode()
    else:
        body = response.content.decode()
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return services.Answer(status=response.status_code, body=body, headers=kept, about=frozenset(about))


def _digest(request: Request) -> str:
    """Same address, same person's post and same content; not the same bytes, which a retry may well change."""
    actor = getattr(request, "actor", None)
    said = [
        request.method,
        request.get_full_path(),
        actor.post if actor else "",
        request.headers.get("If-Match", ""),
        _content(request.data),
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _content(data: Any) -> Any:
    if hasattr(data, "lists"):
        return {name: [_content(value) for value in values] for name, values in data.lists()}
    if isinstance(data, UploadedFile):
        digest = hashlib.sha256()
        for chunk in data.chunks():
            digest.update(chunk)
        data.seek(0)
        return [data.name, digest.hexdigest()]
    return data
