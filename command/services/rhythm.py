"""Changing the battle rhythm, which IMT keeps and the SCG agrees to (IMP-3.22)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from audit import services as audit
from command import authority, forms, selectors
from command.enums import RhythmStatus
from command.events import CommandEvent
from command.models import RhythmEvent
from command.services.incidents import incident_lock, incident_touch, require_live
from govuk import json_adapter
from incidents.models import Incident
from kernel import clock
from kernel.actors import Actor
from moves.mover import refuse_unless
from notify import services as notify


@transaction.atomic
def rhythm_add(*, incident_reference: str, by: Actor, data: Mapping[str, Any]) -> RhythmEvent:
    """Add an event, in force as provisional until the SCG's chair agrees, who is asked to.

    For IMT. Raises NotFound, NotAllowed, InvalidInput, Blocked (`incident_not_live`).
    """
    incident = incident_lock(incident_reference, by)
    refuse_unless(authority.imt, None, by)
    inputs = json_adapter.bind(forms.RhythmAdd, data).cleaned_data
    require_live(incident)
    event = RhythmEvent.objects.create(incident=incident, **inputs)
    now = clock.now()
    incident_touch(incident, now)
    audit.record(
        CommandEvent.RHYTHM_CHANGED,
        chain=incident.reference,
        by=by,
        at=now,
        version=incident.version,
        kind=event.kind,
        title=event.title,
        recurrence=event.recurrence,
        starts_at=event.starts_at,
    )
    _ask_to_agree(incident, event)
    return event


@transaction.atomic
def rhythm_agree(*, incident_reference: str, by: Actor, data: Mapping[str, Any]) -> list[RhythmEvent]:
    """Agree to the rhythm as it stands; answers the events that were provisional. For the chair of the SCG."""
    incident = incident_lock(incident_reference, by)
    refuse_unless(authority.scg_chair, selectors.offices_of(incident), by)
    json_adapter.bind(forms.RhythmAgree, data)
    now = clock.now()
    provisional = list(selectors.rhythm_of(incident).filter(status=RhythmStatus.PROVISIONAL))
    for event in provisional:
        event.status, event.agreed_at, event.agreed_as = RhythmStatus.AGREED, now, by.label
        event.save(update_fields=["status", "agreed_at", "agreed_as"])
    if provisional:
        incident_touch(incident, now)
        audit.record(
            CommandEvent.RHYTHM_AGREED,
            chain=incident.reference,
            by=by,
            at=now,
            version=incident.version,
            events=[event.title for event in provisional],
        )
    return provisional


def _ask_to_agree(incident: Incident, event: RhythmEvent) -> None:
    chair = selectors.offices_of(incident).scg_chair
    if chair is None:
        return
    notify.notice_queue(
        "rhythm.to_agree",
        to=[chair],
        about=incident.reference,
        title=f"The rhythm of {incident.reference} has changed: do you agree?",
        body=f"New: {event.title}. It is in force as provisional until you agree.",
        url=incident.get_absolute_url(),
        key=f"{incident.reference}:rhythm:{event.pk}",
    )
