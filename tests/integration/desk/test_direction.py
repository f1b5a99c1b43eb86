"""That text which somebody typed from right to left, or to mislead, turns nothing round but itself."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from command import services
from kernel import clock
from notify.models import Notice
from tests.factories.command import at_status, incident, incident_at
from tests.factories.incidents import MARKED_UP, reported
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db

TYPED = "Hob \u202egnp.exe"


def strays(page: str) -> list[str]:
    """Where a mark that turns text stands outside an isolated element, with what surrounds it."""
    page = re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    # What a ticked box sends is not shown: its label is.
    page = re.sub(r'<input [^>]*type="checkbox"[^>]*>', "", page)
    marks = [found.start() for found in re.finditer("\u202e", page)]
    assert marks
    outside = [place for place in marks if page.rfind("<bdi", 0, place) <= page.rfind("</bdi", 0, place)]
    return [page[place - 80 : place] for place in outside]


def page_for(cast: Cast, post: str, address: str) -> str:
    client = Client()
    client.force_login(cast.user(post))
    return client.get(address).content.decode()


@pytest.fixture
def cast() -> Cast:
    cast = Cast()
    for post in ("imt.head", "imt.duty"):
        cast.user(post)
    return cast


def test_incident_pages_keep_what_was_typed_in_its_place(cast):
    case = incident(
        cast,
        report={"title": TYPED, "summary": TYPED},
        title=TYPED,
        significant_risk=TYPED,
        mitigation=TYPED,
        equality=TYPED,
        policy_owner=TYPED,
        lead_department=TYPED,
    )
    group = {"kind": "working_group", "level": "operational", "name": TYPED, "purpose": TYPED, "exit_strategy": TYPED}
    group |= {"chair": cast.user("dd.science").email, "members": []}
    services.group_stand_up(incident_reference=case.reference, by=cast("imt.head"), data=group)
    event = {"kind": "meeting", "title": TYPED, "recurrence": "FREQ=DAILY", "starts_at": "2026-01-05T10:00:00+00:00"}
    services.rhythm_add(incident_reference=case.reference, by=cast("imt.head"), data=event)

    for page in ("", "history/", "groups/new/"):
        assert strays(page_for(cast, "imt.head", f"/incidents/{case.reference}/{page}")) == []
    assert strays(page_for(cast, "imt.head", "/incidents/")) == []


def test_what_stands_in_the_way_of_closing_names_groups_in_their_place(cast):
    case = incident_at(cast, "de_escalating")
    case.groups.filter(kind="tcg").update(name=TYPED)

    assert strays(page_for(cast, "imt.head", f"/incidents/{case.reference}/")) == []


def test_situation_report_keeps_what_was_typed_in_its_place(cast):
    case = incident(cast, title=TYPED)
    sitrep = at_status(cast, "draft", case, headline=TYPED)

    for page in (sitrep.get_absolute_url(), f"{sitrep.get_absolute_url()}edit/"):
        assert strays(page_for(cast, "imt.officer", page)) == []


def test_home_and_inbox_keep_what_was_typed_in_its_place(cast):
    reported(cast("officer.enforcement"), title=TYPED, danger_now=True)
    at_status(cast, "in_review", incident(cast, title=TYPED))
    Notice.objects.update(delivered_at=clock.now(), body=TYPED)

    for post in ("imt.head", "imt.duty"):
        for address in ("/", "/inbox/"):
            assert strays(page_for(cast, post, address)) == []


def test_the_check_finds_a_mark_that_nothing_isolates():
    assert strays(f"<bdi>{MARKED_UP}</bdi>") == []
    assert strays(f"<p>{MARKED_UP}</p>") != []
