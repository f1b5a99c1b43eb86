"""For templates: `inbox_count`, how many notices wait for whoever looks. Asked only by a page that shows it."""

from __future__ import annotations

from functools import cache
from typing import Any

from notify import selectors


def inbox(request: Any) -> dict[str, Any]:
    if getattr(request, "actor", None) is None:
        return {"inbox_count": 0}

    @cache
    def inbox_count() -> int:
        return selectors.unread_count(request.user)

    return {"inbox_count": inbox_count}
