"""For templates: `inbox_count`, how many notices wait for whoever looks. Asked only by a page that shows it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject

from notify import selectors


def inbox(request: Any) -> dict[str, Any]:
    if getattr(request, "actor", None) is None:
        return {"inbox_count": 0}
    return {"inbox_count": SimpleLazyObject(lambda: selectors.unread_count(request.user))}
