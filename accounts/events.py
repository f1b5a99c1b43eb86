"""What accounts writes to the service's own chain."""

from __future__ import annotations

from enum import StrEnum


class AccountEvent(StrEnum):
    OPENED = "account.opened"
    DEACTIVATED = "account.deactivated"
    SIGNED_IN = "account.signed_in"
    SIGNED_OUT = "account.signed_out"
    KEYBOARD_CHOSEN = "account.keyboard_chosen"


class TokenEvent(StrEnum):
    CREATED = "token.created"
    REVOKED = "token.revoked"


class HoldingEvent(StrEnum):
    STARTED = "holding.started"
    ENDED = "holding.ended"


class DeputyEvent(StrEnum):
    NAMED = "deputy.named"
    ENDED = "deputy.ended"


class TelephonesEvent(StrEnum):
    GIVEN = "telephones.given"
    REMOVED = "telephones.removed"
