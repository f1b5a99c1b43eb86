"""For templates: how many notices wait for whoever looks, and whether any can come. Asked by pages that show it."""

from __future__ import annotations

from functools import cache
from typing import Any

from kernel import clock
from notify import selectors
from notify.selectors import Delay


def inbox(request: Any) -> dict[str, Any]:
    """`inbox_count` for everybody; `notices_delayed` for people with a post, who wait for notices."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {"inbox_count": 0}

    @cache
    def inbox_count() -> int:
        return selectors.unread_count(request.user)

    @cache
    def notices_delayed() -> Delay | None:
        return None if actor.is_stranger else selectors.delay(clock.now())

    return {"inbox_count": inbox_count, "notices_delayed": notices_delayed}
