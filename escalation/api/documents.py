"""How the record of a case reads as JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from escalation import selectors
from escalation.models import Escalation
from incidents.enums import Indicator
from incidents.models import (
    AgendaMark,
    Business,
    ClosureChallenge,
    Commission,
    Decision,
    Evidence,
    HelpRequest,
    ImpactAssessment,
    NncAssessment,
    Product,
    ReopenRequest,
)
from incidents.models.requests import CaseRequest
from kernel.actors import Actor


def with_parts(climbs: QuerySet[Escalation]) -> QuerySet[Escalation]:
    """The climbs with what `issue_document` reads, in a constant number of queries."""
    return climbs.prefetch_related("issue__products", "issue__businesses")


def issue_documents(climbs: Sequence[Escalation], actor: Actor) -> list[dict[str, Any]]:
    """Issues where they stand now, as the actor may know of them."""
    shown = selectors.incidents_shown(climbs, actor)
    merged_into = selectors.merged_into_shown(climbs, actor)
    return [_issue_document(climb, shown, merged_into) for climb in climbs]


def issue_document(climb: Escalation, actor: Actor) -> dict[str, Any]:
    """An issue where it stands now. `impact_level` and `nnc` are null until assessed; what is hidden is null too."""
    return issue_documents([climb], actor)[0]


def _issue_document(climb: Escalation, shown: Collection[int], merged_into: Mapping[int | None, str]) -> dict[str, Any]:
    issue = climb.issue
    return {
        "reference": issue.reference,
        "title": issue.title,
        "summary": issue.summary,
        "source": issue.source,
        "received_at": issue.received_at,
        "functional_team": issue.functional_team,
        "regulatory_area": issue.regulatory_area,
        "is_product_safety": issue.is_product_safety,
        "danger_now": issue.danger_now,
        "nations": issue.nations,
        "products": [product_document(product) for product in issue.products.all()],
        "businesses": [business_document(business) for business in issue.businesses.all()],
        "sensitivity": issue.sensitivity,
        "stage": climb.stage,
        "climb": climb.number,
        "visit": climb.visit,
        "due_at": climb.due_at,
        "review_on": climb.review_on,
        "watch_for": climb.watch_for or None,
        "led_by": climb.led_by or None,
        "led_by_code": climb.led_by_code or None,
        "merged_into": merged_into.get(climb.merged_into_id),
        "lead_authority": issue.lead_authority,
        "impact_level": issue.impact_level or None,
        "nnc": issue.nnc,
        "incident": issue.incident.reference if issue.incident and issue.incident_id in shown else None,
        "version": issue.version,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
    }


def product_document(product: Product) -> dict[str, str]:
    names = ("name", "brand", "model", "category", "barcode", "batch", "country_of_origin", "units")
    return {name: getattr(product, name) for name in names}


def business_document(business: Business) -> dict[str, str]:
    return {name: getattr(business, name) for name in ("name", "role", "company_number", "country")}


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
        "made_at": decision.made_at,
    }
