"""The sentences of the outbox's events."""

from __future__ import annotations

from audit import presenters
from audit.selectors import EventView
from notify.enums import EmailChoice
from notify.events import NotifyEvent


def register() -> None:
    presenters.register(NotifyEvent.SENT_AGAIN, _sent_again, facts=("channel", "count"))
    presenters.register(NotifyEvent.EMAIL_CHOSEN, _email_chosen, facts=("choice",))


def _sent_again(event: EventView) -> str:
    return f"Sent dead letters again: {event.facts.get('count')}"


def _email_chosen(event: EventView) -> str:
    choice = event.facts.get("choice", "")
    label = EmailChoice(choice).label if choice in EmailChoice.values else choice
    return f"Chose when to be sent e-mail about what is not urgent: {label}"
