"""The kinds of events that the record keeps about itself."""

from __future__ import annotations

from enum import StrEnum


class AuditKind(StrEnum):
    OPENED = "chain.opened"
    SEALED = "audit.sealed"
