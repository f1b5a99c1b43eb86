"""The doors of the outbox: notices and e-mails queued, claimed, delivered and read; the watch over the clock."""

from notify.services.dead_letters import dead_letter_send_again, dead_letters_send_again
from notify.services.due import do_each
from notify.services.emails import (
    EMAIL,
    email_choose,
    email_claim,
    email_failed,
    email_send,
    emails_claim,
    emails_send,
    one_sender,
)
from notify.services.notices import (
    INBOX,
    case_notices_read,
    notice_deliver,
    notice_failed,
    notice_queue,
    notice_read,
    notices_claim,
    notices_deliver,
    notices_read,
)
from notify.services.watch import heartbeat, watch

__all__ = [
    "EMAIL",
    "INBOX",
    "case_notices_read",
    "dead_letter_send_again",
    "dead_letters_send_again",
    "do_each",
    "email_choose",
    "email_claim",
    "email_failed",
    "email_send",
    "emails_claim",
    "emails_send",
    "heartbeat",
    "notice_deliver",
    "notice_failed",
    "notice_queue",
    "notice_read",
    "notices_claim",
    "notices_deliver",
    "notices_read",
    "one_sender",
    "watch",
]
