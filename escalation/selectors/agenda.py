"""Reads of what waits for the next meeting of CAM or TTG."""

from __future__ import annotations

from django.db.models import QuerySet

from audit import references
from escalation import authority
from escalation.enums import QUIET, Stage
from escalation.models import Escalation
from escalation.rules import IssueFacts
from incidents import selectors as incidents
from incidents.enums import AgendaBody
from incidents.models import AgendaMark, Decision
from kernel.actors import Actor
from kernel.errors import Conflict, NotFound

WAITING = ("raised_at", "id")


def marks_waiting(actor: Actor, body: str) -> QuerySet[AgendaMark]:
    """What waits for the next meeting of this body, of the cases that the actor may know of; in no order yet."""
    return AgendaMark.objects.filter(
        body=body, taken_up_at=None, issue__in=incidents.issues_visible_to(actor)
    ).select_related("issue")


def agenda_marks(reference: str, actor: Actor) -> QuerySet[AgendaMark]:
    """Every mark of an issue that the actor may read, those taken up too. Raises NotFound."""
    return incidents.issue_get(reference, actor).agenda_marks.all()


def body_for(climb: Escalation) -> AgendaBody:
    """Who looks at a case again where it rests or has ended: TTG where TTG let it go, else CAM (IMP-2.9)."""
    last = Decision.objects.filter(issue=climb.issue_id, stage_to=climb.stage).order_by("-made_at", "-pk").first()
    return AgendaBody.TTG if last and last.stage_from == Stage.TTG else AgendaBody.CAM


def mark_waiting(rows: QuerySet[AgendaMark], climb: Escalation, mark_id: int) -> AgendaMark:
    """The mark of this case that still waits. Raises NotFound, and Conflict when it was taken up."""
    mark = rows.filter(issue=climb.issue_id, pk=mark_id).first()
    if mark is None:
        raise NotFound(f"{climb.issue.reference} has no mark {mark_id} for a meeting.")
    if not mark.is_waiting:
        raise Conflict(f"{mark.taken_up_as} has taken this up already.", code="mark_taken_up")
    return mark


def mark_to_show(climb: Escalation, mark_id: int, reader: Actor) -> AgendaMark:
    """The same, with the cases veiled that the reader may not know of. It is not for saving."""
    mark = mark_waiting(AgendaMark.objects.all(), climb, mark_id)
    return references.rows_veiled(reader, [mark], "why")[0]


def mark_on_page(climb: Escalation, facts: IssueFacts) -> tuple[AgendaMark, bool] | None:
    """What waits on this case, and whether the reader may take it up; no query where nothing can wait."""
    if climb.stage not in QUIET:
        return None
    waits = AgendaMark.objects.filter(issue=climb.issue_id, taken_up_at=None)
    for mark in references.rows_veiled(facts.by, waits, "why"):
        return mark, authority.takers_up(mark.body).holders(facts).include(facts.by)
    return None
