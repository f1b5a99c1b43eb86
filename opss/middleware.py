"""The one place where an error that a service raised on purpose becomes an answer, outside DRF's own views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from kernel.errors import DomainError
from opss import error_pages
from rest import problems


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
