"""An earlier incident that comes back through the ladder as a new phase of itself."""

from __future__ import annotations

import pytest
from django.db import transaction

from audit import presenters
from audit.selectors import events_for
from command import selectors, services
from incidents.models import Decision, Incident, Issue
from kernel import clock
from kernel.errors import Blocked
from notify.models import Notice
from tests.factories.command import all_stood_down, declaration, incident, incident_at, incident_inputs, incident_move
from tests.factories.ladder import Cast, assess, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

TITLE = "Scooters that burn again"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _at_conference(cast: Cast) -> str:
    reference = at_stage(cast, "case_conference")
    assess(cast, reference)
    return reference


def _declare(cast: Cast, resume: str, reference: str = "", **given: str):
    reference = reference or _at_conference(cast)
    inputs = inputs_of(cast, "declare_incident") | {"title": TITLE, "resume": resume} | given
    return move(cast, reference, "declare_incident", "dd.enforcement", **inputs)


@pytest.mark.parametrize("status", ["de_escalating", "monitoring", "closed"])
def test_an_incident_that_is_not_active_comes_back_as_a_new_phase(cast, status):
    earlier = incident_at(cast, status)
    climb = _declare(cast, f" {earlier.reference.lower()} ")
    case = Incident.objects.get()
    assert climb.issue.incident == case
    assert (case.status, case.phase, case.title, case.response_level) == ("active", 2, TITLE, "strategic")
    assert (case.declared_at, case.declared_as) == (earlier.declared_at, earlier.declared_as)
    assert case.phase_began_at > case.declared_at
    assert (case.watched_by, case.review_on, case.winding_down_since) == ("", None, None)
    assert selectors.plan_of(case) is None
    assert case.version == earlier.version + 1
    assert Issue.objects.filter(incident=case).count() == 2


def test_groups_stand_again_under_their_chairs_and_the_old_rhythm_gives_way(cast):
    earlier = incident_at(cast, "de_escalating")
    old = set(selectors.rhythm_of(earlier).values_list("pk", flat=True))
    _declare(cast, earlier.reference, scg_chair=cast.user("dd.targeting").email)
    case = Incident.objects.get()
    groups = [(group.kind, group.status, group.chair_as) for group in case.groups.all()]
    assert groups == [
        ("scg", "stood_down", "Deputy Chief Executive, Evidence"),
        ("tcg", "stood_down", "Deputy Director, Enforcement"),
        ("scg", "standing", "Deputy Director, Targeting"),
        ("tcg", "standing", "Deputy Director, Enforcement"),
    ]
    rhythm = selectors.rhythm_of(case)
    assert old.isdisjoint(rhythm.values_list("pk", flat=True))
    assert {event.status for event in rhythm} == {"provisional"}
    assert len(rhythm) >= 3
    assert Notice.objects.filter(kind="incident.you_chair", recipient=cast.user("dd.targeting")).count() == 1


def test_the_history_tells_the_phase_and_the_declaration_names_the_incident(cast):
    cast("imt.head")
    earlier = incident_at(cast, "closed")
    reference = _declare(cast, earlier.reference).issue.reference
    events = events_for(earlier.reference)
    assert [event.kind for event in reversed(events)][-5:] == [
        "incident.close", "incident.phase_begun", "group.stood_up", "group.stood_up", "rhythm.set",
    ]  # fmt: skip
    begun = events[3]
    assert presenters.sentence(begun) == f"Began phase 2 from {reference}: {TITLE}"
    assert begun.facts["impact_level"] == "high"
    declared = events_for(reference)[0]
    assert (declared.kind, declared.facts["incident"]) == ("issue.declare_incident", earlier.reference)
    assert declared.facts["inputs"]["resume"] == earlier.reference
    assert declared.facts["warnings"] == []
    assert Decision.objects.get(kind="declare_incident").incident.reference == earlier.reference
    told = Notice.objects.filter(kind="incident.phase_begun", recipient=cast.user("imt.head")).get()
    assert told.title == f"Incident {earlier.reference} is declared: phase 2"


def test_a_new_phase_is_wound_down_like_the_first_one(cast):
    earlier = incident_at(cast, "closed")
    _declare(cast, earlier.reference)
    incident_move(cast, earlier, "propose_de_escalation", "imt.officer")
    incident_move(cast, earlier, "agree_de_escalation", "imt.officer")
    assert incident_move(cast, earlier, "agree_de_escalation", "dd.enforcement").status == "de_escalating"
    all_stood_down(cast, earlier)
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, earlier, "close", "imt.head", **incident_inputs("close"))
    # What was asked on the way up the ladder is still open; the last report of the first phase does not count.
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["actions_open", "last_sitrep_missing"]


def test_a_report_of_a_later_phase_counts_its_days_anew(cast):
    earlier = incident_at(cast, "closed")
    _declare(cast, earlier.reference)
    sitrep = services.sitrep_open(incident_reference=earlier.reference, by=cast("imt.head"))
    assert "active, phase 2, day 1" in sitrep.sections.get(key="headline").body


@pytest.mark.parametrize("which", ["active", "supporting", "unknown", "hidden"])
def test_what_cannot_be_resumed_is_said_with_everything_else_that_blocks(cast, which):
    case = {
        "active": lambda: incident(cast),
        "supporting": lambda: incident_at(cast, "monitoring", kind="supporting"),
        "unknown": lambda: None,
        "hidden": lambda: incident(cast, report={"sensitivity": "restricted"}),
    }[which]()
    if which == "hidden":
        Incident.objects.update(status="closed")
    reference = _at_conference(cast)
    with pytest.raises(Blocked) as refusal:
        _declare(cast, case.reference if case else "INC-1999-0001", reference, took_part=[])
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["conference_of_one", "resume_not_possible"]
    assert refusal.value.errors[1].field == "resume"
    assert climb_of(reference).stage == "case_conference"


def test_without_an_earlier_incident_a_new_one_is_opened(cast):
    incident_at(cast, "closed")
    climb = _declare(cast, "")
    assert Incident.objects.count() == 2
    assert climb.issue.incident.phase == 1


def test_an_incident_that_became_active_meanwhile_is_not_begun_twice(cast):
    case = incident(cast)
    issue = climb_of(at_stage(cast, "case_conference")).issue
    with pytest.raises(Blocked) as refusal, transaction.atomic():
        services.incident_new_phase(
            incident=case, issue=issue, declaration=declaration(cast), by=cast("dd.enforcement"), at=clock.now()
        )
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["resume_not_possible"]
    assert Incident.objects.get().phase == 1


def test_an_issue_does_not_join_an_incident_that_was_closed_meanwhile(cast):
    case = incident_at(cast, "closed")
    issue = climb_of(at_stage(cast, "cam")).issue
    with pytest.raises(Blocked) as refusal, transaction.atomic():
        services.issue_joined(incident=case, issue=issue, by=cast("imt.head"), at=clock.now())
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["incident_not_live"]
