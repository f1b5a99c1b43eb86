"""Who acts in a browser request: the signed-in person as the post that they chose in the header."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts import selectors
from accounts.models import User
from kernel.actors import Actor

ACTING_AS = "acting_as"


class ActorMiddleware:
    """Puts `request.actor` (None when nobody is signed in) and `request.hats` on each request.

    A request without a session cookie costs no query here. A chosen post that is no longer theirs gives way to the
    default one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.actor, request.hats = None, []
        if request.user.is_authenticated:
            request.hats = selectors.posts_of(request.user)
            request.actor = _acting(request.user, request.hats, request.session.get(ACTING_AS))
        return self.get_response(request)


def _acting(user: User, hats: list[Actor], chosen: str | None) -> Actor:
    still_theirs = any(hat.post == chosen for hat in hats)
    return selectors.choose_hat(user, hats, chosen if still_theirs else None)


def people(request: HttpRequest) -> dict[str, Any]:
    """For templates: `actor`, `hats` (every post that they may act as) and `people_to_name`, asked where it is used."""
    return {
        "actor": getattr(request, "actor", None),
        "hats": getattr(request, "hats", []),
        "people_to_name": selectors.people_to_name,
    }
