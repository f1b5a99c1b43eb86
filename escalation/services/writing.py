"""What moves write besides moving: the decision, notices, commissions, people on the case, consultations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from accounts.selectors import Person
from audit import services as audit
from escalation.enums import ENDS
from escalation.events import IssueEvent
from escalation.models import Escalation
from incidents.enums import CommissionKind, CommissionStatus, NamedAs, PersonRole
from incidents.enums.requests import ReopenOutcome
from incidents.models import Commission, Consultation, Decision, IssuePerson, ReopenRequest
from kernel.actors import Actor
from moves.machine import Making
from notify import services as notify

TITLE_LENGTH = 250


def decide(making: Making, *, reason: str | None = None) -> Decision:
    """Put the decision on the record, with whomever it names beside the mover (IMP-1.3, 2.16)."""
    climb: Escalation = making.subject
    decision = Decision.objects.create(
        issue=climb.issue,
        incident=climb.issue.incident,
        kind=making.name,
        title=f"{climb.get_stage_display()}: {climb.issue.title}"[:TITLE_LENGTH],
        reason=making.inputs["reason"] if reason is None else reason,
        stage_from=making.source,
        stage_to=making.target,
        impact_level=making.facts.impact_level,
        made_by_id=making.by.user_id,
        made_as=making.by.label,
        made_at=making.at,
        acting_reason=making.acting_reason,
    )
    if consulted := making.inputs.get("consulted_scs"):
        how, at = making.inputs["consulted_how"], making.inputs["consulted_at"]
        _name(making, decision, consulted, role=NamedAs.CONSULTED, how=how, consulted_at=at)
    if second := making.inputs.get("second_person"):
        _name(making, decision, second, role=NamedAs.SECOND_PERSON)
    return decision


def _name(making: Making, decision: Decision, person: Person, *, role: NamedAs, **said: Any) -> None:
    """Put on record whom the mover names, and ask them to confirm it: until then it is the mover's word."""
    issue = making.subject.issue
    let_read(making.subject, person.user, making.at)
    named = Consultation.objects.create(
        decision=decision, user=person.user, consulted_as=person.title, role=role, **said
    )
    notify.notice_queue(
        "issue.named",
        to=[person.user],
        about=issue.reference,
        title=f"Please confirm: {role.label.lower()}: {issue.reference} {issue.title}"[:TITLE_LENGTH],
        body=decision.reason,
        url=reverse("escalation:consultation-confirm", args=[issue.reference, named.pk]),
        key=f"{issue.reference}:named:{named.pk}",
        done_as=making.by.label,
    )


def tell(
    making: Making,
    people: Iterable[User | None],
    *,
    title: str,
    body: str,
    due: date | None = None,
    urgent: bool = False,
) -> None:
    """Queue one notice a person about this move; those who may not know of the case are not told at delivery.

    Without `due` what is asked is due when the case should leave the stage that it came to, or be looked at again.
    """
    climb: Escalation = making.subject
    issue = climb.issue
    notify.notice_queue(
        f"issue.{making.name}",
        to=[person for person in people if person],
        about=issue.reference,
        title=f"{title}: {issue.reference} {issue.title}"[:TITLE_LENGTH],
        body=body,
        url=issue.get_absolute_url(),
        key=f"{issue.reference}/{issue.version}/{making.name}",
        done_as=making.by.label,
        due=due or due_of(climb),
        urgent=urgent or climb.danger_now,
    )


def due_of(climb: Escalation) -> date | None:
    """Until when something should have become of a case where it stands; None once it has ended."""
    return None if climb.stage in ENDS else climb.due_at or climb.review_on


def commission(making: Making, *, kind: CommissionKind, what: str, team: str, due: date | None = None) -> Commission:
    """Ask a team for something as part of a move; the chain says so beside the move itself."""
    climb: Escalation = making.subject
    return commission_put(
        climb,
        {"kind": kind, "what": what, "team": team, "due": due},
        origin=("move", making.name),
        by=making.by,
        at=making.at,
    )


def commission_put(
    climb: Escalation, asked: Mapping[str, Any], *, origin: tuple[str, str], by: Actor, at: datetime
) -> Commission:
    """Put on record what is asked of a team (kind, what, team, due), and write it to the chain of the case.

    `origin` is the kind and reference of what asks. The caller has raised the version.
    """
    origin_kind, reference = origin
    made = Commission.objects.create(
        issue=climb.issue,
        **asked,
        origin_kind=origin_kind,
        origin=reference,
        asked_by_id=by.user_id,
        asked_as=by.label,
        asked_at=at,
    )
    audit.record(
        IssueEvent.COMMISSIONED,
        chain=climb.issue.reference,
        by=by,
        at=at,
        version=climb.issue.version,
        commission=made.pk,
        what=made.what,
        team=made.team,
        due=made.due,
    )
    return made


def feedback_owed(making: Making, *, what: str) -> None:
    """Telling the originator is a task of the handling team, where somebody outside is named (IMP-2.19)."""
    climb: Escalation = making.subject
    if hasattr(climb.issue, "originator"):
        commission(making, kind=CommissionKind.ACTION, what=what, team=climb.handling_team)


def feedback_withdrawn(making: Making, *, asked_by: str) -> str:
    """Waive the task that the last move of that name left, where nobody has done it; the answer is how it then stood.

    Empty where that move left none.
    """
    climb: Escalation = making.subject
    left = Commission.objects.filter(issue=climb.issue, origin_kind="move", origin=asked_by)
    task = left.order_by("-asked_at", "-pk").first()
    if task is None:
        return ""
    if task.status == CommissionStatus.ASKED:
        task.status, task.result = CommissionStatus.WAIVED, making.inputs["reason"]
        task.save()
        audit.record(
            IssueEvent.COMMISSION_SETTLED,
            chain=climb.issue.reference,
            by=making.by,
            at=making.at,
            version=climb.issue.version,
            commission=task.pk,
            outcome=task.status,
            result=task.result,
        )
    return task.status


def reopen_requests_answered(making: Making) -> None:
    """The case is reopened, so whatever else asked for that is accepted by it; each who asked is told (IMP-3.27)."""
    issue = making.subject.issue
    for asked in ReopenRequest.objects.select_for_update(no_key=True, of=("self",)).filter(
        issue=issue, answered_at=None
    ):
        asked.outcome, asked.reply = ReopenOutcome.ACCEPTED, making.inputs["what_changed"]
        asked.answered_by_id, asked.answered_as, asked.answered_at = making.by.user_id, making.by.label, making.at
        asked.save()
        audit.record(
            IssueEvent.REOPENING_ANSWERED,
            chain=issue.reference,
            by=making.by,
            at=making.at,
            version=issue.version,
            request=asked.pk,
            outcome=asked.outcome,
            reply=asked.reply,
        )
        notify.notice_queue(
            IssueEvent.REOPENING_ANSWERED,
            to=[asked.asked_by] if asked.asked_by and asked.asked_by_id != making.by.user_id else [],
            about=issue.reference,
            title=f"The case is reopened as you asked: {issue.reference} {issue.title}"[:TITLE_LENGTH],
            body=asked.reply,
            url=f"{issue.get_absolute_url()}#requests",
            key=f"{IssueEvent.REOPENING_ANSWERED}:{issue.reference}:{asked.pk}",
            done_as=making.by.label,
            urgent=making.subject.danger_now,
        )


def join_case(climb: Escalation, user: User | None, at: datetime, role: PersonRole) -> None:
    IssuePerson.objects.get_or_create(issue=climb.issue, user=user, role=role, defaults={"since": at})


def let_read(climb: Escalation, user: User, at: datetime) -> None:
    """Put on the case whoever is asked to look at it, unless they are on it already: they may read it from then on."""
    if not IssuePerson.objects.filter(issue=climb.issue, user=user).exists():
        join_case(climb, user, at, PersonRole.OBSERVER)
