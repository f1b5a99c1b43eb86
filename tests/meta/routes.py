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
        """The address with `values` in it: by `room.parameter`, the room being the first part of the address, else by
        parameter. A parameter that nobody gave a value fails the test, so that no address is tried at nothing.
        """
        room = self.pattern.removeprefix("api/v1/").split("/")[0]

        def value(found: re.Match[str]) -> str:
            given = values.get(f"{room}.{found[1]}", values.get(found[1]))
            assert given is not None, f"{self.pattern}: say in the test what '{found[1]}' leads to"
            return str(given)

        return "/" + _PARAMETER.sub(value, self.pattern)


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
