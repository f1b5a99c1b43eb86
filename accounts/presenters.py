"""The sentences of the accounts' events."""

from __future__ import annotations

from accounts.events import AccountEvent, DeputyEvent, HoldingEvent, TelephonesEvent, TokenEvent
from accounts.selectors import post_title
from audit import presenters
from audit.selectors import EventView


def _title(event: EventView) -> str:
    return post_title(event.facts.get("post", ""))


def _person(event: EventView) -> str:
    return event.facts.get("name") or event.facts.get("email") or "a person no longer named"


def _until(event: EventView) -> str:
    ends_on = event.facts.get("ends_on")
    return f" until {ends_on}" if ends_on else ""


def _numbers(event: EventView) -> str:
    given = (("office", event.facts.get("office")), ("out of hours", event.facts.get("out_of_hours")))
    return "; ".join(f"{which} {number}" for which, number in given if number)


SENTENCES = {
    AccountEvent.OPENED: lambda e: f"Opened an account for {_person(e)}",
    AccountEvent.DEACTIVATED: lambda e: f"Closed the account of {_person(e)}",
    AccountEvent.SIGNED_IN: lambda e: "Signed in",
    AccountEvent.SIGNED_OUT: lambda e: "Signed out",
    AccountEvent.KEYBOARD_CHOSEN: lambda e: (
        f"Chose that the key / {'goes' if e.facts.get('slash_searches') else 'does not go'} to the search box"
    ),
    TokenEvent.CREATED: lambda e: f"Made the token {e.facts.get('prefix', '')} for {_person(e)}",
    TokenEvent.REVOKED: lambda e: f"Revoked the token {e.facts.get('prefix', '')} of {_person(e)}",
    HoldingEvent.STARTED: lambda e: (
        f"{_person(e)} holds the post {_title(e)} from {e.facts.get('starts_on')}{_until(e)}"
    ),
    HoldingEvent.ENDED: lambda e: f"{_person(e)} gives up the post {_title(e)} on {e.facts.get('ends_on')}",
    TelephonesEvent.GIVEN: lambda e: f"Gave the telephone numbers of {_title(e)}: {_numbers(e)}",
    TelephonesEvent.REMOVED: lambda e: f"Removed the telephone numbers of {_title(e)}",
    DeputyEvent.NAMED: lambda e: (
        f"Named {_person(e)} a deputy of {_title(e)} from {e.facts.get('starts_on')}{_until(e)}"
    ),
    DeputyEvent.ENDED: lambda e: f"{_person(e)} no longer deputises for {_title(e)} from {e.facts.get('ends_on')}",
}


def register() -> None:
    for kind, sentence in SENTENCES.items():
        presenters.register(kind, sentence)
