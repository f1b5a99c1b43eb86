"""How the record of a case reads as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, reduce
from typing import Any

from django.db.models import QuerySet

from escalation import selectors
from escalation.models import HAS_ENDED, Escalation
from incidents.enums import Indicator
from incidents.models import (
    AgendaMark,
    ClosureChallenge,
    Commission,
    Consultation,
    Decision,
    Evidence,
    HelpRequest,
    ImpactAssessment,
    Issue,
    NncAssessment,
    ReopenRequest,
)
from incidents.models.requests import CaseRequest
from kernel.actors import Actor
from kernel.prepared import MOST_READERS, Given, Prepared

# What a document says of an issue, by where it stands from its climb; read from rows of the list or from one climb.
_FACTS = {
    "reference": "issue__reference",
    "title": "issue__title",
    "summary": "issue__summary",
    "source": "issue__source",
    "received_at": "issue__received_at",
    "functional_team": "issue__functional_team",
    "regulatory_area": "issue__regulatory_area",
    "is_product_safety": "issue__is_product_safety",
    "danger_now": "issue__danger_now",
    "nations": "issue__nations",
    "products": "",
    "businesses": "",
    "sensitivity": "issue__sensitivity",
    "stage": "stage",
    "climb": "number",
    "visit": "visit",
    "due_at": "due_at",
    "review_on": "review_on",
    "watch_for": "watch_for",
    "led_by": "led_by",
    "led_by_code": "led_by_code",
    "merged_into": "merged_into_id",
    "lead_authority": "issue__lead_authority",
    "impact_level": "issue__impact_level",
    "nnc": "issue__nnc",
    "incident": "issue__incident_id",
    "version": "issue__version",
    "created_at": "issue__created_at",
    "updated_at": "issue__updated_at",
}
_COLUMNS = tuple(column for column in _FACTS.values() if column)
_NULL_WHERE_EMPTY = ("watch_for", "led_by", "led_by_code", "impact_level")


def rows_of(climbs: QuerySet[Escalation]) -> QuerySet[Escalation, dict[str, Any]]:
    """The climbs as rows for `issue_documents`, with what a list is ordered by: no objects are made of them."""
    ordered_by = ("id", "received_at", "pressing", "is_ended")
    return climbs.annotate(is_ended=HAS_ENDED).values(*ordered_by, "issue_id", *_COLUMNS)


def issue_documents(
    rows: Sequence[Mapping[str, Any]], actor: Actor, parts: Mapping[int, selectors.Parts] | None = None
) -> list[dict[str, Any]]:
    """Issues where they stand now, as the actor may know of them: one query, and one for each kind of case linked.

    `impact_level` and `nnc` are null until assessed; what is hidden is null too. With their `parts` known already,
    there is none for them.
    """
    linked = selectors.incidents_shown({row["issue__incident_id"] for row in rows}, actor)
    merged_into = selectors.merged_into_shown({row["merged_into_id"] for row in rows}, actor)
    if parts is None:
        parts = selectors.parts_of([row["issue_id"] for row in rows])
    documents = []
    for row in rows:
        document: dict[str, Any] = {name: row[column] if column else None for name, column in _FACTS.items()}
        document["products"], document["businesses"] = parts[row["issue_id"]]
        document["incident"] = linked.get(document["incident"])
        document["merged_into"] = merged_into.get(document["merged_into"])
        documents.append(document | {name: document[name] or None for name in _NULL_WHERE_EMPTY})
    return documents


def issue_document(climb: Escalation, actor: Actor) -> dict[str, Any]:
    """The same of one climb."""
    row = {column: reduce(getattr, column.split("__"), climb) for column in _COLUMNS}
    return issue_documents([{**row, "issue_id": climb.issue_id}], actor)[0]


def document_after(issue: Issue, actor: Actor) -> dict[str, Any] | None:
    """The same of an issue that was just written, None where the actor may not read it; one query."""
    rows = _row_with_parts(actor).ask(issue=issue.pk)
    parts = {row["issue_id"]: (row["its_products"], row["its_businesses"]) for row in rows}
    return issue_documents(rows, actor, parts)[0] if rows else None


@lru_cache(maxsize=MOST_READERS)
def _row_with_parts(actor: Actor) -> Prepared[dict[str, Any]]:
    climbs = selectors.climbs_visible_to(actor).filter(issue=Given("issue"))
    return Prepared(rows_of(climbs).annotate(**selectors.parts_beside("issue")))


def impact_document(made: ImpactAssessment) -> dict[str, Any]:
    ratings = {rating.indicator: {"level": rating.level, "reason": rating.reason} for rating in made.ratings.all()}
    reach = {"level": made.could_reach, "by": made.could_reach_by, "why": made.could_reach_why}
    return {
        "id": made.pk,
        "climb": made.climb,
        "stage": made.stage,
        "visit": made.visit,
        "matrix": made.matrix.version,
        "ratings": {indicator.value: ratings[indicator] for indicator in Indicator if indicator in ratings},
        "overall": made.overall,
        "overall_reason": made.overall_reason,
        "could_reach": reach if made.could_reach else None,
        "confirms": made.confirms_id,
        "made_by": made.made_as,
        "made_at": made.made_at,
    }


def nnc_document(made: NncAssessment) -> dict[str, Any]:
    return {
        "id": made.pk,
        "climb": made.climb,
        "stage": made.stage,
        "visit": made.visit,
        **made.criteria,
        "met": made.is_met,
        "lead_authority": made.lead_authority,
        "confirms": made.confirms_id,
        "confirms_reason": made.confirms_reason or None,
        "made_by": made.made_as,
        "made_at": made.made_at,
    }


def evidence_document(evidence: Evidence) -> dict[str, Any]:
    return {
        "id": evidence.pk,
        "kind": evidence.kind,
        "title": evidence.title,
        "body": evidence.body,
        "added_by": evidence.added_as,
        "added_at": evidence.added_at,
    }


def commission_document(commission: Commission) -> dict[str, Any]:
    return {
        "id": commission.pk,
        "kind": commission.kind,
        "what": commission.what,
        "team": commission.team,
        "due": commission.due,
        "status": commission.status,
        "origin": {"kind": commission.origin_kind, "reference": commission.origin},
        "asked_by": commission.asked_as,
        "asked_at": commission.asked_at,
        "result": commission.result,
        "delivered_at": commission.delivered_at,
    }


def mark_document(mark: AgendaMark) -> dict[str, Any]:
    return {
        "id": mark.pk,
        "body": mark.body,
        "why": mark.why,
        "pieces": mark.pieces,
        "raised_by": mark.raised_as,
        "raised_at": mark.raised_at,
        "taken_up_by": mark.taken_up_as or None,
        "taken_up_at": mark.taken_up_at,
        "outcome": mark.outcome or None,
    }


def challenge_document(challenge: ClosureChallenge) -> dict[str, Any]:
    return {
        **_request_document(challenge),
        "raised_by": challenge.raised_by,
        "points": challenge.points,
        "closed_by": challenge.decided_as,
        "reviewer": challenge.reviewer_as or None,
        "outcome": challenge.outcome or None,
    }


def help_document(asked: HelpRequest) -> dict[str, Any]:
    return {
        **_request_document(asked),
        "authority": asked.authority,
        "what": asked.what,
        "due": asked.due,
        "outcome": asked.outcome or None,
    }


def reopening_document(asked: ReopenRequest) -> dict[str, Any]:
    return {
        **_request_document(asked),
        "ground": asked.ground,
        "what_changed": asked.what_changed,
        "evidence": asked.evidence,
        "outcome": asked.outcome or None,
    }


def _request_document(request: CaseRequest) -> dict[str, Any]:
    return {
        "id": request.pk,
        "climb": request.climb,
        "asked_by": request.asked_as,
        "asked_at": request.asked_at,
        "reply": request.reply,
        "answered_by": request.answered_as or None,
        "answered_at": request.answered_at,
    }


def decision_document(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "kind": decision.kind,
        "title": decision.title,
        "reason": decision.reason,
        "stage_from": decision.stage_from,
        "stage_to": decision.stage_to,
        "impact_level": decision.impact_level or None,
        "made_by": decision.made_as,
        "acting_reason": decision.acting_reason or None,
        "made_at": decision.made_at,
        "named": [consultation_document(named) for named in decision.consultations.all()],
    }


def consultation_document(named: Consultation) -> dict[str, Any]:
    """Whom a decision names, and their answer: `agrees` is null while they have not given one."""
    answer = getattr(named, "confirmation", None)
    return {
        "id": named.pk,
        "role": named.role,
        "named_as": named.consulted_as,
        "how": named.how or None,
        "consulted_at": named.consulted_at,
        "agrees": answer.agrees if answer else None,
        "said": answer.said or None if answer else None,
        "given_at": answer.given_at if answer else None,
    }
