"""What tests ask of a move that was refused, or that told somebody something."""

from __future__ import annotations

from typing import Any

import pytest

from audit.models import AuditEvent
from incidents.models import Commission, Consultation, Decision, Incident
from kernel.errors import Blocked
from notify.models import Notice
from tests.factories.ladder import Cast, climb_of, inputs_of, move


def refused(cast: Cast, reference: str, name: str, post: str, **blank: Any) -> list[str]:
    """The codes that stop the move when its inputs are in order but for `blank`; nothing was written."""
    before = on_record(reference)
    with pytest.raises(Blocked) as refusal:
        move(cast, reference, name, post, **inputs_of_any(cast, name) | blank)
    assert on_record(reference) == before
    return [blocker.code for blocker in refusal.value.blocked_by]


def inputs_of_any(cast: Cast, name: str) -> dict[str, Any]:
    """As `inputs_of`, for the moves too that share another's inputs or name a case of the caller's."""
    if name == "join_incident":
        return {"reason": "The same joint", "changes_the_picture": False}
    return inputs_of(cast, {"convene_urgent_conference": "request_case_conference"}.get(name, name))


def on_record(reference: str) -> tuple[Any, ...]:
    """How much is on record, and where the case stands: the same before and after what changes nothing."""
    climb = climb_of(reference)
    counted = (AuditEvent, Decision, Commission, Consultation, Notice, Incident)
    return climb.pk, climb.stage, climb.visit, climb.issue.version, *(model.objects.count() for model in counted)


def told(reference: str, kind: str) -> set[str]:
    """The posts of the cast whose holders have a notice of this kind about the case."""
    emails = Notice.objects.filter(about=reference, kind=kind).values_list("recipient__email", flat=True)
    return {email.removesuffix("@cast.example") for email in emails}
