"""Reads of what is asked about a case beside the ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet

from audit import references
from escalation import authority
from escalation.enums import Stage
from escalation.models import Escalation
from escalation.rules import IssueFacts, incident_winding_down
from incidents import selectors as incidents
from incidents.enums.requests import ChallengeOutcome
from incidents.models import ClosureChallenge, HelpRequest, ReopenRequest
from incidents.models.requests import CaseRequest
from kernel.actors import Actor
from kernel.errors import Conflict, NotFound, NotFromHere
from kernel.together import together
from moves.machine import Authority

Asked = TypeVar("Asked", bound=CaseRequest)

MOST = 50
# Where a case must stand for each kind to be asked, and how a refusal calls that.
ASKED_AT: Mapping[type[CaseRequest], tuple[str, tuple[Stage, ...]]] = {
    ClosureChallenge: ("challenge a closure", (Stage.CLOSED,)),
    HelpRequest: ("record a request for help", (Stage.LED_ELSEWHERE,)),
    ReopenRequest: ("ask for reopening", (Stage.CLOSED, Stage.INCIDENT_DECLARED, Stage.SUPPORTING_RESPONSE)),
}
# The texts of each kind in which another case may be named.
TEXTS: Mapping[type[CaseRequest], tuple[str, ...]] = {
    ClosureChallenge: ("points", "reply"),
    HelpRequest: ("authority", "what", "reply"),
    ReopenRequest: ("what_changed", "evidence", "reply"),
}


def closure_challenges(reference: str, actor: Actor) -> QuerySet[ClosureChallenge]:
    return ClosureChallenge.objects.filter(issue=incidents.issue_get(reference, actor))


def help_requests(reference: str, actor: Actor) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.filter(issue=incidents.issue_get(reference, actor))


def reopen_requests(reference: str, actor: Actor) -> QuerySet[ReopenRequest]:
    return ReopenRequest.objects.filter(issue=incidents.issue_get(reference, actor))


def require_askable(model: type[CaseRequest], climb: Escalation) -> None:
    """Raise NotFromHere unless such a thing can be asked where the case stands."""
    called, stages = ASKED_AT[model]
    if climb.stage not in stages:
        where = " or ".join(f"‘{stage.label}’" for stage in stages)
        raise NotFromHere(f"You can {called} only at {where}. This case is at ‘{Stage(climb.stage).label}’.")


def request_waiting(rows: QuerySet[Asked], climb: Escalation, request_id: int) -> Asked:
    """The request of this case that waits for its answer. Raises NotFound, and Conflict when it was answered."""
    request = rows.filter(issue=climb.issue_id, pk=request_id).first()
    if request is None:
        raise NotFound(f"{climb.issue.reference} has no such request {request_id}.")
    if not request.is_waiting:
        raise Conflict(f"{request.answered_as} has answered this already.", code="request_answered")
    return request


def request_to_show(model: type[Asked], climb: Escalation, request_id: int, reader: Actor) -> Asked:
    """The same, with the cases veiled that the reader may not know of. It is not for saving."""
    found = request_waiting(model._default_manager.all(), climb, request_id)
    return references.rows_veiled(reader, [found], *TEXTS[model])[0]


@dataclass(frozen=True)
class RequestLine:
    """One request as the page of a case lists it, with what the reader may do about it."""

    kind: str
    request: CaseRequest
    outcome: str
    may_answer: bool
    may_name_reviewer: bool = False
    wants_reopening: bool = False


@dataclass(frozen=True)
class RequestsPart:
    """What the page of a case shows of requests. `may_*` is what the reader may ask for where the case stands."""

    lines: list[RequestLine]
    may_challenge: bool
    may_record_help: bool
    may_ask_reopening: bool

    def __bool__(self) -> bool:
        return bool(self.lines) or self.may_challenge or self.may_record_help or self.may_ask_reopening


def requests_part(climb: Escalation, facts: IssueFacts) -> RequestsPart:
    """The requests of a case that the caller has found and may read, those that wait first."""
    asked = together(*(_newest(model, climb) for model in TEXTS))
    lines = [line for model, rows in zip(TEXTS, asked, strict=True) for line in _lines(model, rows, facts)]
    lines.sort(key=lambda line: line.request.asked_at, reverse=True)
    lines.sort(key=lambda line: not line.request.is_waiting)
    in_post = _is_for(authority.anyone_in_post, facts)
    return RequestsPart(
        lines=lines,
        may_challenge=in_post and _is_askable(ClosureChallenge, facts),
        may_record_help=_is_askable(HelpRequest, facts) and _is_for(authority.editors, facts),
        may_ask_reopening=in_post and _is_askable(ReopenRequest, facts) and incident_winding_down(facts) is None,
    )


def _is_askable(model: type[CaseRequest], facts: IssueFacts) -> bool:
    return facts.stage in ASKED_AT[model][1]


def _is_for(who: Authority, facts: IssueFacts) -> bool:
    return who.holders(facts).include(facts.by)


def _newest(model: type[CaseRequest], climb: Escalation) -> QuerySet:
    return model._default_manager.filter(issue=climb.issue_id).order_by("-asked_at", "-pk")[:MOST]


def _lines(model: type[CaseRequest], newest: Sequence[CaseRequest], facts: IssueFacts) -> list[RequestLine]:
    return [_line(request, facts) for request in references.rows_veiled(facts.by, newest, *TEXTS[model])]


def _line(request: CaseRequest, facts: IssueFacts) -> RequestLine:
    waits, is_imt = request.is_waiting, _is_for(authority.imt, facts)
    match request:
        case ClosureChallenge():
            return RequestLine(
                kind="challenge",
                request=request,
                outcome=_in_short(request.get_outcome_display()),
                may_answer=waits and _is_for(authority.reviewer(request.reviewer_id), facts),
                may_name_reviewer=waits and is_imt,
                wants_reopening=is_imt and facts.stage == Stage.CLOSED and request.outcome == ChallengeOutcome.UPHELD,
            )
        case HelpRequest():
            may_answer = waits and _is_for(authority.help_answerers, facts)
            return RequestLine("help", request, _in_short(request.get_outcome_display()), may_answer)
        case ReopenRequest():
            return RequestLine("reopening", request, _in_short(request.get_outcome_display()), waits and is_imt)
    raise TypeError(f"{type(request).__name__} is no request that a page shows")


def _in_short(outcome: str) -> str:
    return outcome.partition(":")[0]
