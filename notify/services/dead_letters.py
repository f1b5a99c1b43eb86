"""Dead letters go again when the operator says so."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.enums import OPERATOR
from accounts.rules import is_operator
from audit import SERVICE_CHAIN
from audit import services as audit
from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotAllowed, NotFound
from notify import selectors
from notify.events import NotifyEvent
from notify.models import Delivery, Notice


@transaction.atomic
def dead_letter_send_again(*, channel: str, number: int, by: Actor) -> None:
    """Deliver one dead letter anew, with all its attempts. Raises NotFound when it is none, or none any more."""
    _require_operator(by)
    if channel not in selectors.CHANNELS or not _revive(_dead(channel).filter(pk=number)):
        raise NotFound("There is no such dead letter. It may be on its way again already.")
    audit.record(NotifyEvent.SENT_AGAIN, chain=SERVICE_CHAIN, by=by, channel=channel, number=number, count=1)


@transaction.atomic
def dead_letters_send_again(*, by: Actor) -> int:
    """Deliver every dead letter of every channel anew; how many there were."""
    _require_operator(by)
    counts = {channel: _revive(_dead(channel)) for channel in selectors.CHANNELS}
    total = sum(counts.values())
    if total:
        audit.record(NotifyEvent.SENT_AGAIN, chain=SERVICE_CHAIN, by=by, channel="all", count=total)
    return total


def _require_operator(by: Actor) -> None:
    if not is_operator(by):
        raise NotAllowed("Only the Service Operator sends dead letters again", posts=[OPERATOR])


def _dead(channel: str) -> QuerySet[Any]:
    if channel == selectors.INBOX:
        return selectors.dead(Notice.objects.all())
    return selectors.dead(Delivery.objects.filter(channel=channel))


def _revive(dead: QuerySet[Any]) -> int:
    """As new; what was said last stays to be read. One that was held is not held again: its time is over."""
    again: dict[str, Any] = {"failed_at": None, "why_not": "", "claimed_until": None, "attempts": 0}
    if dead.model is Delivery:
        again["not_before"] = clock.now()
    return dead.update(**again)
