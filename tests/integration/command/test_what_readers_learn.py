"""What the history of an incident tells to whom: nothing of drafts to a viewer, no text of reports to anybody."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from command import services
from kernel import clock
from kernel.clock import LONDON
from kernel.errors import ChangedSinceSeen
from moves import mover
from tests.factories.command import at_status, draft, incident, incident_at, incident_move, move
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db

MORNING, AFTERNOON = datetime(2026, 6, 1, 8, tzinfo=LONDON), datetime(2026, 6, 1, 15, tzinfo=LONDON)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def read(cast: Cast, post: str, path: str) -> str:
    client = Client()
    client.force_login(cast.user(post))
    return client.get(path).content.decode()


def pages_of(case) -> list[str]:
    page = case.get_absolute_url()
    return [page, f"{page}history/", f"/api/v1{page}events/"]


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "withdrawn"])
def test_a_viewer_learns_nothing_of_a_report_that_was_not_issued(status, cast):
    case = incident(cast)
    sitrep = at_status(cast, status, case, headline="The importer is bankrupt")
    for path in pages_of(case):
        assert "SR-001" in read(cast, "imt.officer", path)
        seen = read(cast, "viewer", path)
        assert case.title in seen
        assert ("SR-001" in seen, "bankrupt" in seen) == (False, False), (path, sitrep.status)


def test_a_viewer_learns_of_a_report_when_it_is_issued_and_not_of_its_correction(cast):
    case = incident(cast)
    sitrep = at_status(cast, "issued", case)
    move(cast, sitrep, "correct", "imt.officer")
    for path in pages_of(case):
        assert "SR-002" in read(cast, "imt.officer", path) or path.endswith("events/")
        seen = read(cast, "viewer", path)
        assert ("Issued INC" in seen, "SR-002" in seen, "model is wrong" in seen) == (True, False, False)


def test_a_viewer_learns_nothing_of_the_draft_that_the_clock_has_opened(cast):
    with clock.at(MORNING):
        case = incident(cast)
        line = {"kind": "sitrep", "title": "Report due", "starts_at": AFTERNOON.isoformat(), "recurrence": "FREQ=DAILY"}
        services.rhythm_add(incident_reference=case.reference, by=cast("imt.head"), data=line)
    with clock.at(AFTERNOON):
        services.occurrences_begin()
    page = case.get_absolute_url()
    for path in [*pages_of(case), f"{page}rhythm/?day={AFTERNOON.date()}", f"/api/v1{page}rhythm/occurrences/"]:
        assert "SR-001" in read(cast, "imt.officer", path), path
        seen = read(cast, "viewer", path)
        assert (case.title in seen or "Report due" in seen, "SR-001" in seen) == (True, False), path


def test_a_draft_that_stands_in_the_way_of_a_move_is_not_named_to_a_viewer(cast):
    case = incident_at(cast, "de_escalating")
    first = at_status(cast, "issued", case)
    move(cast, first, "correct", "imt.officer")
    for path in (case.get_absolute_url(), first.get_absolute_url()):
        offers = f"/api/v1{path}transitions/"
        assert "SR-002 is still being written" in read(cast, "imt.officer", offers)
        seen = read(cast, "viewer", offers)
        assert ("A situation report is still being written" in seen, "SR-002" in seen) == (True, False)


def test_no_text_of_a_draft_is_published_with_the_events(cast):
    case = incident(cast)
    draft(cast, case, headline="The importer is bankrupt")
    events = read(cast, "imt.head", f"/api/v1{case.get_absolute_url()}events/")
    assert ("sitrep.edited" in events, "bankrupt" in events) == (True, False)


def test_a_page_of_the_history_is_full_though_events_are_hidden(cast):
    case = incident(cast)
    draft(cast, case)
    client = Client()
    client.force_login(cast.user("viewer"))
    page = client.get(f"/api/v1{case.get_absolute_url()}events/?limit=2").json()
    assert len(page["results"]) == 2
    assert page["next"]


def test_what_changed_since_is_told_as_far_as_the_reader_may_know_of_it(cast):
    case = incident(cast)
    draft(cast, case)
    incident_move(cast, case, "raise_level", "imt.head", level="strategic", reason="A second factory")
    with pytest.raises(ChangedSinceSeen) as refusal:
        mover.require_version(services.INCIDENT_MACHINE, type(case).objects.get(pk=case.pk), 1, cast("viewer"))
    assert [change["kind"] for change in refusal.value.changes] == ["incident.raise_level"]
