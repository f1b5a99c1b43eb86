"""Seniors acting in the place of a post, with a reason; deputies who use a senior's power."""

from __future__ import annotations

import pytest

from accounts.enums import POST_TITLES
from accounts.models import PostHolding
from accounts.selectors import actor_for
from audit import presenters
from escalation import services
from incidents import selectors as incidents
from incidents.models import Consultation, Decision
from kernel import clock
from kernel.errors import Blocked, NotAllowed, NotFound
from moves import mover
from notify.models import Notice
from tests.factories.accounts import person
from tests.factories.ladder import NNC, assess, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

WHY = "The team's leader is on leave and cannot be reached"
REFER = {"reason": "It may grow"}


def offer_for(cast, reference: str, name: str, post: str) -> mover.Offer:
    return mover.offer(services.ISSUE_MACHINE, climb_of(reference), name, cast(post))


@pytest.fixture
def assessed(cast) -> str:
    """A case of the Enforcement team, ready to be referred by the team's leader."""
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    return reference


def test_senior_of_the_line_owes_a_reason_which_is_said_with_everything_else_that_blocks(cast):
    reference = at_stage(cast, "assessing")
    with pytest.raises(Blocked) as refused:
        move(cast, reference, "refer_to_deputy_director", "dd.enforcement", **REFER)
    assert [blocker.code for blocker in refused.value.blocked_by] == ["impact_not_assessed", "acting_reason_missing"]
    assert climb_of(reference).stage == "assessing"


def test_record_says_who_acted_for_which_post_and_why_and_its_holder_is_told(cast, assessed):
    move(cast, assessed, "refer_to_deputy_director", "dd.enforcement", **REFER, acting_reason=WHY)
    decision = Decision.objects.filter(kind="refer_to_deputy_director").get()
    assert decision.made_as == "Deputy Director, Enforcement, in place of Functional Team Leader, Enforcement"
    assert decision.acting_reason == WHY
    told = presenters.history_of(assessed, cast("viewer"))[0]
    assert told.sentence.endswith(f"In place of the Functional Team Leader, Enforcement: {WHY}")
    assert (told.facts["acting_for"], told.facts["acting_reason"]) == ("ftl.enforcement", WHY)
    notice = Notice.objects.get(kind="post.acted_for")
    assert notice.recipient == cast.user("ftl.enforcement")
    assert WHY in notice.body


def test_nobody_stands_in_for_an_equal_a_junior_or_another_line(cast, assessed):
    for post in ("dd.science", "dd.targeting", "ftl.science", "officer.enforcement", "imt.head", "dceo.evidence"):
        with pytest.raises(NotAllowed) as refused:
            move(cast, assessed, "refer_to_deputy_director", post, **REFER, acting_reason=WHY)
        assert refused.value.posts == ["ftl.enforcement"]


def test_other_deputy_chief_executive_acts_only_while_the_post_is_uncovered(cast):
    cast("dceo.regulation")
    reference = at_stage(cast, "ttg")
    inputs = inputs_of(cast, "return_to_function") | {"acting_reason": WHY}
    with pytest.raises(NotAllowed):
        move(cast, reference, "return_to_function", "dceo.evidence", **inputs)
    PostHolding.objects.filter(post="dceo.regulation").update(ends_on=clock.today())
    deputy = person(deputises=("dceo.regulation",))
    with pytest.raises(NotAllowed):
        move(cast, reference, "return_to_function", "dceo.evidence", **inputs)
    deputy.deputising.update(ends_on=clock.today())
    moved = move(cast, reference, "return_to_function", "dceo.evidence", **inputs)
    assert moved.stage == "handled_in_function"


def test_people_named_by_person_are_not_stood_in_for(cast):
    reference = at_stage(cast, "case_conference")
    assess(cast, reference)
    with pytest.raises(NotAllowed):
        move(cast, reference, "agree_coordination", "ceo", **inputs_of(cast, "agree_coordination"), acting_reason=WHY)


def test_senior_who_may_not_read_a_restricted_case_learns_nothing_of_it(cast, assessed):
    issue = climb_of(assessed).issue
    issue.sensitivity = "restricted"
    issue.save()
    with pytest.raises(NotFound):
        move(cast, assessed, "refer_to_deputy_director", "dd.enforcement", **REFER, acting_reason=WHY)


def test_reason_of_somebody_who_acts_by_right_is_not_recorded(cast, assessed):
    move(cast, assessed, "refer_to_deputy_director", "ftl.enforcement", **REFER, acting_reason=WHY)
    assert Decision.objects.get(kind="refer_to_deputy_director").acting_reason == ""
    assert "acting_for" not in presenters.history_of(assessed, cast("viewer"))[0].facts
    assert not Notice.objects.filter(kind="post.acted_for").exists()


def test_change_beside_the_stage_is_made_in_the_place_of_a_post_too(cast, assessed):
    data = {"team": "science", "reason": "It is about chemistry"}
    version = climb_of(assessed).issue.version
    with pytest.raises(Blocked, match="say why"):
        services.reassign_team(reference=assessed, version=version, by=cast("dd.enforcement"), data=data)
    data["acting_reason"] = WHY
    services.reassign_team(reference=assessed, version=version, by=cast("dd.enforcement"), data=data)
    assert presenters.history_of(assessed, cast("viewer"))[0].facts["acting_for"] == "ftl.enforcement"
    assert Notice.objects.filter(kind="post.acted_for", recipient=cast.user("ftl.enforcement")).count() == 1


def test_page_asks_why_of_those_who_stand_in_and_of_nobody_else(cast, browse, words, assessed):
    address = f"/issues/{assessed}/moves/refer_to_deputy_director/"
    stands_in, by_right = browse("dd.enforcement").get(address), browse("ftl.enforcement").get(address)
    assert "Why do you act in their place?" in words(stands_in)
    assert "Why do you act in their place?" not in words(by_right)
    sent = {"version": climb_of(assessed).issue.version, **REFER}
    refused = browse("dd.enforcement").post(address, sent)
    assert refused.status_code == 409
    assert "You may act in their place: say why" in words(refused)
    assert browse("dd.enforcement").post(address, {**sent, "acting_reason": WHY}).status_code == 302
    assert f"Why in their place: {WHY}" in words(browse("viewer").get(f"/issues/{assessed}/"))


def test_issue_page_keeps_what_one_may_do_for_others_apart(cast, browse, words, assessed):
    page = words(browse("dd.enforcement").get(f"/issues/{assessed}/"))
    ours, _, in_place = page.partition("Moves that you may make in place of others")
    assert "Submit to CAM" in ours
    assert "Refer to the Deputy Director In place of the Functional Team Leader, Enforcement." in in_place


def test_rest_offers_the_move_with_a_need_and_takes_the_reason(cast, browse, assessed):
    client = browse("dd.enforcement")
    offers = client.get(f"/api/v1/issues/{assessed}/transitions/").json()
    offer = next(offer for offer in offers if offer["name"] == "refer_to_deputy_director")
    assert (offer["allowed"], offer["acting_for"]) == (True, "ftl.enforcement")
    assert [(need["code"], need["field"]) for need in offer["needs"]] == [("acting_reason_missing", "acting_reason")]
    assert offer["fields"]["properties"]["acting_reason"]["type"] == "string"
    body = {"version": climb_of(assessed).issue.version, **REFER}
    address = f"/api/v1/issues/{assessed}/transitions/refer_to_deputy_director/"
    refused = client.post(address, body, content_type="application/json")
    assert [blocker["code"] for blocker in refused.json()["blocked_by"]] == ["acting_reason_missing"]
    made = client.post(address, {**body, "acting_reason": WHY}, content_type="application/json")
    assert made.json()["stage"] == "referred"


def test_offers_of_those_who_act_by_right_ask_nobody_who_is_covered(cast, assessed, django_assert_num_queries):
    climb, by = climb_of(assessed), cast("ftl.enforcement")
    facts = services.ISSUE_MACHINE.facts(climb, by)
    with django_assert_num_queries(0):
        services.office_offers(climb, facts)


# --- deputies ---------------------------------------------------------------------------------------------------------


def test_deputy_below_the_senior_civil_service_names_whom_they_consulted(cast):
    reference = at_stage(cast, "referred")
    deputy = actor_for(person("officer.enforcement", deputises=("dd.enforcement",)), "dd.enforcement")
    inputs = inputs_of(cast, "return_to_function")
    version = climb_of(reference).issue.version

    def send(**more: object) -> None:
        services.issue_move(
            reference=reference, name="return_to_function", version=version, by=deputy, data={**inputs, **more}
        )

    with pytest.raises(Blocked) as refused:
        send()
    assert [blocker.code for blocker in refused.value.blocked_by] == ["scs_not_consulted"]
    at = clock.now().isoformat()
    scs = cast.user("dd.science")
    send(consulted_scs=scs.email, consulted_how="By telephone", consulted_at=at)
    assert Consultation.objects.get().user == scs
    assert Consultation.objects.get().decision.kind == "return_to_function"


def test_holder_of_the_senior_post_is_not_asked_whom_they_consulted(cast, browse, words):
    reference = at_stage(cast, "referred")
    page = words(browse("dd.enforcement").get(f"/issues/{reference}/moves/return_to_function/"))
    assert "Which senior civil servant was consulted?" not in page
    needs = offer_for(cast, reference, "return_to_function", "dd.enforcement").needs
    assert "scs_not_consulted" not in [need["code"] for need in needs]


def test_deputy_of_a_tcg_chair_takes_an_issue_into_that_incident_and_no_other(cast):
    incident = climb_of(at_stage(cast, "incident_declared")).issue.incident
    reference = at_stage(cast, "reported")
    deputy = actor_for(person("dd.science", deputises=("dd.enforcement",)), "dd.enforcement")
    inputs = {"incident": incident.reference, "reason": "The same joint", "changes_the_picture": False}
    version = climb_of(reference).issue.version
    moved = services.issue_move(reference=reference, name="join_incident", version=version, by=deputy, data=inputs)
    assert moved.issue.incident == incident
    with pytest.raises(NotAllowed):
        move(cast, at_stage(cast, "reported"), "join_incident", "dd.policy", **inputs)


def test_senior_of_imt_takes_an_issue_into_any_live_incident_with_a_reason(cast):
    incident = climb_of(at_stage(cast, "incident_declared")).issue.incident
    inputs = {"incident": incident.reference, "reason": "The same joint", "changes_the_picture": False}
    reference = at_stage(cast, "reported")
    moved = move(cast, reference, "join_incident", "dd.targeting", **inputs, acting_reason=WHY)
    assert moved.issue.incident == incident


def deputy_of(post: str, holds: str = "officer.enforcement"):
    return actor_for(person(holds, deputises=(post,)), post)


@pytest.mark.parametrize(
    ("name", "stage", "post", "named"),
    [
        ("change_chair", "case_conference", "dd.enforcement", "chair"),
        ("change_scs_lead", "cam_ep", "dceo.regulation", "scs_lead"),
    ],
)
def test_deputy_who_names_who_decides_says_whom_they_consulted(name, stage, post, named, cast, browse, words):
    reference = at_stage(cast, stage)
    deputy, consulted = deputy_of(post), cast.user("dd.science")
    data = {named: cast.user("dd.policy").email, "reason": "On leave"}
    version = climb_of(reference).issue.version

    def send(**more: object) -> None:
        services.OFFICE_DOORS[name](reference=reference, version=version, by=deputy, data={**data, **more})

    with pytest.raises(Blocked) as refused:
        send()
    assert [blocker.code for blocker in refused.value.blocked_by] == ["scs_not_consulted"]
    at = clock.now().isoformat()
    send(consulted_scs=consulted.email, consulted_how="By telephone", consulted_at=at)
    told = presenters.history_of(reference, cast("viewer"))[0]
    assert "(consulted before: Deputy Director, Science): On leave" in told.sentence
    holder = words(browse(post).get(f"/issues/{reference}/{name.replace('_', '-')}/"))
    assert "Which senior civil servant was consulted?" not in holder


# --- the NNC assessment, where it stands ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "senior", "place"), [("ttg", "ceo", "dceo.regulation"), ("cam", "dd.targeting", "imt.head")]
)
def test_nnc_is_assessed_in_the_place_of_who_decides_where_it_stands(stage, senior, place, cast):
    reference = at_stage(cast, stage)
    by = cast(senior)
    cast(place)
    with pytest.raises(Blocked, match="say why"):
        services.nnc_assess(reference=reference, by=by, data=NNC)
    made = services.nnc_assess(reference=reference, by=by, data={**NNC, "acting_reason": WHY})
    assert made.made_as.endswith(f", in place of {POST_TITLES[place]}")
    told = presenters.history_of(reference, cast("viewer"))[0]
    assert (told.facts["acting_for"], told.facts["stands"]) == (place, True)
    assert told.sentence.endswith(f"In place of the {POST_TITLES[place]}: {WHY}")
    assert Notice.objects.get(kind="post.acted_for").recipient == cast.user(place)


def test_proposal_before_cam_is_the_teams_alone(cast):
    reference = at_stage(cast, "assessing")
    with pytest.raises(NotAllowed) as refused:
        services.nnc_assess(reference=reference, by=cast("dd.enforcement"), data={**NNC, "acting_reason": WHY})
    assert "with a reason" not in refused.value.detail


def test_page_of_nnc_asks_why_of_those_who_stand_in_and_keeps_what_they_chose(cast, browse, words):
    reference = at_stage(cast, "ttg")
    chief, address = browse("ceo"), f"/issues/{reference}/nnc/new/"
    link = "Assess NNC in place of the Deputy Chief Executive, Regulation"
    assert link in words(chief.get(f"/issues/{reference}/"))
    asked = words(chief.get(address))
    assert asked.count("Why do you act in their place?") == 2  # to assess again, and to confirm
    assert "Why do you act in their place?" not in words(browse("dceo.regulation").get(address))
    sent = {"confirms": "yes", "reason": "Nothing is new"}
    refused = chief.post(address, sent)
    assert (refused.status_code, "Nothing is new" in words(refused)) == (409, True)
    assert chief.post(address, {**sent, "acting_reason": WHY}).status_code == 302
    over_rest = chief.post(f"/api/v1/issues/{reference}/nnc-assessments/", NNC, content_type="application/json")
    assert [blocker["code"] for blocker in over_rest.json()["blocked_by"]] == ["acting_reason_missing"]


# --- what seniors read ------------------------------------------------------------------------------------------------


def test_seniors_read_the_official_sensitive_cases_of_their_lines_on_every_surface(cast, browse):
    reference = at_stage(cast, "incident_declared")
    issue = climb_of(reference).issue
    issue.sensitivity = "official_sensitive"
    issue.save()
    incident = issue.incident.reference
    shown = {
        "/issues/": reference,
        f"/issues/{reference}/": reference,
        f"/issues/{reference}/history/": reference,
        "/incidents/": incident,
        f"/incidents/{incident}/": incident,
        "/api/v1/issues/": reference,
        f"/api/v1/issues/{reference}/": reference,
        f"/api/v1/issues/{reference}/decisions/": "declare_incident",
        f"/api/v1/incidents/{incident}/": incident,
    }
    readers = {"ceo": True, "dceo.regulation": True, "dceo.evidence": True, "ftl.science": False, "viewer": False}
    for post, may in readers.items():
        client = browse(post)
        answers = {address: client.get(address) for address in shown}
        read = {
            address: answer.status_code == 200 and shown[address] in answer.content.decode()
            for address, answer in answers.items()
        }
        assert read == dict.fromkeys(shown, may), post
        assert incidents.issues_visible_to(cast(post)).filter(reference=reference).exists() is may
