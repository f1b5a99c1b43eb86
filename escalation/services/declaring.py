"""Declaring an incident in one step, for the night on which nothing may wait."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.datastructures import MultiValueDict

from command import selectors as command_selectors
from command import services as command
from escalation import authority, selectors
from escalation.enums import OPEN_STAGES, Stage
from escalation.forms import DeclareAtConference, DeclareNow, ImpactForm
from escalation.ladder import MOVES
from escalation.models import Escalation
from escalation.services.assessments import impact_assess
from escalation.services.climbs import climb_lock
from escalation.services.moves import ISSUE_MACHINE, issue_move
from govuk import json_adapter
from govuk.forms import GovukForm
from kernel.actors import Actor
from kernel.errors import Blocked, InvalidInput, NotFromHere
from moves import mover
from moves.machine import Move

CONVENE, DECLARE = "convene_urgent_conference", "declare_incident"


def declaring_form(stage: str) -> type[GovukForm]:
    """What is asked from this stage: a conference that sits already is not convened again."""
    return DeclareAtConference if stage == Stage.CASE_CONFERENCE else DeclareNow


def declaring_moves(stage: str) -> list[Move]:
    """The moves that are made in one step from this stage."""
    return [MOVES[name] for name in ((DECLARE,) if stage == Stage.CASE_CONFERENCE else (CONVENE, DECLARE))]


@transaction.atomic
def declare_now(*, reference: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Escalation:
    """Convene, assess and declare, all or nothing: the same moves, guards and records as one after the other.

    Whoever calls chairs the conference and declares, so this is for Deputy Directors and higher (IMP-2.3, 2.16, 2.20);
    at a conference that sits already, for its chair. What the moves' inputs lack is answered at once, as far as it can
    be told before the first is made. Raises as `moves.mover.make_move` does, with the form of the whole.
    """
    climb = climb_lock(reference, by)
    mover.require_version(ISSUE_MACHINE, climb, version, by)
    if climb.stage not in OPEN_STAGES:
        raise NotFromHere(f"{reference} is at '{Stage(climb.stage).label}': there is nothing to declare from there.")
    facts = selectors.facts_of(climb, by)
    mover.refuse_unless(authority.declarers_at(climb.stage), facts, by)
    form = json_adapter.bind(declaring_form(climb.stage), data)
    convenes = climb.stage != Stage.CASE_CONFERENCE
    moves = declaring_moves(climb.stage)
    if blockers := [found for move in moves for found in mover.input_blockers(move, facts, form.cleaned_data)]:
        raise Blocked(blockers, form=form)
    _resumed_lock(form.cleaned_data["resume"], by)
    try:
        if convenes:
            part = _part_of(form, MOVES[CONVENE].form, data)
            issue_move(reference=reference, name=CONVENE, version=climb.issue.version, by=by, data=part)
        assessed = impact_assess(reference=reference, by=by, data=_part_of(form, ImpactForm, data))
        part = _part_of(form, MOVES[DECLARE].form, data)
        return issue_move(reference=reference, name=DECLARE, version=assessed.issue.version, by=by, data=part)
    except (InvalidInput, Blocked) as refusal:
        refusal.form = form
        raise


def _resumed_lock(reference: str, by: Actor) -> None:
    """Lock the incident that is to come back, where there is one, before a conference puts anybody on the case."""
    earlier = command_selectors.resumable_incident(reference, by).incident if reference else None
    if earlier:
        command.incident_lock(earlier.reference, by)


def _part_of(form: GovukForm, step: type[GovukForm], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of what was sent, as it was sent, the part that one step asks for. Browsers send groups by flat names."""
    wanted = form.base_fields.keys() & step.base_fields.keys()
    names = [name for name in data if name.partition("-")[0] in wanted]
    if isinstance(data, MultiValueDict):
        return MultiValueDict({name: data.getlist(name) for name in names})
    return {name: data[name] for name in names}
