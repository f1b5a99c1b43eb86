"""What changes beside the stage: who may, what is refused, who is told, and that the case stays where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from accounts.enums import POST_TITLES
from audit.presenters import sentence
from audit.selectors import events_for
from escalation import selectors, services
from escalation.enums import IN_A_RESPONSE, OPEN_STAGES
from escalation.ladder.offices import OFFICES
from escalation.services import OFFICE_DOORS, office_offers
from incidents.models import Incident, IssuePerson
from kernel.errors import Blocked, ChangedSinceSeen, InvalidInput, NotAllowed, NotFromHere
from notify.models import Notice
from tests.factories.ladder import Cast, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

IMT = {"imt.head", "imt.duty", "imt.officer"}
DD_OR_HIGHER = {"dd.enforcement", "dd.science", "dd.policy", "dd.targeting", "dceo.regulation", "dceo.evidence", "ceo"}
MAY = {
    "reassign_team": (set(OPEN_STAGES), {"ftl.enforcement"} | IMT),
    "change_chair": ({"case_conference"}, DD_OR_HIGHER | {"imt.head"}),
    "change_scs_lead": ({"cam_ep"}, {"dceo.regulation"}),
    "set_product_safety": (set(OPEN_STAGES), {"ftl.enforcement"} | IMT),
    "set_danger": ({*OPEN_STAGES, *IN_A_RESPONSE}, {"ftl.enforcement", "officer.enforcement"}),
}
# Who makes the change in these tests, where the Head of IMT may not.
MAKER = {"change_scs_lead": "dceo.regulation", "set_danger": "ftl.enforcement"}


def inputs(cast: Cast, name: str) -> dict[str, Any]:
    return {
        "reassign_team": {"team": "science", "reason": "It is about a test method"},
        "change_chair": {"chair": cast.user("dd.policy").email, "reason": "The chair is on leave"},
        "change_scs_lead": {"scs_lead": cast.user("dd.policy").email, "reason": "It is about policy now"},
        "set_product_safety": {"is_product_safety": False, "reason": "It is about scales"},
        "set_danger": {"danger_now": True, "reason": "A second fire this morning"},
    }[name]


def change(cast: Cast, reference: str, name: str, post: str, **more: Any):
    version = climb_of(reference).issue.version
    return OFFICE_DOORS[name](reference=reference, version=version, by=cast(post), data=inputs(cast, name) | more)


def stage_of(name: str) -> str:
    return {"change_chair": "case_conference", "change_scs_lead": "cam_ep"}.get(name, "assessing")


@pytest.mark.parametrize("name", OFFICES)
def test_each_stage_and_post_may_exactly_what_is_theirs(name, cast):
    stages, posts = MAY[name]
    assert set(OFFICES[name].change.authority) == stages
    reference = at_stage(cast, stage_of(name))
    version, got = climb_of(reference).issue.version, set()
    for post in POST_TITLES.keys() - {"operator"}:
        climb = climb_of(reference)
        if office_offers(climb, selectors.facts_of(climb, cast(post)))[name].acting_for:
            continue
        with pytest.raises((NotAllowed, InvalidInput)) as answer:
            OFFICE_DOORS[name](reference=reference, version=version, by=cast(post), data={"x": 1})
        if isinstance(answer.value, InvalidInput):
            got.add(post)
    assert got == posts


@pytest.mark.parametrize("name", OFFICES)
def test_change_is_made_once_on_the_record_and_moves_no_stage(name, cast):
    reference = at_stage(cast, stage_of(name))
    before, events = climb_of(reference), len(events_for(reference, limit=500))
    post = MAKER.get(name, "imt.head")
    change(cast, reference, name, post)
    after = climb_of(reference)
    assert (after.stage, after.visit, after.entered_stage_at) == (before.stage, before.visit, before.entered_stage_at)
    assert after.issue.version == before.issue.version + 1
    written = events_for(reference, limit=500)[: -events or None]
    assert [(event.version, event.label) for event in written] == [(after.issue.version, POST_TITLES[post])]


@pytest.mark.parametrize("name", OFFICES)
def test_what_changes_nothing_and_what_has_ended_and_what_is_stale_are_refused(name, cast):
    reference = at_stage(cast, stage_of(name), danger_now=False)
    post = MAKER.get(name, "imt.head")
    climb = climb_of(reference)
    same = {
        "reassign_team": {"team": "enforcement"},
        "change_chair": {"chair": climb.conference_chair and climb.conference_chair.email},
        "change_scs_lead": {"scs_lead": climb.scs_lead and climb.scs_lead.email},
        "set_product_safety": {"is_product_safety": True},
        "set_danger": {"danger_now": False},
    }[name]
    with pytest.raises(Blocked) as refusal:
        change(cast, reference, name, post, **same)
    assert [found.code for found in refusal.value.blocked_by] == ["nothing_changes"]
    assert refusal.value.form is not None
    with pytest.raises(ChangedSinceSeen):
        OFFICE_DOORS[name](reference=reference, version=1000, by=cast(post), data={})
    with pytest.raises(InvalidInput) as missing:
        OFFICE_DOORS[name](reference=reference, version=None, by=cast(post), data={})
    assert [error.field for error in missing.value.errors] == ["version"]
    ended = at_stage(cast, "closed")
    with pytest.raises(NotFromHere):
        change(cast, ended, name, post)


def test_reassigned_case_is_the_other_teams_and_both_leaders_are_told(cast):
    reference = at_stage(cast, "assessing")
    old, new = cast.user("ftl.enforcement"), cast.user("ftl.science")
    climb = change(cast, reference, "reassign_team", "imt.head")
    assert (climb.handling_team, climb.issue.functional_team) == ("science", "science")
    told = Notice.objects.filter(kind="issue.team_reassigned")
    assert {notice.recipient for notice in told} == {old, new}
    assert sentence(events_for(reference, limit=1)[0]) == (
        "Reassigned from Enforcement to Science: It is about a test method"
    )
    with pytest.raises(NotAllowed):
        move(cast, reference, "refer_to_deputy_director", "ftl.enforcement", reason="Ours no more")


def test_new_chair_decides_and_the_one_before_only_reads(cast):
    reference = at_stage(cast, "case_conference")
    change(cast, reference, "change_chair", "dd.enforcement")
    services.impact_assess(
        reference=reference, by=cast("dd.policy"), data={"ratings": {"public_safety": {"level": "high"}}}
    )
    with pytest.raises(NotAllowed):
        move(cast, reference, "declare_incident", "dd.enforcement", **inputs_of(cast, "declare_incident"))
    roles = set(IssuePerson.objects.filter(issue__reference=reference).values_list("user__email", "role"))
    assert {("dd.policy@cast.example", "chair"), ("dd.enforcement@cast.example", "observer")} <= roles
    assert ("dd.enforcement@cast.example", "chair") not in roles
    assert move(cast, reference, "declare_incident", "dd.policy", **inputs_of(cast, "declare_incident")).ended_at
    told = {notice.recipient.email: notice.urgent for notice in Notice.objects.filter(kind="issue.chair_changed")}
    assert told["dd.policy@cast.example"] is True
    assert "dd.enforcement@cast.example" not in told  # who made the change need not be told


def test_chair_must_be_a_senior_civil_servant(cast):
    reference = at_stage(cast, "case_conference")
    with pytest.raises(InvalidInput) as refusal:
        change(cast, reference, "change_chair", "imt.head", chair=cast.user("ftl.science").email)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("chair", "not_scs")]


def test_lead_of_cam_ep_must_be_named_and_a_senior_civil_servant(cast):
    reference = at_stage(cast, "cam_ep")
    for named, code in (("", "scs_lead_missing"), (cast.user("ftl.science").email, "scs_lead_not_scs")):
        with pytest.raises(Blocked) as refusal:
            change(cast, reference, "change_scs_lead", "dceo.regulation", scs_lead=named)
        assert [(found.code, found.cites) for found in refusal.value.blocked_by] == [(code, "IMP-2.13")]
    change(cast, reference, "change_scs_lead", "dceo.regulation")
    assert climb_of(reference).scs_lead == cast.user("dd.policy")
    with pytest.raises(NotAllowed):
        move(cast, reference, "submit_to_cam", "scs.science", reason="Mine no more")


def test_saying_that_it_is_no_product_safety_wants_a_reason_and_tells_imt(cast):
    reference = at_stage(cast, "assessing")
    with pytest.raises(InvalidInput) as refusal:
        change(cast, reference, "set_product_safety", "ftl.enforcement", reason="")
    assert [(error.field, error.code) for error in refusal.value.errors] == [("reason", "required")]
    head = cast.user("imt.head")
    climb = change(cast, reference, "set_product_safety", "ftl.enforcement")
    assert climb.issue.is_product_safety is False
    notice = Notice.objects.get(kind="issue.product_safety_set", recipient=head)
    assert (notice.title.partition(":")[0], notice.body) == (
        "Said not to be about product safety",
        "It is about scales",
    )
    back = {"is_product_safety": True, "reason": ""}
    assert change(cast, reference, "set_product_safety", "ftl.enforcement", **back).issue.is_product_safety is True
    assert sentence(events_for(reference, limit=1)[0]) == "Said that this is about product safety"


def test_danger_that_is_taken_back_calms_the_clocks_and_tells_everybody_who_was_alarmed(cast):
    for post in ("imt.head", "imt.duty", "dceo.regulation"):
        cast.user(post)
    reference = at_stage(cast, "assessing", danger_now=True)
    move(cast, reference, "convene_urgent_conference", "imt.head", **inputs_of(cast, "request_case_conference"))
    before = climb_of(reference)
    climb = change(cast, reference, "set_danger", "imt.head", danger_now=False, reason="It was another product")

    assert (climb.danger_now, climb.issue.danger_now) == (False, False)
    assert climb.due_at > before.due_at
    assert climb.pressing > before.pressing
    told = Notice.objects.filter(kind="issue.danger_set")
    alarmed = {"imt.duty", "dceo.regulation", "dd.enforcement", "ftl.enforcement"}
    assert {notice.recipient for notice in told} == {cast.user(post) for post in alarmed}
    assert set(told.values_list("urgent", "body")) == {(False, "It was another product")}
    assert sentence(events_for(reference, limit=1)[0]) == (
        "Said that nobody can be hurt any more: It was another product"
    )


def test_danger_that_shows_later_alarms_and_hurries(cast):
    for post in ("imt.head", "imt.duty", "ftl.enforcement"):
        cast.user(post)
    reference = at_stage(cast, "assessing")
    before = climb_of(reference)
    climb = change(cast, reference, "set_danger", "officer.enforcement")

    assert climb.due_at < before.due_at
    assert climb.wakes_at == climb.due_at
    told = Notice.objects.filter(kind="issue.danger_set", urgent=True)
    assert {notice.recipient for notice in told} == {
        cast.user(post) for post in ("imt.head", "imt.duty", "ftl.enforcement")
    }
    with pytest.raises(InvalidInput) as refusal:
        change(cast, reference, "set_danger", "officer.enforcement", danger_now=False, reason="")
    assert [error.field for error in refusal.value.errors] == ["reason"]


def test_whether_there_is_danger_can_be_answered_no_where_nobody_answered(cast):
    cast.user("imt.head")
    reference = at_stage(cast, "assessing")
    assert climb_of(reference).issue.danger_now is None
    climb = change(cast, reference, "set_danger", "officer.enforcement", danger_now=False, reason="The shop is closed")
    assert (climb.issue.danger_now, climb.danger_now) == (False, False)
    notice = Notice.objects.get(kind="issue.danger_set", recipient=cast.user("imt.head"))
    assert (notice.title.partition(":")[0], notice.urgent) == ("Nobody could be hurt now", False)
    assert sentence(events_for(reference, limit=1)[0]) == "Said that nobody could be hurt now: The shop is closed"


def test_danger_is_taken_back_and_raised_in_a_live_incident_and_its_chairs_hear_of_it(cast, browse):
    for post in ("imt.head", "imt.duty"):
        cast.user(post)
    reference = at_stage(cast, "incident_declared", danger_now=True)
    issue = climb_of(reference).issue
    chairs = {group.chair for group in issue.incident.groups.all()}
    address = f"/issues/{reference}/set-danger/"
    assert address in browse("imt.head").get(f"/issues/{reference}/").content.decode()
    page = browse("imt.head").get(address).content.decode()
    assert "Within a response it stands on record, and people are told." in page

    calm = change(cast, reference, "set_danger", "imt.head", danger_now=False, reason="The stock is locked away")
    assert (calm.stage, calm.danger_now, calm.issue.danger_now) == ("incident_declared", False, False)
    told = Notice.objects.filter(kind="issue.danger_set")
    assert {*chairs, cast.user("imt.duty")} <= {notice.recipient for notice in told}
    assert set(told.values_list("urgent", flat=True)) == {False}

    again = change(cast, reference, "set_danger", "ftl.enforcement", reason="A third hob")
    assert again.issue.danger_now is True
    alarmed = {notice.recipient for notice in told.filter(urgent=True)}
    assert alarmed == {*chairs, cast.user("imt.head"), cast.user("imt.duty")}


def test_chairs_of_an_incident_that_is_over_are_not_alarmed(cast):
    reference = at_stage(cast, "incident_declared")
    Incident.objects.update(status="reviewed")
    change(cast, reference, "set_danger", "ftl.enforcement")
    told = {notice.recipient.email for notice in Notice.objects.filter(kind="issue.danger_set")}
    assert told
    assert "dceo.evidence@cast.example" not in told


def test_who_was_alarmed_is_found_by_an_index(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN SELECT recipient_id FROM notify_notice WHERE about = 'ISS-2026-00001' AND urgent")
        assert "notify_notice_alarmed" in "".join(row[0] for row in cursor.fetchall())


# --- pages and REST -------------------------------------------------------------------------------------------------


def test_case_links_to_what_the_reader_may_change_and_to_nothing_else(cast, browse):
    reference = at_stage(cast, "case_conference")
    page = browse("imt.head").get(f"/issues/{reference}/").content.decode()
    for address in ("reassign-team", "change-chair", "set-product-safety"):
        assert f'href="/issues/{reference}/{address}/"' in page
    assert "change-scs-lead" not in page
    page = browse("viewer").get(f"/issues/{reference}/").content.decode()
    assert "reassign-team" not in page


def test_page_shows_how_it_stands_and_makes_the_change(cast, browse, words):
    reference = at_stage(cast, "assessing")
    client, address = browse("imt.head"), f"/issues/{reference}/reassign-team/"
    said = words(client.get(address))
    assert "Reassign to another team Another team handles the case from here." in said
    assert "Handled by Enforcement" in said
    sent = {"version": climb_of(reference).issue.version, "team": "science", "reason": "A test method"}
    answer = client.post(address, sent, follow=True)
    assert answer.redirect_chain == [(f"/issues/{reference}/", 302)]
    assert f"{reference} is now handled by Science." in words(answer)


def test_page_keeps_the_text_when_refused_or_stale(cast, browse, words):
    reference = at_stage(cast, "assessing")
    client, address = browse("imt.head"), f"/issues/{reference}/reassign-team/"
    version = climb_of(reference).issue.version
    same = client.post(address, {"version": version, "team": "enforcement", "reason": "My reason"})
    assert same.status_code == 409
    assert '<a href="#id_team">This team handles the case already' in same.content.decode()
    assert "My reason</textarea>" in same.content.decode()
    stale = client.post(address, {"version": version - 1, "team": "science", "reason": "My reason"})
    assert "This has changed since you saw it" in words(stale)
    assert "My reason</textarea>" in stale.content.decode()
    assert climb_of(reference).handling_team == "enforcement"


def test_page_says_who_may_and_refuses_everybody_else(cast, browse, words):
    reference = at_stage(cast, "cam_ep")
    address = f"/issues/{reference}/change-scs-lead/"
    said = words(browse("viewer").get(address))
    assert "This is for the chair of TTG: Deputy Chief Executive, Regulation." in said
    assert said.endswith(f"Back to {reference}")
    version = climb_of(reference).issue.version
    assert browse("viewer").post(address, {"version": version}).status_code == 403
    assert browse("imt.head").get(f"/issues/{reference}/change-chair/").status_code == 409


def test_who_gives_a_sensitive_case_away_is_led_to_the_list(cast, browse):
    reference = at_stage(cast, "reported", sensitivity="official_sensitive")
    sent = {"version": climb_of(reference).issue.version, "team": "science", "reason": "A test method"}
    answer = browse("ftl.enforcement").post(f"/issues/{reference}/reassign-team/", sent, follow=True)
    assert answer.redirect_chain == [("/issues/", 302)]


@pytest.mark.parametrize("name", OFFICES)
def test_rest_makes_the_same_changes_and_refuses_alike(name, cast, browse):
    reference = at_stage(cast, stage_of(name))
    post = MAKER.get(name, "imt.head")
    body = inputs(cast, name) | {"version": climb_of(reference).issue.version}
    address = f"/api/v1/issues/{reference}/{name.replace('_', '-')}/"
    refused = browse("viewer").post(address, body, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "not_your_move")
    answer = browse(post).post(address, body, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["version"] == body["version"] + 1
    again = browse(post).post(address, body, content_type="application/json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "changed_since_seen")
