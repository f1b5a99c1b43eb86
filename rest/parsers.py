"""JSON as the standard has it, and not more: what two readers could take differently is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ErrorDetail, ParseError
from rest_framework.parsers import BaseParser

from rest.problems import BodyTooLarge

MAX_BODY = 1024 * 1024
MAX_DEPTH = 32


def _refuse(code: str, message: str) -> NoReturn:
    raise ParseError(ErrorDetail(message, code=code))


class StrictJsonParser(BaseParser):
    """One JSON object in UTF-8: no repeated names, no NaN or Infinity, no bottomless nesting."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        limit = getattr((parser_context or {}).get("view"), "max_body", MAX_BODY)
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge(limit)
        return read_object(body)


def read_object(body: bytes) -> dict[str, Any]:
    """The object that `body` holds; ParseError with a code of its own for each way of being wrong."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        _refuse("not_utf8", "The body must be JSON in UTF-8")
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float)
    except RecursionError:
        _refuse("too_deep", f"The body may nest at most {MAX_DEPTH} levels")
    except json.JSONDecodeError as error:
        _refuse("malformed_json", f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}")
    except ValueError:
        _refuse("malformed_json", "The body is not JSON: a number in it is too long")
    if not isinstance(value, dict):
        _refuse("not_an_object", "The body must be a JSON object")
    if _depth_exceeds(value, MAX_DEPTH):
        _refuse("too_deep", f"The body may nest at most {MAX_DEPTH} levels")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            _refuse("duplicate_name", f"The name {name[:100]!r} appears twice in one object")
        found[name] = value
    return found


def _constant(text: str) -> NoReturn:
    _refuse("malformed_json", f"The body is not JSON: {text} is not a number")


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        _refuse("malformed_json", f"The number {text[:40]} is too large")
    return value


def _depth_exceeds(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
