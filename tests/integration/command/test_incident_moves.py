"""Incidents through their moves: who may, what stands in the way, who agrees, who is told, who wins."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.enums import POST_TITLES
from accounts.models import PostHolding
from audit import presenters
from audit.selectors import events_for
from command import selectors, services
from command.ladder import INCIDENT_MOVES
from command.models import DeEscalationConsent, DeEscalationPlan, RhythmEvent
from incidents.models import Commission, Decision, Incident
from kernel import clock
from kernel.errors import Blocked, ChangedSinceSeen, Conflict, InvalidInput, NotAllowed, NotFound, NotFromHere
from moves import mover
from notify.models import Notice
from readiness import services as readiness
from tests.factories.accounts import person
from tests.factories.command import (
    PLAN,
    all_stood_down,
    at_status,
    draft,
    incident,
    incident_at,
    incident_inputs,
    incident_move,
    wound_up,
)
from tests.factories.ladder import Cast
from tests.factories.together import outcomes

pytestmark = pytest.mark.django_db

IMT = {"imt.head", "imt.duty", "imt.officer"}
LEAD = {"imt.head", "imt.duty"}
EITHER = IMT | {"dd.enforcement"}  # holds the chair of the TCG in these incidents
LEVELS = {"raise_level": LEAD, "lower_level": LEAD}
# By status and move, the posts that may.
MAY = {
    "active": LEVELS | {"propose_de_escalation": EITHER, "agree_de_escalation": EITHER},
    "de_escalating": LEVELS | {"monitor": IMT, "resume": EITHER, "close": EITHER},
    "monitoring": {"resume": EITHER, "close": EITHER},
    "closed": {"complete_review": {"imt.head"}},
}


@pytest.fixture
def cast() -> Cast:
    return Cast()


def codes(refusal) -> list[str]:
    return [blocker.code for blocker in refusal.value.blocked_by]


def told(kind: str) -> set[int]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient_id", flat=True))


# Who may


@pytest.mark.parametrize("status", MAY)
def test_every_post_may_make_exactly_the_moves_that_are_its_own(status, cast):
    case = incident_at(cast, status)
    got: dict[str, set[str]] = {name: set() for name in MAY[status]}
    for post in [post for post in POST_TITLES if post != "operator"]:
        for offer in mover.offers(services.INCIDENT_MACHINE, case, cast(post)):
            if not offer.acting_for and "not_your_move" not in [blocker.code for blocker in offer.blocked_by]:
                got[offer.name].add(post)
    assert got == MAY[status]


@pytest.mark.parametrize("status", MAY)
def test_every_move_answers_as_offered(status, cast):
    case = incident_at(cast, status)
    for name in INCIDENT_MOVES:
        if name not in MAY[status]:
            with pytest.raises(NotFromHere):
                incident_move(cast, case, name, "imt.head")
            continue
        for post in ("ftl.science", "dd.policy", "viewer"):
            with pytest.raises(NotAllowed) as refusal:
                incident_move(cast, case, name, post)
            assert refusal.value.code == "not_your_move"
            assert set(refusal.value.posts) <= MAY[status][name]


@pytest.mark.parametrize(("status", "name"), [(status, name) for status in MAY for name in MAY[status]])
def test_every_move_is_made_once_counted_and_recorded(status, name, cast):
    case = incident_at(cast, status)
    if name == "agree_de_escalation":
        incident_move(cast, case, "propose_de_escalation", "imt.officer")
    if name == "close":
        wound_up(cast, case)
    if name == "complete_review":
        said = {"element": "rhythm", "worked": "A report each morning"}
        readiness.finding_record(incident_reference=case.reference, by=cast("imt.officer"), data=said)
    before = Incident.objects.get(pk=case.pk)
    after = incident_move(cast, case, name, "imt.head")
    assert after.version == before.version + 1
    event = events_for(case.reference)[0]
    assert (event.kind, event.version, event.facts["to"]) == (f"incident.{name}", after.version, after.status)
    assert Decision.objects.filter(kind=f"incident.{name}", incident=case, stage_to=after.status).count() == 1
    assert presenters.sentence(event) != f"incident.{name}"


def test_an_unknown_move_a_missing_version_and_a_stale_one(cast):
    case = incident(cast)
    with pytest.raises(NotFound):
        incident_move(cast, case, "wind_up", "imt.head", reason="x")
    for version, error in ((None, InvalidInput), ("one", InvalidInput), (99, ChangedSinceSeen)):
        with pytest.raises(error):
            services.incident_move(
                reference=case.reference,
                name="raise_level",
                version=version,
                by=cast("imt.head"),
                data=incident_inputs("raise_level"),
            )


def test_who_may_not_know_of_the_incident_is_told_nothing(cast):
    case = incident(cast, report={"sensitivity": "restricted"})
    with pytest.raises(NotFound):
        incident_move(cast, case, "raise_level", "imt.duty")
    assert incident_move(cast, case, "raise_level", "imt.head").response_level == "strategic"


# The response level


def test_levels_rise_and_fall_and_the_status_stays(cast):
    case = incident_at(cast, "de_escalating")
    cast("imt.head")
    raised = incident_move(cast, case, "raise_level", "imt.duty")
    assert (raised.status, raised.response_level) == ("de_escalating", "strategic")
    assert told("incident.raise_level") == {
        cast.user(post).pk for post in ("imt.head", "imt.officer", "dceo.evidence", "dd.enforcement")
    }
    assert Notice.objects.filter(kind="incident.raise_level", urgent=False).count() == 0
    decision = Decision.objects.get(kind="incident.raise_level")
    assert (decision.title, decision.stage_from, decision.stage_to) == (
        "Response level strategic, was tactical",
        "de_escalating",
        "de_escalating",
    )
    lowered = incident_move(cast, case, "lower_level", "imt.head")
    assert lowered.response_level == "operational"
    assert presenters.sentence(events_for(case.reference)[0]) == (
        "Changed the response level from Strategic to Operational: The recall reaches the owners"
    )


@pytest.mark.parametrize(
    ("stands", "name", "level", "blocked_by"),
    [
        ("tactical", "raise_level", "tactical", ["level_not_higher"]),
        ("tactical", "raise_level", "operational", ["level_not_higher"]),
        ("tactical", "lower_level", "strategic", ["level_not_lower"]),
        ("strategic", "raise_level", "strategic", ["level_highest"]),
        ("operational", "lower_level", "operational", ["level_lowest"]),
    ],
)
def test_a_level_goes_the_way_that_the_move_says(cast, stands, name, level, blocked_by):
    case = incident(cast, response_level=stands)
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, name, "imt.head", level=level, reason="x")
    assert codes(refusal) == blocked_by
    assert Incident.objects.get().response_level == stands


@pytest.mark.parametrize(
    ("name", "missing", "field"),
    [
        ("raise_level", "level", "level"),
        ("raise_level", "reason", "reason"),
        ("propose_de_escalation", "exit_criteria_met", "exit_criteria_met"),
    ],
)
def test_inputs_that_must_be_there(cast, name, missing, field):
    data = {key: value for key, value in incident_inputs(name).items() if key != missing}
    with pytest.raises(InvalidInput) as refusal:
        incident_move(cast, incident(cast), name, "imt.head", **data)
    assert [(error.field, error.code) for error in refusal.value.errors] == [(field, "required")]


# De-escalation: two parties, two people


def _proposed(cast, case=None):
    case = case or incident(cast)
    return incident_move(cast, case, "propose_de_escalation", "dd.enforcement")


def test_a_proposal_records_the_plan_and_asks_both_parties(cast):
    for post in IMT:
        cast(post)
    case = _proposed(cast)
    assert (case.status, case.is_half_agreed) == ("active", False)
    plan = DeEscalationPlan.objects.get()
    assert [(row.what, row.owner) for row in plan.activities.all()] == [(row["what"], row["owner"]) for row in PLAN]
    assert plan.proposed_as == "Deputy Director, Enforcement"
    assert told("incident.propose_de_escalation") == {cast.user(post).pk for post in (*IMT, "dceo.evidence")}
    assert Decision.objects.get(kind="incident.propose_de_escalation").reason == "Nine of ten are back"


@pytest.mark.parametrize("plan", [None, []])
def test_a_proposal_without_a_plan_is_blocked(cast, plan):
    data = {"exit_criteria_met": "All are back"} | ({} if plan is None else {"plan": plan})
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, incident(cast), "propose_de_escalation", "imt.head", **data)
    assert codes(refusal) == ["plan_missing"]
    assert not DeEscalationPlan.objects.exists()


def test_what_remains_has_an_owner_each(cast):
    data = {"exit_criteria_met": "All are back", "plan": [{"what": "Watch sales"}]}
    with pytest.raises(InvalidInput) as refusal:
        incident_move(cast, incident(cast), "propose_de_escalation", "imt.head", **data)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("plan[0].owner", "required")]


def test_nobody_agrees_before_there_is_a_plan_and_all_that_is_missing_is_said_at_once(cast):
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, incident(cast), "agree_de_escalation", "imt.head", scg_view="Fine")
    assert codes(refusal) == ["plan_missing", "scg_not_consulted"]


@pytest.mark.parametrize("order", [("imt.officer", "dd.enforcement"), ("dd.enforcement", "imt.officer")])
def test_the_second_of_two_agreements_moves_it_in_either_order(cast, order):
    case, (first, second) = _proposed(cast), order
    cast(second)
    offers = {o.name: o for o in mover.offers(services.INCIDENT_MACHINE, case, cast(first))}
    assert offers["agree_de_escalation"].target == "active"
    half = incident_move(cast, case, "agree_de_escalation", first)
    assert (half.status, half.is_half_agreed, half.winding_down_since) == ("active", True, None)
    assert cast.user(second).pk in told("incident.agree_de_escalation")
    offers = {o.name: o for o in mover.offers(services.INCIDENT_MACHINE, half, cast(second))}
    assert offers["agree_de_escalation"].target == "de_escalating"
    assert offers["agree_de_escalation"].needs == []

    done = incident_move(cast, case, "agree_de_escalation", second, scg_view="")
    assert (done.status, done.is_half_agreed) == ("de_escalating", False)
    assert done.winding_down_since is not None
    consents = {(row.party, row.user_id, row.agreed_as) for row in DeEscalationConsent.objects.all()}
    assert consents == {
        ("imt", cast.user("imt.officer").pk, "IMT Officer"),
        ("tcg_chair", cast.user("dd.enforcement").pk, "Deputy Director, Enforcement"),
    }
    titles = Decision.objects.filter(kind="incident.agree_de_escalation").order_by("pk")
    assert titles[1].title == "De-escalation agreed by both parties"
    assert "with a watch on sales online" in titles[1].reason
    assert [event.facts["party"] for event in events_for(case.reference)[:2]] == [
        "tcg_chair" if second == "dd.enforcement" else "imt",
        "tcg_chair" if first == "dd.enforcement" else "imt",
    ]


def test_the_same_person_does_not_agree_twice(cast):
    case = _proposed(cast)
    incident_move(cast, case, "agree_de_escalation", "imt.head")
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, "agree_de_escalation", "imt.head")
    assert codes(refusal) == ["already_agreed"]
    assert "The chair of the TCG has to agree" in refusal.value.detail


def test_who_covers_for_a_chair_that_nobody_holds_agrees_for_that_party(cast):
    case = _proposed(cast)
    incident_move(cast, case, "agree_de_escalation", "imt.head")
    PostHolding.objects.filter(post="dd.enforcement").update(ends_on=clock.today())
    covering = {"acting_reason": "Nobody holds the post of the chair"}
    done = incident_move(cast, case, "agree_de_escalation", "dceo.evidence", scg_view="", **covering)
    assert done.status == "de_escalating"
    assert DeEscalationConsent.objects.get(user=cast.user("dceo.evidence")).party == "tcg_chair"


def test_the_same_party_does_not_agree_twice(cast):
    case = _proposed(cast)
    incident_move(cast, case, "agree_de_escalation", "imt.head")
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, "agree_de_escalation", "imt.duty")
    assert codes(refusal) == ["party_has_agreed"]
    assert Incident.objects.get().status == "active"


def test_one_person_with_both_hats_speaks_for_one_party_only(cast):
    both = person("imt.head", "dd.policy", email="both@cast.example")
    case = incident(cast, tcg_chair=both)
    incident_move(cast, case, "propose_de_escalation", "imt.officer")

    def agree(post):
        return services.incident_move(
            reference=case.reference,
            name="agree_de_escalation",
            version=Incident.objects.get().version,
            by=cast.acting(both, post),
            data=incident_inputs("agree_de_escalation"),
        )

    assert agree("dd.policy").status == "active"
    assert DeEscalationConsent.objects.get().party == "tcg_chair"
    with pytest.raises(Blocked) as refusal:
        agree("imt.head")
    assert codes(refusal) == ["already_agreed"]
    assert incident_move(cast, case, "agree_de_escalation", "imt.officer").status == "de_escalating"


@pytest.mark.parametrize("missing", ["scg_consulted_who", "scg_consulted_when", "scg_view"])
def test_the_scg_is_consulted_who_when_and_what_it_says(cast, missing):
    case = _proposed(cast)
    data = {key: value for key, value in incident_inputs("agree_de_escalation").items() if key != missing}
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, "agree_de_escalation", "imt.head", **data)
    assert codes(refusal) == ["scg_not_consulted"]
    assert not DeEscalationConsent.objects.exists()


def test_a_consultation_lies_in_the_past(cast):
    data = incident_inputs("agree_de_escalation") | {
        "scg_consulted_when": (clock.now() + timedelta(hours=1)).isoformat()
    }
    with pytest.raises(InvalidInput) as refusal:
        incident_move(cast, _proposed(cast), "agree_de_escalation", "imt.head", **data)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("scg_consulted_when", "in_the_future")]


def test_a_new_proposal_asks_both_parties_anew(cast):
    case = _proposed(cast)
    incident_move(cast, case, "agree_de_escalation", "imt.head")
    again = incident_move(cast, case, "propose_de_escalation", "imt.officer")
    assert again.is_half_agreed is False
    assert list(DeEscalationPlan.objects.order_by("pk").values_list("is_standing", flat=True)) == [False, True]
    assert incident_move(cast, case, "agree_de_escalation", "imt.head").status == "active"
    assert incident_move(cast, case, "agree_de_escalation", "dd.enforcement").status == "de_escalating"


# Monitoring, resuming


def test_monitoring_has_an_owner_and_a_day(cast):
    case = incident_at(cast, "de_escalating")
    day = (clock.today() + timedelta(days=30)).isoformat()
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, "monitor", "imt.head", review_on=day)
    assert codes(refusal) == ["owner_missing"]
    for review_on, code in ((None, "required"), (clock.today().isoformat(), "in_the_past")):
        data = {"group": "Science"} | ({"review_on": review_on} if review_on else {})
        with pytest.raises(InvalidInput) as wrong:
            incident_move(cast, case, "monitor", "imt.head", **data)
        assert [(error.field, error.code) for error in wrong.value.errors] == [("review_on", code)]
    watched = incident_move(cast, case, "monitor", "imt.head", group="Science", review_on=day)
    assert (watched.status, watched.watched_by, watched.review_on.isoformat()) == ("monitoring", "Science", day)


@pytest.mark.parametrize("status", ["de_escalating", "monitoring"])
def test_resuming_takes_up_the_full_response_and_the_plan_stands_no_longer(cast, status):
    case = incident_at(cast, status)
    resumed = incident_move(cast, case, "resume", "dd.enforcement")
    assert (resumed.status, resumed.watched_by, resumed.review_on, resumed.winding_down_since) == (
        "active", "", None, None,
    )  # fmt: skip
    assert selectors.plan_of(resumed) is None
    assert Notice.objects.filter(kind="incident.resume", urgent=True).exists()
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, "agree_de_escalation", "imt.head")
    assert codes(refusal) == ["plan_missing"]


def test_the_chair_of_a_tcg_that_was_stood_down_still_speaks(cast):
    case = incident_at(cast, "monitoring")
    all_stood_down(cast, case)
    assert incident_move(cast, case, "resume", "dd.enforcement").status == "active"
    with pytest.raises(NotAllowed):
        incident_move(cast, case, "propose_de_escalation", "dd.policy")


# Closing


def _ask(case, **given) -> Commission:
    issue = case.issues.get()
    return Commission.objects.create(
        **{
            "issue": issue,
            "kind": "action",
            "what": "x",
            "team": "policy",
            "origin_kind": "stage",
            "origin": "cam",
            "asked_as": "IMT",
            "asked_at": clock.now(),
            **given,
        }
    )


OPEN_ENDS = {
    "actions_open": lambda cast, case: _ask(case),
    "groups_standing": lambda cast, case: services.group_stand_up(
        incident_reference=case.reference,
        by=cast("imt.head"),
        data={
            "kind": "monitoring_group",
            "level": "operational",
            "chair": cast.user("ftl.science").email,
            "purpose": "Watches",
            "exit_strategy": "In a year",
        },
    ),
    "last_sitrep_missing": lambda cast, case: draft(cast, case),
    "feedback_open": lambda cast, case: _ask(case, origin_kind="move", origin="close"),
}


@pytest.mark.parametrize("code", OPEN_ENDS)
def test_one_open_end_blocks_closing(cast, code):
    case = incident_at(cast, "de_escalating")
    wound_up(cast, case)
    OPEN_ENDS[code](cast, case)
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, "close", "imt.head")
    assert codes(refusal) == [code]
    assert Incident.objects.get().status == "de_escalating"


def test_all_open_ends_are_said_at_once(cast):
    case = incident_at(cast, "monitoring")
    _ask(case)
    _ask(case, origin_kind="move", origin="merge")
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, "close", "imt.head")
    assert codes(refusal) == ["actions_open", "groups_standing", "last_sitrep_missing", "feedback_open"]
    assert "Strategic Coordination Group, Tactical Coordination Group" in refusal.value.detail


def test_a_report_from_before_the_winding_down_is_not_the_last_one(cast):
    case = incident(cast)
    at_status(cast, "issued", case)
    incident_move(cast, case, "propose_de_escalation", "imt.officer")
    incident_move(cast, case, "agree_de_escalation", "imt.officer")
    incident_move(cast, case, "agree_de_escalation", "dd.enforcement")
    all_stood_down(cast, case)
    with pytest.raises(Blocked) as refusal:
        incident_move(cast, case, "close", "imt.head")
    assert codes(refusal) == ["last_sitrep_missing"]


def test_what_is_delivered_or_waived_does_not_hold_it_open(cast):
    case = incident_at(cast, "de_escalating")
    _ask(case, status="waived")
    _ask(case, status="delivered", delivered_at=clock.now(), origin_kind="move", origin="close")
    wound_up(cast, case)
    assert incident_move(cast, case, "close", "dd.enforcement").status == "closed"


def test_closing_ends_the_rhythm_and_tells_that_a_review_is_due(cast):
    case = incident_at(cast, "closed")
    assert selectors.next_events(case, after=clock.now()) == []
    assert RhythmEvent.objects.filter(ended_at=None).count() == 0
    event = events_for(case.reference)[0]
    assert (event.facts["review_due"], "Bird table" in event.facts["rhythm_ended"]) == (True, True)
    assert presenters.sentence(event) == "Closed the incident: Nothing has happened for two months"
    notice = Notice.objects.filter(kind="incident.close").first()
    assert notice.body.endswith("It is to be reviewed.")
    assert cast.user("dd.enforcement").pk in told("incident.close")


def test_a_supporting_response_is_closed_without_a_review(cast):
    case = incident_at(cast, "closed", kind="supporting")
    assert events_for(case.reference)[0].facts["review_due"] is False


# Groups are stood down with an owner


DOWN = {"longer_term_owner": "Science", "reason": "The tests are in"}


def _stand_down(cast, case, post, **given):
    group = case.groups.get(kind="tcg")
    return services.group_stand_down(
        incident_reference=case.reference, group_id=group.pk, by=cast(post), data={**DOWN, **given}
    )


def test_a_group_is_stood_down_by_its_chair_with_who_owns_what_remains(cast):
    case = incident(cast)
    cast("imt.head")
    group = _stand_down(cast, case, "dd.enforcement")
    assert (group.status, group.longer_term_owner, group.stood_down_as) == (
        "stood_down", "Science", "Deputy Director, Enforcement",
    )  # fmt: skip
    case.refresh_from_db()
    assert case.version == 2
    assert presenters.sentence(events_for(case.reference)[0]) == (
        "Stood down Tactical Coordination Group; what remains is with Science: The tests are in"
    )
    with pytest.raises(Conflict) as refusal:
        _stand_down(cast, case, "imt.head")
    assert refusal.value.code == "group_stood_down"


@pytest.mark.parametrize("post", ["dd.science", "ftl.enforcement", "viewer"])
def test_nobody_else_stands_it_down(cast, post):
    with pytest.raises(NotAllowed):
        _stand_down(cast, incident(cast), post)


@pytest.mark.parametrize("missing", list(DOWN))
def test_a_group_is_not_stood_down_without(cast, missing):
    with pytest.raises(InvalidInput) as refusal:
        _stand_down(cast, incident(cast), "imt.head", **{missing: ""})
    assert [error.field for error in refusal.value.errors] == [missing]


def test_a_group_of_another_incident_is_not_found(cast):
    case, other = incident(cast), incident(cast)
    with pytest.raises(NotFound):
        services.group_stand_down(
            incident_reference=case.reference, group_id=other.groups.first().pk, by=cast("imt.head"), data=DOWN
        )


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_agree_at_once_one_is_told_and_may_go_on(cast):
    case = _proposed(cast)

    def agree(by):
        services.incident_move(
            reference=case.reference,
            name="agree_de_escalation",
            version=case.version,
            by=by,
            data=incident_inputs("agree_de_escalation"),
        )

    actors = [cast("imt.head"), cast("dd.enforcement")]
    assert outcomes(*(lambda by=by: agree(by) for by in actors)) == [ChangedSinceSeen.__name__, "done"]
    assert (Incident.objects.get().status, DeEscalationConsent.objects.count()) == ("active", 1)
    missing = "dd.enforcement" if DeEscalationConsent.objects.get().party == "imt" else "imt.head"
    assert incident_move(cast, case, "agree_de_escalation", missing).status == "de_escalating"
