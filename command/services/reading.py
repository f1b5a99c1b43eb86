"""Who read what of a restricted incident."""

from __future__ import annotations

from audit import services as audit
from command import selectors
from incidents.enums import Sensitivity
from incidents.models import Incident
from kernel.actors import Actor


def reading_note(*, incident: Incident, by: Actor, what: str) -> None:
    """Note in the access log who read of a restricted incident, such as "incident page"; nothing for others."""
    if selectors.marking_of(incident) == Sensitivity.RESTRICTED:
        audit.access_record(by=by, about=incident.reference, what=what)
