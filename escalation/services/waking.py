"""The clock of a case: whoever has to act is told once when its time has come, and its chain says who was.

The clock comes late after an outage, but it comes: what is due stands on the row until it was told. What was told
stands there too, so that neither a second worker nor a clock that steps back tells it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from django.urls import reverse

from accounts.enums import Team
from accounts.models import User
from audit import services as audit
from escalation import selectors
from escalation.enums import Stage
from escalation.events import IssueEvent
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.selectors import waking
from escalation.services.climbs import waking_set, waking_times
from escalation.services.writing import TITLE_LENGTH
from govuk import when
from incidents.models import Commission, Issue
from kernel.actors import SYSTEM
from notify import services as notify


def cases_wake() -> int:
    """Tell whoever has to act of each case that has passed its target, or whose review falls due (IMP-2.3, 2.9).

    How many cases there were. The case's version stays: nothing of it has changed.
    """
    return notify.do_each(
        "escalation.wake",
        lambda now: waking.climbs_to_wake(now).select_related("issue"),
        _case_wake,
        of=("self", "issue"),
        about=lambda climb: climb.issue.reference,
    )


def commissions_wake() -> int:
    """Tell the leader of the team and whoever asked of each commission that is overdue (IMP-2.9), once; how many."""
    return notify.do_each(
        "escalation.overdue",
        lambda now: waking.commissions_to_wake(now).select_related("issue"),
        _commission_wake,
        of=("self", "issue"),
        about=lambda commission: commission.issue.reference,
    )


def _case_wake(climb: Escalation, now: datetime) -> None:
    target, review = waking_times(climb)
    facts = selectors.facts_of(climb, SYSTEM)
    if target is not None and target <= now:
        _target_passed(climb, facts)
    if review is not None and review <= now:
        _review_due(climb, facts)
    waking_set(climb)
    climb.save(update_fields=["target_told_visit", "review_told", "wakes_at"])


def _commission_wake(commission: Commission, now: datetime) -> None:
    issue, due = commission.issue, cast("date", commission.due)
    commission.overdue_told_at = now
    commission.save(update_fields=["overdue_told_at"])
    people = waking.told_of_overdue(commission)
    team = Team(commission.team).label
    _tell(
        IssueEvent.COMMISSION_OVERDUE,
        issue,
        people,
        title=f"{team} owes an answer",
        body=f"It was due on {when.day(due)}: {commission.what}",
        key=f"{IssueEvent.COMMISSION_OVERDUE}:{issue.reference}:{commission.pk}",
        urgent=bool(issue.danger_now),
        url=reverse("escalation:commission-settle", args=[issue.reference, commission.pk]),
        due=commission.due,
    )
    _record(
        IssueEvent.COMMISSION_OVERDUE,
        issue,
        people,
        commission=commission.pk,
        what=commission.what,
        team=commission.team,
        due=due,
    )


def _target_passed(climb: Escalation, facts: IssueFacts) -> None:
    climb.target_told_visit = climb.visit
    people, stage = waking.told_of_target(facts), Stage(climb.stage).label
    _tell(
        IssueEvent.TARGET_PASSED,
        climb.issue,
        people,
        title=f"The target for ‘{stage}’ has passed",
        body=f"It should have moved on by {when.london_deadline(climb.due_at or climb.entered_stage_at)}.",
        key=f"{IssueEvent.TARGET_PASSED}:{climb.issue.reference}:{climb.number}:{climb.visit}",
        urgent=waking.is_grave(facts),
        url=climb.issue.get_absolute_url(),
        due=climb.due_at,
    )
    _record(IssueEvent.TARGET_PASSED, climb.issue, people, stage=climb.stage, visit=climb.visit, due_at=climb.due_at)


def _review_due(climb: Escalation, facts: IssueFacts) -> None:
    climb.review_told = climb.review_on
    people, stage = waking.told_of_review(facts), Stage(climb.stage).label
    _tell(
        IssueEvent.REVIEW_DUE,
        climb.issue,
        people,
        title="Look at this case again",
        body=f"It rests at ‘{stage}’, and its review falls due."
        + (f" What would bring it back: {climb.watch_for}" if climb.watch_for else ""),
        key=f"{IssueEvent.REVIEW_DUE}:{climb.issue.reference}:{climb.number}:{climb.review_on}",
        urgent=waking.is_grave(facts),
        url=climb.issue.get_absolute_url(),
        due=climb.review_on,
    )
    _record(IssueEvent.REVIEW_DUE, climb.issue, people, stage=climb.stage, review_on=climb.review_on)


def _tell(
    event: IssueEvent,
    issue: Issue,
    people: Sequence[User],
    *,
    title: str,
    body: str,
    key: str,
    urgent: bool,
    url: str,
    due: date | None,
) -> None:
    notify.notice_queue(
        event,
        to=people,
        about=issue.reference,
        title=f"{title}: {issue.reference} {issue.title}"[:TITLE_LENGTH],
        body=body,
        url=url,
        key=key,
        due=due,
        urgent=urgent,
    )


def _record(event: IssueEvent, issue: Issue, people: Sequence[User], **facts: Any) -> None:
    """Who was woken, on the case's own chain; without a version, since nothing of the case has changed."""
    audit.record(event, chain=issue.reference, by=SYSTEM, told=[person.email for person in people], **facts)
