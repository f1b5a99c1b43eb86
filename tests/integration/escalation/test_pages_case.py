"""One case: where it stands, what the reader may do next and what blocks it, what is on record, who may not know."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import AccessLog
from escalation import services
from incidents.enums import PersonRole
from incidents.models import Incident, IssuePerson
from kernel import clock
from tests.factories.incidents import MARKED_UP, reported
from tests.factories.ladder import NNC, RATINGS, assess, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

# Every page of one case, by what follows its address.
PAGES = (
    "",
    "history/",
    "edit/",
    "moves/begin_assessment/",
    "impact/new/",
    "nnc/new/",
    "evidence/new/",
    "commissions/new/",
)


def rungs(answer) -> list[tuple[str, str, str]]:
    return [(rung.label, rung.state, rung.by) for rung in answer.context["page"].rungs]


def test_ladder_tells_the_way_taken_with_who_decided(cast, browse, words):
    reference = at_stage(cast, "ttg")
    answer = browse("viewer").get(f"/issues/{reference}/")
    assert rungs(answer) == [
        ("Reported", "done", "Officer, Enforcement"),
        ("Being assessed", "done", "Functional Team Leader, Enforcement"),
        ("CAM", "done", "Functional Team Leader, Enforcement"),
        ("TTG", "here", "Head of IMT"),
        ("CAM-EP", "ahead", ""),
        ("Case conference", "ahead", ""),
        ("Incident declared", "ahead", ""),
    ]
    said = words(answer)
    assert "Stands at TTG since" in said
    assert "Who decides here: the chair of TTG." in said


@pytest.mark.parametrize(
    ("stage", "decides"),
    [
        ("assessing", ["Functional Team Leader, Enforcement (A Leader)"]),
        ("cam", ["Head of IMT (A Head)", "IMT Duty Deputy (nobody holds it)", "IMT Officer (nobody holds it)"]),
        ("case_conference", ["Deputy Director, Enforcement (A Director)"]),
    ],
)
def test_rung_where_the_case_stands_says_whose_decision_it_is_now(stage, decides, cast, browse, words):
    reference = at_stage(cast, stage)
    names = {"ftl.enforcement": "A Leader", "imt.head": "A Head", "dd.enforcement": "A Director"}
    for post, name in names.items():
        User.objects.filter(pk=cast.user(post).pk).update(name=name)
    said = words(browse("viewer").get(f"/issues/{reference}/")).replace("( ", "(").replace(" )", ")").replace(" ;", ";")
    assert f"Decides now: {' '.join(decides)}" in said
    assert f"That is now: {'; '.join(decides)}" in said


def test_lead_of_cam_ep_who_holds_no_post_any_more_is_named_all_the_same(cast, browse, words):
    reference = at_stage(cast, "cam_ep")
    lead = climb_of(reference).scs_lead
    lead.holdings.all().delete()
    User.objects.filter(pk=lead.pk).update(name="A Lead")
    assert "Decides now: A Lead" in words(browse("viewer").get(f"/issues/{reference}/"))


def test_case_that_has_ended_waits_for_nobodys_decision(cast, browse, words):
    said = words(browse("viewer").get(f"/issues/{at_stage(cast, 'closed')}/"))
    assert "Decides now" not in said


@pytest.mark.parametrize(("answer", "told"), [(None, "Not answered"), (False, "No"), (True, "Yes")])
def test_page_tells_whether_somebody_could_be_hurt_and_asks_while_nobody_has_said(answer, told, cast, browse, words):
    reference = at_stage(cast, "assessing", danger_now=answer)
    said = words(browse("viewer").get(f"/issues/{reference}/"))
    assert f"Could someone be hurt now? {told}" in said
    asks = "Nobody has said whether someone could be hurt now. Ask whoever reported it, or read the notice."
    assert (f"{asks} It is for the handling team to put the answer on record." in said) is (answer is None)
    officers = words(browse("officer.enforcement").get(f"/issues/{reference}/"))
    assert (f"{asks} Put the answer on record" in officers) is (answer is None)
    checked = words(browse("ftl.enforcement").get(f"/issues/{reference}/moves/handle_in_function/"))
    assert ("Not answered: ask whoever reported it, or read the notice" in checked) is (answer is None)


def test_ladder_shows_what_was_passed_over_and_what_was_not_reached(cast, browse, words):
    reference = reported(cast("officer.enforcement")).reference
    assess(cast, reference, "ftl.enforcement")
    move(cast, reference, "submit_to_cam", "ftl.enforcement", reason="Urgent")
    assess(cast, reference)
    closing = {**inputs_of(cast, "close"), "closure_kind": "no_further_action"}
    move(cast, reference, "close", "imt.head", **closing)
    answer = browse("viewer").get(f"/issues/{reference}/")
    assert [state for _, state, _ in rungs(answer)] == ["done", "passed", "done", *["ahead"] * 4]
    said = words(answer)
    assert "Being assessed Passed over" in said
    assert "TTG Not reached" in said
    assert "Ended as Closed at" in said


def test_declared_case_is_said_to_go_on_in_its_incident(cast, browse, words):
    reference = at_stage(cast, "incident_declared")
    assert "Carried by its incident as Incident declared since" in words(browse("viewer").get(f"/issues/{reference}/"))


def test_ladder_of_a_case_that_came_back_shows_this_climb_and_not_the_one_before(cast, browse):
    reference = at_stage(cast, "incident_declared")
    Incident.objects.update(status="reviewed")
    move(cast, reference, "reopen", "imt.head", **inputs_of(cast, "reopen"))
    answer = browse("viewer").get(f"/issues/{reference}/")
    assert [state for _, state, _ in rungs(answer)] == ["passed", "passed", "here", *["ahead"] * 4]


def test_refusal_that_names_the_posts_lists_them_no_second_time(cast, browse, words):
    reference = at_stage(cast, "assessing")
    said = words(browse("viewer").get(f"/issues/{reference}/edit/"))
    assert said.count("Functional Team Leader, Enforcement") == 1
    assert "may do this" not in said


def test_viewer_reads_everything_and_sees_that_the_moves_are_for_others(cast, browse, words):
    reference = at_stage(cast, "assessing", title="Leaking hob", summary="Smell of gas\nin four homes")
    answer = browse("viewer").get(f"/issues/{reference}/")
    assert answer.context["open_moves"] == answer.context["blocked_moves"] == []
    said = words(answer)
    assert "Nothing is open to you now: the moves from here are for others." in said
    assert "Submit to CAM This is for the handling team's leader or" in said
    assert "Smell of gas in four homes" in said
    page = answer.content.decode()
    assert '<details class="govuk-details" open>' in page
    for door in ("impact/new", "nnc/new", "evidence/new", "commissions/new", "edit"):
        assert f"/issues/{reference}/{door}/" not in page


def test_leader_of_the_handling_team_sees_what_blocks_and_the_link_that_mends_it(cast, browse, words):
    reference = at_stage(cast, "assessing")
    client = browse("ftl.enforcement")
    answer = client.get(f"/issues/{reference}/")
    blocked = {
        offer.name: [(blocker.code, mend and mend.url) for blocker, mend in blockers]
        for offer, blockers in answer.context["blocked_moves"]
    }
    impact = ("impact_not_assessed", f"/issues/{reference}/impact/new/")
    assert blocked["submit_to_cam"] == blocked["request_case_conference"] == [impact]
    assert "(plan, paragraph 2.4) Assess the impact at this stage" in words(answer)

    assess(cast, reference, "ftl.enforcement")
    answer = client.get(f"/issues/{reference}/")
    assert {"submit_to_cam", "request_case_conference"} <= {offer.name for offer, _ in answer.context["open_moves"]}
    assert f'href="/issues/{reference}/moves/submit_to_cam/" role="button"' in answer.content.decode()


def test_link_that_mends_is_only_for_who_may_mend(cast, browse):
    reference = reported(cast("officer.enforcement")).reference
    answer = browse("imt.head").get(f"/issues/{reference}/")
    mends = {offer.name: [mend for _, mend in blockers] for offer, blockers in answer.context["blocked_moves"]}
    assert mends["submit_to_cam"] == [("", "This is for the handling team.")]


def test_assessments_stand_beside_each_other_with_reasons_and_both_nnc_versions(cast, browse, words):
    reference = at_stage(cast, "ttg")
    ratings = {**RATINGS, "public_safety": {"level": "critical", "reason": "A child has died"}}
    reach = {"level": "critical", "by": "2030-01-31", "why": "Sold widely"}
    assess(cast, reference, ratings=ratings, could_reach=reach)
    varied = {**NNC, "novel": {"met": True, "reason": "New chemistry"}}
    services.nnc_assess(reference=reference, by=cast("dceo.regulation"), data=varied)
    answer = browse("viewer").get(f"/issues/{reference}/")
    safety = answer.context["page"].indicators[0]
    assert [cell.label for cell in safety.cells] == ["High", "High", "Critical"]
    assert safety.reason == "A child has died"
    said = words(answer)
    assert "Critical overall, Head of IMT," in said
    assert "Could reach Critical by 31 January 2030: Sold widely" in said
    assert "TTG: met, lead OPSS Stands" in said
    assert "Novel: yes. New chemistry" in said
    assert "CAM: met, lead OPSS Head of IMT" in said
    assert "Novel: no. Known failure" in said
    assert said.count("Stands Deputy Chief Executive, Regulation") == 1


def test_record_of_the_case_stands_on_its_page(cast, browse, words):
    reference = reported(
        cast("officer.enforcement"),
        products=[{"name": "Hob 4", "brand": "Cookwell", "barcode": "0123456789012"}],
        businesses=[{"name": "Hobs Ltd", "role": "importer"}],
        originator={"name": "A reader", "organisation": "Town Council"},
        nations=["wales", "scotland"],
    ).reference
    services.evidence_add(
        reference=reference,
        by=cast("ftl.enforcement"),
        data={"kind": "test_result", "title": "Leak test", "body": "Fails"},
    )
    due = clock.today() - timedelta(days=1)
    with clock.at(clock.now() - timedelta(days=2)):
        services.commission_ask(
            reference=reference,
            by=cast("imt.head"),
            data={"kind": "advice", "what": "How many?", "team": "intelligence", "due": due.isoformat()},
        )
    said = words(browse("officer.intelligence").get(f"/issues/{reference}/"))
    assert "Hob 4 , Cookwell Barcode 0123456789012" in said
    assert "Hobs Ltd (importer" in said
    assert "Town Council" not in said
    assert "A reader , Town Council" in words(browse("ftl.enforcement").get(f"/issues/{reference}/"))
    assert "Nations Wales, Scotland" in said or "Nations Scotland, Wales" in said
    assert "Leak test Test result, Functional Team Leader, Enforcement" in said
    assert "Advice of Intelligence Overdue by" in said
    assert "(1 day overdue) How many? Asked by Head of IMT" in said
    assert "Deliver or waive" in said


def test_case_costs_the_same_however_much_is_on_record(cast, browse):
    reference = at_stage(cast, "ttg", products=[{"name": "Hob 1"}])
    client = browse("dceo.regulation")
    client.get(f"/issues/{reference}/")
    with CaptureQueriesContext(connection) as short:
        client.get(f"/issues/{reference}/")
    for number in range(10):
        data = {"kind": "advice", "what": "How many?", "team": "intelligence", "due": clock.today().isoformat()}
        services.commission_ask(reference=reference, by=cast("imt.head"), data=data)
        evidence = {"kind": "test_result", "title": f"Test {number}"}
        services.evidence_add(reference=reference, by=cast("imt.head"), data=evidence)
        assess(cast, reference)
        services.nnc_assess(reference=reference, by=cast("dceo.regulation"), data=NNC)
    with CaptureQueriesContext(connection) as long:
        client.get(f"/issues/{reference}/")
    assert len(long) == len(short)


def test_declared_case_leads_to_its_incident(cast, browse):
    reference = at_stage(cast, "incident_declared")
    incident = climb_of(reference).issue.incident
    page = browse("viewer").get(f"/issues/{reference}/").content.decode()
    assert f'<a class="govuk-link" href="/incidents/{incident.reference}/">{incident.reference} <bdi>' in page


def test_incident_that_the_reader_may_not_know_of_is_not_named(cast, browse):
    reference = at_stage(cast, "incident_declared")
    incident = climb_of(reference).issue.incident
    hidden = reported(cast("officer.science"), sensitivity="restricted")
    hidden.incident = incident
    hidden.save()
    page = browse("viewer").get(f"/issues/{reference}/").content.decode()
    assert f"/incidents/{incident.reference}/" not in page
    assert incident.title not in page


def test_history_tells_who_did_what_as_which_post_newest_first(cast, browse, words):
    reference = at_stage(cast, "cam")
    said = words(browse("viewer").get(f"/issues/{reference}/history/"))
    moved = said.index("Moved from Being assessed to CAM: More than one team is needed")
    assert moved < said.index("Assessed the impact as High") < said.index("Reported ‘")
    who = cast.user("ftl.enforcement").name
    assert f"is needed {who}, as Functional Team Leader, Enforcement, " in said


def test_history_is_paged_by_position(cast, browse):
    reference = reported(cast("officer.enforcement")).reference
    for _ in range(51):
        assess(cast, reference, "ftl.enforcement")
    client = browse("viewer")
    first = client.get(f"/issues/{reference}/history/")
    second = client.get(f"/issues/{reference}/history/{first.context['next']}")
    positions = [entry["position"] for answer in (first, second) for entry in answer.context["entries"]]
    assert positions == list(range(52, 0, -1))
    assert second.context["next"] == ""
    assert client.get(f"/issues/{reference}/history/?before=yesterday").status_code == 400


@pytest.mark.parametrize("page", PAGES)
def test_restricted_case_is_not_there_for_others_on_any_page(page, cast, browse):
    reference = reported(cast("officer.enforcement"), sensitivity="restricted").reference
    for post in ("viewer", "ftl.enforcement", "imt.duty", "dd.enforcement", "operator"):
        client = browse(post)
        assert client.get(f"/issues/{reference}/{page}").status_code == 404
        if page not in ("", "history/"):
            assert client.post(f"/issues/{reference}/{page}", {"version": "1"}).status_code == 404
    assert browse("imt.head").get(f"/issues/{reference}/").status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_case_that_does_not_exist_answers_the_same(page, browse):
    answer = browse("imt.head").get(f"/issues/ISS-2026-99999/{page}")
    assert answer.status_code == 404
    assert "We cannot tell you which" in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_strangers_come_to_no_page_of_a_case(page, cast, browse):
    reference = reported(cast("officer.enforcement")).reference
    assert browse("").get(f"/issues/{reference}/{page}").status_code == 403


def test_reading_a_restricted_case_is_marked_and_logged(cast, browse):
    reference = reported(cast("officer.enforcement"), sensitivity="restricted").reference
    IssuePerson.objects.create(
        issue=climb_of(reference).issue,
        user=cast.user("ftl.enforcement"),
        role=PersonRole.INVESTIGATOR,
        since=clock.now(),
    )
    client = browse("ftl.enforcement")
    page = client.get(f"/issues/{reference}/").content.decode()
    assert page.count("app-marking--restricted") == 2
    for name in ("history/", "moves/begin_assessment/", "impact/new/", "evidence/new/"):
        answer = client.get(f"/issues/{reference}/{name}").content.decode()
        assert answer.count("app-marking--restricted") == 2
    read = AccessLog.objects.filter(about=reference, post="ftl.enforcement")
    assert sorted(read.values_list("what", flat=True)) == [
        "impact page",
        "issue history",
        "issue page",
        "page 'Add evidence'",
        "page of a move",
    ]


def test_reading_an_official_case_is_not_logged(cast, browse):
    reference = reported(cast("officer.enforcement")).reference
    browse("viewer").get(f"/issues/{reference}/")
    assert not AccessLog.objects.exists()


def test_typed_markup_and_direction_marks_stay_in_their_place(cast, browse):
    reference = reported(
        cast("officer.enforcement"),
        title=MARKED_UP,
        summary=MARKED_UP,
        products=[{"name": MARKED_UP}],
        originator={"organisation": MARKED_UP},
    ).reference
    services.evidence_add(
        reference=reference, by=cast("imt.head"), data={"kind": "other", "title": MARKED_UP, "body": MARKED_UP}
    )
    for page in ("", "history/", "moves/begin_assessment/", "evidence/new/"):
        text = browse("ftl.enforcement").get(f"/issues/{reference}/{page}").content.decode()
        assert "<script>alert" not in text
        marks = [place for place, character in enumerate(text) if character == "\u202e"]
        assert marks
        assert [text.rfind("<bdi", 0, place) > text.rfind("</bdi>", 0, place) for place in marks] == [True] * len(marks)


def test_merged_case_leads_to_the_one_that_carries_it_for_who_may_know_of_it(cast, browse, words):
    into = reported(cast("officer.enforcement"), title="The carrier", sensitivity="official_sensitive").reference
    reference = reported(cast("officer.enforcement")).reference
    move(cast, reference, "merge", "imt.head", into=into, reason="The same hob")
    assert f"Merged into {into} The carrier" in words(browse("ftl.enforcement").get(f"/issues/{reference}/"))
    assert into not in words(browse("viewer").get(f"/issues/{reference}/"))
