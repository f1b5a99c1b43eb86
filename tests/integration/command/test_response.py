"""Opening the response to an incident, its groups and its rhythm."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from audit.selectors import events_for
from command import selectors, services
from command.models import Group, RhythmEvent
from incidents.models import Incident
from kernel import clock
from kernel.errors import Blocked, Conflict, InvalidInput, NotAllowed, NotFound
from notify.models import Notice
from tests.factories.accounts import acting, person
from tests.factories.command import incident
from tests.factories.ladder import Cast, at_stage, climb_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


GROUP = {
    "kind": "evidence_group",
    "level": "tactical",
    "purpose": "Says what is known of the cells",
    "exit_strategy": "When the tests are in; Science keeps the file",
}
EVENT = {
    "kind": "meeting",
    "title": "Call with the importer",
    "starts_at": "2026-06-01T09:30:00+01:00",
    "recurrence": "FREQ=DAILY",
}


def test_declaring_on_the_ladder_opens_the_response(cast):
    reference = at_stage(cast, "incident_declared")
    case = Incident.objects.get()
    year = clock.now().astimezone(clock.LONDON).year
    assert case.reference == f"INC-{year}-0001"
    assert climb_of(reference).issue.incident == case
    assert [(group.kind, group.level, group.chair_as) for group in case.groups.all()] == [
        ("scg", "strategic", "Deputy Chief Executive, Evidence"),
        ("tcg", "tactical", "Deputy Director, Enforcement"),
    ]
    assert {event.kind for event in case.rhythm.all()} >= {"scg", "tcg", "bird_table", "sitrep"}


def test_chairs_and_imt_are_told_at_once_and_the_record_begins(cast):
    imt = {cast.user(post).pk for post in ("imt.head", "imt.duty", "imt.officer")}
    case = incident(cast)
    chairs = Notice.objects.filter(kind="incident.you_chair", urgent=True).values_list("recipient_id", flat=True)
    assert set(chairs) == {cast.user("dceo.evidence").pk, cast.user("dd.enforcement").pk}
    told = Notice.objects.filter(kind="incident.opened", about=case.reference).values_list("recipient_id", flat=True)
    assert set(told) == imt
    kinds = [event.kind for event in reversed(events_for(case.reference))]
    assert kinds == ["incident.opened", "group.stood_up", "group.stood_up", "rhythm.set"]


def test_numbers_have_no_gap_when_a_declaration_is_undone():
    with pytest.raises(RuntimeError, match="undone"), transaction.atomic():
        incident(Cast())
        raise RuntimeError("undone")
    assert incident(Cast()).reference.endswith("-0001")


@pytest.mark.parametrize(
    ("impact", "danger", "per_kind"),
    [
        ("critical", False, {"scg": "FREQ=DAILY;BYHOUR=9;BYMINUTE=30", "sitrep": "FREQ=DAILY;BYHOUR=7,17;BYMINUTE=0"}),
        ("low", True, {"tcg": "FREQ=DAILY;BYHOUR=8,16;BYMINUTE=30", "bird_table": "FREQ=DAILY;BYHOUR=8;BYMINUTE=0"}),
        ("high", False, {"sitrep": "FREQ=DAILY;BYHOUR=15;BYMINUTE=0", "tcg": "FREQ=DAILY;BYHOUR=14;BYMINUTE=0"}),
    ],
)
def test_the_first_rhythm_goes_by_impact_and_danger(cast, impact, danger, per_kind):
    case = incident(cast, impact=impact, report={"danger_now": danger})
    rhythm = {event.kind: event for event in case.rhythm.all()}
    assert {kind: rhythm[kind].recurrence for kind in per_kind} == per_kind
    assert {event.status for event in rhythm.values()} == {"provisional"}
    assert all(event.next_at == event.starts_at for event in rhythm.values())


@pytest.mark.parametrize("impact", ["low", "not_known_yet", "medium"])
def test_what_is_not_rated_high_runs_on_the_weekly_rhythm(cast, impact):
    recurrences = [event.recurrence for event in incident(cast, impact=impact).rhythm.all()]
    assert [rule.split(";")[0] for rule in recurrences] == ["FREQ=WEEKLY"] * 4


# Chairs


def test_chairs_are_proposed_by_the_plan(cast):
    evidence, science = cast.user("dceo.evidence"), cast.user("dd.science")
    assert selectors.proposed_chairs("risk") == (evidence, science)
    assert selectors.proposed_chairs("legal") == (evidence, None)


def test_the_deputy_director_targeting_chairs_the_scg_where_nobody_holds_the_other_post(cast):
    targeting = cast.user("dd.targeting")
    assert selectors.proposed_chairs("intelligence") == (targeting, targeting)


def test_clashes_of_chairs_are_named(cast):
    free, busy = person("dd.policy"), cast.user("dceo.evidence")
    assert selectors.chair_clashes([free.pk, person("dd.science").pk], by=cast("imt.head")) == []
    assert [warn.code for warn in selectors.chair_clashes([free.pk, free.pk], by=cast("imt.head"))] == [
        "chairs_both_groups"
    ]
    case = incident(cast)
    [warn] = selectors.chair_clashes([busy.pk, free.pk], by=cast("imt.head"))
    assert warn.code == "chairs_two_incidents"
    assert case.reference in warn.message
    Incident.objects.update(status="closed")
    assert selectors.chair_clashes([busy.pk, None], by=cast("imt.head")) == []


def test_a_clash_names_each_post_once(cast):
    first, second = incident(cast), incident(cast)
    busy = cast.user("dceo.evidence")
    [warn] = selectors.chair_clashes([busy.pk], by=cast("imt.head"))
    assert warn.message.count("already chairs in") == 1
    assert f"{first.reference} and {second.reference}" in warn.message


def test_a_clash_names_no_incident_that_the_reader_may_not_know_of(cast):
    case = incident(cast, report={"sensitivity": "restricted"})
    busy = cast.user("dceo.evidence")
    [warn] = selectors.chair_clashes([busy.pk], by=cast("dd.policy"))
    assert "already chairs in another incident" in warn.message
    assert case.reference not in warn.message
    assert case.reference in selectors.chair_clashes([busy.pk], by=cast("imt.head"))[0].message
    assert selectors.chair_clashes([busy.pk], by=cast("viewer")) == []


# Groups


def _stand_up(cast, case, post="imt.officer", **given):
    data = {**GROUP, "chair": cast.user("dd.science").email, **given}
    return services.group_stand_up(
        incident_reference=case.reference,
        by=cast(post),
        data={name: value for name, value in data.items() if value is not None},
    )


@pytest.mark.parametrize(
    ("post", "may"),
    [
        ("imt.officer", True),
        ("dceo.evidence", True),
        ("dd.enforcement", True),
        ("dd.science", False),
        ("dd.policy", False),
    ],
)
def test_groups_are_stood_up_by_imt_and_the_chairs(cast, post, may):
    case = incident(cast)
    if not may:
        with pytest.raises(NotAllowed):
            _stand_up(cast, case, post)
        return
    group = _stand_up(cast, case, post)
    assert (group.name, group.status, group.chair_as) == ("Evidence Group", "standing", "Deputy Director, Science")
    case.refresh_from_db()
    assert case.version == 2
    assert events_for(case.reference)[0].facts["exit_strategy"] == GROUP["exit_strategy"]


def test_members_have_their_roles_and_are_told(cast):
    case, secretary = incident(cast), person("officer.science")
    people = [
        {"person": secretary.email, "role": "secretary"},
        {"person": cast.user("ftl.science").email},
    ]
    group = _stand_up(cast, case, members=people)
    assert [(member.user_id, member.role) for member in group.members.all()] == [
        (secretary.pk, "secretary"),
        (cast.user("ftl.science").pk, "member"),
    ]
    told = set(Notice.objects.filter(kind="group.stood_up").values_list("recipient_id", flat=True))
    assert told == {secretary.pk, cast.user("ftl.science").pk, cast.user("dd.science").pk}


@pytest.mark.parametrize("missing", ["kind", "level", "chair", "purpose", "exit_strategy"])
def test_a_group_needs_purpose_exit_and_chair(cast, missing):
    with pytest.raises(InvalidInput) as refusal:
        _stand_up(cast, incident(cast), **{missing: None})
    assert [error.field for error in refusal.value.errors] == [missing]
    assert Group.objects.count() == 2


def test_an_unknown_person_is_refused_without_telling_who_there_is(cast):
    with pytest.raises(InvalidInput) as refusal:
        _stand_up(cast, incident(cast), chair="nobody@opss.example")
    assert [(error.field, error.code) for error in refusal.value.errors] == [("chair", "unknown_reference")]


def test_there_is_one_scg_and_may_be_several_tcgs(cast):
    case = incident(cast)
    with pytest.raises(Conflict) as refusal:
        _stand_up(cast, case, kind="scg", level="strategic")
    assert refusal.value.code == "scg_stands"
    assert _stand_up(cast, case, kind="tcg").kind == "tcg"


def test_nothing_is_added_to_a_closed_incident(cast):
    case = incident(cast)
    Incident.objects.update(status="closed")
    for act in (
        lambda: _stand_up(cast, case),
        lambda: services.rhythm_add(incident_reference=case.reference, by=cast("imt.head"), data=EVENT),
    ):
        with pytest.raises(Blocked) as refusal:
            act()
        assert [blocker.code for blocker in refusal.value.blocked_by] == ["incident_not_live"]


# Rhythm


def test_imt_adds_to_the_rhythm_and_the_scg_chair_agrees(cast):
    case = incident(cast)
    event = services.rhythm_add(incident_reference=case.reference, by=cast("imt.officer"), data=EVENT)
    assert event.status == "provisional"
    asked = Notice.objects.get(kind="rhythm.to_agree")
    assert asked.recipient_id == cast.user("dceo.evidence").pk
    agreed = services.rhythm_agree(incident_reference=case.reference, by=cast("dceo.evidence"), data={})
    assert len(agreed) == 5
    assert set(RhythmEvent.objects.values_list("status", "agreed_as")) == {
        ("agreed", "Deputy Chief Executive, Evidence")
    }
    assert services.rhythm_agree(incident_reference=case.reference, by=cast("dceo.evidence"), data={}) == []
    assert [event.kind for event in events_for(case.reference)][:2] == ["rhythm.agreed", "rhythm.changed"]


@pytest.mark.parametrize("post", ["dceo.evidence", "dd.enforcement", "ftl.enforcement"])
def test_nobody_else_adds(cast, post):
    case = incident(cast)
    with pytest.raises(NotAllowed):
        services.rhythm_add(incident_reference=case.reference, by=cast(post), data=EVENT)


@pytest.mark.parametrize("post", ["imt.head", "dd.enforcement", "dd.targeting"])
def test_nobody_else_agrees(cast, post):
    case = incident(cast)
    with pytest.raises(NotAllowed):
        services.rhythm_agree(incident_reference=case.reference, by=cast(post), data={})


def test_a_recurrence_that_cannot_be_used_is_refused_at_its_field(cast):
    case = incident(cast)
    with pytest.raises(InvalidInput) as refusal:
        services.rhythm_add(
            incident_reference=case.reference, by=cast("imt.head"), data={**EVENT, "recurrence": "FREQ=SECONDLY"}
        )
    assert [(error.field, error.code) for error in refusal.value.errors] == [("recurrence", "bad_recurrence")]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"starts_at": "1900-01-01T00:00:00Z"}, ("starts_at", "too_far")),
        ({"recurrence": "FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1"}, ("recurrence", "bad_recurrence")),
    ],
)
def test_what_would_keep_every_reader_counting_is_refused(cast, changed, wrong):
    case = incident(cast)
    with pytest.raises(InvalidInput) as refusal:
        services.rhythm_add(incident_reference=case.reference, by=cast("imt.head"), data={**EVENT, **changed})
    assert [(error.field, error.code) for error in refusal.value.errors] == [wrong]


def test_the_next_events_come_soonest_first(cast):
    case = incident(cast, impact="critical")
    after = clock.now() + timedelta(days=3)
    coming = selectors.next_events(case, after=after)
    assert [event.at for event in coming] == sorted(event.at for event in coming)
    assert all(after < event.at <= after + timedelta(days=1, hours=1) for event in coming)


def test_who_may_not_know_of_the_incident_is_told_nothing(cast):
    case = incident(cast, report={"sensitivity": "restricted"})
    for act in (
        lambda: services.group_stand_up(incident_reference=case.reference, by=acting("imt.officer"), data={}),
        lambda: services.rhythm_add(incident_reference=case.reference, by=acting("imt.officer"), data={}),
        lambda: services.sitrep_open(incident_reference=case.reference, by=acting("imt.officer")),
    ):
        with pytest.raises(NotFound):
            act()
