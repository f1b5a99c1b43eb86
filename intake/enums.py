"""The words of what comes in."""

from __future__ import annotations

from enum import StrEnum


class NoticeOutcome(StrEnum):
    """What became of one notice of another regulator."""

    IMPORTED = "imported"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
