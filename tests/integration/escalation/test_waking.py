"""The clock of a case: who is told when a target passes, a review falls due or an answer is overdue."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection, transaction

from audit.models import AuditEvent
from audit.presenters import sentence
from audit.selectors import events_for
from desk import selectors as desk
from escalation import services, tasks
from escalation.ladder import MOVES
from escalation.models import Escalation
from escalation.rules import review_wakes_at
from escalation.selectors import waking
from incidents.models import Commission, Issue
from kernel import clock
from kernel.clock import LONDON
from notify import tasks as postman
from notify.hooks import due_work
from notify.models import Notice, PutOff
from notify.services import due
from tests.factories.ladder import Cast, assess, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

TARGET, REVIEW, OVERDUE = "issue.target_passed", "issue.review_due", "issue.commission_overdue"
MONDAY = datetime(2026, 3, 9, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def told(reference: str, kind: str) -> set[str]:
    return set(Notice.objects.filter(about=reference, kind=kind).values_list("recipient__email", flat=True))


def emails(cast: Cast, *posts: str) -> set[str]:
    return {cast.user(post).email for post in posts}


def ticked_at(moment: datetime) -> int:
    with clock.at(moment):
        return tasks.wake()


def kinds(reference: str) -> list[str]:
    return [event.kind for event in events_for(reference, limit=500)]


def parked(cast: Cast, stage: str, review_on: date) -> str:
    """A case that rests at `stage` and is looked at again on `review_on`."""
    before, name, post = {
        "handled_in_function": ("assessing", "handle_in_function", "ftl.enforcement"),
        "led_elsewhere": ("assessing", "hand_over", "ftl.enforcement"),
        "monitoring": ("cam", "monitor", "imt.head"),
        "coordinated": ("case_conference", "agree_coordination", "dd.enforcement"),
    }[stage]
    reference = at_stage(cast, before)
    assess(cast, reference, "ftl.enforcement" if before == "assessing" else "imt.head")
    move(cast, reference, name, post, **inputs_of(cast, name) | {"review_on": review_on.isoformat()})
    return reference


# --- the target of a stage --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "posts"),
    [
        ("reported", {"ftl.enforcement"}),
        ("cam", {"imt.head", "imt.duty", "imt.officer", "ftl.enforcement"}),
        ("ttg", {"dceo.regulation", "ftl.enforcement", "imt.head"}),
        ("cam_ep", {"scs.science", "ftl.enforcement", "imt.head"}),
        ("case_conference", {"dd.enforcement", "ftl.enforcement", "imt.head"}),
    ],
)
def test_target_that_passes_wakes_who_decides_there_and_the_leader_of_the_team(stage, posts, cast):
    for post in ("imt.head", "imt.duty", "imt.officer", "ftl.enforcement", "dceo.regulation"):
        cast.user(post)
    reference = at_stage(cast, stage)
    due = climb_of(reference).due_at

    assert ticked_at(due - SECOND) == 0
    assert told(reference, TARGET) == set()
    assert ticked_at(due) == 1
    assert told(reference, TARGET) == emails(cast, *posts)


@pytest.mark.parametrize(("level", "urgent"), [("high", True), ("medium", False)])
def test_head_of_imt_is_woken_too_where_the_level_is_grave(level, urgent, cast):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement", ratings={"public_safety": {"level": level, "reason": "Burns"}})

    ticked_at(climb_of(reference).due_at)

    assert (cast.user("imt.head").email in told(reference, TARGET)) is urgent
    assert set(Notice.objects.filter(kind=TARGET).values_list("urgent", flat=True)) == {urgent}


def test_danger_now_wakes_the_head_of_imt_before_anybody_has_assessed(cast):
    cast.user("imt.head"), cast.user("ftl.enforcement")
    reference = at_stage(cast, "reported", danger_now=True)

    ticked_at(climb_of(reference).due_at)

    assert told(reference, TARGET) == emails(cast, "imt.head", "ftl.enforcement")


def test_target_is_told_once_a_visit_however_it_moves_and_anew_at_the_next_stage(cast):
    reference = at_stage(cast, "assessing")
    due = climb_of(reference).due_at
    assert ticked_at(due) == 1
    with clock.at(due + SECOND):
        assess(cast, reference, "ftl.enforcement", ratings={"public_safety": {"level": "low", "reason": "None hurt"}})
    later = climb_of(reference).due_at
    assert later > due

    assert ticked_at(later) == 0
    assert ticked_at(due - timedelta(days=1)) == 0, "a clock that steps back repeats nothing"
    assert kinds(reference).count(TARGET) == 1
    with clock.at(later):
        move(cast, reference, "submit_to_cam", "ftl.enforcement", reason="More than one team is needed")
    assert ticked_at(climb_of(reference).due_at) == 1
    assert kinds(reference).count(TARGET) == 2


def test_assessment_that_brings_the_target_forward_wakes_at_the_new_time(cast):
    reference = at_stage(cast, "assessing")
    slow = climb_of(reference).due_at
    assess(cast, reference, "ftl.enforcement", ratings={"public_safety": {"level": "critical", "reason": "A death"}})
    soon = climb_of(reference).due_at

    assert soon < slow
    assert ticked_at(soon) == 1


def test_outage_makes_it_late_and_neither_lost_nor_twice(cast):
    references = [at_stage(cast, "reported") for _ in range(3)]
    late = climb_of(references[0]).due_at + timedelta(days=9)

    assert ticked_at(late) == 3
    assert ticked_at(late + SECOND) == 0
    assert [kinds(reference).count(TARGET) for reference in references] == [1, 1, 1]


def test_ended_case_wakes_nobody(cast):
    reference = at_stage(cast, "closed")

    assert climb_of(reference).wakes_at is None
    assert ticked_at(clock.now() + timedelta(days=900)) == 0


def test_chain_says_who_was_woken_and_the_version_stays(cast):
    cast.user("ftl.enforcement")
    reference = at_stage(cast, "reported")
    before = climb_of(reference).issue.version
    due = climb_of(reference).due_at
    ticked_at(due + timedelta(hours=3))

    event = events_for(reference, limit=1)[0]
    assert (event.kind, event.version, event.at) == (TARGET, None, due + timedelta(hours=3))
    assert event.actor["name"] == "The system"
    assert event.facts["told"] == [cast.user("ftl.enforcement").email]
    assert sentence(event).startswith("The target for Reported, ")
    assert sentence(event).endswith(f"passed. Told: {cast.user('ftl.enforcement').email}")
    assert climb_of(reference).issue.version == before


def test_imt_hears_of_it_where_nobody_else_is_found(cast):
    cast.user("imt.duty"), cast.user("officer.science")
    reference = at_stage(cast, "reported")

    ticked_at(climb_of(reference).due_at)

    assert told(reference, TARGET) == emails(cast, "imt.duty")


def test_restricted_case_wakes_only_those_who_may_know_of_it(cast):
    cast.user("imt.duty"), cast.user("imt.head"), cast.user("ftl.enforcement")
    reference = at_stage(cast, "reported", sensitivity="restricted")

    ticked_at(climb_of(reference).due_at)

    assert events_for(reference, limit=1)[0].facts["told"] == [cast.user("imt.head").email]


# --- reviews ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "posts"),
    [
        ("handled_in_function", {"ftl.enforcement"}),
        ("monitoring", {"imt.head", "imt.duty", "ftl.enforcement"}),
        ("led_elsewhere", {"imt.head", "imt.duty", "ftl.enforcement"}),
        ("coordinated", {"imt.head", "imt.duty", "ftl.enforcement"}),
    ],
)
def test_review_that_falls_due_wakes_whoever_answers_for_the_case_at_nine_in_london(stage, posts, cast):
    cast.user("imt.duty"), cast.user("imt.head")
    with clock.at(datetime(2026, 3, 23, 10, tzinfo=UTC)):
        reference = parked(cast, stage, date(2026, 3, 30))
    # The clocks went forward the night before: nine in London is eight in UTC.
    nine = datetime(2026, 3, 30, 8, tzinfo=UTC)

    assert climb_of(reference).wakes_at == nine
    ticked_at(nine - SECOND)
    assert told(reference, REVIEW) == set()
    assert ticked_at(nine) == 1
    assert told(reference, REVIEW) == emails(cast, *posts)
    assert ticked_at(nine + timedelta(days=30)) == 0
    assert sentence(events_for(reference, limit=1)[0]).startswith("The review set for 30 March 2026 fell due")


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 3, 11), datetime(2026, 3, 11, 9, tzinfo=LONDON)),
        (date(2026, 3, 14), datetime(2026, 3, 16, 9, tzinfo=LONDON)),
        (date(2026, 4, 3), datetime(2026, 4, 7, 9, tzinfo=LONDON)),
        (date(2026, 10, 26), datetime(2026, 10, 26, 9, tzinfo=LONDON)),
    ],
    ids=["a Wednesday", "a Saturday", "Good Friday", "the day after the clocks went back"],
)
def test_review_waits_for_the_next_working_day(day, opens):
    assert review_wakes_at(review_on=day, told=None) == opens
    assert review_wakes_at(review_on=day, told=day) is None


def test_case_that_moved_on_before_its_review_wakes_nobody_and_a_new_date_wakes_anew(cast):
    with clock.at(MONDAY):
        reference = parked(cast, "handled_in_function", date(2026, 3, 12))
    ticked_at(datetime(2026, 3, 12, 9, tzinfo=UTC))
    with clock.at(datetime(2026, 3, 12, 10, tzinfo=UTC)):
        move(cast, reference, "imt_escalate", "imt.head", reason="It grows")
        assess(cast, reference)
        again = {"review_on": "2026-03-18", "reason": "It calmed", "plan": "Visit again"}
        move(cast, reference, "return_to_function", "imt.head", **again)

    assert ticked_at(datetime(2026, 3, 18, 9, tzinfo=UTC)) == 1
    assert kinds(reference).count(REVIEW) == 2


# --- commissions ------------------------------------------------------------------------------------------------------


def asked(cast: Cast, reference: str, due: date) -> Commission:
    data = {"kind": "advice", "what": "Test two joints", "team": "science", "due": due.isoformat()}
    return services.commission_ask(reference=reference, by=cast("imt.head"), data=data)


def test_overdue_commission_is_told_to_the_leader_who_was_asked_and_to_whoever_asked_once(cast):
    with clock.at(MONDAY):
        reference = at_stage(cast, "cam")
        commission = asked(cast, reference, date(2026, 3, 9))
    cast.user("ftl.science"), cast.user("officer.science")
    nine = datetime(2026, 3, 10, 9, tzinfo=UTC)

    assert ticked_at(nine - SECOND) == 0
    assert ticked_at(nine) == 1
    assert told(reference, OVERDUE) == emails(cast, "ftl.science", "imt.head")
    assert Notice.objects.filter(kind=OVERDUE).first().url.endswith(f"/commissions/{commission.pk}/settle/")
    assert ticked_at(nine + timedelta(minutes=5)) == ticked_at(nine - timedelta(days=1)) == 0
    assert sentence(events_for(reference, limit=1)[0]).startswith("Science had not answered by 9 March 2026: Test")


def test_answer_in_time_and_question_without_a_day_wake_nobody(cast):
    with clock.at(MONDAY):
        reference = at_stage(cast, "cam")
        commission = asked(cast, reference, date(2026, 3, 9))
        services.commission_settle(
            reference=reference,
            commission_id=commission.pk,
            by=cast("officer.science"),
            data={"outcome": "delivered", "result": "They hold"},
        )
        Commission.objects.create(
            issue=climb_of(reference).issue, kind="action", what="Tell them", team="science", asked_at=clock.now()
        )
    Escalation.objects.update(wakes_at=None)

    assert ticked_at(MONDAY + timedelta(days=400)) == 0


# --- the tick ---------------------------------------------------------------------------------------------------------


def test_home_shows_what_the_clock_told(cast):
    reference = at_stage(cast, "ttg")
    ftl = cast.user("ftl.enforcement")
    Notice.objects.all().delete()
    ticked_at(climb_of(reference).due_at)
    postman.deliver_due()

    (task,) = desk.home(ftl, cast("ftl.enforcement")).tasks

    assert (task.case, task.title.split(":")[0]) == (reference, "The target for ‘TTG’ has passed")


def test_case_that_cannot_be_told_of_holds_up_no_other_and_is_told_of_later(cast, monkeypatch):
    broken, fine = at_stage(cast, "reported"), at_stage(cast, "reported")
    at = climb_of(fine).due_at + SECOND
    whom = waking.told_of_target

    def fails(facts):
        if facts.reference == broken:
            raise RuntimeError("The directory is away")
        return whom(facts)

    monkeypatch.setattr(waking, "told_of_target", fails)
    assert ticked_at(at) == 1
    assert (kinds(fine).count(TARGET), kinds(broken).count(TARGET)) == (1, 0)
    monkeypatch.undo()
    assert ticked_at(at) == 0  # it is put off for ten seconds
    assert ticked_at(at + 10 * SECOND) == 1
    assert kinds(broken).count(TARGET) == 1


def test_cases_that_fail_at_the_head_of_the_queue_hold_up_none_behind_them_for_ever(cast, monkeypatch):
    cast.user("ftl.enforcement")
    with clock.at(MONDAY):
        broken = [at_stage(cast, "reported") for _ in range(3)]
    with clock.at(MONDAY + timedelta(hours=1)):
        fine = at_stage(cast, "reported")
    at, whom = climb_of(fine).due_at + SECOND, waking.told_of_target
    monkeypatch.setattr(due, "MOST_IN_ONE_TICK", 3)

    def fails(facts):
        if facts.reference in broken:
            raise RuntimeError("The directory is away")
        return whom(facts)

    monkeypatch.setattr(waking, "told_of_target", fails)
    assert ticked_at(at) == 0
    assert ticked_at(at + SECOND) == 1
    assert kinds(fine).count(TARGET) == 1
    assert set(PutOff.objects.values_list("work", "failures")) == {("escalation.wake", 1)}


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_tell_of_each_case_once():
    cast = Cast()
    cast.user("ftl.enforcement")
    references = [at_stage(cast, "reported") for _ in range(6)]
    late = clock.now() + timedelta(days=30)
    start = Barrier(4)

    def work(_: int) -> None:
        try:
            start.wait()
            ticked_at(late)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    ticked_at(late)
    assert [kinds(reference).count(TARGET) for reference in references] == [1] * 6
    assert Notice.objects.filter(kind=TARGET).count() == AuditEvent.objects.filter(kind=TARGET).count() == 6


@pytest.mark.django_db(transaction=True)
def test_case_that_somebody_works_on_is_left_to_the_next_tick():
    cast = Cast()
    reference = at_stage(cast, "reported")
    late = clock.now() + timedelta(days=30)

    def tick() -> int:
        try:
            return ticked_at(late)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        Issue.objects.select_for_update().get(reference=reference)
        assert pool.submit(tick).result() == 0
    assert ticked_at(late) == 1


@pytest.mark.parametrize(
    ("rows", "index"),
    [(waking.climbs_to_wake, "escalation_waking"), (waking.commissions_to_wake, "incidents_commission_waking")],
)
def test_what_is_due_is_found_by_its_own_index(rows, index):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plan = json.loads(rows(clock.now()).values_list("pk", flat=True)[:100].explain(format="json"))[0]["Plan"]

    assert plan["Node Type"] == "Limit"
    assert plan["Plans"][0]["Index Name"] == index
    assert "Filter" not in plan["Plans"][0]


def test_watcher_learns_what_was_due_and_not_told(cast):
    with clock.at(MONDAY):
        reference = at_stage(cast, "cam")
        asked(cast, reference, date(2026, 3, 9))
    due, later = climb_of(reference).due_at, MONDAY + timedelta(days=30)
    watched = due_work()
    cases, commissions = watched["escalation.cases"].ask, watched["escalation.commissions"].ask

    assert (cases(due - SECOND).count, cases(due).count, cases(later).oldest_at) == (0, 1, due)
    assert (commissions(later).count, commissions(later).oldest_at) == (1, datetime(2026, 3, 10, 9, tzinfo=UTC))
    ticked_at(later)
    assert (cases(later).count, commissions(later).count) == (0, 0)


def test_every_stage_with_a_target_or_a_review_has_somebody_to_wake():
    rests = {target for name, move in MOVES.items() if "review_on" in move.form.base_fields for target in targets(name)}

    assert waking.authority.DECIDERS.keys() >= settings.STAGE_TARGETS.keys()
    assert waking.authority.KEEPERS.keys() == rests


def targets(name: str) -> set[str]:
    steps = getattr(Escalation, name)._django_fsm.transitions.values()
    return {step.target for step in steps}
