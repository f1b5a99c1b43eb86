"""How the record is read and told."""

from __future__ import annotations

import pytest
from django.db import connection

from audit import presenters, selectors, services
from kernel.actors import SYSTEM, Actor

pytestmark = pytest.mark.django_db

ISSUE = "ISS-2026-00042"
DEPUTY = Actor(7, "deputy@demo.opss.example", "A deputy", post="imt_head", post_title="Head of IMT", as_deputy=True)


@pytest.fixture(autouse=True)
def _five_events_and_one_elsewhere():
    for number in range(1, 6):
        services.record("kettle.edited", chain=ISSUE, by=DEPUTY, version=None if number == 4 else number, number=number)
    services.record("kettle.edited", chain="ISS-2026-00043", by=SYSTEM, version=9)


def test_events_for_reads_newest_first_page_by_page_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        page = selectors.events_for(ISSUE, limit=3)
    assert [(view.position, view.facts) for view in page] == [
        (5, {"number": 5}),
        (4, {"number": 4}),
        (3, {"number": 3}),
    ]
    assert [view.position for view in selectors.events_for(ISSUE, before=3, limit=3)] == [2, 1]


def test_event_tells_who_acted_as_it_was_then():
    view = selectors.events_for(ISSUE, limit=1)[0]
    assert view.label == "Head of IMT (deputy acting)"
    assert (view.actor["email"], view.actor["as_deputy"]) == ("deputy@demo.opss.example", True)
    assert selectors.events_for("ISS-2026-00043")[0].label == "The system"


def test_changes_since_gives_what_raised_the_version_oldest_first():
    assert [view.version for view in selectors.changes_since(ISSUE, 2)] == [3, 5]
    assert selectors.changes_since(ISSUE, 5) == []


def test_sentence_comes_from_who_registered_it_or_else_from_the_kind():
    services.record("kettle.taken_apart", chain=ISSUE, by=DEPUTY)
    assert presenters.sentence(selectors.events_for(ISSUE, limit=1)[0]) == "Kettle taken apart"

    presenters.register("kettle.sent_back", lambda event: f"Sent back {event.facts['times']} times")
    services.record("kettle.sent_back", chain=ISSUE, by=DEPUTY, times=3)
    assert presenters.sentence(selectors.events_for(ISSUE, limit=1)[0]) == "Sent back 3 times"


def test_register_of_a_second_sentence_for_a_kind_is_refused():
    presenters.register("kettle.boiled", str)
    with pytest.raises(ValueError, match=r"kettle\.boiled has a sentence"):
        presenters.register("kettle.boiled", repr)


def test_event_without_its_facts_says_so():
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM audit_eventfacts")
        cursor.execute("SET LOCAL session_replication_role = origin")
    view = selectors.events_for(ISSUE, limit=1)[0]
    assert (view.facts, view.redacted) == ({}, True)
    assert presenters.sentence(view) == "Kettle edited (details removed)"


def test_service_chain_tells_of_chains_and_sealings():
    services.seal()
    sealed, second, first = selectors.events_for("service")
    assert presenters.sentence(sealed) == "3 records were sealed"
    assert presenters.sentence(second) == "The record of ISS-2026-00043 was opened"
    assert presenters.sentence(first) == "The record of ISS-2026-00042 was opened"
