"""Marks for the next meeting of CAM or TTG: raised by evidence on a case that rests, cleared when it is taken up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from audit import services as audit
from escalation import selectors
from escalation.authority import takers_up
from escalation.enums import QUIET, Stage
from escalation.events import IssueEvent
from escalation.forms import TakeUpForm
from escalation.models import Escalation
from escalation.selectors import agenda
from escalation.services.climbs import climb_lock
from govuk import json_adapter
from incidents import hooks
from incidents.models import AgendaMark, Evidence
from kernel import clock
from kernel.actors import Actor
from moves.machine import Making
from moves.mover import refuse_unless


def mark_raise(climb: Escalation, evidence: Evidence, by: Actor) -> AgendaMark | None:
    """Put a case where nobody may be looking on the agenda of whoever looks at it next; None for any other case.

    A mark that waits already is added to. The caller holds the case locked and writes the event.
    """
    if climb.stage not in QUIET:
        return None
    why = f"{evidence.get_kind_display()}: {evidence.title}"
    mark = AgendaMark.objects.filter(issue=climb.issue, taken_up_at=None).first()
    if mark is None:
        return AgendaMark.objects.create(
            issue=climb.issue,
            body=agenda.body_for(climb),
            why=why,
            raised_at=evidence.added_at,
            raised_by_id=by.user_id,
            raised_as=by.label,
        )
    mark.why, mark.pieces = f"{mark.why}\n{why}", mark.pieces + 1
    mark.save(update_fields=["why", "pieces"])
    return mark


def mark_cleared(making: Making) -> None:
    """A move takes the case on from where it rested, so nothing waits for a meeting any more. The move is its event."""
    if making.source in QUIET and making.target != making.source:
        for mark in AgendaMark.objects.filter(issue=making.subject.issue, taken_up_at=None):
            _taken_up(mark, f"Moved on to {Stage(making.target).label}", making.by, making.at)


@transaction.atomic
def mark_take_up(*, reference: str, mark_id: int, by: Actor, data: Mapping[str, Any]) -> AgendaMark:
    """Say what came of a mark without moving the case (IMP-2.9). For IMT; for TTG's marks its chair too.

    Raises NotFound, Conflict `mark_taken_up`, NotAllowed, InvalidInput.
    """
    climb = climb_lock(reference, by)
    mark = agenda.mark_waiting(AgendaMark.objects.select_for_update(no_key=True, of=("self",)), climb, mark_id)
    refuse_unless(takers_up(mark.body), selectors.facts_of(climb, by), by)
    inputs = json_adapter.bind(TakeUpForm, data).cleaned_data
    now = clock.now()
    _taken_up(mark, inputs["outcome"], by, now)
    hooks.issue_changed(climb.issue, now)
    audit.record(
        IssueEvent.MARK_TAKEN_UP,
        chain=reference,
        by=by,
        at=now,
        version=climb.issue.version,
        mark=mark.pk,
        body=mark.body,
        outcome=mark.outcome,
    )
    return mark


def _taken_up(mark: AgendaMark, outcome: str, by: Actor, at: datetime) -> None:
    mark.taken_up_at, mark.taken_up_by_id, mark.taken_up_as, mark.outcome = at, by.user_id, by.label, outcome
    mark.save()
