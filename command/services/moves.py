"""The one door for moving an incident: its response level, its winding down, its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from command import selectors
from command.ladder import INCIDENT_MOVES
from command.services.effects import EFFECTS
from command.services.incidents import incident_lock
from incidents import selectors as incidents
from incidents.models import Incident, Issue
from kernel.actors import Actor
from moves import mover
from moves.machine import Machine, Making


def incident_move(*, reference: str, name: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Incident:
    """Make one move of an incident; the answer is the incident. Errors: see `moves.mover.make_move`."""
    return mover.make_move(INCIDENT_MACHINE, reference=reference, name=name, version=version, by=by, data=data)


def _lock(reference: str, by: Actor) -> Incident:
    """The incident as it stands, its issues locked before it: nobody asks for work on them while it is being closed."""
    seen = incidents.incident_get(reference, by)
    list(Issue.objects.select_for_update(no_key=True).filter(incident=seen).order_by("pk").values_list("pk"))
    return incident_lock(reference, by)


def _level_set(incident: Incident, inputs: Mapping[str, Any]) -> None:
    incident.response_level = inputs["level"]


def _watch_set(incident: Incident, inputs: Mapping[str, Any]) -> None:
    incident.watched_by, incident.review_on = inputs["group"], inputs["review_on"]


_REMEMBERED: Mapping[str, Callable[[Incident, Mapping[str, Any]], None]] = {
    "raise_level": _level_set,
    "lower_level": _level_set,
    "monitor": _watch_set,
}


def _touch(making: Making) -> None:
    """Save the incident with what it remembers of the move."""
    incident: Incident = making.subject
    if making.name in _REMEMBERED:
        _REMEMBERED[making.name](incident, making.inputs)
    incident.version += 1
    incident.updated_at = making.at
    incident.save()


INCIDENT_MACHINE = Machine(
    name="incident",
    state_field="status",
    moves=INCIDENT_MOVES,
    find=incidents.incident_get,
    lock=_lock,
    facts=selectors.incident_facts,
    touch=_touch,
    version=lambda incident: incident.version,
    chain=lambda incident: incident.reference,
    url=lambda incident: incident.get_absolute_url(),
    effects=EFFECTS,
)
