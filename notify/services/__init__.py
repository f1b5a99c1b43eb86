"""The doors of the outbox: notices queued, claimed, delivered and read; and the watch over the clock."""

from notify.services.notices import (
    LEASE,
    MOST_ATTEMPTS,
    case_notices_read,
    notice_claim,
    notice_deliver,
    notice_failed,
    notice_queue,
    notice_read,
)
from notify.services.watch import heartbeat, watch

__all__ = [
    "LEASE",
    "MOST_ATTEMPTS",
    "case_notices_read",
    "heartbeat",
    "notice_claim",
    "notice_deliver",
    "notice_failed",
    "notice_queue",
    "notice_read",
    "watch",
]
