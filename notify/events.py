"""What the outbox writes to the service's own chain."""

from __future__ import annotations

from enum import StrEnum


class NotifyEvent(StrEnum):
    SENT_AGAIN = "dead_letters.sent_again"
    EMAIL_CHOSEN = "email_choice.changed"
