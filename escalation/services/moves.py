"""The one door for moving a climb, and what each move makes besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from accounts import selectors as accounts
from accounts.enums import Team
from accounts.models import User
from audit import services as audit
from command import selectors as command_selectors
from command import services as command
from escalation import authority, selectors
from escalation.events import IssueEvent
from escalation.ladder import MOVES
from escalation.models import Escalation
from escalation.services.climbs import climb_lock, touch
from incidents.enums import CommissionKind, PersonRole
from incidents.models import Commission, Consultation, Decision, IssuePerson
from kernel.actors import Actor
from kernel.errors import FieldError, InvalidInput
from moves.machine import Machine, Making
from moves.mover import make_move
from notify import services as notify


def issue_move(*, reference: str, name: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Escalation:
    """Make one move of the ladder for an issue; the answer is its climb. Errors: see `moves.mover.make_move`."""
    return make_move(ISSUE_MACHINE, reference=reference, name=name, version=version, by=by, data=data)


def _lock(reference: str, by: Actor) -> Escalation:
    return climb_lock(selectors.climb_get(reference, by))


def _touch(making: Making) -> None:
    """Set what the climb itself remembers of the move, and save it."""
    climb: Escalation = making.subject
    if making.name == "begin_assessment" and making.inputs["handling_team"]:
        climb.issue.functional_team = making.inputs["handling_team"]
    elif making.name == "activate_cam_ep":
        climb.scs_lead = making.inputs["scs_lead"].user
    elif making.name == "request_case_conference":
        climb.conference_chair = _conference_chair(making)
        climb.conference_grounds = making.inputs["grounds"]
    touch(climb, climb.issue, making.at)


def _conference_chair(making: Making) -> User:
    """Whoever was named; else the requester when a Deputy Director or higher, else the person consulted."""
    if making.inputs["chair"]:
        return making.inputs["chair"].user
    if making.by.post in authority.DD_OR_HIGHER_POSTS:
        return User.objects.get(email=making.by.email)
    return making.inputs["consulted_scs"].user


def _decide(making: Making, *, reason: str | None = None) -> Decision:
    """Put the decision on the record, from where to where and on what level of impact (IMP-1.3)."""
    climb: Escalation = making.subject
    return Decision.objects.create(
        issue=climb.issue,
        incident=climb.issue.incident,
        kind=making.name,
        title=f"{climb.get_stage_display()}: {climb.issue.title}"[:250],
        reason=making.inputs["reason"] if reason is None else reason,
        stage_from=making.source,
        stage_to=making.target,
        impact_level=making.facts.impact_level,
        made_by_id=making.by.user_id,
        made_as=making.by.label,
        made_at=making.at,
    )


def _tell(making: Making, people: Iterable[User | None], *, title: str, body: str, urgent: bool = False) -> None:
    climb: Escalation = making.subject
    issue = climb.issue
    notify.notice_queue(
        f"issue.{making.name}",
        to=[person for person in people if person],
        about=issue.reference,
        title=f"{title}: {issue.reference} {issue.title}",
        body=body,
        url=issue.get_absolute_url(),
        key=f"{issue.reference}/{climb.number}/{climb.visit}/{making.name}",
        urgent=urgent or climb.danger_now,
    )


def _commission(making: Making, *, kind: CommissionKind, what: str, team: str, due: date | None) -> Commission:
    """Ask a team for something as part of a move; the chain says so beside the move itself."""
    climb: Escalation = making.subject
    commission = Commission.objects.create(
        issue=climb.issue,
        kind=kind,
        what=what,
        team=team,
        due=due,
        origin_kind="move",
        origin=making.name,
        asked_by_id=making.by.user_id,
        asked_as=making.by.label,
        asked_at=making.at,
    )
    audit.record(
        IssueEvent.COMMISSIONED,
        chain=climb.issue.reference,
        by=making.by,
        at=making.at,
        version=climb.issue.version,
        commission=commission.pk,
        what=what,
        team=team,
        due=due,
    )
    return commission


def _join_case(climb: Escalation, user: User | None, at: datetime, role: PersonRole) -> None:
    IssuePerson.objects.get_or_create(issue=climb.issue, user=user, role=role, defaults={"since": at})


# --- effects: what a move makes besides moving ------------------------------------------------------------------------


def _submitted_to_cam(making: Making) -> None:
    _decide(making)
    _tell(making, accounts.holders_of(*authority.IMT_POSTS), title="For CAM", body=making.inputs["reason"])


def _recommended_to_ttg(making: Making) -> None:
    _decide(making)
    chairs = accounts.holders_of(authority.TTG_CHAIR_POST)
    _tell(making, chairs, title="CAM recommends to TTG", body=making.inputs["reason"])


def _activated_cam_ep(making: Making) -> None:
    climb: Escalation = making.subject
    inputs = making.inputs
    _decide(making, reason=inputs["information_wanted"])
    _join_case(climb, climb.scs_lead, making.at, PersonRole.LEAD)
    _commission(
        making,
        kind=CommissionKind.REPORT,
        what=inputs["information_wanted"],
        team=climb.handling_team,
        due=inputs["due"],
    )
    people = [climb.scs_lead, *accounts.holders_of(*authority.IMT_POSTS)]
    _tell(making, people, title="CAM-EP is activated", body=inputs["information_wanted"])


def _requested_conference(making: Making) -> None:
    climb: Escalation = making.subject
    inputs = making.inputs
    decision = _decide(making)
    _join_case(climb, climb.conference_chair, making.at, PersonRole.CHAIR)
    consulted = inputs["consulted_scs"]
    if consulted:
        Consultation.objects.create(
            decision=decision,
            user=consulted.user,
            consulted_as=consulted.title,
            how=inputs["consulted_how"],
            consulted_at=inputs["consulted_at"],
        )
    people = [climb.conference_chair, *accounts.holders_of(*authority.IMT_POSTS)]
    _tell(making, people, title="A case conference is asked for", body=inputs["reason"], urgent=True)


def _declared(making: Making) -> Mapping[str, Any]:
    """Open the incident with its command structure and first rhythm (IMP-2.20)."""
    climb: Escalation = making.subject
    issue, inputs = climb.issue, making.inputs
    scg_chair, tcg_chair = _chairs(making)
    clashes = command_selectors.chair_clashes([scg_chair.pk, tcg_chair.pk])
    incident = command.incident_open(
        issue=issue,
        title=inputs["title"],
        response_level=inputs["response_level"],
        impact_level=making.facts.impact_level,
        significant_risk=inputs["significant_risk_reason"],
        mitigation=inputs["mitigation_reason"],
        equality=inputs["equality"],
        policy_owner=inputs["policy_owner"],
        lead_department=inputs["lead_department"],
        scg_chair=scg_chair,
        tcg_chair=tcg_chair,
        by=making.by,
        at=making.at,
    )
    for chair in {scg_chair, tcg_chair}:
        _join_case(climb, chair, making.at, PersonRole.CHAIR)
    _decide(making, reason=f"{inputs['significant_risk_reason']}\n\n{inputs['mitigation_reason']}")
    if inputs["equality"].strip().rstrip(".").lower() == "not known yet":
        _commission(
            making,
            kind=CommissionKind.ADVICE,
            what="Find out who could be affected differently, and what follows from that (equality duty).",
            team=Team.POLICY,
            due=None,
        )
    return {"incident": incident.reference, "warnings": [warning.code for warning in clashes]}


def _chairs(making: Making) -> tuple[User, ...]:
    """The chairs that were named, else whoever holds the plan's posts now (IMP-3.4, 3.9)."""
    proposed = command_selectors.proposed_chairs(making.subject.handling_team)
    named = (making.inputs["scg_chair"], making.inputs["tcg_chair"])
    chairs = [person.user if person else default for person, default in zip(named, proposed, strict=True)]
    errors = [
        FieldError(field, "required", f"Nobody holds the plan's post to chair the {group} now: name the chair")
        for field, group, chair in zip(("scg_chair", "tcg_chair"), ("SCG", "TCG"), chairs, strict=True)
        if chair is None
    ]
    if errors:
        raise InvalidInput(errors)
    return tuple(chair for chair in chairs if chair)


def _closed(making: Making) -> None:
    _decide(making)
    second = making.inputs["second_person"]
    if second:
        _tell(
            making,
            [second.user],
            title="You are named as the second person at a closure",
            body=f"Please confirm that you looked at it too. Reason given: {making.inputs['reason']}",
        )


ISSUE_MACHINE = Machine(
    name="issue",
    state_field="stage",
    moves=MOVES,
    find=selectors.climb_get,
    lock=_lock,
    facts=selectors.facts_of,
    touch=_touch,
    version=lambda climb: climb.issue.version,
    chain=lambda climb: climb.issue.reference,
    effects={
        "submit_to_cam": _submitted_to_cam,
        "recommend_to_ttg": _recommended_to_ttg,
        "activate_cam_ep": _activated_cam_ep,
        "request_case_conference": _requested_conference,
        "declare_incident": _declared,
        "close": _closed,
    },
)
