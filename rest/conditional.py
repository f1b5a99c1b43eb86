"""Conditional requests: 'only if it changed' for readers, 'only if it did not' for writers."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse

from kernel.actors import Actor
from kernel.errors import FieldError, InvalidInput, StaleVersion
from kernel.given import natural

_TAG = re.compile(r'(?:W/)?"([^"]*)"')


def etag_of(version: int, viewer: Actor | None, *parts: Any) -> str:
    """The tag of a representation: its version, and who looks, since two people may be shown different things.

    `parts` are whatever else the representation depends on, such as the hour of a due time.
    """
    who = (viewer.user_id, viewer.post, viewer.as_deputy) if viewer else ()
    return f'"{version}-{hashlib.sha256(repr((who, parts)).encode()).hexdigest()[:12]}"'


def is_unchanged(request: HttpRequest | Any, etag: str) -> bool:
    """True when the reader already has what `etag` stands for, so that 304 is the answer."""
    known = request.headers.get("If-None-Match", "")
    return known.strip() == "*" or _TAG.fullmatch(etag)[1] in _TAG.findall(known)  # type: ignore[index]


def not_modified(etag: str) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": etag})


def expected_version(request: HttpRequest | Any) -> int | None:
    """The version that the writer says it changes, by `If-Match`; None when it does not say.

    Takes the bare version (`"7"`) and an ETag as it was given (`"7-5d41402abc4b"`). The caller hands the number to the
    service, which compares it under the lock. What cannot be a version of ours is stale: StaleVersion.
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    tags = _TAG.findall(given)
    if len(tags) > 1:
        raise InvalidInput([FieldError("If-Match", "one_version", "Name one version in If-Match")])
    version = natural(tags[0].partition("-")[0]) if tags else None
    if version is None:
        raise StaleVersion("If-Match does not name a version of this: read it again")
    return version
