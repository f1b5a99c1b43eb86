"""The ladder as a page draws it: the way that a climb has taken, and whose decision it now is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts import selectors as accounts
from accounts.models import PostHolding, User
from escalation import authority
from escalation.enums import ENDS, RUNGS, Stage
from escalation.models import Escalation
from escalation.rules import IssueFacts
from incidents.models import Decision
from moves.machine import Authority


@dataclass(frozen=True)
class Rung:
    """One step of the ladder as a page draws it: `done`, `here`, `ahead`, or `passed` over on the way up."""

    stage: str
    label: str
    state: str
    at: datetime | None = None
    by: str = ""


def rungs_of(climb: Escalation, decisions: Sequence[Decision]) -> list[Rung]:
    """The ladder as this climb has taken it, from the decisions of this climb, newest first."""
    moved = [decision for decision in reversed(decisions) if decision.stage_from != decision.stage_to]
    arrived = {decision.stage_to: decision for decision in moved}
    # The decision that began a later climb left the end of the one before: that end is no step of this one.
    left = {decision.stage_from for decision in moved} - set(ENDS)
    been = {*arrived, *left, climb.stage}
    if climb.number == 1:
        been.add(Stage.REPORTED)
    highest = max((index for index, stage in enumerate(RUNGS) if stage in been), default=-1)
    return [
        _rung(climb, stage, arrived.get(stage), been=stage in been, is_below=index < highest)
        for index, stage in enumerate(RUNGS)
    ]


def _rung(climb: Escalation, stage: Stage, decision: Decision | None, *, been: bool, is_below: bool) -> Rung:
    at, by = (decision.made_at, decision.made_as) if decision else (None, "")
    if stage == climb.stage:
        return Rung(stage, stage.label, "here", climb.entered_stage_at, by or _opener(climb, stage))
    if been:
        if stage == Stage.REPORTED:
            at, by = climb.opened_at, _opener(climb, stage)
        return Rung(stage, stage.label, "done", at, by)
    return Rung(stage, stage.label, "passed" if is_below else "ahead")


def _opener(climb: Escalation, stage: Stage) -> str:
    return climb.issue.reported_as if stage == Stage.REPORTED else ""


@dataclass(frozen=True)
class Deciding:
    """A post whose decision it now is, and who holds it today; nobody while it is vacant."""

    title: str
    people: list[User]

    @property
    def is_vacant(self) -> bool:
        return not self.people

    @property
    def names(self) -> list[str]:
        """Whom to ask for; nobody where an account goes by the name of its post."""
        return [person.name or person.email for person in self.people if person.name != self.title]


def decider_at(stage: str) -> Authority | None:
    """Who decides where a case stands, or answers for it where it rests; None once it has ended."""
    return authority.DECIDERS.get(stage) or authority.KEEPERS.get(stage)


def holdings_deciding(climb: Escalation, facts: IssueFacts) -> QuerySet[PostHolding]:
    """Who holds the posts whose decision it now is; where one person decides, the posts of that person. Not run yet."""
    if person := _person_deciding(climb):
        return accounts.holdings_today().filter(user=person)
    decider = decider_at(climb.stage)
    return accounts.holdings_today().filter(post__in=decider.holders(facts).posts if decider else ())


def deciding_now(climb: Escalation, facts: IssueFacts, held: Sequence[PostHolding]) -> list[Deciding]:
    """Whose decision it now is, by post in order of precedence, from those holdings."""
    if person := _person_deciding(climb):
        return [Deciding(held[0].post.title if held else "", [held[0].user if held else User.objects.get(pk=person)])]
    decider = decider_at(climb.stage)
    by_post: dict[str, list[User]] = {post: [] for post in (decider.holders(facts).posts if decider else ())}
    for holding in held:
        by_post[holding.post_id].append(holding.user)
    return [Deciding(accounts.post_title(post), people) for post, people in by_post.items()]


def _person_deciding(climb: Escalation) -> int | None:
    """Where the plan gives the decision to one person and not to a post (IMP-2.13, 2.16)."""
    named = {Stage.CAM_EP: climb.scs_lead_id, Stage.CASE_CONFERENCE: climb.conference_chair_id}
    return named.get(Stage(climb.stage))
