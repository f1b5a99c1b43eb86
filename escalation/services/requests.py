"""What is asked about a case beside the ladder: a closure is challenged, an authority wants help, a case should return.

Asking moves nothing, and neither does an answer, but for a request to reopen that IMT accepts. Each door raises, in
this order: NotFound, NotFromHere where the case does not stand where such a thing is asked, Conflict
`request_answered`, NotAllowed, InvalidInput.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS, ftl_post
from accounts.models import User
from accounts.selectors import Person
from audit import services as audit
from escalation import authority, selectors
from escalation.events import IssueEvent
from escalation.forms import (
    ChallengeAnswerForm,
    ChallengeForm,
    HelpAnswerForm,
    HelpForm,
    ReopenAnswerForm,
    ReopenAskForm,
    ReviewerForm,
)
from escalation.ladder import MOVES
from escalation.models import Escalation
from escalation.services.climbs import climb_lock
from escalation.services.moves import ISSUE_MACHINE, issue_move
from escalation.services.writing import TITLE_LENGTH, commission_put, let_read
from govuk import json_adapter
from govuk.forms import GovukForm
from incidents import hooks
from incidents.enums import CommissionKind
from incidents.enums.requests import ChallengeOutcome, Challenger, ReopenOutcome
from incidents.models import ClosureChallenge, Decision, HelpRequest, ReopenRequest
from incidents.models.requests import CaseRequest
from kernel import clock
from kernel.actors import Actor
from kernel.errors import Blocked, FieldError, InvalidInput
from moves import mover
from moves.machine import Authority
from notify import services as notify

Asked = TypeVar("Asked", bound=CaseRequest)


# --- a closure is challenged ------------------------------------------------------------------------------------------


@transaction.atomic
def closure_challenge(*, reference: str, by: Actor, data: Mapping[str, Any]) -> ClosureChallenge:
    """Put on record what is said against a closure, also for an originator (IMP-2.19). IMT is told at once."""
    climb = climb_lock(reference, by)
    selectors.require_askable(ClosureChallenge, climb)
    inputs = _inputs(ChallengeForm, climb, authority.anyone_in_post, by, data)
    closure = Decision.objects.filter(issue=climb.issue, kind="close").latest("made_at", "pk")
    challenge = ClosureChallenge(**inputs, decided_by_id=closure.made_by_id, decided_as=closure.made_as)
    at = _asked(challenge, climb, by)
    _record(IssueEvent.CLOSURE_CHALLENGED, climb, challenge, by, at, **inputs)
    _tell(
        IssueEvent.CLOSURE_CHALLENGED,
        climb,
        challenge,
        by,
        _imt(),
        title="A closure is challenged: name a reviewer",
        body=challenge.points,
    )
    return challenge


@transaction.atomic
def reviewer_name(*, reference: str, request_id: int, by: Actor, data: Mapping[str, Any]) -> ClosureChallenge:
    """Name who looks at the closure afresh, oneself perhaps; until they answer somebody else can be named.

    Neither whoever closed the case nor whoever challenges it (`not_independent`). The reviewer may read it from then.
    """
    climb = climb_lock(reference, by)
    challenge = _waiting(ClosureChallenge, climb, request_id)
    form = _form(ReviewerForm, climb, authority.imt, by, data)
    named: Person = form.cleaned_data["reviewer"]
    _require_independent(challenge, named, form)
    challenge.reviewer, challenge.reviewer_as = named.user, named.title
    challenge.save()
    at = clock.now()
    let_read(climb, named.user, at)
    hooks.issue_changed(climb.issue, at)
    _record(IssueEvent.REVIEWER_NAMED, climb, challenge, by, at, reviewer=named.user.email, reviewer_as=named.title)
    _tell(
        IssueEvent.REVIEWER_NAMED,
        climb,
        challenge,
        by,
        [named.user],
        title="Please look at a closure afresh",
        body=challenge.points,
    )
    return challenge


def _require_independent(challenge: ClosureChallenge, named: Person, form: GovukForm) -> None:
    if not {*named.posts, *named.deputises} - set(authority.WRITES_NOTHING):
        message = "They hold no post in which they could answer: name somebody else"
        raise InvalidInput([FieldError("reviewer", "not_in_post", message)], form=form)
    if named.user_id in (challenge.decided_by_id, challenge.asked_by_id):
        message = "They closed the case or challenge its closure: name somebody else to look at it afresh"
        raise InvalidInput([FieldError("reviewer", "not_independent", message)], form=form)


@transaction.atomic
def challenge_answer(*, reference: str, request_id: int, by: Actor, data: Mapping[str, Any]) -> ClosureChallenge:
    """Say as the reviewer whether the challenge is upheld, and reply to it. The case stays closed until IMT reopens it.

    Whoever challenged, whoever closed and IMT are told. Giving an originator the reply is a task of the handling team,
    open until somebody writes what they were told (IMP-2.19).
    """
    climb = climb_lock(reference, by)
    challenge = _waiting(ClosureChallenge, climb, request_id)
    inputs = _inputs(ChallengeAnswerForm, climb, authority.reviewer(challenge.reviewer_id), by, data)
    at = _answered(challenge, climb, by, inputs)
    people, body = [challenge.asked_by, challenge.decided_by, *_imt()], challenge.reply
    title = "A challenge is upheld: should the case be reopened?" if _is_upheld(challenge) else "A closure stands"
    if challenge.raised_by == Challenger.ORIGINATOR:
        what = f"Give the originator the reply to their challenge: {challenge.reply}"
        asked = {"kind": CommissionKind.ACTION, "what": what, "team": climb.handling_team}
        commission_put(climb, asked, origin=("challenge", str(challenge.pk)), by=by, at=at)
        people += accounts.holders_of(ftl_post(climb.handling_team))
        body = f"The handling team gives the originator this reply. {challenge.reply}"
    _record(IssueEvent.CHALLENGE_ANSWERED, climb, challenge, by, at, **inputs)
    _tell(IssueEvent.CHALLENGE_ANSWERED, climb, challenge, by, people, title=title, body=body)
    return challenge


def _is_upheld(challenge: ClosureChallenge) -> bool:
    return challenge.outcome == ChallengeOutcome.UPHELD


# --- an authority that leads asks for help ----------------------------------------------------------------------------


@transaction.atomic
def help_ask(*, reference: str, by: Actor, data: Mapping[str, Any]) -> HelpRequest:
    """Put on record what the authority in the lead asks of OPSS (IMP-2.11). IMT and the team's leader are told."""
    climb = climb_lock(reference, by)
    selectors.require_askable(HelpRequest, climb)
    inputs = _inputs(HelpForm, climb, authority.editors, by, data)
    asked = HelpRequest(**inputs)
    at = _asked(asked, climb, by)
    _record(IssueEvent.HELP_ASKED, climb, asked, by, at, **inputs)
    people = [*_imt(), *accounts.holders_of(ftl_post(climb.handling_team))]
    body = f"{asked.authority}: {asked.what}"
    _tell(IssueEvent.HELP_ASKED, climb, asked, by, people, title="The authority in the lead asks for help", body=body)
    return asked


@transaction.atomic
def help_answer(*, reference: str, request_id: int, by: Actor, data: Mapping[str, Any]) -> HelpRequest:
    """Say which help is given, or why none is. Whoever put the request on record is told."""
    climb = climb_lock(reference, by)
    asked = _waiting(HelpRequest, climb, request_id)
    inputs = _inputs(HelpAnswerForm, climb, authority.help_answerers, by, data)
    at = _answered(asked, climb, by, inputs)
    _record(IssueEvent.HELP_ANSWERED, climb, asked, by, at, **inputs)
    title = f"The help that was asked for is {asked.get_outcome_display().lower()}"
    _tell(IssueEvent.HELP_ANSWERED, climb, asked, by, [asked.asked_by], title=title, body=asked.reply)
    return asked


# --- a case should come back ------------------------------------------------------------------------------------------


@transaction.atomic
def reopening_ask(*, reference: str, by: Actor, data: Mapping[str, Any]) -> ReopenRequest:
    """Ask IMT to reopen a case that ended (IMP-3.27). Raises Blocked too, as the move does, while an incident acts."""
    climb = climb_lock(reference, by)
    selectors.require_askable(ReopenRequest, climb)
    inputs = _inputs(ReopenAskForm, climb, authority.anyone_in_post, by, data)
    facts = selectors.facts_of(climb, by)
    if blockers := [blocker for guard in MOVES["reopen"].guards if (blocker := guard(facts))]:
        raise Blocked(blockers)
    asked = ReopenRequest(**inputs)
    at = _asked(asked, climb, by)
    _record(IssueEvent.REOPENING_ASKED, climb, asked, by, at, **inputs)
    _tell(
        IssueEvent.REOPENING_ASKED,
        climb,
        asked,
        by,
        _imt(),
        title="You are asked to reopen a case",
        body=asked.what_changed,
    )
    return asked


@transaction.atomic
def reopening_answer(
    *, reference: str, request_id: int, version: Any, by: Actor, data: Mapping[str, Any]
) -> ReopenRequest:
    """Accept, and the case is reopened on the ground that was given; or decline with the reason. The asker is told.

    Raises, beside the others, what the move `reopen` raises; nothing is recorded then.
    """
    climb = climb_lock(reference, by)
    asked = _waiting(ReopenRequest, climb, request_id)
    mover.require_version(ISSUE_MACHINE, climb, version, by)
    inputs = _inputs(ReopenAnswerForm, climb, authority.imt, by, data)
    at = _answered(asked, climb, by, inputs)
    _record(IssueEvent.REOPENING_ANSWERED, climb, asked, by, at, **inputs)
    accepted = asked.outcome == ReopenOutcome.ACCEPTED
    title = "The case is reopened as you asked" if accepted else "The case is not reopened"
    body = asked.reply or asked.what_changed
    _tell(IssueEvent.REOPENING_ANSWERED, climb, asked, by, [asked.asked_by], title=title, body=body)
    if accepted:
        grounds = {"ground": asked.ground, "what_changed": asked.what_changed, "evidence": asked.evidence}
        issue_move(reference=reference, name="reopen", version=climb.issue.version, by=by, data=grounds)
    return asked


# --- what they share --------------------------------------------------------------------------------------------------


def _waiting(model: type[Asked], climb: Escalation, request_id: int) -> Asked:
    return selectors.request_waiting(
        model._default_manager.select_for_update(no_key=True, of=("self",)), climb, request_id
    )


def _form(form_class: type[GovukForm], climb: Escalation, who: Authority, by: Actor, data: Mapping[str, Any]) -> Any:
    mover.refuse_unless(who, selectors.facts_of(climb, by), by)
    return json_adapter.bind(form_class, data)


def _inputs(form_class: type[GovukForm], climb: Escalation, who: Authority, by: Actor, data: Mapping[str, Any]) -> Any:
    return _form(form_class, climb, who, by, data).cleaned_data


def _asked(request: CaseRequest, climb: Escalation, by: Actor) -> datetime:
    request.issue, request.climb = climb.issue, climb.number
    request.asked_by_id, request.asked_as, request.asked_at = by.user_id, by.label, clock.now()
    request.save()
    hooks.issue_changed(climb.issue, request.asked_at)
    return request.asked_at


def _answered(request: CaseRequest, climb: Escalation, by: Actor, inputs: Mapping[str, Any]) -> datetime:
    at = clock.now()
    request.outcome, request.reply = inputs["outcome"], inputs["reply"]
    request.answered_by_id, request.answered_as, request.answered_at = by.user_id, by.label, at
    request.save()
    hooks.issue_changed(climb.issue, at)
    return at


def _record(event: IssueEvent, climb: Escalation, request: CaseRequest, by: Actor, at: datetime, **facts: Any) -> None:
    issue = climb.issue
    audit.record(event, chain=issue.reference, by=by, at=at, version=issue.version, request=request.pk, **facts)


def _tell(
    event: IssueEvent,
    climb: Escalation,
    request: CaseRequest,
    by: Actor,
    people: Iterable[User | None],
    *,
    title: str,
    body: str,
) -> None:
    """One notice a person, but for whoever acts."""
    issue = climb.issue
    notify.notice_queue(
        event,
        to={person for person in people if person and person.pk != by.user_id},
        about=issue.reference,
        title=f"{title}: {issue.reference} {issue.title}"[:TITLE_LENGTH],
        body=body,
        url=f"{issue.get_absolute_url()}#requests",
        key=f"{event}:{issue.reference}:{request.pk}:{issue.version}",
        done_as=by.label,
        urgent=climb.danger_now,
    )


def _imt() -> list[User]:
    return accounts.holders_of(*IMT_POSTS)
