"""The sentences of the ladder's events, for the history of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.db.models import TextChoices

from accounts.enums import Team
from audit import presenters
from audit.selectors import EventView
from escalation.enums import ClosureKind, Stage
from escalation.events import IssueEvent
from escalation.ladder import MOVES
from govuk import when
from incidents.enums import AgendaBody, ImpactLevel, LeadAuthority, NamedAs
from incidents.enums.requests import ChallengeOutcome, Challenger, HelpOutcome, ReopenOutcome
from moves.presenters import PUBLISHED as IN_PLACE
from moves.presenters import told_with_place


def _moved(event: EventView) -> str:
    """'Moved from CAM to TTG: reason'. The same shape for every move, so that the history reads as one story."""
    source, target = Stage(event.facts["from"]).label, Stage(event.facts["to"]).label
    inputs = event.facts.get("inputs", {})
    said = (
        inputs.get("reason")
        or inputs.get("note")
        or inputs.get("information_wanted")
        or inputs.get("arrangement")
        or ""
    )
    return f"Moved from {source} to {target}" + (f": {said}" if said else "")


def _declared(event: EventView) -> str:
    inputs = event.facts.get("inputs", {})
    return f"Declared incident {event.facts.get('incident')}: {inputs.get('title', '')}"


def _closed(event: EventView) -> str:
    inputs = event.facts["inputs"]
    return f"Closed ({ClosureKind(inputs['closure_kind']).label.lower()}): {inputs['reason']}"


def _confirmed(event: EventView) -> str:
    named = NamedAs(event.facts["role"]).label.lower()
    if event.facts["agrees"]:
        return f"Confirmed: {named}"
    return f"Did not confirm ({named}): {event.facts['said']}"


def _assessed(event: EventView) -> str:
    overall, before = ImpactLevel(event.facts["overall"]), event.facts.get("before")
    if event.facts.get("confirms"):
        return f"Confirmed the impact unchanged at {overall.label}: {event.facts.get('overall_reason', '')}"
    was = f" (was {ImpactLevel(before).label})" if before and before != overall else ""
    reach = event.facts.get("could_reach")
    could = f"; it could reach {ImpactLevel(reach).label}" if reach else ""
    return f"Assessed the impact as {overall.label}{was}{could}"


def _nnc(event: EventView) -> str:
    names = {"nationally_significant": "nationally significant", "novel": "novel", "contentious": "contentious"}
    met = [label for name, label in names.items() if event.facts[name]["met"]]
    lead = LeadAuthority(event.facts["lead_authority"]).label
    if event.facts.get("confirms"):
        return f"Confirmed the NNC assessment unchanged: {event.facts['confirms_reason']}"
    proposal = "" if event.facts.get("stands") else " (does not stand over the present one)"
    return f"Assessed NNC: {', '.join(met) or 'no criterion met'}; lead: {lead}{proposal}"


def _commissioned(event: EventView) -> str:
    due = f" by {when.day(date.fromisoformat(event.facts['due']))}" if event.facts.get("due") else ""
    return f"Asked {Team(event.facts['team']).label}{due}: {event.facts['what']}"


def _reassigned(event: EventView) -> str:
    before, after = Team(event.facts["before"]).label, Team(event.facts["after"]).label
    return f"Reassigned from {before} to {after}: {event.facts['reason']}"


def _product_safety_set(event: EventView) -> str:
    said = "is" if event.facts["after"] else "is not"
    return f"Said that this {said} about product safety" + _because(event)


def _danger_set(event: EventView) -> str:
    if event.facts["after"]:
        said = "somebody could be hurt now"
    else:
        said = "nobody can be hurt any more" if event.facts["before"] else "nobody could be hurt now"
    return f"Said that {said}{_because(event)}"


def _taken_over(words: str) -> Callable[[EventView], str]:
    """Who chairs or leads from here and why, with the senior civil servant whom a deputy consulted before."""

    def told(event: EventView) -> str:
        consulted = event.facts.get("consulted_as")
        before = f" (consulted before: {consulted})" if consulted else ""
        return f"{event.facts['after']} {words} from here{before}{_because(event)}"

    return told


def _because(event: EventView) -> str:
    return f": {event.facts['reason']}" if event.facts["reason"] else ""


def _told(event: EventView) -> str:
    """Who was woken, for an inquiry that asks."""
    return f". Told: {', '.join(event.facts['told'])}" if event.facts["told"] else ". Nobody could be told"


def _target_passed(event: EventView) -> str:
    due = when.london(datetime.fromisoformat(event.facts["due_at"]))
    return f"The target for {Stage(event.facts['stage']).label}, {due}, passed{_told(event)}"


def _review_due(event: EventView) -> str:
    return f"The review set for {when.day(date.fromisoformat(event.facts['review_on']))} fell due{_told(event)}"


def _commission_overdue(event: EventView) -> str:
    due = when.day(date.fromisoformat(event.facts["due"]))
    return f"{Team(event.facts['team']).label} had not answered by {due}: {event.facts['what']}{_told(event)}"


_CHALLENGED_BY = {Challenger.ORIGINATOR: "by the originator", Challenger.STAFF: "by a colleague"}


def _closure_challenged(event: EventView) -> str:
    return f"Challenged the closure ({_CHALLENGED_BY[event.facts['raised_by']]}): {event.facts['points']}"


def _answered(asked: str, outcomes: type[TextChoices]) -> Callable[[EventView], str]:
    """'The challenge of the closure: upheld', with the reply where there is one."""

    def told(event: EventView) -> str:
        outcome = outcomes(event.facts["outcome"]).label.partition(":")[0].lower()
        return f"{asked}: {outcome}" + (f". {event.facts['reply']}" if event.facts["reply"] else "")

    return told


SENTENCES = {
    **{f"issue.{name}": _moved for name in MOVES},
    "issue.request_information": lambda e: f"The conference asked: {e.facts['inputs']['what']}",
    "issue.declare_incident": _declared,
    "issue.join_incident": lambda e: f"Joined incident {e.facts['incident']}: {e.facts['inputs']['reason']}",
    "issue.merge": lambda e: f"Merged into {e.facts['into']}: {e.facts['inputs']['reason']}",
    IssueEvent.ABSORBED: lambda e: f"{e.facts['other']} was merged into this issue",
    IssueEvent.RELEASED: lambda e: f"{e.facts['other']} goes on by itself again: it was not the same matter",
    "issue.close": _closed,
    IssueEvent.IMPACT_ASSESSED: _assessed,
    IssueEvent.NNC_ASSESSED: _nnc,
    IssueEvent.COMMISSIONED: _commissioned,
    IssueEvent.COMMISSION_SETTLED: lambda e: f"{e.facts['outcome'].capitalize()}: {e.facts['result']}",
    IssueEvent.TEAM_REASSIGNED: _reassigned,
    IssueEvent.CHAIR_CHANGED: _taken_over("chairs the conference"),
    IssueEvent.SCS_LEAD_CHANGED: _taken_over("leads CAM-EP"),
    IssueEvent.PRODUCT_SAFETY_SET: _product_safety_set,
    IssueEvent.DANGER_SET: _danger_set,
    IssueEvent.CLOSURE_CHALLENGED: _closure_challenged,
    IssueEvent.REVIEWER_NAMED: lambda e: f"Named a reviewer for the challenge of the closure: {e.facts['reviewer_as']}",
    IssueEvent.CHALLENGE_ANSWERED: _answered("The challenge of the closure", ChallengeOutcome),
    IssueEvent.HELP_ASKED: lambda e: f"{e.facts['authority']} asked for help: {e.facts['what']}",
    IssueEvent.HELP_ANSWERED: _answered("The request for help", HelpOutcome),
    IssueEvent.REOPENING_ASKED: lambda e: f"Asked that the case be reopened: {e.facts['what_changed']}",
    IssueEvent.REOPENING_ANSWERED: _answered("The request to reopen", ReopenOutcome),
    IssueEvent.TARGET_PASSED: _target_passed,
    IssueEvent.REVIEW_DUE: _review_due,
    IssueEvent.COMMISSION_OVERDUE: _commission_overdue,
    IssueEvent.MARK_TAKEN_UP: lambda e: (
        f"What waited for the next {AgendaBody(e.facts['body']).label} was taken up: {e.facts['outcome']}"
    ),
    IssueEvent.CONFIRMED: _confirmed,
    IssueEvent.EVIDENCE_ADDED: lambda e: f"Added evidence: {e.facts['title']}",
    IssueEvent.EDITED: lambda e: f"Changed {', '.join(e.facts.get('changed', {}))}".replace("_", " "),
}


# What is published of the inputs of a move. People, and what was said to or about an originator, are not.
_INPUTS = (
    "reason", "note", "plan", "justification", "review_on", "grounds", "recommendation", "information_wanted", "due",
    "what", "team", "arrangement", "lead_team", "lead_kind", "authority", "watch_for", "closure_kind", "ground",
    "what_changed", "title", "response_level", "policy_owner", "lead_department", "exception_reason",
    "changes_the_picture",
)  # fmt: skip
_OF_A_MOVE = (
    "from", "to", "warnings", "passed_over", "incident", "into", *IN_PLACE, *(f"inputs.{name}" for name in _INPUTS),
)  # fmt: skip
_OF_A_CHANGE = ("stage", "reason", "before", "after", *IN_PLACE)

PUBLISHED = {
    **{f"issue.{name}": _OF_A_MOVE for name in MOVES},
    IssueEvent.ABSORBED: ("other",),
    IssueEvent.RELEASED: ("other",),
    IssueEvent.IMPACT_ASSESSED: ("stage", "overall", "before", "overall_reason", "could_reach", "confirms"),
    IssueEvent.NNC_ASSESSED: (
        "stage", "nationally_significant", "novel", "contentious", "lead_authority", "stands", "confirms",
        *IN_PLACE,
    ),
    IssueEvent.COMMISSIONED: ("commission", "what", "team", "due"),
    IssueEvent.COMMISSION_SETTLED: ("commission", "outcome", "result"),
    IssueEvent.TEAM_REASSIGNED: _OF_A_CHANGE,
    IssueEvent.CHAIR_CHANGED: (*_OF_A_CHANGE, "consulted_as"),
    IssueEvent.SCS_LEAD_CHANGED: (*_OF_A_CHANGE, "consulted_as"),
    IssueEvent.PRODUCT_SAFETY_SET: _OF_A_CHANGE,
    IssueEvent.DANGER_SET: _OF_A_CHANGE,
    IssueEvent.CLOSURE_CHALLENGED: ("request",),
    IssueEvent.REVIEWER_NAMED: ("request",),
    IssueEvent.CHALLENGE_ANSWERED: ("request", "outcome"),
    IssueEvent.HELP_ASKED: ("request", "authority", "what", "due"),
    IssueEvent.HELP_ANSWERED: ("request", "outcome", "reply"),
    IssueEvent.REOPENING_ASKED: ("request", "ground", "what_changed"),
    IssueEvent.REOPENING_ANSWERED: ("request", "outcome", "reply"),
    IssueEvent.TARGET_PASSED: ("stage", "visit", "due_at", "told"),
    IssueEvent.REVIEW_DUE: ("stage", "review_on", "told"),
    IssueEvent.COMMISSION_OVERDUE: ("commission", "what", "team", "due", "told"),
    IssueEvent.MARK_TAKEN_UP: ("mark", "body", "outcome"),
    IssueEvent.CONFIRMED: ("consultation", "role", "agrees"),
    IssueEvent.EVIDENCE_ADDED: ("evidence", "evidence_kind", "title", "for_next"),
    IssueEvent.EDITED: ("changed",),
}  # fmt: skip


def register() -> None:
    for kind, sentence in SENTENCES.items():
        presenters.register(kind, told_with_place(sentence), facts=PUBLISHED.get(kind, ()))
