"""The kinds of event that this room writes: the first two to a case's chain, the last to the service's."""

from __future__ import annotations

from enum import StrEnum


class IntakeEvent(StrEnum):
    REPORTED = "issue.reported"
    NOTICE_CHANGED = "notice.changed"
    NOTICES_IMPORTED = "notices.imported"
