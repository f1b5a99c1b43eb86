"""Two changes that meet wait for each other in one order (ADR 13): each meeting here is forced, step by step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from accounts import services as accounts
from audit import services as audit
from audit.selectors import events_for
from command import services as command
from escalation import services
from escalation.services.climbs import climb_lock
from incidents.models import Incident, Issue, IssuePerson
from kernel import clock
from notify import services as notify
from notify.models import Alarm, Heartbeat, Notice
from tests.factories.command import incident
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, assess, at_stage, climb_of, inputs_of, move
from tests.factories.refusals import inputs_of_any
from tests.factories.together import Meanwhile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _stand_up(cast: Cast, case: Incident, chair: str):
    data = {"kind": "evidence_group", "level": "tactical", "chair": cast.user(chair).email, "members": []}
    said = {"name": "Evidence", "purpose": "Weighs the tests", "exit_strategy": "When the tests are in"}
    return command.group_stand_up(incident_reference=case.reference, by=cast("imt.head"), data=data | said)


def test_a_case_moves_while_a_group_of_its_incident_is_stood_up(cast):
    """The move names the incident, the group puts its chair on the case: each refers to what the other holds."""
    case = incident(cast)
    [issue] = case.issues.all()
    cast("imt.head"), cast("dd.science")
    with transaction.atomic():
        _stand_up(cast, case, "dd.science")
        moved = Meanwhile(lambda: move(cast, issue.reference, "imt_escalate", "imt.head", reason="It cannot wait"))
        assert moved.answer().stage == "cam"
    assert IssuePerson.objects.filter(issue=issue, user=cast.user("dd.science"), role="chair").count() == 1


def test_an_account_is_changed_while_a_report_tells_its_owner(cast):
    head = cast("imt.head")
    with transaction.atomic():
        issue = reported(cast("officer.enforcement"))
        made = Meanwhile(lambda: accounts.token_create(user_id=head.user_id, by=head))
        made.waits()
    assert made.answer()[0].user_id == head.user_id
    assert Notice.objects.filter(about=issue.reference, recipient=head.user_id).count() == 1


def test_a_person_put_on_a_case_from_two_sides_at_once_is_on_it_once(cast):
    case = incident(cast)
    [issue] = case.issues.all()
    cast("imt.head")
    inputs = inputs_of_any(cast, "convene_urgent_conference") | {"chair": cast.user("dd.science").email}
    with transaction.atomic():
        move(cast, issue.reference, "convene_urgent_conference", "dd.science", **inputs)
        stood_up = Meanwhile(lambda: _stand_up(cast, case, "dd.science"))
        stood_up.waits()
    assert stood_up.answer().chair == cast.user("dd.science")
    assert IssuePerson.objects.filter(issue=issue, user=cast.user("dd.science"), role="chair").count() == 1


def test_who_waited_for_a_case_knows_what_it_was_tied_to_meanwhile(cast):
    case = incident(cast)
    reference, head = at_stage(cast, "case_conference"), cast("imt.head")
    assess(cast, reference)

    @transaction.atomic
    def waited() -> Incident | None:
        return climb_lock(reference, head).issue.incident

    with transaction.atomic():
        Issue.objects.select_for_update(no_key=True).get(reference=reference)
        late = Meanwhile(waited)
        late.waits()
        inputs = inputs_of_any(cast, "join_incident") | {"incident": case.reference}
        move(cast, reference, "join_incident", "imt.head", **inputs)
    assert late.answer() == case


def test_undoing_a_merge_takes_both_chains_in_their_order(cast):
    one, other = (reported(cast("officer.enforcement")).reference for _ in range(2))
    assert one < other
    move(cast, one, "merge", "imt.head", reason="The same", into=other)
    with transaction.atomic():
        audit.chains_lock(one)
        undone = Meanwhile(lambda: move(cast, one, "unmerge", "imt.head", **inputs_of(cast, "unmerge")))
        undone.waits()
        audit.chains_lock(one, other)
    assert undone.answer().stage == climb_of(one).stage == "reported"
    assert [event.kind for event in events_for(other)[:1]] == ["issue.released"]


def test_a_tick_that_raises_what_is_overdue_passes_by_a_case_that_is_worked_on(cast):
    busy, free = (climb_of(at_stage(cast, "assessing")) for _ in range(2))

    def raised() -> int:
        with clock.at(clock.now() + timedelta(days=30)):
            return services.overdue_unassessed_raise()

    with transaction.atomic():
        climb_lock(busy.issue.reference, cast("imt.head"))
        assert Meanwhile(raised).answer() == 1
    assert climb_of(busy.issue.reference).pressing == busy.pressing
    assert climb_of(free.issue.reference).pressing < free.pressing
    assert raised() == 1


def test_two_watchers_take_the_alarms_in_one_order():
    """One to whom the first alarm lasts and one to whom the second does: neither holds what the other waits for."""
    begun = clock.now() - timedelta(hours=1)
    names = ("intake.gone_by", "notify.deliver_due")
    first, second = (
        Alarm.objects.create(name=name, what="It did not run", began_at=begun, seen_at=begun) for name in names
    )
    Heartbeat.objects.create(name=second.name, since=begun, ran_at=begun)
    with transaction.atomic():
        Alarm.objects.filter(pk=first.pk).update(seen_at=clock.now())
        other = Meanwhile(notify.watch)
        other.waits()
        Alarm.objects.filter(pk=second.pk).update(seen_at=clock.now())
    assert second.name in other.answer()
    assert not Alarm.objects.filter(ended_at__isnull=False).exists()
