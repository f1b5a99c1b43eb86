"""Who may come to a page. Finer questions are for selectors and services."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url

from accounts import kept, rules
from accounts.enums import IMT_POSTS, OPERATOR, POST_TITLES
from accounts.forms import SignInForm
from accounts.models import User
from kernel.actors import Actor
from kernel.errors import NotAllowed

AUTHORITIES = ("public", "signed_in", "post", "service", "operator")


class PageRequest(HttpRequest):
    """What a view behind a door is given: the request with what `ActorMiddleware` put on it.

    A type to write down, never made. Where the authority is `public`, `actor` may be None and `user` anonymous.
    """

    actor: Actor
    hats: list[Actor]
    user: User


class Door:
    """A mixin for views, before `View`. Each states its `authority`, or Python refuses to define it.

    `public`: anybody. `signed_in`: strangers too. `post`: people with a post. `service`: who watches how it
    runs, the operator and IMT. `operator`: who runs it.
    """

    authority: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if getattr(cls, "authority", None) not in AUTHORITIES:
            raise ImproperlyConfigured(f"{cls.__module__}.{cls.__qualname__} must state its authority: {AUTHORITIES}")

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.authority != "public":
            if request.actor is None:
                return to_sign_in(request)
            self._require(request.actor)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def _require(self, actor: Actor) -> None:
        if self.authority == "post" and actor.is_stranger:
            raise NotAllowed(
                "This page is for people who hold a post. Ask the Service Operator to be given yours.", posts=[OPERATOR]
            )
        if self.authority == "service" and not rules.may_watch_service(actor):
            raise NotAllowed(f"This page is for IMT and the {POST_TITLES[OPERATOR]}.", posts=[*IMT_POSTS, OPERATOR])
        if self.authority == "operator" and not rules.is_operator(actor):
            raise NotAllowed(f"This page is for the {POST_TITLES[OPERATOR]}.", posts=[OPERATOR])


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in first, then come back. A fragment that htmx asked for sends the whole page to sign in.

    A form that was sent after its session had ended is kept through the sign-in page: nobody types it twice.
    """
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": _sign_in_address(_page_around(request) or "/")})
    # The browser drops the cookie of a session whose age is up; the other still tells that a page of ours was open.
    had_page = not {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}.isdisjoint(request.COOKIES)
    if request.method == "POST" and had_page and (sealed := kept.seal(request.path, request.POST)):
        context = {"form": SignInForm(), "next": request.path, "kept": sealed}
        return render(request, "accounts/sign_in.html", context, status=403)
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return HttpResponseRedirect(_sign_in_address(back))


def _page_around(request: HttpRequest) -> str:
    """The page that holds the fragment, as htmx says; empty where what it says is no address."""
    try:
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
    except ValueError:
        return ""
    return page.path + (f"?{page.query}" if page.query else "")


def _sign_in_address(back: str) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
