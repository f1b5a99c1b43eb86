"""What a reader may not know of stays unknown, whichever way a case moved."""

from __future__ import annotations

import pytest

from escalation import services
from escalation.api import documents
from incidents import selectors as incidents
from incidents.models import Incident
from tests.factories.ladder import Cast, assess, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def declared_restricted(cast: Cast) -> tuple[str, Incident]:
    """A case that was restricted once its incident was declared."""
    reference = at_stage(cast, "incident_declared")
    issue = climb_of(reference).issue
    issue.sensitivity = "restricted"
    issue.save()
    return reference, issue.incident


def test_an_incident_stays_hidden_when_its_restricted_issue_leaves_for_another(cast):
    reference, first = declared_restricted(cast)
    assert not incidents.incidents_visible_to(cast("viewer")).filter(pk=first.pk).exists()
    Incident.objects.filter(pk=first.pk).update(status="closed")
    move(cast, reference, "reopen", "imt.head", **inputs_of(cast, "reopen"))
    other = climb_of(at_stage(cast, "incident_declared")).issue.incident
    inputs = {"incident": other.reference, "reason": "The same joint", "changes_the_picture": False}
    move(cast, reference, "join_incident", "imt.head", **inputs)
    assert climb_of(reference).issue.incident == other
    assert not incidents.incidents_visible_to(cast("viewer")).filter(pk__in=[first.pk, other.pk]).exists()
    assert incidents.incidents_visible_to(cast("imt.head")).filter(pk__in=[first.pk, other.pk]).count() == 2


def test_an_issue_names_no_incident_that_its_reader_may_not_know_of(cast):
    _, hidden = declared_restricted(cast)
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    inputs = {"incident": hidden.reference, "reason": "The same joint", "changes_the_picture": True}
    services.issue_move(
        reference=reference,
        name="join_incident",
        version=climb_of(reference).issue.version,
        by=cast("imt.head"),
        data=inputs,
    )
    assert documents.issue_document(climb_of(reference), cast("imt.head"))["incident"] == hidden.reference
    assert documents.issue_document(climb_of(reference), cast("viewer"))["incident"] is None
