"""What changes beside the stage: whose the case is, who chairs or leads, and whether it is about product safety.

Each door takes the version that the caller saw and answers the climb. Each raises, in the order of a move: NotFound,
InvalidInput (no version), ChangedSinceSeen, NotFromHere, NotAllowed, InvalidInput, Blocked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS, Team, ftl_post
from accounts.models import User
from accounts.selectors import Person
from audit import services as audit
from command import selectors as command
from command.enums import GroupStatus
from escalation import selectors
from escalation.enums import Stage
from escalation.events import IssueEvent
from escalation.ladder.offices import OFFICES
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.services.climbs import climb_lock, touch
from escalation.services.moves import ISSUE_MACHINE
from escalation.services.writing import due_of
from incidents.enums import PersonRole
from incidents.models import Issue, IssuePerson
from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotFound, NotFromHere
from moves import mover
from moves.mover import Entered, Offer
from moves.standing import Cover, standing_of
from notify import selectors as notices
from notify import services as notify

TITLE_LENGTH = 250


@dataclass(frozen=True)
class _Opened:
    """A change that may be made: the case under its lock, who makes it with which inputs, and when."""

    climb: Escalation
    entered: Entered
    at: datetime

    @property
    def inputs(self) -> Mapping[str, Any]:
        return self.entered.inputs

    @property
    def reason(self) -> str:
        return self.inputs["reason"]


@transaction.atomic
def reassign_team(*, reference: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Escalation:
    """Hand the case to another team, at the stage where it stands (IMP-2.3). Both leaders are told."""
    opened = _open("reassign_team", reference=reference, version=version, by=by, data=data)
    before, after = opened.climb.handling_team, opened.inputs["team"]
    opened.climb.issue.functional_team = after
    leaders = accounts.holders_of(ftl_post(before), ftl_post(after))
    return _make(
        opened,
        IssueEvent.TEAM_REASSIGNED,
        tell=leaders,
        title="Handled by another team",
        said=f"Now: {Team(after).label}. Before: {Team(before).label}.",
        before=before,
        after=after,
    )


@transaction.atomic
def change_chair(*, reference: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Escalation:
    """Let somebody else chair the case conference (IMP-2.16). Both chairs and IMT are told."""
    opened = _open("change_chair", reference=reference, version=version, by=by, data=data)
    climb, before, after = opened.climb, opened.climb.conference_chair, opened.inputs["chair"].user
    climb.conference_chair = after
    _take_over(opened, before, after, PersonRole.CHAIR)
    return _make(
        opened,
        IssueEvent.CHAIR_CHANGED,
        tell=[before, after, *_imt()],
        title="The case conference has another chair",
        said=_now_and_before(after, before),
        before=_named(before),
        after=_named(after),
    )


@transaction.atomic
def change_scs_lead(*, reference: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Escalation:
    """Let another senior civil servant lead CAM-EP (IMP-2.13). Both leads and IMT are told."""
    opened = _open("change_scs_lead", reference=reference, version=version, by=by, data=data)
    climb, before, after = opened.climb, opened.climb.scs_lead, opened.inputs["scs_lead"].user
    climb.scs_lead = after
    _take_over(opened, before, after, PersonRole.LEAD)
    return _make(
        opened,
        IssueEvent.SCS_LEAD_CHANGED,
        tell=[before, after, *_imt()],
        title="CAM-EP has another lead",
        said=_now_and_before(after, before),
        before=_named(before),
        after=_named(after),
    )


@transaction.atomic
def set_product_safety(*, reference: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Escalation:
    """Say whether the case is about product safety, which the NNC criteria hang on (IMP-2.11). IMT is told."""
    opened = _open("set_product_safety", reference=reference, version=version, by=by, data=data)
    issue, after = opened.climb.issue, opened.inputs["is_product_safety"]
    before, issue.is_product_safety = issue.is_product_safety, after
    title = "Said to be about product safety" if after else "Said not to be about product safety"
    return _make(opened, IssueEvent.PRODUCT_SAFETY_SET, tell=_imt(), title=title, before=before, after=after)


@transaction.atomic
def set_danger(*, reference: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Escalation:
    """Say that somebody could be hurt now, or take that back with a reason (IMP-2.3). Clocks and queues follow.

    Raised, it alarms IMT and the team's leader, and the chairs of the incident that the issue belongs to; taken back,
    everybody whom the case has alarmed is told.
    """
    opened = _open("set_danger", reference=reference, version=version, by=by, data=data)
    issue, after = opened.climb.issue, opened.inputs["danger_now"]
    before, issue.danger_now = issue.danger_now, after
    concerned = [*_imt(), *accounts.holders_of(ftl_post(opened.climb.handling_team)), *_chairs_responding(issue)]
    tell = concerned if after else [*concerned, *notices.told_urgently(reference)]
    title = "Someone could be hurt now" if after else "No danger any more" if before else "Nobody could be hurt now"
    return _make(opened, IssueEvent.DANGER_SET, tell=tell, title=title, before=before, after=after)


OFFICE_DOORS: dict[str, Callable[..., Escalation]] = {
    "reassign_team": reassign_team,
    "change_chair": change_chair,
    "change_scs_lead": change_scs_lead,
    "set_product_safety": set_product_safety,
    "set_danger": set_danger,
}


def office_offers(climb: Escalation, facts: IssueFacts) -> dict[str, Offer]:
    """Every such change that the stage knows, for the caller of the facts: allowed or not, and why not."""
    cover = Cover()
    return {
        name: mover.offer_of(
            office.change,
            facts,
            standing_of(office.change.authority[climb.stage], facts, facts.by, cover),
            name=name,
            label=office.label,
            target=climb.stage,
        )
        for name, office in OFFICES.items()
        if climb.stage in office.change.authority
    }


def office_offer(climb: Escalation, name: str, facts: IssueFacts) -> Offer:
    """The offer of one of them. Raises NotFromHere where the stage does not know it."""
    _require_from_here(climb, name)
    return office_offers(climb, facts)[name]


def _require_from_here(climb: Escalation, name: str) -> None:
    if name not in OFFICES:
        raise NotFound(f"There is no change called '{name}'.")
    if climb.stage not in OFFICES[name].change.authority:
        raise NotFromHere(f"'{OFFICES[name].label}' is not possible at '{Stage(climb.stage).label}'.")


def _open(name: str, *, reference: str, version: Any, by: Actor, data: Mapping[str, Any]) -> _Opened:
    climb = climb_lock(reference, by)
    mover.require_version(ISSUE_MACHINE, climb, version, by)
    _require_from_here(climb, name)
    change = OFFICES[name].change
    facts = selectors.facts_of(climb, by)
    entered = mover.enter(
        mover.admit(change.authority[climb.stage], facts, by),
        change.form,
        data,
        blockers=lambda inputs: mover.input_blockers(change, facts, inputs),
    )
    return _Opened(climb, entered, clock.now())


def _make(
    opened: _Opened,
    event: IssueEvent,
    *,
    tell: Iterable[User | None],
    title: str,
    said: str = "",
    **facts: Any,
) -> Escalation:
    """Save the change, write its one event, and tell whom it concerns but for whoever made it.

    `said` stands in the notice before the reason.
    """
    climb, issue, by = opened.climb, opened.climb.issue, opened.entered.by
    touch(climb, issue, opened.at)
    audit.record(
        event,
        chain=issue.reference,
        by=by,
        at=opened.at,
        version=issue.version,
        stage=climb.stage,
        reason=opened.reason,
        **opened.entered.standing.as_recorded(),
        **_as_consulted(opened.inputs),
        **facts,
    )
    notify.notice_queue(
        event,
        to=[person for person in tell if person and person.pk != by.user_id],
        about=issue.reference,
        title=f"{title}: {issue.reference} {issue.title}"[:TITLE_LENGTH],
        body=f"{said}\n\n{opened.reason}".strip(),
        url=issue.get_absolute_url(),
        key=f"{issue.reference}/{issue.version}/{event}",
        done_as=by.label,
        due=due_of(climb),
        urgent=climb.danger_now,
    )
    mover.tell_of_acting(
        opened.entered.standing,
        what=title,
        about=issue.reference,
        url=issue.get_absolute_url(),
        key=f"{issue.reference}/{issue.version}/{event}/acted_for",
    )
    return climb


def _as_consulted(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Whom a deputy consulted before, how and when; nothing where nobody was named."""
    consulted: Person | None = inputs.get("consulted_scs")
    if consulted is None:
        return {}
    return {
        "consulted_scs": consulted.user.email,
        "consulted_as": consulted.title,
        "consulted_how": inputs["consulted_how"],
        "consulted_at": inputs["consulted_at"],
    }


def _take_over(opened: _Opened, before: User | None, after: User, role: PersonRole) -> None:
    """The new one joins the case; the one before may still read what they worked on."""
    people = IssuePerson.objects.filter(issue=opened.climb.issue)
    if before:
        people.filter(user=before, role=role).delete()
        people.get_or_create(
            issue=opened.climb.issue, user=before, role=PersonRole.OBSERVER, defaults={"since": opened.at}
        )
    people.get_or_create(issue=opened.climb.issue, user=after, role=role, defaults={"since": opened.at})


def _now_and_before(after: User, before: User | None) -> str:
    return f"Now: {after}." + (f" Before: {before}." if before else "")


def _named(person: User | None) -> str:
    return person.email if person else ""


def _chairs_responding(issue: Issue) -> list[User]:
    """Who chairs in the live incident that the issue belongs to."""
    if issue.incident is None or not command.is_live_incident(issue.incident):
        return []
    return [group.chair for group in command.groups_of(issue.incident) if group.status == GroupStatus.STANDING]


def _imt() -> list[User]:
    return accounts.holders_of(*IMT_POSTS)
