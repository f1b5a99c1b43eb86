"""Refusals and faults as pages: what happened, who can mend it, and the text that was typed kept in sight."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.template import loader
from django.utils.html import escape

from accounts import selectors
from kernel.errors import DomainError, NotSignedIn
from rest import problems

API = "/api/"
_OWN_PAGE = frozenset({400, 403, 404, 409, 412, 413, 500})
_SECRET = ("password", "csrfmiddlewaretoken", "token", "otp")
_MOST_SHOWN = 50


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for an error that a service raised on purpose."""
    if isinstance(error, NotSignedIn):
        return redirect_to_login(request.get_full_path())
    status = error.status if error.status in _OWN_PAGE else 400
    posts = selectors.post_titles(getattr(error, "posts", []))
    context = {
        "back": request.path if request.method == "POST" else "",
        "title": error.title,
        "detail": error.detail,
        "errors": error.errors,
        # Most refusals name the posts in their own words; a list would say them twice.
        "posts": [] if all(title in error.detail for title in posts) else posts,
        "changes": getattr(error, "changes", []),
        "blockers": getattr(error, "blocked_by", []),
    }
    return _page(request, status, context, answered_with=error.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler of what is malformed; an over-long form comes here too."""
    if isinstance(exception, RequestDataTooBig):
        return _either(
            request, 413, "body_too_large", "Too much was sent at once", "Send less at once, or attach a file"
        )
    if isinstance(exception, SuspiciousOperation):
        return _either(request, 400, "not_readable", "This could not be read", "The request was not in order")
    return _either(request, 400, "not_readable", "This could not be read", "The request was cut short or damaged")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _either(request, 403, "not_allowed", "You cannot do this", "You are not allowed to do this")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Says the same whether the thing is missing or may not be known of."""
    return _either(request, 404, "not_found", "Not found", problems.NOT_FOUND)


def fault(request: HttpRequest) -> HttpResponse:
    """Nobody expected this. It is logged with the reference that the page shows, and what was typed is shown too.

    A database that is busy or away is told apart (503): the program is in order, and waiting is all that is needed.
    """
    exc = sys.exc_info()[1]
    if problem := problems.unavailable(exc):
        return _unavailable(request, problem)
    if is_api(request):
        return problems.fault(exc).response()
    reference = problems.fault_reference(exc)
    context = {"reference": reference, "typed": _typed(request)}
    try:
        return HttpResponse(loader.render_to_string("500.html", context), status=500)
    except Exception as second:  # noqa: BLE001 (whatever broke the page may break this page too)
        problems.log.error("The page of %s failed too", reference, exc_info=second)
        return HttpResponse(_plain_fault(context), status=500)


def _unavailable(request: HttpRequest, problem: problems.Problem) -> HttpResponse:
    if is_api(request):
        return problem.response()
    # Without the request: the header of a page asks the database who is signed in.
    content = loader.render_to_string("503.html", {"typed": _typed(request), "back": request.path})
    return HttpResponse(content, status=problem.status, headers=dict(problem.headers))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or the person signed out meanwhile: say so kindly, and keep the text."""
    context = {"title": "This page was open too long", "expired": True, "back": request.path}
    return _page(request, 403, context)


def _either(request: HttpRequest, status: int, code: str, title: str, detail: str) -> HttpResponse:
    if is_api(request):
        return problems.Problem(status, code, title, detail).response()
    return _page(request, status, {"title": title, "detail": detail})


def _page(
    request: HttpRequest, status: int, context: dict[str, Any], *, answered_with: int | None = None
) -> HttpResponse:
    content = loader.render_to_string(f"{status}.html", {**context, "typed": _typed(request)}, request)
    return HttpResponse(content, status=answered_with or status)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the person had written, by field: long or short, but nothing secret and nothing that they did not type."""
    if request.method != "POST":
        return []
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
    except (SuspiciousOperation, UnreadablePostError, OSError, ValueError):
        return []
    kept = [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in fields
        if value.strip() and not any(word in name.lower() for word in _SECRET) and not value.isdigit()
    ]
    return kept[:_MOST_SHOWN]


def _plain_fault(context: dict[str, Any]) -> str:
    typed = "".join(f"<h2>{escape(name)}</h2><pre>{escape(value)}</pre>" for name, value in context["typed"])
    phrase = HTTPStatus(500).phrase
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><title>{phrase}</title></head><body><main>'
        "<h1>Sorry, something went wrong</h1>"
        f"<p>Quote this reference: <strong>{context['reference']}</strong></p>{typed}"
        "</main></body></html>"
    )
