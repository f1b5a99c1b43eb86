"""What happens round every request: its line of the log, and the answer to an error that was raised on purpose."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from kernel import trace
from kernel.errors import DomainError
from opss import error_pages
from rest import problems

log = logging.getLogger("opss.requests")

REQUEST_ID = "X-Request-ID"
_REQUEST_ID = re.compile(r"[A-Za-z0-9_.-]{8,64}")
_CASE = re.compile(r"(?:ISS-\d{4}-\d{5,}|INC-\d{4}-\d{4,})")
_PROBES = frozenset({"/healthz", "/readyz"})


class RequestLog:
    """Writes one line for each request, and gives it the id under which the log and a fault's page know it.

    The proxy's id is taken over; where no proxy of ours stands in front, the header is the caller's word and is
    ignored. The answer carries the id back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started, known_as = time.perf_counter(), _request_id(request)
        begun = trace.begin(known_as)
        try:
            response = self.get_response(request)
            response.headers[REQUEST_ID] = known_as
            self._tell(request, response.status_code, time.perf_counter() - started)
        finally:
            trace.end(begun)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """Lines that the view causes name the case of its address."""
        found = (_CASE.match(str(value)) for value in kwargs.values())
        trace.note(case=next((case[0] for case in found if case), ""))

    def _tell(self, request: HttpRequest, status: int, seconds: float) -> None:
        route = f"/{request.resolver_match.route}" if request.resolver_match else "(none)"
        actor = getattr(request, "actor", None)
        facts = {"method": request.method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        level = logging.DEBUG if request.path in _PROBES else logging.INFO
        log.log(level, "answered", extra={"facts": facts | ({"post": actor.post} if actor and actor.post else {})})


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get(REQUEST_ID, "")
    return given if settings.TRUSTED_PROXIES and _REQUEST_ID.fullmatch(given) else trace.new_id()


class DomainErrors:
    """Answers a DomainError of any view: with a page, or under /api/ with a problem document."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """No reference holds a null character, and PostgreSQL refuses to look for one: there is nothing there."""
        if any("\x00" in str(value) for value in kwargs.values()):
            raise Http404

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if error_pages.is_api(request):
            problem = problems.problem_of(exception)
            return problem.response() if problem else None
        return error_pages.refusal(request, exception)
