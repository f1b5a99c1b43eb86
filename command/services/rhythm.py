"""Changing the battle rhythm, which IMT keeps and the SCG agrees to (IMP-3.22)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from audit import services as audit
from command import authority, forms, selectors
from command.enums import RhythmStatus, WhyCancelled
from command.events import CommandEvent
from command.models import RhythmEvent
from command.services.incidents import incident_lock, incident_touch, require_live, require_seen
from command.services.occurrences import occurrences_cancel, occurrences_make
from govuk import json_adapter
from incidents.models import Incident
from kernel import clock
from kernel.actors import Actor
from moves.mover import admit, enter, refuse_unless, tell_of_acting
from notify import services as notify


@transaction.atomic
def rhythm_add(*, incident_reference: str, by: Actor, data: Mapping[str, Any]) -> RhythmEvent:
    """Add an event, in force as provisional until the SCG's chair agrees, who is asked to.

    Its occurrences of the next two weeks are on record at once. For IMT. Raises NotFound, NotAllowed, InvalidInput,
    Blocked (`incident_not_live`).
    """
    incident = incident_lock(incident_reference, by)
    refuse_unless(authority.imt, None, by)
    inputs = _line(incident, data)
    require_live(incident)
    now = clock.now()
    event = RhythmEvent.objects.create(incident=incident, made_until=now, **inputs)
    occurrences_make(event, now=now)
    incident_touch(incident, now)
    audit.record(
        CommandEvent.RHYTHM_CHANGED,
        chain=incident.reference,
        by=by,
        at=now,
        version=incident.version,
        **_facts(event),
    )
    _ask_to_agree(incident, event, f"New: {event.title}, {event.in_words}.", by=by)
    return event


@transaction.atomic
def rhythm_revise(
    *, incident_reference: str, event_id: int, by: Actor, data: Mapping[str, Any], expected_version: int | None = None
) -> RhythmEvent:
    """Change an event; what is to come of it is cancelled and put on record anew, as the event is now.

    What has happened stays as it was, and what is overdue is still done as it was. The event is provisional again
    until the SCG's chair agrees, who is asked to. For IMT. Raises NotFound, StaleVersion when `expected_version` is not
    the incident's present one, NotAllowed, InvalidInput, Blocked (`incident_not_live`).
    """
    incident = incident_lock(incident_reference, by)
    require_seen(incident, expected_version)
    event = selectors.rhythm_event_get(incident, event_id)
    refuse_unless(authority.imt, None, by)
    inputs = _line(incident, data)
    require_live(incident)
    before, now = _facts(event), clock.now()
    event = RhythmEvent.objects.select_for_update(no_key=True).get(pk=event.pk)
    for name, value in inputs.items():
        setattr(event, name, value)
    event.status, event.agreed_at, event.agreed_as = RhythmStatus.PROVISIONAL, None, ""
    event.made_until = now
    event.save()
    cancelled = occurrences_cancel(_to_come(event, now), why=WhyCancelled.CHANGED, at=now)
    occurrences_make(event, now=now)
    incident_touch(incident, now)
    audit.record(
        CommandEvent.RHYTHM_REVISED,
        chain=incident.reference,
        by=by,
        at=now,
        version=incident.version,
        **_facts(event),
        before=before,
        cancelled=cancelled,
    )
    _ask_to_agree(incident, event, f"Changed: {event.title}, {event.in_words}.", by=by)
    return event


@transaction.atomic
def rhythm_end(
    *, incident_reference: str, event_id: int, by: Actor, data: Mapping[str, Any], expected_version: int | None = None
) -> RhythmEvent:
    """End an event: what is to come of it is cancelled. The SCG's chair, who keeps the rhythm with IMT, is told.

    For IMT. Raises NotFound, StaleVersion, NotAllowed, InvalidInput.
    """
    incident = incident_lock(incident_reference, by)
    require_seen(incident, expected_version)
    event = selectors.rhythm_event_get(incident, event_id)
    refuse_unless(authority.imt, None, by)
    inputs = json_adapter.bind(forms.RhythmEnd, data).cleaned_data
    now = clock.now()
    event.ended_at = now
    event.save(update_fields=["ended_at"])
    cancelled = occurrences_cancel(_to_come(event, now), why=WhyCancelled.ENDED, at=now)
    incident_touch(incident, now)
    audit.record(
        CommandEvent.RHYTHM_ENDED,
        chain=incident.reference,
        by=by,
        at=now,
        version=incident.version,
        event=event.pk,
        title=event.title,
        reason=inputs["reason"],
        cancelled=cancelled,
    )
    _tell_chair(
        incident,
        kind="rhythm.ended",
        title=f"The rhythm of {incident.reference} has changed: {event.title} ends",
        body=inputs["reason"],
        key=f"{incident.reference}:rhythm:{event.pk}:ended",
        by=by,
    )
    return event


@transaction.atomic
def rhythm_agree(
    *, incident_reference: str, by: Actor, data: Mapping[str, Any], expected_version: int | None = None
) -> list[RhythmEvent]:
    """Agree to the rhythm as it stands; answers the events that were provisional.

    For the chair of the SCG, or in the place of the post under which they chair, with a reason. Raises NotFound,
    StaleVersion when `expected_version` is not the incident's present one, NotAllowed, Blocked
    (`acting_reason_missing`).
    """
    incident = incident_lock(incident_reference, by)
    require_seen(incident, expected_version)
    entered = enter(admit(authority.scg_chair, selectors.offices_of(incident), by), forms.RhythmAgree, data)
    by, now = entered.by, clock.now()
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
            **entered.standing.as_recorded(),
        )
        tell_of_acting(
            entered.standing,
            what="rhythm agreed",
            about=incident.reference,
            url=selectors.rhythm_url(incident),
            key=f"{incident.reference}:rhythm:{incident.version}:acted_for",
        )
    return provisional


def _to_come(event: RhythmEvent, now: datetime) -> Q:
    return Q(event=event, starts_at__gt=now)


def _line(incident: Incident, data: Mapping[str, Any]) -> dict[str, Any]:
    groups = selectors.groups_meeting(incident)
    return json_adapter.bind(forms.RhythmLine, data, groups=groups).cleaned_data


def _facts(event: RhythmEvent) -> dict[str, Any]:
    return {
        "event": event.pk,
        "kind": event.kind,
        "title": event.title,
        "group": event.group.name if event.group else "",
        "recurrence": event.recurrence,
        "starts_at": event.starts_at,
        "minutes": event.minutes,
        "on_bank_holidays": event.on_bank_holidays,
    }


def _ask_to_agree(incident: Incident, event: RhythmEvent, what: str, *, by: Actor) -> None:
    _tell_chair(
        incident,
        kind="rhythm.to_agree",
        title=f"The rhythm of {incident.reference} has changed: do you agree?",
        body=f"{what} It is in force as provisional until you agree.",
        key=f"{incident.reference}:rhythm:{event.pk}:{incident.version}",
        by=by,
    )


def _tell_chair(incident: Incident, *, kind: str, title: str, body: str, key: str, by: Actor) -> None:
    chair = selectors.offices_of(incident).scg_chair
    if chair is not None:
        notify.notice_queue(
            kind,
            to=[chair],
            about=incident.reference,
            title=title,
            body=body,
            url=selectors.rhythm_url(incident),
            key=key,
            done_as=by.label,
        )
