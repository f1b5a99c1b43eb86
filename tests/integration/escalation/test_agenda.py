"""Marks for the next CAM or TTG: which evidence raises one, what adds to it, and how it is cleared."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.enums import POST_TITLES
from audit.presenters import sentence
from audit.selectors import events_for
from desk import selectors as desk
from escalation import services
from escalation.enums import QUIET, Stage
from escalation.selectors import agenda
from incidents.models import AgendaMark
from kernel import clock, keyset
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from notify.models import Notice
from tests.factories.incidents import reported
from tests.factories.ladder import NNC, Cast, assess, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

IMT = {"imt.head", "imt.duty", "imt.officer"}


def arrives(cast: Cast, reference: str, title: str = "Another fire", post: str = "imt.officer") -> None:
    data = {"kind": "injury_report", "title": title}
    services.evidence_add(reference=reference, by=cast(post), data=data)


def waiting(reference: str) -> list[AgendaMark]:
    return list(AgendaMark.objects.filter(issue__reference=reference, taken_up_at=None))


def marked(cast: Cast, stage: str = "monitoring", **report: str) -> tuple[str, AgendaMark]:
    reference = at_stage(cast, stage, **report)
    arrives(cast, reference)
    (mark,) = waiting(reference)
    return reference, mark


def let_go_by_ttg(cast: Cast) -> str:
    reference = at_stage(cast, "ttg")
    assess(cast, reference)
    services.nnc_assess(reference=reference, by=cast("dceo.regulation"), data=NNC)
    move(cast, reference, "monitor", "dceo.regulation", **inputs_of(cast, "monitor"))
    return reference


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != "merged"])
def test_evidence_marks_a_case_where_nobody_may_be_looking_and_no_other(stage, cast):
    reference = at_stage(cast, stage)
    arrives(cast, reference)

    assert [mark.body for mark in waiting(reference)] == (["cam"] if stage in QUIET else [])
    assert events_for(reference, limit=1)[0].facts["for_next"] == ("cam" if stage in QUIET else "")


def test_coordinated_case_tells_of_news_too(cast):
    reference = at_stage(cast, "coordinated")
    arrives(cast, reference)

    assert Notice.objects.filter(about=reference, kind="issue.evidence_added").exists()


def test_what_ttg_let_go_waits_for_ttg(cast):
    reference = let_go_by_ttg(cast)
    arrives(cast, reference)

    assert [mark.body for mark in waiting(reference)] == ["ttg"]


def test_more_evidence_adds_to_the_mark_that_waits_and_begins_another_once_it_was_taken_up(cast):
    reference, mark = marked(cast)
    arrives(cast, reference, "A second fire")
    (mark,) = waiting(reference)
    assert (mark.pieces, mark.why) == (2, "Report of harm: Another fire\nReport of harm: A second fire")

    services.mark_take_up(reference=reference, mark_id=mark.pk, by=cast("imt.duty"), data={"outcome": "Watched on"})
    arrives(cast, reference, "A third fire")

    assert [(mark.pieces, mark.why) for mark in waiting(reference)] == [(1, "Report of harm: A third fire")]


def test_database_holds_a_case_to_one_mark_that_waits(cast):
    _, mark = marked(cast)
    mark.pk = None

    with pytest.raises(IntegrityError, match="incidents_agendamark_one_waiting"), transaction.atomic():
        mark.save(force_insert=True)


@pytest.mark.parametrize(
    ("stage", "name", "outcome"),
    [
        ("monitoring", "imt_escalate", "Moved on to CAM"),
        ("coordinated", "submit_to_cam", "Moved on to CAM"),
        ("led_elsewhere", "return_to_function", "Moved on to Handled in the function"),
        ("closed", "reopen", "Moved on to CAM"),
    ],
)
def test_move_from_where_the_case_rests_clears_its_mark(stage, name, outcome, cast):
    reference, mark = marked(cast, stage)
    if name == "submit_to_cam":
        assess(cast, reference)
    move(cast, reference, name, "imt.head", **inputs_of(cast, name))

    mark.refresh_from_db()
    assert (mark.outcome, mark.taken_up_as, mark.taken_up_by) == (outcome, "Head of IMT", cast.user("imt.head"))


def test_taking_up_is_for_exactly_those_who_may(cast):
    reference, mark = marked(cast)
    other = let_go_by_ttg(cast)
    arrives(cast, other)

    def who(case: str, mark: AgendaMark) -> set[str]:
        may = set()
        for post in POST_TITLES.keys() - {"operator"}:
            with pytest.raises((NotAllowed, InvalidInput)) as refusal:
                services.mark_take_up(reference=case, mark_id=mark.pk, by=cast(post), data={})
            if isinstance(refusal.value, InvalidInput):
                assert [error.field for error in refusal.value.errors] == ["outcome"]
                may.add(post)
        return may

    assert who(reference, mark) == IMT
    assert who(other, waiting(other)[0]) == IMT | {"dceo.regulation"}
    with pytest.raises(NotFound):
        services.mark_take_up(reference=reference, mark_id=mark.pk, by=cast("operator"), data={})
    with pytest.raises(NotFound):
        services.mark_take_up(reference=other, mark_id=mark.pk, by=cast("imt.head"), data={"outcome": "x"})


def test_taking_up_is_recorded_and_happens_once(cast):
    reference, mark = marked(cast)
    before = climb_of(reference)
    data = {"outcome": "The same battery: watched on"}
    services.mark_take_up(reference=reference, mark_id=mark.pk, by=cast("imt.duty"), data=data)

    event, after = events_for(reference, limit=1)[0], climb_of(reference)
    assert (event.kind, event.version) == ("issue.mark_taken_up", before.issue.version + 1)
    assert sentence(event) == "What waited for the next CAM was taken up: The same battery: watched on"
    assert (after.stage, after.visit) == (before.stage, before.visit)
    with pytest.raises(Conflict) as refusal:
        services.mark_take_up(reference=reference, mark_id=mark.pk, by=cast("imt.head"), data=data)
    assert refusal.value.code == "mark_taken_up"


def test_mark_stands_on_the_page_of_the_case_with_the_door_for_those_who_may(cast, browse, words):
    reference, mark = marked(cast)
    door = reverse("escalation:mark-take-up", args=[reference, mark.pk])
    page = browse("imt.duty").get(f"/issues/{reference}/")

    assert "For the next CAM , since" in words(page)
    assert door in page.content.decode()
    assert door not in browse("ftl.enforcement").get(f"/issues/{reference}/").content.decode()
    assert browse("ftl.enforcement").get(door).status_code == 403
    client = browse("imt.duty")
    assert "Another fire" in words(client.get(door))
    assert "Enter what came of it" in words(client.post(door, {"outcome": " "}))
    assert client.post(door, {"outcome": "Watched on"}).headers["Location"] == f"/issues/{reference}/"
    assert "For the next CAM" not in words(client.get(f"/issues/{reference}/"))


def test_agenda_lists_what_waits_longest_first_for_those_who_may_know_of_it(cast, browse, words):
    first, _ = marked(cast)
    second, _ = marked(cast)
    hidden, _ = marked(cast, "closed", sensitivity="official_sensitive")
    other = let_go_by_ttg(cast)
    arrives(cast, other)

    said = words(browse("imt.head").get("/issues/agenda/"))
    assert said.index(first) < said.index(second) < said.index(hidden)
    assert other not in said
    assert other in words(browse("imt.head").get("/issues/agenda/?body=ttg"))
    assert hidden not in words(browse("viewer").get("/issues/agenda/"))
    assert browse("imt.head").get("/issues/agenda/?body=scg").status_code == 400


def test_agenda_goes_on_where_its_page_ends(cast, browse):
    many = [reported(cast("officer.enforcement")) for _ in range(keyset.DEFAULT_LIMIT + 1)]
    AgendaMark.objects.bulk_create(
        AgendaMark(issue=issue, body="cam", why="Another fire", raised_at=clock.now(), raised_as="Officer")
        for issue in many
    )
    client = browse("viewer")
    first = client.get("/issues/agenda/")
    shown = [mark.issue.reference for mark in first.context["marks"]]
    rest = client.get(f"/issues/agenda/{first.context['next']}")
    shown += [mark.issue.reference for mark in rest.context["marks"]]
    assert shown == [issue.reference for issue in many]
    assert "More" in first.content.decode()
    assert rest.context["next"] == ""


def test_rest_lists_marks_and_takes_them_up(cast, browse):
    reference, mark = marked(cast)
    client = browse("imt.head")
    (row,) = client.get("/api/v1/agenda-marks/").json()["results"]
    assert (row["issue"], row["id"], row["body"], row["outcome"]) == (reference, mark.pk, "cam", None)
    assert client.get("/api/v1/agenda-marks/?body=ttg").json()["results"] == []
    assert client.get("/api/v1/agenda-marks/?stage=cam").status_code == 400

    address = f"/api/v1/issues/{reference}/agenda-marks/"
    door = f"{address}{mark.pk}/taken-up/"
    refused = browse("ftl.enforcement").post(door, {"outcome": "x"}, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "not_your_move")
    done = client.post(door, {"outcome": "Watched on"}, content_type="application/json")
    assert (done.status_code, done.json()["taken_up_by"]) == (200, "Head of IMT")
    assert client.post(door, {"outcome": "x"}, content_type="application/json").status_code == 409
    assert [row["outcome"] for row in client.get(address).json()["results"]] == ["Watched on"]


def test_home_of_each_chair_shows_what_waits_for_their_meeting(cast):
    reference, _ = marked(cast)
    other = let_go_by_ttg(cast)
    arrives(cast, other)

    def queues(post: str) -> dict[str, list[str]]:
        found = desk.home(cast.user(post), cast(post)).queues
        return {q.label: [case.reference for case in q.pressing] for q in found if q.label.startswith("For the next")}

    assert queues("imt.duty") == {"For the next CAM": [reference]}
    assert queues("dceo.regulation") == {"For the next TTG": [other]}
    assert queues("ftl.enforcement") == {}


def test_agenda_is_served_by_its_own_index(cast):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
    rows = agenda.marks_waiting(cast("imt.head"), "cam").order_by(*agenda.WAITING)[:50]

    assert "incidents_agendamark_waiting" in json.dumps(json.loads(rows.explain(format="json")))


def test_mark_outlives_a_day_on_which_nobody_meets(cast):
    reference, mark = marked(cast)

    with clock.at(clock.now() + timedelta(days=400)):
        assert waiting(reference) == [mark]
