"""Moves through their one door, on a real database: who may, what stands in the way, what is made, who wins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from accounts.enums import POST_TITLES
from audit.selectors import events_for
from escalation import selectors, services
from escalation.enums import Ground
from escalation.forms import DeclareIncident
from escalation.ladder import MOVES
from incidents.models import Commission, Consultation, Decision, Incident, IssuePerson
from kernel import clock
from kernel.errors import Blocked, ChangedSinceSeen, InvalidInput, NotAllowed, NotFound, NotFromHere
from moves import mover
from notify.models import Notice
from tests.factories.accounts import person
from tests.factories.ladder import NNC, RATINGS, Cast, assess, at_stage, climb_of, inputs_of, move
from tests.factories.together import outcomes

pytestmark = pytest.mark.django_db

IMT = {"imt.head", "imt.duty", "imt.officer"}
DDS = {"dd.enforcement", "dd.science", "dd.policy", "dd.targeting"}
DD_OR_HIGHER = DDS | {"dceo.regulation", "dceo.evidence", "ceo"}
FTL = {"ftl.enforcement"}
SUBMITTERS = FTL | {"dd.enforcement"} | IMT
REQUESTERS = DD_OR_HIGHER | {"imt.head"} | FTL
URGENT = DD_OR_HIGHER | {"imt.head", "imt.duty"}
SUPPORTERS = DD_OR_HIGHER | {"imt.head"}
CHAIR = {"dd.enforcement"}  # holds the chair of the case conference in these walks
LEAD = {"scs.science"}  # leads CAM-EP in these walks
ANYWHERE = {
    "request_case_conference": REQUESTERS,
    "convene_urgent_conference": URGENT,
    "join_incident": IMT,
    "open_supporting_response": SUPPORTERS,
}
FUNCTIONAL = ANYWHERE | {
    "submit_to_cam": SUBMITTERS,
    "imt_escalate": IMT,
    "hand_over": FTL,
    "close": FTL | IMT,
    "merge": FTL | IMT,
}
PARKED = ANYWHERE | {
    "submit_to_cam": SUBMITTERS,
    "imt_escalate": IMT,
    "return_to_function": IMT,
    "close": IMT,
    "merge": IMT,
}
# By stage and move, the posts that may. The chair of the conference is the holder of dd.enforcement, the SCS lead of
# CAM-EP the holder of scs.science.
MAY = {
    "reported": FUNCTIONAL
    | {"begin_assessment": FTL | IMT, "handle_in_function": FTL, "refer_to_deputy_director": FTL},
    "assessing": FUNCTIONAL | {"handle_in_function": FTL, "refer_to_deputy_director": FTL},
    "handled_in_function": FUNCTIONAL | {"refer_to_deputy_director": FTL, "monitor": FTL | IMT},
    "referred": FUNCTIONAL
    | {
        "return_to_function": {"dd.enforcement"},
        "close": IMT | {"dd.enforcement"},
    },
    "cam": ANYWHERE
    | {
        "recommend_to_ttg": IMT,
        "return_to_function": IMT,
        "hand_over": IMT,
        "monitor": IMT,
        "close": IMT,
        "merge": IMT,
    },
    "ttg": ANYWHERE
    | {
        "submit_to_cam": {"dceo.regulation"},
        "activate_cam_ep": {"dceo.regulation"},
        "return_to_function": {"dceo.regulation"},
        "hand_over": {"dceo.regulation"},
        "monitor": IMT | {"dceo.regulation"},
        "close": IMT | {"dceo.regulation"},
        "merge": IMT | {"dceo.regulation"},
    },
    "cam_ep": ANYWHERE
    | {
        "submit_to_cam": LEAD,
        "return_to_function": LEAD,
        "monitor": IMT | LEAD,
        "close": IMT | LEAD,
        "merge": IMT | LEAD,
    },
    "case_conference": {
        "join_incident": IMT,
        "open_supporting_response": SUPPORTERS,
        "submit_to_cam": CHAIR,
        "return_to_function": CHAIR,
        "request_information": CHAIR,
        "agree_coordination": CHAIR,
        "declare_incident": CHAIR,
        "monitor": IMT | CHAIR,
        "close": IMT | CHAIR,
        "merge": IMT | CHAIR,
    },
    "coordinated": PARKED | {"monitor": IMT},
    "led_elsewhere": PARKED | {"monitor": IMT},
    "monitoring": PARKED | {"hand_over": IMT, "close": IMT | FTL},
    "incident_declared": {"reopen": IMT},
    "supporting_response": {"reopen": IMT},
    "closed": {"reopen": IMT},
    "merged": {"unmerge": IMT},
}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.mark.parametrize("stage", MAY)
def test_every_post_may_make_exactly_the_moves_that_are_its_own(stage, cast):
    reference = at_stage(cast, stage)
    version = climb_of(reference).issue.version
    got: dict[str, set[str]] = {name: set() for name in MAY[stage]}
    for post in POST_TITLES:
        if post == "operator":
            with pytest.raises(NotFound):
                services.issue_move(reference=reference, name="close", version=version, by=cast(post), data={})
            continue
        climb = selectors.climb_get(reference, cast(post))
        in_place = {offer.name for offer in mover.offers(services.ISSUE_MACHINE, climb, cast(post)) if offer.acting_for}
        for name in MAY[stage].keys() - in_place:
            with pytest.raises((NotAllowed, InvalidInput)) as answer:
                services.issue_move(reference=reference, name=name, version=version, by=cast(post), data={"x": 1})
            if isinstance(answer.value, InvalidInput):
                got[name].add(post)
            else:
                assert answer.value.code == "not_your_move"
    assert got == MAY[stage]
    for name in MOVES.keys() - MAY[stage].keys():
        with pytest.raises(NotFromHere):
            services.issue_move(reference=reference, name=name, version=version, by=cast("imt.head"), data={})
    assert climb_of(reference).issue.version == version


@pytest.mark.parametrize("stage", MAY)
def test_offers_say_the_same_as_the_door(stage, cast):
    reference = at_stage(cast, stage)
    for post in ("imt.officer", "dd.enforcement", "dceo.regulation", "viewer"):
        offers = mover.offers(services.ISSUE_MACHINE, selectors.climb_get(reference, cast(post)), cast(post))
        assert {offer.name for offer in offers} == MAY[stage].keys()
        mine = {
            offer.name
            for offer in offers
            if not offer.acting_for and "not_your_move" not in {blocker.code for blocker in offer.blocked_by}
        }
        assert mine == {name for name, posts in MAY[stage].items() if post in posts}


def codes(refusal: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [blocker.code for blocker in refusal.value.blocked_by]


@pytest.mark.parametrize(
    ("stage", "name", "post", "blank", "expected"),
    [
        ("assessing", "submit_to_cam", "ftl.enforcement", {}, ["impact_not_assessed"]),
        (
            "cam",
            "recommend_to_ttg",
            "imt.head",
            {},
            ["impact_not_assessed", "nnc_not_assessed"],
        ),
        (
            "ttg",
            "activate_cam_ep",
            "dceo.regulation",
            {"scs_lead": None},
            ["impact_not_assessed", "nnc_not_confirmed", "scs_lead_missing"],
        ),
        (
            "cam",
            "request_case_conference",
            "imt.head",
            {"grounds": [], "consulted_scs": None},
            ["impact_not_assessed", "grounds_missing", "scs_not_consulted"],
        ),
        (
            "case_conference",
            "declare_incident",
            "dd.enforcement",
            {
                "significant_risk": False,
                "mitigation_likely": None,
                "took_part": None,
                "equality": None,
            },
            [
                "impact_not_assessed",
                "significant_risk_not_shown",
                "mitigation_not_shown",
                "conference_of_one",
                "equality_not_considered",
            ],
        ),
    ],
)
def test_all_that_stands_in_the_way_is_said_at_once_and_nothing_changes(stage, name, post, blank, expected, cast):
    reference = at_stage(cast, stage)
    before = climb_of(reference).issue.version, len(events_for(reference)), Notice.objects.count()
    with pytest.raises(Blocked) as refusal:
        move(cast, reference, name, post, **inputs_of(cast, name) | blank)
    assert codes(refusal) == expected
    assert all(blocker.cites for blocker in refusal.value.blocked_by)
    assert climb_of(reference).stage == stage
    assert before == (climb_of(reference).issue.version, len(events_for(reference)), Notice.objects.count())


def test_closing_a_high_case_wants_everything_at_once(cast):
    reference = at_stage(cast, "case_conference")
    assess(cast, reference)
    Commission.objects.create(
        issue=climb_of(reference).issue,
        kind="advice",
        what="Test it",
        team="science",
        origin_kind="stage",
        origin="case_conference",
        asked_as="Chair",
        asked_at=clock.now(),
    )
    blank = {"justification": None, "second_person": None, "feedback": None}
    with pytest.raises(Blocked) as refusal:
        move(cast, reference, "close", "dd.enforcement", **inputs_of(cast, "close") | blank)
    assert codes(refusal) == [
        "commissions_open",
        "justification_missing",
        "second_person_missing",
        "feedback_missing",
    ]


def test_what_is_only_reported_closes_as_out_of_scope_alone(cast):
    reference = at_stage(cast, "reported")
    with pytest.raises(Blocked) as refusal:
        move(cast, reference, "close", "imt.head", **inputs_of(cast, "close") | {"closure_kind": "no_further_action"})
    assert codes(refusal) == ["out_of_scope_only"]
    assert move(cast, reference, "close", "imt.head", **inputs_of(cast, "close")).stage == "closed"


def test_an_exception_reason_lifts_nnc_and_lead_and_is_kept(cast):
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    none_met = {name: {"met": False, "reason": "No"} for name in ("nationally_significant", "novel", "contentious")}
    services.nnc_assess(reference=reference, by=cast("imt.head"), data=none_met | {"lead_authority": "local_authority"})
    with pytest.raises(Blocked) as refusal:
        move(cast, reference, "recommend_to_ttg", "imt.head", **inputs_of(cast, "recommend_to_ttg"))
    assert [(b.code, b.override) for b in refusal.value.blocked_by] == [
        ("nnc_not_met", "exception_reason"),
        ("not_opss_lead", "exception_reason"),
    ]
    inputs = inputs_of(cast, "recommend_to_ttg") | {"exception_reason": "Ministers have asked"}
    assert move(cast, reference, "recommend_to_ttg", "imt.head", **inputs).stage == "ttg"
    assert events_for(reference)[0].facts["inputs"]["exception_reason"] == "Ministers have asked"


def test_an_assessment_counts_for_one_visit_to_one_stage(cast):
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    assert selectors.facts_of(climb_of(reference), cast("imt.head")).impact_at is not None
    services.nnc_assess(reference=reference, by=cast("imt.head"), data=NNC)
    move(cast, reference, "recommend_to_ttg", "imt.head", **inputs_of(cast, "recommend_to_ttg"))
    assess(cast, reference, "imt.head")
    move(cast, reference, "submit_to_cam", "dceo.regulation", reason="Look again")
    with pytest.raises(Blocked) as refusal:
        move(cast, reference, "recommend_to_ttg", "imt.head", **inputs_of(cast, "recommend_to_ttg"))
    assert codes(refusal) == ["impact_not_assessed"]


def test_evidence_after_the_assessment_makes_it_stale_until_it_is_confirmed(cast):
    reference = at_stage(cast, "case_conference")
    assess(cast, reference)
    result = {"kind": "test_result", "title": "Joint fails at 60 C"}
    services.evidence_add(reference=reference, by=cast("officer.enforcement"), data=result)
    with pytest.raises(Blocked) as refusal:
        move(cast, reference, "declare_incident", "dd.enforcement", **inputs_of(cast, "declare_incident"))
    assert codes(refusal) == ["impact_stale"]
    assess(cast, reference, "dd.enforcement", confirms=True, overall_reason="The test bears it out")
    climb = move(cast, reference, "declare_incident", "dd.enforcement", **inputs_of(cast, "declare_incident"))
    assert climb.stage == "incident_declared"


def test_declaring_makes_the_incident_its_groups_a_rhythm_and_tells_the_chairs(cast):
    reference = at_stage(cast, "incident_declared")
    incident = Incident.objects.get()
    climb = climb_of(reference)
    assert climb.issue.incident == incident
    assert climb.ended_at is not None
    assert incident.impact_level == "high"
    chairs = {(group.kind, group.chair.email) for group in incident.groups.all()}
    assert chairs == {("scg", "dceo.evidence@cast.example"), ("tcg", "dd.enforcement@cast.example")}
    assert {event.kind for event in incident.rhythm.all()} >= {"scg", "tcg", "bird_table", "sitrep"}
    told = set(Notice.objects.filter(about=incident.reference).values_list("recipient__email", flat=True))
    assert {"dceo.evidence@cast.example", "dd.enforcement@cast.example", "imt.head@cast.example"} <= told
    asked = Commission.objects.filter(issue=climb.issue, team="policy")
    assert "equality duty" in asked.get().what
    assert set(IssuePerson.objects.filter(issue=climb.issue, role="chair").values_list("user__email", flat=True)) == {
        "dceo.evidence@cast.example",
        "dd.enforcement@cast.example",
    }
    assert events_for(reference)[0].facts["incident"] == incident.reference


def test_a_chair_of_two_things_is_warned_of_and_it_is_recorded_but_never_blocks(cast):
    at_stage(cast, "incident_declared")
    reference = at_stage(cast, "case_conference")
    assess(cast, reference)
    climb = selectors.climb_get(reference, cast("dd.enforcement"))
    offers = {offer.name: offer for offer in mover.offers(services.ISSUE_MACHINE, climb, cast("dd.enforcement"))}
    assert [warning.code for warning in offers["declare_incident"].warnings] == ["chairs_two_incidents"]
    assert offers["declare_incident"].allowed
    inputs = inputs_of(cast, "declare_incident") | {"scg_chair": cast.user("dd.targeting").email}
    inputs |= {"tcg_chair": cast.user("dd.targeting").email}
    move(cast, reference, "declare_incident", "dd.enforcement", **inputs)
    assert events_for(reference)[0].facts["warnings"] == ["chairs_both_groups"]


def test_a_chair_outside_the_plan_wants_a_reason_asked_for_by_its_question(cast):
    reference = at_stage(cast, "case_conference")
    assess(cast, reference)
    inputs = inputs_of(cast, "declare_incident") | {"scg_chair": cast.user("ftl.science").email}
    with pytest.raises(InvalidInput) as refusal:
        move(cast, reference, "declare_incident", "dd.enforcement", **inputs)
    [error] = refusal.value.errors
    assert (error.field, error.code) == ("scg_chair", "chair_reason_missing")
    question = DeclareIncident.base_fields["chair_reason"].label
    assert error.message.endswith(f"say why under ‘{question}’")
    inputs["chair_reason"] = "Both holders are abroad"
    assert move(cast, reference, "declare_incident", "dd.enforcement", **inputs).stage == "incident_declared"


def test_a_conference_chaired_below_a_deputy_director_cannot_declare(cast):
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    inputs = inputs_of(cast, "request_case_conference") | {"chair": cast.user("scs.science").email}
    move(cast, reference, "request_case_conference", "imt.head", **inputs)
    assess(cast, reference)
    with pytest.raises(NotAllowed) as refusal:
        move(cast, reference, "declare_incident", "scs.science", **inputs_of(cast, "declare_incident"))
    assert refusal.value.code == "not_your_move"


def test_asking_for_a_conference_names_chair_grounds_and_who_was_consulted(cast):
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    inputs = inputs_of(cast, "request_case_conference") | {"chair": None}
    climb = move(cast, reference, "request_case_conference", "imt.head", **inputs)
    assert climb.conference_chair == cast.user("dd.science")
    assert climb.conference_grounds == [Ground.COULD_BECOME_INCIDENT]
    consultation = Consultation.objects.get()
    assert (consultation.user, consultation.how) == (cast.user("dd.science"), "By telephone")
    decision = Decision.objects.filter(issue=climb.issue).latest("made_at")
    assert (decision.kind, decision.stage_from, decision.stage_to, decision.made_as) == (
        "request_case_conference",
        "cam",
        "case_conference",
        "Head of IMT",
    )


def test_a_consultation_in_the_future_or_unexplained_is_refused_by_field(cast):
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    later = (clock.now() + timedelta(hours=1)).isoformat()
    with pytest.raises(InvalidInput) as refusal:
        move(
            cast,
            reference,
            "request_case_conference",
            "imt.head",
            **inputs_of(cast, "request_case_conference") | {"consulted_at": later, "consulted_how": None},
        )
    assert {error.field for error in refusal.value.errors} == {"consulted_at", "consulted_how"}


def test_the_answers_come_in_the_agreed_order(cast):
    reference = at_stage(cast, "reported")
    version = climb_of(reference).issue.version

    def make(name="submit_to_cam", version=version, by="viewer", reference=reference, **data):
        return services.issue_move(reference=reference, name=name, version=version, by=cast(by), data=data)

    with pytest.raises(NotFound):
        make(reference="ISS-2020-99999")
    with pytest.raises(NotFound):
        make(name="promote", version=None)
    with pytest.raises(InvalidInput) as missing:
        make(name="recommend_to_ttg", version=None)
    assert [error.field for error in missing.value.errors] == ["version"]
    with pytest.raises(ChangedSinceSeen):
        make(name="recommend_to_ttg", version=version + 7)
    with pytest.raises(NotFromHere):
        make(name="recommend_to_ttg")
    with pytest.raises(NotAllowed):
        make(nonsense=1)
    with pytest.raises(InvalidInput):
        make(by="ftl.enforcement", nonsense=1)
    with pytest.raises(Blocked):
        make(by="ftl.enforcement", reason="Look")


@pytest.mark.parametrize("version", [True, 1.0, "one", [], {}, "1e3", "٣"])
def test_a_version_that_is_no_whole_number_is_refused(version, cast):
    reference = at_stage(cast, "reported")
    with pytest.raises(InvalidInput) as refusal:
        services.issue_move(reference=reference, name="close", version=version, by=cast("imt.head"), data={})
    assert [(error.field, error.code) for error in refusal.value.errors] == [("version", "wrong_type")]


def test_a_stale_version_is_told_what_happened_and_by_whom(cast):
    reference = at_stage(cast, "reported")
    version = climb_of(reference).issue.version
    move(cast, reference, "begin_assessment", "ftl.enforcement", note="Looking at the joint")
    with pytest.raises(ChangedSinceSeen) as refusal:
        services.issue_move(reference=reference, name="begin_assessment", version=version, by=cast("imt.head"), data={})
    assert [(change["kind"], change["by"]) for change in refusal.value.changes] == [
        ("issue.begin_assessment", "Functional Team Leader, Enforcement")
    ]
    assert "Looking at the joint" in refusal.value.changes[0]["sentence"]


@pytest.mark.django_db(transaction=True)
def test_two_people_make_the_same_move_and_one_wins(cast):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    version = climb_of(reference).issue.version
    actors = [cast("ftl.enforcement"), cast("imt.head")]

    def make(by):
        services.issue_move(reference=reference, name="submit_to_cam", version=version, by=by, data={"reason": "Now"})

    assert outcomes(*(lambda by=by: make(by) for by in actors)) == [ChangedSinceSeen.__name__, "done"]
    assert Decision.objects.filter(kind="submit_to_cam").count() == 1
    connection.ensure_connection()


def test_a_deputy_acts_and_the_record_says_so(cast):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    deputy = person("imt.duty", deputises=("dd.enforcement",))
    from_post = services.issue_move(
        reference=reference,
        name="submit_to_cam",
        version=climb_of(reference).issue.version,
        by=Cast.acting(deputy, "dd.enforcement"),
        data={
            "reason": "On behalf of the Deputy Director",
            "consulted_scs": cast.user("dd.science").email,
            "consulted_how": "By telephone",
            "consulted_at": clock.now().isoformat(),
        },
    )
    assert from_post.stage == "cam"
    assert Decision.objects.get(kind="submit_to_cam").made_as == "Deputy Director, Enforcement (deputy acting)"


def test_a_deputy_of_the_chairs_post_acts_in_the_chair_but_declares_only_as_an_scs(cast):
    reference = at_stage(cast, "case_conference")
    below = Cast.acting(person("ftl.science", deputises=("dd.enforcement",)), "dd.enforcement")
    senior = Cast.acting(person("dd.policy", deputises=("dd.enforcement",)), "dd.enforcement")
    elsewhere = Cast.acting(person("ftl.science", deputises=("dd.science",)), "dd.science")

    def offered(by, name):
        offers = mover.offers(services.ISSUE_MACHINE, selectors.climb_get(reference, by), by)
        offer = next(offer for offer in offers if offer.name == name)
        return "not_your_move" not in {blocker.code for blocker in offer.blocked_by}

    assert [offered(by, "request_information") for by in (below, senior, elsewhere)] == [True, True, False]
    assert [offered(by, "declare_incident") for by in (below, senior, elsewhere)] == [False, True, False]


def test_impact_is_assessed_by_those_who_stand_there_and_never_at_an_end(cast):
    reference = at_stage(cast, "assessing")
    for post in ("viewer", "officer.science", "dd.science", "ceo"):
        with pytest.raises(NotAllowed):
            services.impact_assess(reference=reference, by=cast(post), data={"ratings": RATINGS})
    made = services.impact_assess(reference=reference, by=cast("officer.enforcement"), data={"ratings": RATINGS})
    assert (made.overall, made.stage) == ("high", "assessing")
    levels = {rating.indicator: rating.level for rating in made.ratings.all()}
    assert (len(levels), levels["public_safety"], levels["financial_risk"]) == (8, "high", "not_known_yet")
    closed = at_stage(cast, "closed")
    with pytest.raises(NotFromHere):
        services.impact_assess(reference=closed, by=cast("imt.head"), data={"ratings": RATINGS})


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "ratings"),
        ({"ratings": {}}, "ratings"),
        ({"ratings": {"public_safety": {"level": "severe"}}}, "ratings.public_safety.level"),
        ({"ratings": {"non_compliance": {"level": "critical"}}}, "ratings.non_compliance.level"),
        ({"ratings": {"weather": {"level": "low"}}}, "ratings.weather"),
        ({"ratings": RATINGS, "overall": "low"}, "overall_reason"),
        ({"ratings": RATINGS, "confirms": True, "overall_reason": "Same"}, "ratings"),
        ({"confirms": True}, "overall_reason"),
        ({"confirms": True, "overall_reason": "Same"}, "confirms"),
        ({"ratings": RATINGS, "could_reach": {"level": "critical"}}, "could_reach.why"),
        ({"ratings": RATINGS, "could_reach": {"level": "high", "why": "x", "by": "1999-02-01"}}, "could_reach.by"),
    ],
)
def test_a_wrong_assessment_is_refused_by_field(data, field, cast):
    reference = at_stage(cast, "assessing")
    with pytest.raises(InvalidInput) as refusal:
        services.impact_assess(reference=reference, by=cast("ftl.enforcement"), data=data)
    assert field in {error.field for error in refusal.value.errors}


def test_ttgs_view_of_nnc_stands_over_cams_and_cams_is_kept(cast):
    reference = at_stage(cast, "ttg")
    services.nnc_assess(
        reference=reference, by=cast("dceo.regulation"), data=NNC | {"lead_authority": "other_regulator"}
    )
    move_back = inputs_of(cast, "submit_to_cam")
    assess(cast, reference)
    move(cast, reference, "submit_to_cam", "dceo.regulation", **move_back)
    services.nnc_assess(reference=reference, by=cast("imt.officer"), data=NNC)
    climb = climb_of(reference)
    assert selectors.nnc_standing(climb).stage == "ttg"
    assert climb.issue.lead_authority == "other_regulator"
    assert climb.issue.nnc_assessments.count() == 3


def test_nnc_belongs_to_imt_at_cam_and_to_the_chair_at_ttg(cast):
    reference = at_stage(cast, "cam")
    with pytest.raises(NotAllowed):
        services.nnc_assess(reference=reference, by=cast("ftl.enforcement"), data=NNC)
    reference = at_stage(cast, "ttg")
    with pytest.raises(NotAllowed):
        services.nnc_assess(reference=reference, by=cast("imt.head"), data=NNC)
    reference = at_stage(cast, "cam_ep")
    with pytest.raises(NotFromHere):
        services.nnc_assess(reference=reference, by=cast("imt.head"), data=NNC)


def test_what_nobody_assessed_by_its_target_rises_in_the_queues_once(cast):
    late = at_stage(cast, "reported")
    rated = at_stage(cast, "assessing")
    assess(cast, rated, "ftl.enforcement", ratings={"public_safety": {"level": "medium"}})
    assert climb_of(rated).pressing < climb_of(late).pressing
    with clock.at(climb_of(late).due_at + timedelta(minutes=1)):
        assert services.overdue_unassessed_raise() == 1
        assert services.overdue_unassessed_raise() == 0
    assert climb_of(late).pressing < climb_of(rated).pressing
