"""Every address of the product with the view behind it, and a sample of each that leads to something that exists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import get_resolver

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """`name` is empty for the addresses that only the OpenAPI document tells apart."""

    pattern: str
    name: str
    view: Any

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")

    @property
    def authority(self) -> str:
        return getattr(self.view, "authority", "")

    def sample(self, values: Mapping[str, Any]) -> str:
        """The address with `values` in it; a reference is that of the kind of case that the address is about."""
        kind = self.pattern.removeprefix("api/v1/").split("/")[0]
        return "/" + _PARAMETER.sub(
            lambda found: str(values.get(f"{kind}.{found[1]}", values.get(found[1]))), self.pattern
        )


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", ()))


def _walk(entries: Any, prefix: str, spaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in entries:
        pattern = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from _walk(entry.url_patterns, pattern, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            view = getattr(entry.callback, "view_class", getattr(entry.callback, "cls", entry.callback))
            yield Route(pattern, ":".join([*spaces, entry.name or ""]), view)
