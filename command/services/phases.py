"""An incident that comes back through the ladder: a new phase of the same incident (IMP-3.27)."""

from __future__ import annotations

from datetime import datetime

from django_fsm import can_proceed

from command.enums import COORDINATION_GROUPS, GroupStatus, WhyCancelled
from command.events import CommandEvent
from command.services.effects import plan_withdraw, rhythm_stop
from command.services.groups import group_end
from command.services.incidents import Declaration, incident_lock, response_begin
from incidents.models import Incident, Issue
from kernel.actors import Actor
from kernel.errors import Blocked
from moves.machine import Blocker

TAKEN_OVER = "The groups of the incident's next phase"


def incident_new_phase(
    *, incident: Incident, issue: Issue, declaration: Declaration, by: Actor, at: datetime
) -> Incident:
    """Begin the next phase of `incident`, in the transaction of the caller, who holds the issue locked.

    It is active again, as it was declared now; an SCG and a TCG stand under these chairs, in the place of those that
    stood; a provisional rhythm takes the place of the old one. Chairs and IMT are told. When and by whom the incident
    was first declared stays. Raises NotFound, Blocked `resume_not_possible` where it became active meanwhile.
    """
    incident = incident_lock(incident.reference, by)
    if not can_proceed(incident.begin_phase):
        message = f"{incident.reference} is {incident.get_status_display().lower()}: its response goes on. Join it."
        raise Blocked([Blocker("resume_not_possible", message, "IMP-3.27", field="resume")])
    incident.begin_phase(at=at)
    for name, value in declaration.columns().items():
        setattr(incident, name, value)
    incident.version += 1
    incident.updated_at = at
    incident.save()
    issue.incident = incident
    issue.save(update_fields=["incident"])
    plan_withdraw(incident)
    rhythm_stop(incident, why=WhyCancelled.NEW_PHASE, at=at)
    for group in incident.groups.filter(kind__in=COORDINATION_GROUPS, status=GroupStatus.STANDING):
        group_end(group, owner=TAKEN_OVER, reason="A new phase begins", by=by, at=at)
    response_begin(incident, issue, declaration, kind=CommandEvent.PHASE_BEGUN, by=by, at=at)
    return incident
