"""Each time that the rhythm happens: on record ahead, reminded of and begun once, cancelled with what it belongs to."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from audit.selectors import events_for
from command import selectors, services, tasks
from command.models import RhythmEvent, RhythmOccurrence, Sitrep
from command.selectors import due
from incidents.models import Incident
from kernel import clock
from kernel.clock import LONDON
from kernel.errors import InvalidInput, NotAllowed, NotFound
from notify.models import Notice, PutOff
from tests.factories.command import (
    draft,
    incident,
    incident_at,
    secretary_of,
)
from tests.factories.ladder import Cast
from tests.factories.together import at_once

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 6, 1, 8, tzinfo=LONDON)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)


def bare(cast: Cast, moment: datetime = MONDAY) -> Incident:
    """An incident whose first rhythm was ended, so that only what a test adds happens."""
    with clock.at(moment):
        case = incident(cast)
        for event in list(selectors.rhythm_of(case)):
            end(cast, case, event)
    return case


def add(cast: Cast, case: Incident, moment: datetime = MONDAY, **data) -> RhythmEvent:
    line = {"kind": "tcg", "title": "TCG", "starts_at": at(2026, 6, 1, 14).isoformat(), "recurrence": "FREQ=DAILY"}
    with clock.at(moment):
        return services.rhythm_add(incident_reference=case.reference, by=cast("imt.head"), data={**line, **data})


def revise(cast: Cast, case: Incident, event: RhythmEvent, **data) -> RhythmEvent:
    line = {"kind": event.kind, "title": event.title, "starts_at": event.starts_at.isoformat()}
    line |= {"recurrence": event.recurrence, **data}
    return services.rhythm_revise(incident_reference=case.reference, event_id=event.pk, by=cast("imt.head"), data=line)


def end(cast: Cast, case: Incident, event: RhythmEvent) -> RhythmEvent:
    return services.rhythm_end(
        incident_reference=case.reference, event_id=event.pk, by=cast("imt.head"), data={"reason": "Not needed"}
    )


def coming(event: RhythmEvent) -> list[datetime]:
    return [one.starts_at for one in waiting(event)]


def waiting(event: RhythmEvent):
    return event.occurrences.filter(begun_at=None, cancelled_at=None)


def tick(moment: datetime) -> None:
    with clock.at(moment):
        tasks.rhythm_due()


def last_said(cast: Cast, case: Incident) -> str:
    return selectors.picture_of(case, cast("imt.head")).events[0].sentence


def told(kind: str) -> set[str]:
    emails = Notice.objects.filter(kind=kind).values_list("recipient__email", flat=True)
    return {email.removesuffix("@cast.example") for email in emails}


# Ahead of time


def test_two_weeks_are_on_record_when_an_incident_is_declared(cast):
    with clock.at(MONDAY):
        case = incident(cast, impact="high")
    tcg = case.rhythm.get(kind="tcg")
    assert coming(tcg) == [at(2026, 6, day, 14) for day in range(1, 15)]
    assert {(one.kind, one.title, one.minutes) for one in tcg.occurrences.all()} == {("tcg", tcg.title, 60)}
    assert {one.starts_at - one.remind_at for one in tcg.occurrences.all()} == {timedelta(minutes=30)}
    assert {one.starts_at - one.remind_at for one in case.rhythm.get(kind="sitrep").occurrences.all()} == {
        timedelta(hours=2)
    }


def test_the_tick_goes_on_from_where_it_stopped_however_long_the_clock_was_away(cast):
    case = bare(cast)
    event = add(cast, case)
    with clock.at(MONDAY + timedelta(days=40)):
        assert services.occurrences_make_due() == 1
        assert services.occurrences_make_due() == 0
    days = [one.starts_at.astimezone(LONDON).date() for one in event.occurrences.all()]
    assert len(days) == len(set(days)) == 54
    assert (days[-1] - days[0]).days == 53


def test_a_clock_that_steps_back_puts_nothing_on_record_twice(cast):
    case = bare(cast)
    event = add(cast, case)
    before = coming(event)
    for moment in (MONDAY + timedelta(days=2), MONDAY - timedelta(days=3), MONDAY + timedelta(days=2)):
        with clock.at(moment):
            services.occurrences_make_due()
    after = coming(event)
    assert after[: len(before)] == before
    assert len(after) == len(set(after)) == 16


def test_many_a_day_come_on_record_in_several_ticks_and_none_is_left_out(cast):
    case = bare(cast)
    quarter = "FREQ=DAILY;BYHOUR=" + ",".join(str(hour) for hour in range(24)) + ";BYMINUTE=0,15,30,45"
    event = add(cast, case, starts_at=MONDAY.isoformat(), recurrence=quarter, kind="deadline", minutes=10)
    assert event.occurrences.count() == 200
    with clock.at(MONDAY):
        services.occurrences_make_due()
    moments = coming(event)
    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(minutes=15)}
    assert moments[-1] > MONDAY + timedelta(days=13)


@pytest.mark.parametrize(
    ("from_day", "days"),
    [
        (at(2026, 3, 27, 0), ["01:30+0000", "01:30+0000", "02:30+0100", "01:30+0100"]),
        (at(2026, 10, 23, 0), ["01:30+0100", "01:30+0100", "01:30+0100", "01:30+0000"]),
    ],
    ids=["an hour left out", "an hour that comes twice"],
)
def test_both_changes_of_the_clocks_have_each_day_once(cast, from_day, days):
    case = bare(cast, from_day)
    event = add(cast, case, from_day, starts_at=at(from_day.year, from_day.month, from_day.day, 1, 30).isoformat())
    assert [f"{moment.astimezone(LONDON):%H:%M%z}" for moment in coming(event)][:4] == days
    assert len({moment.astimezone(LONDON).date() for moment in coming(event)}) == event.occurrences.count()


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        ("held", [(24, ""), (25, "Christmas Day"), (26, ""), (28, "Boxing Day"), (29, "")]),
        ("skipped", [(24, ""), (26, ""), (29, "")]),
        ("moved", [(24, ""), (26, ""), (29, "")]),
    ],
)
def test_a_bank_holiday_is_known_and_goes_by_what_the_event_says(cast, policy, days):
    before = at(2026, 12, 23, 9)
    case = bare(cast, before)
    event = add(
        cast, case, before, starts_at=at(2026, 12, 24, 10).isoformat(), on_bank_holidays=policy,
        recurrence="FREQ=WEEKLY;BYDAY=MO,TU,TH,FR,SA;UNTIL=20261229",
    )  # fmt: skip
    assert [(one.starts_at.astimezone(LONDON).day, one.bank_holiday) for one in event.occurrences.all()] == days


def test_what_is_moved_past_a_bank_holiday_says_from_when(cast):
    before = at(2026, 12, 23, 9)
    case = bare(cast, before)
    event = add(
        cast, case, before, starts_at=at(2026, 12, 25, 10).isoformat(), on_bank_holidays="moved",
        recurrence="FREQ=WEEKLY;BYDAY=FR;COUNT=1",
    )  # fmt: skip
    one = event.occurrences.get()
    assert (one.starts_at, one.moved_from) == (at(2026, 12, 29, 10), at(2026, 12, 25, 10))
    with clock.at(before):
        assert event.next_at == at(2026, 12, 29, 10)


# Due


def test_who_meets_is_reminded_and_told_that_it_begins_once(cast):
    case = bare(cast)
    event = add(cast, case)
    secretary_of(case, "tcg", cast("officer.risk"))
    tick(at(2026, 6, 1, 13, 29))
    assert told("rhythm.reminder") == set()
    for _ in range(2):
        tick(at(2026, 6, 1, 13, 30))
    assert told("rhythm.reminder") == {"dd.enforcement", "officer.risk"}
    assert told("rhythm.begins") == set()
    for _ in range(2):
        tick(at(2026, 6, 1, 14, 0, 1))
    assert told("rhythm.begins") == {"dd.enforcement", "officer.risk"}
    assert Notice.objects.filter(kind__in=["rhythm.reminder", "rhythm.begins"]).count() == 4
    done = event.occurrences.first()
    assert (done.state, done.reminded_at, done.begun_at) == ("begun", at(2026, 6, 1, 13, 30), at(2026, 6, 1, 14, 0, 1))
    kinds = [entry.kind for entry in events_for(case.reference)][:2]
    assert kinds == ["rhythm.begun", "rhythm.reminded"]
    assert {entry.label for entry in events_for(case.reference)[:2]} == {"The system"}


def test_a_report_that_is_due_opens_its_draft_as_the_system_and_tells_imt(cast):
    case = bare(cast)
    add(cast, case, kind="sitrep", title="Situation report due", starts_at=at(2026, 6, 1, 15).isoformat())
    secretary_of(case, "scg", cast("officer.risk"))
    cast("imt.officer")
    tick(at(2026, 6, 1, 15))
    sitrep = Sitrep.objects.get()
    assert (sitrep.status, sitrep.opened_as, sitrep.authors.count()) == ("draft", "The system", 0)
    assert sitrep.as_of == at(2026, 6, 1, 15)
    done = RhythmOccurrence.objects.get(sitrep=sitrep)
    assert (done.draft_was_open, done.begun_at) == (False, at(2026, 6, 1, 15))
    notice = Notice.objects.filter(kind="rhythm.begins").first()
    assert (notice.url, sitrep.reference in notice.title) == (sitrep.get_absolute_url(), True)
    assert told("rhythm.begins") == {"imt.head", "imt.officer", "officer.risk"}


def test_a_draft_that_is_open_already_is_named_and_no_second_one_opened(cast):
    case = bare(cast)
    add(cast, case, kind="sitrep", title="Situation report due", starts_at=at(2026, 6, 1, 15).isoformat())
    with clock.at(at(2026, 6, 1, 12)):
        open_already = draft(cast, case, by="imt.officer")
    tick(at(2026, 6, 1, 15))
    tick(at(2026, 6, 2, 15))
    assert Sitrep.objects.get() == open_already
    assert list(RhythmOccurrence.objects.filter(begun_at__isnull=False).values_list("sitrep", "draft_was_open")) == [
        (open_already.pk, True),
        (open_already.pk, True),
    ]
    assert "is still being written" in Notice.objects.filter(kind="rhythm.begins").latest("pk").title


def test_a_clock_that_was_away_is_late_and_says_how_late(cast):
    case = bare(cast)
    add(cast, case, recurrence="FREQ=DAILY;BYHOUR=9,11,14;BYMINUTE=0")
    tick(at(2026, 6, 1, 17, 30))
    done = list(RhythmOccurrence.objects.filter(begun_at__isnull=False))
    assert [one.late_by for one in done] == [timedelta(hours=3, minutes=30)]
    assert all(one.reminded_at == one.begun_at for one in done)
    begun = events_for(case.reference)[0]
    assert begun.facts["late_seconds"] == 12600
    assert "3 hours 30 minutes late" in last_said(cast, case)


def test_a_clock_that_steps_back_an_hour_does_nothing_twice(cast):
    case = bare(cast)
    add(cast, case)
    tick(at(2026, 6, 1, 14, 5))
    notices, events = Notice.objects.count(), len(events_for(case.reference))
    for minutes in range(0, 120, 10):
        tick(at(2026, 6, 1, 13, 5) + timedelta(minutes=minutes))
    assert (Notice.objects.count(), len(events_for(case.reference))) == (notices, events)


def a_fault() -> None:
    raise ValueError("a fault")


def a_database_that_gives_up() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(20)")


@pytest.mark.parametrize("fails", [a_fault, a_database_that_gives_up])
def test_what_fails_is_put_off_and_keeps_nothing_else_waiting(cast, monkeypatch, fails):
    case = bare(cast)
    event = add(cast, case, recurrence="FREQ=DAILY;BYHOUR=9,14;BYMINUTE=0", starts_at=at(2026, 6, 1, 9).isoformat())
    first, second = event.occurrences.all()[:2]
    people = selectors.people_concerned
    broken = [first.pk]

    def fails_for_the_first(occurrence):
        if occurrence.pk in broken:
            fails()
        return people(occurrence)

    monkeypatch.setattr(selectors, "people_concerned", fails_for_the_first)
    tick(at(2026, 6, 1, 15))
    assert list(RhythmOccurrence.objects.filter(begun_at__isnull=False)) == [second]
    failed = PutOff.objects.get(work="command.remind", row=first.pk)
    assert (failed.failures, failed.try_again_at) == (1, at(2026, 6, 1, 15, 0, 10))
    assert failed.last_error.split(":")[0] in ("ValueError", "OperationalError")
    assert due.occurrences_due(at(2026, 6, 1, 15, 5)).oldest_at == first.starts_at
    broken.clear()
    tick(at(2026, 6, 1, 15, 1))
    first.refresh_from_db()
    assert first.state == "begun"
    assert due.occurrences_due(at(2026, 6, 1, 15, 5)).count == 0


def test_rule_that_cannot_be_read_keeps_no_other_event_from_being_put_on_record(cast):
    case = bare(cast)
    broken, fine = (add(cast, case, title=title) for title in ("Broken", "Fine"))
    RhythmEvent.objects.filter(pk=broken.pk).update(recurrence="FREQ=NEVER", made_until=MONDAY)
    before = fine.occurrences.count()
    with clock.at(MONDAY + timedelta(days=7)):
        assert services.occurrences_make_due() == 1
    assert fine.occurrences.count() > before
    assert PutOff.objects.get().row == broken.pk


def test_who_meets_nobody_is_told_to_imt(cast):
    case = bare(cast)
    add(cast, case, kind="meeting", title="Call with the importer")
    cast("imt.duty")
    tick(at(2026, 6, 1, 14))
    assert told("rhythm.begins") == {"imt.head", "imt.duty"}


# Changed, ended, closed


def test_changing_an_event_cancels_what_is_to_come_and_rewrites_no_history(cast):
    case = bare(cast)
    event = add(cast, case)
    tick(at(2026, 6, 1, 14))
    with clock.at(at(2026, 6, 1, 18)):
        services.rhythm_agree(incident_reference=case.reference, by=cast("dceo.evidence"), data={})
        changed = revise(cast, case, event, title="TCG and partners", recurrence="FREQ=DAILY;BYHOUR=16;BYMINUTE=0")
    assert (changed.status, changed.agreed_as) == ("provisional", "")
    rows = list(event.occurrences.all())
    past = [one for one in rows if one.begun_at]
    assert [(one.title, one.starts_at) for one in past] == [("TCG", at(2026, 6, 1, 14))]
    cancelled = [one for one in rows if one.cancelled_at]
    assert {(one.title, one.why_cancelled) for one in cancelled} == {("TCG", "changed")}
    assert len(cancelled) == 13
    assert {(one.title, one.starts_at.astimezone(LONDON).hour) for one in waiting(event)} == {("TCG and partners", 16)}
    entry = events_for(case.reference)[0]
    assert (entry.kind, entry.facts["cancelled"], entry.facts["before"]["title"]) == ("rhythm.revised", 13, "TCG")
    asked = Notice.objects.filter(kind="rhythm.to_agree").order_by("id").last()
    assert "TCG and partners, every day at 16:00" in asked.body


def test_what_is_overdue_when_its_event_is_changed_or_ended_is_still_done(cast):
    case = bare(cast)
    changed, ended = add(cast, case), add(cast, case, title="Second TCG")
    with clock.at(at(2026, 6, 1, 14)):
        revise(cast, case, changed, title="The TCG", recurrence="FREQ=DAILY;BYHOUR=16;BYMINUTE=0")
        end(cast, case, ended)
    tick(at(2026, 6, 1, 14, 30))
    assert list(RhythmOccurrence.objects.filter(begun_at__isnull=False).values_list("title", "starts_at")) == [
        ("TCG", at(2026, 6, 1, 14)),
        ("Second TCG", at(2026, 6, 1, 14)),
    ]


def test_changing_only_the_words_keeps_the_times_and_happens_once(cast):
    case = bare(cast)
    event = add(cast, case)
    with clock.at(at(2026, 6, 1, 10)):
        revise(cast, case, event, title="The TCG")
    tick(at(2026, 6, 1, 14))
    assert [one.title for one in event.occurrences.filter(begun_at__isnull=False)] == ["The TCG"]
    assert Notice.objects.filter(kind="rhythm.begins").count() == 1


def test_ending_an_event_cancels_what_is_to_come_and_tells_the_scg_chair(cast):
    case = bare(cast)
    event = add(cast, case)
    with clock.at(at(2026, 6, 1, 10)):
        end(cast, case, event)
        with pytest.raises(NotFound):
            revise(cast, case, event)
        assert services.occurrences_make_due() == 0
    assert set(event.occurrences.values_list("why_cancelled", flat=True)) == {"ended"}
    assert "dceo.evidence" in told("rhythm.ended")
    tick(at(2026, 6, 3, 14))
    assert told("rhythm.begins") == set()


@pytest.mark.parametrize("post", ["dceo.evidence", "dd.enforcement", "ftl.enforcement", "viewer"])
def test_only_imt_changes_or_ends(cast, post):
    case = bare(cast)
    event = add(cast, case)
    for door in (services.rhythm_revise, services.rhythm_end):
        with pytest.raises(NotAllowed):
            door(incident_reference=case.reference, event_id=event.pk, by=cast(post), data={})


def test_closing_the_incident_cancels_what_is_to_come(cast):
    case = incident_at(cast, "closed")
    rows = RhythmOccurrence.objects.filter(incident=case)
    assert rows.exists()
    assert set(rows.values_list("why_cancelled", flat=True)) == {"incident_closed"}
    with clock.at(clock.now() + timedelta(days=3)):
        tasks.rhythm_due()
        tasks.rhythm_ahead()
    assert not rows.filter(begun_at__isnull=False).exists()
    assert Sitrep.objects.filter(incident=case, status="draft").count() == 0


def test_the_group_that_meets_is_named_and_others_are_not_told(cast):
    case = bare(cast)
    with pytest.raises(InvalidInput) as refusal:
        add(cast, case, group="The other group")
    assert [(error.field, error.code) for error in refusal.value.errors] == [("group", "unknown_reference")]
    event = add(cast, case, kind="meeting", title="Evidence", group="strategic coordination group")
    assert event.group.kind == "scg"
    tick(at(2026, 6, 1, 14))
    assert told("rhythm.begins") == {"dceo.evidence"}


# What the database refuses, and what it costs


def test_the_same_moment_of_an_event_is_on_record_once(cast):
    event = add(cast, bare(cast))
    one = event.occurrences.first()
    one.pk = None
    with pytest.raises(IntegrityError, match="command_rhythmoccurrence_once"), transaction.atomic():
        one.save(force_insert=True)


def test_nothing_is_begun_and_cancelled(cast):
    one = add(cast, bare(cast)).occurrences.first()
    one.reminded_at = one.begun_at = one.cancelled_at = MONDAY
    one.why_cancelled = "ended"
    with pytest.raises(IntegrityError, match="begun_or_cancelled"), transaction.atomic():
        one.save()


# Tables of tests are small and no two runs leave them alike: by cost alone any index might do.
WALK = "".join(f"SET LOCAL enable_{way} = off;" for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"))


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (due.to_remind, "command_occurrence_to_remind"),
        (due.to_begin, "command_occurrence_to_begin"),
        (due.to_make, "command_rhythm_to_make"),
        (due.to_check, "command_sitrep_to_check"),
        (due.to_review, "incidents_incident_to_review"),
    ],
)
def test_each_claim_has_an_index(rows, index):
    with connection.cursor() as cursor:
        cursor.execute(WALK)
    plan = rows(MONDAY)[:1].explain()
    assert f"using {index}" in plan
    assert "Sort" not in plan


def test_the_list_of_occurrences_walks_its_index(cast):
    case = bare(cast)
    with connection.cursor() as cursor:
        cursor.execute(WALK)
    plan = RhythmOccurrence.objects.filter(incident=case).order_by("starts_at", "id")[:50].explain()
    assert "command_occurrence_of_incident" in plan
    assert "Sort" not in plan


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_begin_each_occurrence_once(cast):
    case = bare(cast)
    add(cast, case, recurrence="FREQ=DAILY;BYHOUR=14,15,16,17,18;BYMINUTE=0")
    add(cast, case, kind="sitrep", title="Situation report due", recurrence="FREQ=DAILY;BYHOUR=14,17;BYMINUTE=0")

    def work() -> None:
        tick(at(2026, 6, 1, 20))

    assert at_once(work, work, work) == [None, None, None]
    work()
    assert RhythmOccurrence.objects.filter(begun_at__isnull=False).count() == 7
    assert Sitrep.objects.count() == 1
    keys = Notice.objects.filter(kind__in=["rhythm.begins", "rhythm.reminder"]).values_list("key", "recipient")
    assert len(keys) == len(set(keys))
    kinds = [entry.kind for entry in events_for(case.reference)]
    assert (kinds.count("rhythm.begun"), kinds.count("rhythm.reminded")) == (7, 7)


@pytest.mark.django_db(transaction=True)
def test_a_change_and_the_clock_at_once_leave_nothing_doubled(cast):
    case = bare(cast)
    event = add(cast, case)

    def change() -> None:
        with clock.at(at(2026, 6, 1, 14)):
            revise(cast, case, event, title="The TCG")

    at_once(change, lambda: tick(at(2026, 6, 1, 14)))
    tick(at(2026, 6, 1, 14))
    assert event.occurrences.filter(starts_at=at(2026, 6, 1, 14), begun_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_tick_leaves_a_rhythm_alone_while_somebody_changes_its_incident(cast):
    case = bare(cast)
    add(cast, case)

    def ahead() -> int:
        with clock.at(MONDAY + timedelta(days=40)):
            return services.occurrences_make_due()

    with transaction.atomic():
        services.incident_lock(case.reference, cast("imt.head"))
        assert at_once(ahead) == [0]
    assert ahead() == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_leaves_the_occurrence_as_it_was(cast, monkeypatch):
    case = bare(cast)
    event = add(cast, case)

    def goes_away(occurrence) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr(selectors, "people_concerned", goes_away)
        with pytest.raises(OperationalError):
            tick(at(2026, 6, 1, 14))
    assert not PutOff.objects.exists()
    tick(at(2026, 6, 1, 14))
    assert event.occurrences.filter(begun_at__isnull=False).count() == 1
