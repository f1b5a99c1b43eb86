"""The sentences of command's events, for the history of an incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from audit import presenters
from audit.selectors import EventView
from command import authority
from command.enums import GroupLevel, Party, SectionKey
from command.events import CommandEvent
from command.ladder import INCIDENT_MOVES, SITREP_MOVES
from govuk import when
from incidents.enums import IncidentStatus, ResponseLevel
from moves.presenters import PUBLISHED as IN_PLACE
from moves.presenters import told_with_place


def _titled(sections: dict[str, str]) -> str:
    return ", ".join(key.label for key in SectionKey if key in sections)


def _joined(titles: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(titles))


def _sitrep_opened(event: EventView) -> str:
    corrects = event.facts["supersedes"]
    return f"Opened {event.facts['sitrep']}" + (f" to correct {corrects}" if corrects else "")


def _sitrep_moved(words: str, asked: str = "") -> Callable[[EventView], str]:
    def sentence(event: EventView) -> str:
        said = event.facts["inputs"].get(asked) if asked else ""
        return f"{words} {event.facts['sitrep']}" + (f": {said}" if said else "")

    return sentence


def _sitrep_issued(event: EventView) -> str:
    superseded = event.facts["superseded"]
    unchecked = " without a second check" if event.facts["second_check"] == "due" else ""
    return f"Issued {event.facts['sitrep']}{unchecked}" + (f", which supersedes {superseded}" if superseded else "")


def _occurrence(event: EventView) -> str:
    return f"{event.facts['title']} at {when.london(datetime.fromisoformat(event.facts['starts_at']))}"


def _begun(event: EventView) -> str:
    """The draft that was opened has an event of its own, which is not for everybody."""
    facts = event.facts
    late = f", {when.span(timedelta(seconds=facts['late_seconds']))} late" if facts["late_seconds"] >= 60 else ""
    return f"Due: {_occurrence(event)}{late}"


def _level_changed(event: EventView) -> str:
    inputs, before = event.facts["inputs"], ResponseLevel(event.facts["level_before"]).label
    return f"Changed the response level from {before} to {ResponseLevel(inputs['level']).label}: {inputs['reason']}"


def _proposed(event: EventView) -> str:
    remaining = "; ".join(f"{row['what']} ({row['owner']})" for row in event.facts["inputs"]["plan"])
    return f"Proposed de-escalation. What remains: {remaining}"


def _agreed(event: EventView) -> str:
    party = Party(event.facts["party"]).label
    begun = event.facts["to"] == IncidentStatus.DE_ESCALATING
    return f"Agreed to de-escalate, for {party[0].lower()}{party[1:]}" + (": de-escalation begins" if begun else "")


def _moved(words: str) -> Callable[[EventView], str]:
    return lambda event: f"{words}: {event.facts['inputs']['reason']}"


SENTENCES = {
    "incident.raise_level": _level_changed,
    "incident.lower_level": _level_changed,
    "incident.propose_de_escalation": _proposed,
    "incident.agree_de_escalation": _agreed,
    "incident.monitor": lambda e: f"Monitored from here: {e.facts['inputs']['group']} watches it",
    "incident.resume": _moved("Resumed the full response"),
    "incident.close": _moved("Closed the incident"),
    "incident.complete_review": lambda e: "Completed the review of the incident",
    CommandEvent.PHASE_BEGUN: lambda e: f"Began phase {e.facts['phase']} from {e.facts['issue']}: {e.facts['title']}",
    CommandEvent.GROUP_STOOD_DOWN: lambda e: (
        f"Stood down {e.facts['name']}; what remains is with {e.facts['longer_term_owner']}: {e.facts['reason']}"
    ),
    CommandEvent.ISSUE_JOINED: lambda e: f"Took in {e.facts['issue']}: {e.facts['title']}",
    CommandEvent.INCIDENT_OPENED: lambda e: f"Declared from {e.facts['issue']}: {e.facts['title']}",
    CommandEvent.GROUP_STOOD_UP: lambda e: (
        f"Stood up {e.facts['name']} ({GroupLevel(e.facts['level']).label.lower()}), chaired by {e.facts['chair_as']}"
    ),
    CommandEvent.RHYTHM_SET: lambda e: f"Set the first rhythm: {_joined(line['title'] for line in e.facts['events'])}",
    CommandEvent.RHYTHM_CHANGED: lambda e: f"Added to the rhythm: {e.facts['title']}",
    CommandEvent.RHYTHM_REVISED: lambda e: f"Changed in the rhythm: {e.facts['title']}",
    CommandEvent.RHYTHM_ENDED: lambda e: f"Ended in the rhythm: {e.facts['title']}: {e.facts['reason']}",
    CommandEvent.RHYTHM_REMINDED: lambda e: f"Reminded of {_occurrence(e)}",
    CommandEvent.RHYTHM_BEGUN: _begun,
    CommandEvent.RHYTHM_AGREED: lambda e: f"Agreed to the rhythm: {_joined(e.facts['events'])}",
    CommandEvent.REVIEW_REMINDED: lambda e: (
        f"Reminded that it is to be looked at again on {when.day(date.fromisoformat(e.facts['review_on']))}"
    ),
    CommandEvent.SITREP_CHECKED: lambda e: f"Checked {e.facts['sitrep']} afterwards: {e.facts['finding']}",
    CommandEvent.SITREP_OPENED: _sitrep_opened,
    CommandEvent.SITREP_EDITED: lambda e: f"Edited {e.facts['sitrep']}: {_titled(e.facts['sections'])}",
    "sitrep.submit": _sitrep_moved("Submitted"),
    "sitrep.return": _sitrep_moved("Returned", "reason"),
    "sitrep.approve": _sitrep_moved("Approved"),
    "sitrep.issue": _sitrep_issued,
    "sitrep.correct": _sitrep_moved("Began to correct", "reason"),
    "sitrep.withdraw": _sitrep_moved("Withdrew", "reason"),
}


_INPUTS = ("level", "reason", "plan", "exit_criteria_met", "scg_view", "group", "review_on")
_OF_A_MOVE = ("from", "to", "warnings", "level_before", "party", *IN_PLACE, *(f"inputs.{name}" for name in _INPUTS))
_OF_A_RESPONSE = (
    "issue",
    "title",
    "kind",
    "phase",
    "response_level",
    "impact_level",
    "significant_risk",
    "mitigation",
    "equality",
    "policy_owner",
    "lead_department",
)

_OF_A_LINE = ("event", "kind", "title", "group", "recurrence", "starts_at", "minutes", "on_bank_holidays")
_OF_AN_OCCURRENCE = ("occurrence", "kind", "title", "starts_at", "late_seconds", "told")

# No text of a report, nor of what was said of a draft: reports are read where they are issued.
PUBLISHED = {
    **{f"incident.{name}": _OF_A_MOVE for name in INCIDENT_MOVES},
    CommandEvent.INCIDENT_OPENED: _OF_A_RESPONSE,
    CommandEvent.PHASE_BEGUN: _OF_A_RESPONSE,
    CommandEvent.ISSUE_JOINED: ("issue", "title"),
    CommandEvent.GROUP_STOOD_UP: ("kind", "name", "level", "chair_as", "purpose", "exit_strategy", *IN_PLACE),
    CommandEvent.GROUP_STOOD_DOWN: ("group", "kind", "name", "longer_term_owner", "reason", *IN_PLACE),
    CommandEvent.RHYTHM_SET: ("events",),
    CommandEvent.RHYTHM_CHANGED: _OF_A_LINE,
    CommandEvent.RHYTHM_REVISED: (*_OF_A_LINE, "before", "cancelled"),
    CommandEvent.RHYTHM_ENDED: ("event", "title", "reason", "cancelled"),
    CommandEvent.RHYTHM_REMINDED: _OF_AN_OCCURRENCE,
    CommandEvent.RHYTHM_BEGUN: _OF_AN_OCCURRENCE,
    CommandEvent.RHYTHM_AGREED: ("events", *IN_PLACE),
    CommandEvent.REVIEW_REMINDED: ("review_on",),
    CommandEvent.SITREP_CHECKED: ("sitrep", "finding", *IN_PLACE),
    CommandEvent.SITREP_OPENED: ("sitrep", "supersedes"),
    CommandEvent.SITREP_EDITED: ("sitrep",),
    **{f"sitrep.{name}": ("sitrep", "from", "to", "warnings", *IN_PLACE) for name in SITREP_MOVES},
    "sitrep.issue": ("sitrep", "from", "to", "warnings", "sha256", "superseded", "second_check", *IN_PLACE),
}  # fmt: skip


def register() -> None:
    for kind, sentence in SENTENCES.items():
        of_a_draft = str(kind).startswith("sitrep.") and kind not in ("sitrep.issue", CommandEvent.SITREP_CHECKED)
        readers = authority.may_read_drafts if of_a_draft else None
        presenters.register(kind, told_with_place(sentence), facts=PUBLISHED.get(kind, ()), readers=readers)
