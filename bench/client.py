"""One keep-alive HTTP client, as a browser session or a program with a token."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


class Unexpected(Exception):
    """The product answered something else than the case is about, so that its time would say nothing."""


class Client:
    def __init__(self, address: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self._headers = dict(headers)

    def get(self, path: str) -> bytes:
        return self._ask("GET", path, None, expect=200)

    def post(self, path: str, data: Mapping[str, Any], *, expect: int) -> bytes:
        return self._ask("POST", path, json.dumps(data).encode(), expect=expect)

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, *, expect: int) -> bytes:
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != expect:
            raise Unexpected(f"{method} {path} answered {answer.status}, not {expect}: {content[:500]!r}")
        return content
