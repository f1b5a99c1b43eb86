"""How a line of the log looks: JSON in production, plain words in the demonstration.

Lines hold no personal data and no case material. A fault is told by its kind and place: the words of an exception
may quote what somebody typed, so they stay out of the production log.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from kernel import trace

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_DEEPEST = 40  # places of a fault, counted from where it was raised


class JsonLine(logging.Formatter):
    """One line of JSON: time, level, logger, message, what is known of the request or task, and a fault's places."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **trace.facts(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            told |= _fault(record.exc_info)
        return json.dumps(told, default=str)


class PlainLine(logging.Formatter):
    """The same for people who watch a demonstration: words, then `name=value`, then the whole fault."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = {**trace.facts(), **getattr(record, "facts", {})}
        return " ".join([super().formatMessage(record), *(f"{name}={value}" for name, value in facts.items())])


def _fault(raised: Raised) -> dict[str, Any]:
    kind, error, places = raised
    if kind is None:
        return {}
    frames = traceback.extract_tb(places)[-_DEEPEST:]
    told: dict[str, Any] = {
        "error": f"{kind.__module__}.{kind.__qualname__}",
        "raised_at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    # What PostgreSQL says of itself names columns and rules, never values.
    cause = getattr(error, "__cause__", None) or error
    if state := getattr(cause, "pgcode", None):
        told["sqlstate"] = state
        if constraint := getattr(getattr(cause, "diag", None), "constraint_name", None):
            told["constraint"] = constraint
    return told
