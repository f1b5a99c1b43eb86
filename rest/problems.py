"""Every refusal of the REST interface as one kind of document (RFC 9457), whatever raised it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.utils.encoders import JSONEncoder

from kernel import trace
from kernel.errors import DomainError, FieldError, TooSoon

log = logging.getLogger("opss.errors")

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 5
NOT_FOUND = "There is nothing here that you can see"


@dataclass(frozen=True)
class Problem:
    """What goes to the client. `type` is an address that stays the same for each code."""

    status: int
    code: str
    title: str
    detail: str
    errors: Sequence[FieldError] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        errors = self.errors or [FieldError("", self.code, self.detail)]
        return {
            "type": f"/help/errors/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "errors": [{"field": e.field, "code": e.code, "message": e.message} for e in errors],
            **self.extra,
        }

    def response(self) -> HttpResponse:
        """The answer itself, in this format whatever the client said it accepts."""
        body = json.dumps(self.as_json(), cls=JSONEncoder, ensure_ascii=False)
        answer = HttpResponse(body, status=self.status, content_type=CONTENT_TYPE, headers=dict(self.headers))
        answer.headers["Cache-Control"] = "no-store"
        if self.status == 401:
            answer.headers.setdefault("WWW-Authenticate", "Token")
        return answer


class BodyTooLarge(DomainError):
    status, code, title = 413, "body_too_large", "Too much was sent at once"

    def __init__(self, limit: int) -> None:
        super().__init__(f"Send at most {limit:,} bytes", extra={"limit": limit})


class LengthRequired(DomainError):
    status, code, title = 411, "length_required", "Say how much is being sent"


_TITLES = {
    400: ("not_readable", "This could not be read"),
    401: ("not_signed_in", "Sign in first"),
    403: ("not_allowed", "You cannot do this"),
    404: ("not_found", "Not found"),
    405: ("method_not_allowed", "Not possible at this address"),
    406: ("not_acceptable", "Not in this format"),
    415: ("unsupported_media_type", "Not in this format"),
    429: ("too_many_requests", "Too many requests"),
}


def handle(exc: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """DRF's exception handler. What nobody expected is left to Django, which answers with a reference."""
    problem = problem_of(exc)
    return problem.response() if problem else None


def problem_of(exc: Exception) -> Problem | None:
    """The document for a refusal, or None for a fault of the program."""
    match exc:
        case DomainError():
            headers = {"Retry-After": str(exc.retry_after)} if isinstance(exc, TooSoon) else {}
            return Problem(exc.status, exc.code, exc.title, exc.detail, exc.errors, exc.extra, headers)
        case Http404():
            return not_found()
        case PermissionDenied():
            return Problem(403, *_TITLES[403], "You are not allowed to do this")
        case exceptions.ValidationError():
            errors = list(_field_errors(exc.detail, ""))
            return Problem(400, "invalid", "Check what was sent", "; ".join(e.message for e in errors), errors)
        case exceptions.APIException():
            return _of_framework(exc)
    return None


def not_found() -> Problem:
    return Problem(404, *_TITLES[404], NOT_FOUND)


def fault(exc: BaseException | None) -> Problem:
    """A fault of the program: logged with a reference, which is all that the answer tells."""
    reference = fault_reference(exc)
    detail = f"The fault is ours and was recorded as {reference}. Try again; if it happens again, quote that reference."
    return Problem(500, "fault", "Something went wrong", detail, extra={"reference": reference})


def fault_reference(exc: BaseException | None) -> str:
    """The id of the request, logged together with the fault, so that one can be found by the other."""
    reference = trace.current_id()
    log.error("Fault %s", reference, exc_info=exc)
    return reference


def unavailable(exc: BaseException | None) -> Problem | None:
    """What to say when the database did not answer in time, was busy or away; None for any other fault.

    Each change is one transaction, so nothing is half done; but whether it was done is not known when the answer to a
    commit was lost.
    """
    if not isinstance(exc, OperationalError | InterfaceError):
        return None
    log.warning("The database did not answer", exc_info=exc)
    detail = f"Wait {RETRY_SECONDS} seconds. Look whether your change is there before you send it again."
    return Problem(503, "unavailable", "The service is busy", detail, headers={"Retry-After": str(RETRY_SECONDS)})


def _of_framework(exc: exceptions.APIException) -> Problem:
    code, title = _TITLES.get(exc.status_code, ("refused", "This cannot be done"))
    given = str(getattr(exc.detail, "code", ""))
    if exc.status_code == 400 and given not in {"", "parse_error"}:
        code = given
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(wait)
    return Problem(exc.status_code, code, title, str(exc.detail), headers=headers)


def _field_errors(detail: Any, path: str) -> Iterator[FieldError]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, f"{path}.{step}".strip("."))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from _field_errors(inner, f"{path}[{index}]" if isinstance(inner, dict) else path)
    else:
        yield FieldError(path, str(getattr(detail, "code", "invalid")), str(detail))
