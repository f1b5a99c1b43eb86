"""Search over every kind of case: what is found, by whom, and that no text that people type can break it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import selectors as accounts
from command import services as command
from escalation.selectors import IssueFilters, climbs_filtered
from incidents import selectors as incidents
from incidents.models import Business, ForeignNotice, Issue, Product
from kernel import clock
from tests.factories.accounts import person
from tests.factories.incidents import MARKED_UP, reported
from tests.factories.ladder import at_stage, climb_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast):
    """One case that says something of every kind."""
    issue = reported(cast("officer.enforcement"), title="Café kettle leaks", summary="Two batteries exploded at night.")
    Issue.objects.get(pk=issue.pk)
    Product.objects.create(issue=issue, name="Rapid boiler", brand="Veltrix", model="KX-48213", barcode="5012345678900")
    Business.objects.create(issue=issue, name="Müller & Söhne Trading", role="importer")
    now = clock.now()
    ForeignNotice.objects.create(
        source="cpsc", external_id="24-117", issue=issue, digest="0" * 64, first_read_at=now, updated_at=now,
        content={"Hazard": {"Name": "The handle detaches"}, "Units": 12},
    )  # fmt: skip
    return issue.reference


def found_by(q: str, actor) -> set[str]:
    found = climbs_filtered(actor, IssueFilters(q=q)).values_list("issue__reference", flat=True)
    return set(found)


@pytest.mark.parametrize(
    "q",
    [
        "kettle", "kettles", "KETTLE", "cafe", "CAFÉ", "battery exploding", '"two batteries"', "veltrix", "KX-48213",
        "x-4821", "kx-48213 kettle", "5012345678900", "rapid boil", "muller", "Söhne", "handle detaches", "24-117",
        "toaster or kettle", "kettle -toaster", "ettl",
    ],
)  # fmt: skip
def test_issue_is_found_by_what_it_and_its_parts_say(q, told, cast):
    assert found_by(q, cast("viewer")) == {told}


def test_reference_in_any_case_finds_its_issue(told, cast):
    assert found_by(told.lower(), cast("viewer")) == {told}


@pytest.mark.parametrize(
    "q", ["toaster", "kettle -leaks", '"batteries two"', "%", "_", "ke%le", "kettle toaster", "12"]
)
def test_issue_is_not_found_by_what_it_does_not_say(q, told, cast):
    assert found_by(q, cast("viewer")) == set()


def test_words_that_are_put_right_or_taken_out_find_it_no_longer(told, cast):
    viewer = cast("viewer")
    Issue.objects.filter(reference=told).update(title="Toaster smokes")
    Product.objects.get().delete()
    Business.objects.update(name="Somebody else")
    assert [found_by(q, viewer) for q in ("toaster", "somebody")] == [{told}, {told}]
    assert [found_by(q, viewer) for q in ("kettle", "veltrix", "muller")] == [set(), set(), set()]


def test_restricted_case_is_found_by_those_who_may_know_of_it_alone(cast):
    issue = reported(cast("officer.enforcement"), title="Zeppelin kettle", sensitivity="restricted")
    assert found_by("zeppelin", cast("imt.head")) == {issue.reference}
    assert found_by("zeppelin", cast("officer.enforcement")) == {issue.reference}
    assert found_by("zeppelin", cast("dd.enforcement")) == set()
    assert incidents.issues_spelt_like("zepelin", cast("dd.enforcement"), most=5) == []


def test_common_word_is_walked_for_and_finds_the_same(cast, monkeypatch):
    references = {reported(cast("officer.enforcement"), title=f"Kettle {number}").reference for number in range(4)}
    reported(cast("officer.enforcement"), title="Toaster")
    monkeypatch.setattr(incidents, "MOST_FOUND", 2)
    assert found_by("kettle", cast("viewer")) == references


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(q=st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=250))
def test_no_text_breaks_a_search(q, told, cast):
    viewer = cast("viewer")
    assert found_by(q, viewer) <= {told}
    incidents.issues_spelt_like(q, viewer, most=5)
    assert list(incidents.incidents_found(q, viewer)) == []


@pytest.mark.parametrize("q", ["a" * 251, "a" * 20_000, "kettle\x00", "a\x00' OR 1=1"])
def test_text_that_cannot_be_searched_is_refused_in_words(q, told, browse, words):
    answer = browse("viewer").get("/search/", {"q": q})
    assert answer.status_code == 400
    assert "There is a problem" in words(answer)
    assert browse("viewer").get("/api/v1/issues/", {"q": q}).status_code == 400


@pytest.mark.parametrize("q", ["the", "', ) ; --", "كتلة", "<b>", "& | !", '"', "or", "-"])
def test_odd_text_finds_nothing_and_says_so(q, told, browse, words):
    answer = browse("viewer").get("/search/", {"q": q})
    assert answer.status_code == 200
    assert "Nothing that you may read speaks of" in words(answer) or q == "the"


def test_page_finds_every_kind_of_case(cast, browse, words):
    reference = at_stage(cast, "incident_declared", title="Leaking hob")
    incident = climb_of(reference).issue.incident
    sitrep = command.sitrep_open(incident_reference=incident.reference, by=cast("imt.officer"))
    word = next(word for word in incident.title.split() if len(word) > 4)
    answer = browse("imt.head").get("/search/", {"q": word})
    assert incident.get_absolute_url() in answer.content.decode()
    said = sitrep.sections.exclude(body="").first().body.split()
    told = max(said, key=len).strip(".,:;()‘’")
    assert sitrep.get_absolute_url() in browse("imt.head").get("/search/", {"q": told}).content.decode()


def test_draft_report_is_not_found_by_who_may_not_read_it(cast, browse):
    reference = at_stage(cast, "incident_declared")
    sitrep = command.sitrep_open(incident_reference=climb_of(reference).issue.incident.reference, by=cast("imt.head"))
    told = max(sitrep.sections.exclude(body="").first().body.split(), key=len).strip(".,:;()‘’")
    assert sitrep.get_absolute_url() not in browse("viewer").get("/search/", {"q": told}).content.decode()


def test_reference_leads_straight_to_its_case(cast, browse):
    reference = at_stage(cast, "incident_declared")
    incident = climb_of(reference).issue.incident
    sitrep = command.sitrep_open(incident_reference=incident.reference, by=cast("imt.officer"))
    client = browse("imt.head")
    for q, case in ((f" {reference.lower()} ", climb_of(reference).issue), (incident.reference, incident)):
        assert client.get("/search/", {"q": q}).headers["Location"] == case.get_absolute_url()
    for q in (sitrep.reference, sitrep.path.lower()):
        assert client.get("/search/", {"q": q}).headers["Location"] == sitrep.get_absolute_url()


def test_reference_of_a_hidden_case_reads_as_one_that_does_not_exist(cast, browse, words):
    issue = reported(cast("officer.enforcement"), sensitivity="restricted")
    client = browse("dd.enforcement")
    hidden, none = (words(client.get("/search/", {"q": q})) for q in (issue.reference, "ISS-2026-99999"))
    assert hidden.replace(issue.reference, "") == none.replace("ISS-2026-99999", "")


@pytest.mark.parametrize(("typed", "meant"), [("kettel", "kettle"), ("Veltrx", "veltrix"), ("muler trading", "muller")])
def test_typing_error_is_offered_as_it_was_meant(typed, meant, told, browse, words):
    answer = browse("viewer").get("/search/", {"q": typed})
    assert f"Did you mean {meant}" in words(answer)
    assert f'href="/issues/{told}/"' in answer.content.decode()


def test_what_was_typed_is_shown_escaped(told, browse):
    page = browse("viewer").get("/search/", {"q": MARKED_UP}).content.decode()
    assert MARKED_UP not in page


def test_header_offers_the_search_to_people_who_may_read_cases(cast, browse, client):
    assert 'action="/search/"' in browse("viewer").get("/inbox/").content.decode()
    client.force_login(person())
    assert 'action="/search/"' not in client.get("/").content.decode()


def test_search_asks_the_same_however_much_is_found(told, cast, django_assert_max_num_queries):
    actor = accounts.actor_for(cast.user("viewer"))
    with django_assert_max_num_queries(2):
        list(climbs_filtered(actor, IssueFilters(q="kettle"))[:51])
