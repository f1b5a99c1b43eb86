"""Who is named in the decisions of a case, and what they say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet

from audit import references
from escalation.models import Escalation
from incidents import selectors as incidents
from incidents.models import Consultation, Decision
from kernel.actors import Actor
from kernel.errors import Conflict, NotFound


@dataclass(frozen=True)
class DecisionLine:
    """A decision as a page shows it, with whom it names and what they say."""

    decision: Decision
    named: list[Consultation]


def consultation_waiting(climb: Escalation, consultation_id: int) -> Consultation:
    """Somebody named in a decision of this case who has not answered. Raises NotFound, and Conflict when they have."""
    rows = Consultation.objects.filter(decision__issue=climb.issue_id, pk=consultation_id)
    named = rows.select_related("decision", "confirmation").first()
    if named is None:
        raise NotFound(f"{climb.issue.reference} has no consultation {consultation_id}.")
    if hasattr(named, "confirmation"):
        raise Conflict("This was answered already. The answer stands beside the decision.", code="confirmed_already")
    return named


def consultation_to_show(climb: Escalation, consultation_id: int, reader: Actor) -> Consultation:
    """The same, with the cases veiled that the reader may not know of. It is not for saving."""
    named = references.rows_veiled(reader, [consultation_waiting(climb, consultation_id)], "how")[0]
    references.rows_veiled(reader, [named.decision], "title", "reason")
    return named


def consultations_of(issue_id: int) -> QuerySet[Consultation]:
    """Who is named in the decisions of a case, oldest first, each with `agrees` (None while they have not answered),
    `said` and `given_at`."""
    answered = {name: F(f"confirmation__{name}") for name in ("agrees", "said", "given_at")}
    return Consultation.objects.filter(decision__issue=issue_id).annotate(**answered).order_by("pk")


def decision_lines(decisions: Iterable[Decision], named: Iterable[Consultation]) -> list[DecisionLine]:
    """Each decision with those whom it names."""
    by_decision: dict[int, list[Consultation]] = {}
    for consultation in named:
        by_decision.setdefault(consultation.decision_id, []).append(consultation)
    return [DecisionLine(decision, by_decision.get(decision.pk, [])) for decision in decisions]


def to_confirm(actor: Actor) -> QuerySet[Consultation]:
    """What the person is asked to confirm in cases that they may know of, oldest first."""
    mine = Consultation.objects.filter(user=actor.user_id, confirmation=None)
    visible = mine.filter(decision__issue__in=incidents.issues_visible_to(actor))
    return visible.order_by("pk")
