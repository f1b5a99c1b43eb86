"""Whoever a decision names, as consulted or as second person, confirms it afterwards or says what was otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from audit import services as audit
from escalation import authority, selectors
from escalation.events import IssueEvent
from escalation.forms import ConfirmForm
from escalation.selectors import confirming
from escalation.services.climbs import climb_lock
from govuk import json_adapter
from incidents import hooks
from incidents.models import Confirmation, Consultation
from kernel import clock
from kernel.actors import Actor
from moves.mover import refuse_unless


@transaction.atomic
def consultation_confirm(*, reference: str, consultation_id: int, by: Actor, data: Mapping[str, Any]) -> Consultation:
    """Say once, as the person named, whether it was as the mover recorded it (IMP-2.16). It undoes nothing.

    Raises NotFound, Conflict `confirmed_already`, NotAllowed, InvalidInput.
    """
    climb = climb_lock(reference, by)
    named = confirming.consultation_waiting(climb, consultation_id)
    refuse_unless(authority.the_named(named.user_id), selectors.facts_of(climb, by), by)
    inputs = json_adapter.bind(ConfirmForm, data).cleaned_data
    now = clock.now()
    named.confirmation = Confirmation.objects.create(consultation=named, given_at=now, **inputs)
    hooks.issue_changed(climb.issue, now)
    audit.record(
        IssueEvent.CONFIRMED,
        chain=reference,
        by=by,
        at=now,
        version=climb.issue.version,
        consultation=named.pk,
        decision=named.decision_id,
        role=named.role,
        **inputs,
    )
    return named
