"""The rhythm on its page and over REST: the week, clashes, changing and ending a line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts import selectors as accounts
from audit.models import AccessLog
from audit.selectors import events_for
from command import selectors, services, tasks
from command.models import RhythmEvent, RhythmOccurrence, Sitrep
from incidents.models import Incident
from kernel import clock
from kernel.clock import LONDON
from notify.models import Notice
from tests.factories.accounts import person
from tests.factories.command import draft, incident, incident_at, secretary_of
from tests.factories.ladder import Cast
from tests.factories.together import at_once

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 5, 20, 8, tzinfo=LONDON)
LINE = {"kind": "meeting", "title": "Call", "starts_at": "2026-05-21T14:00:00+01:00", "recurrence": "FREQ=DAILY"}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def case(cast) -> Incident:
    with clock.at(WEDNESDAY):
        return incident(cast)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(answer) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def add(cast: Cast, case: Incident, **data) -> RhythmEvent:
    with clock.at(WEDNESDAY):
        return services.rhythm_add(incident_reference=case.reference, by=cast("imt.head"), data={**LINE, **data})


def week(case: Incident, client: Client, *, day: str = "", at: datetime = WEDNESDAY):
    with clock.at(at):
        return client.get(f"/incidents/{case.reference}/rhythm/" + (f"?day={day}" if day else ""))


# The week


def test_the_week_says_what_is_done_late_coming_and_cancelled(cast, case):
    event = add(cast, case, starts_at="2026-05-20T09:00:00+01:00")
    with clock.at(datetime(2026, 5, 20, 9, 0, tzinfo=LONDON)):
        tasks.rhythm_due()
    with clock.at(datetime(2026, 5, 21, 12, tzinfo=LONDON)):
        services.rhythm_end(
            incident_reference=case.reference, event_id=event.pk, by=cast("imt.head"), data={"reason": "Not needed"}
        )
    at = datetime(2026, 5, 21, 16, tzinfo=LONDON)
    said = words(week(case, browser(cast.user("viewer")), day="2026-05-18", at=at))
    assert "18 May 2026 to 24 May 2026" in said
    assert "Wed 20 May" in said
    assert "09:00 Call Done" in said
    assert "09:00 Call Late" in said
    assert "7 hours late" in said
    assert "09:00 Call Cancelled It ended" in said
    assert "Thu 21 May Today" in said


def test_a_week_beyond_what_is_on_record_is_counted_from_the_rhythm(cast, case):
    add(cast, case)
    client = browser(cast.user("imt.head"))
    beyond = words(week(case, client, day="2026-07-14"))
    assert beyond.count("14:00 Call") == 7
    assert "14 July 2026 to 20 July 2026" in beyond
    assert RhythmOccurrence.objects.filter(starts_at__year=2026, starts_at__month=7).count() == 0
    before = words(week(case, client, day="2026-05-04"))
    assert "Call" not in before.partition("What comes back")[0]


def test_on_a_sunday_the_days_that_come_are_shown_and_not_the_week_that_is_over(cast, case):
    add(cast, case)
    said = words(week(case, browser(cast.user("imt.head")), at=datetime(2026, 5, 24, 22, tzinfo=LONDON)))
    assert "24 May 2026 to 30 May 2026" in said
    assert "Sun 24 May Today" in said
    assert said.count("14:00 Call") == 7


def test_a_time_that_a_changed_line_keeps_is_not_told_as_cancelled_beside_it(cast, case):
    event = add(cast, case, recurrence="FREQ=DAILY;BYHOUR=14,16;BYMINUTE=0")
    with clock.at(WEDNESDAY):
        services.rhythm_revise(
            incident_reference=case.reference,
            event_id=event.pk,
            by=cast("imt.head"),
            data={**LINE, "recurrence": "FREQ=DAILY;BYHOUR=14,18;BYMINUTE=0"},
        )
    day = words(week(case, browser(cast.user("viewer")), day="2026-05-22")).partition("Sat 23 May")[0]
    assert day.count("14:00 Call") == 1
    assert "14:00 Call Cancelled" not in day
    assert "16:00 Call Cancelled The rhythm was changed" in day
    assert "18:00 Call" in day

    with clock.at(WEDNESDAY):
        services.rhythm_end(
            incident_reference=case.reference, event_id=event.pk, by=cast("imt.head"), data={"reason": "Not needed"}
        )
        add(cast, case, recurrence="FREQ=DAILY;BYHOUR=18;BYMINUTE=0", starts_at="2026-05-21T18:00:00+01:00")
    day = words(week(case, browser(cast.user("viewer")), day="2026-05-22")).partition("Sat 23 May")[0]
    assert (day.count("14:00 Call Cancelled"), day.count("18:00 Call")) == (1, 1)
    assert "18:00 Call Cancelled" not in day


def test_nothing_is_left_to_agree_to_once_all_is_agreed(cast, case):
    client = browser(cast.user("dceo.evidence"))
    assert "Agree to the rhythm" in words(week(case, client))
    services.rhythm_agree(incident_reference=case.reference, by=cast("dceo.evidence"), data={})
    for page in (week(case, client), client.get(case.get_absolute_url())):
        assert "Agree to the rhythm" not in words(page)


def test_a_bank_holiday_stands_beside_the_day(cast, case):
    add(cast, case, on_bank_holidays="moved", starts_at="2026-05-25T14:00:00+01:00", recurrence="FREQ=WEEKLY")
    said = words(week(case, browser(cast.user("imt.head")), day="2026-05-25"))
    assert "Mon 25 May Bank holiday: Spring bank holiday" in said
    assert "14:00 Call Moved from 14:00 Monday 25 May 2026, a bank holiday" in said
    assert "On bank holidays: moved to the next working day" in said


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "2026-05-20T08:00"])
def test_a_day_that_is_none_is_refused_and_not_an_error(cast, case, day):
    assert week(case, browser(cast.user("imt.head")), day=day).status_code == 400


@pytest.mark.parametrize("lines", [1, 50])
def test_the_pages_cost_the_same_at_1_and_50_occurrences(lines, cast, case, django_assert_max_num_queries):
    every = "FREQ=DAILY" if lines == 1 else "FREQ=DAILY;BYHOUR=7,8,9,10,11,12,13;BYMINUTE=0"
    add(cast, case, kind="tcg", title="TCG", recurrence=every)
    client = browser(cast.user("imt.head"))
    with clock.at(WEDNESDAY), django_assert_max_num_queries(22):
        shown = client.get(f"/incidents/{case.reference}/rhythm/?day=2026-05-27")
    assert words(shown).count(" TCG") >= lines
    with clock.at(WEDNESDAY), django_assert_max_num_queries(28):
        assert client.get(case.get_absolute_url()).status_code == 200


def test_who_may_not_know_of_the_incident_sees_no_week_and_a_reading_is_noted(cast):
    restricted = incident(cast, report={"sensitivity": "restricted"})
    assert week(restricted, browser(person("dd.science"))).status_code == 404
    before = AccessLog.objects.count()
    assert week(restricted, browser(cast.user("imt.head"))).status_code == 200
    assert AccessLog.objects.count() == before + 1


@pytest.mark.parametrize(
    ("post", "doors"),
    [
        ("imt.officer", {"Change", "End", "Add to the rhythm"}),
        ("dceo.evidence", {"Agree to the rhythm"}),
        ("viewer", set()),
    ],
)
def test_the_page_offers_only_the_doors_that_open(cast, case, post, doors):
    page = week(case, browser(cast.user(post))).content.decode()
    shown = {door for door in ("Change<", "End<", "Add to the rhythm", "Agree to the rhythm") if door in page}
    assert {door.rstrip("<") for door in shown} == doors


# Clashes


def clashing(cast: Cast, case: Incident) -> RhythmEvent:
    """The secretary of the TCG chairs a group that meets half an hour into it."""
    secretary_of(case, "tcg", cast("officer.risk"))
    with clock.at(WEDNESDAY):
        services.group_stand_up(
            incident_reference=case.reference,
            by=cast("imt.head"),
            data={
                "kind": "working_group", "name": "Importers", "level": "operational", "purpose": "Calls",
                "exit_strategy": "When all are back", "chair": cast.user("officer.risk").email,
            },
        )  # fmt: skip
    return add(cast, case, group="Importers", starts_at="2026-05-21T14:30:00+01:00", title="Importers")


def test_two_meetings_that_want_one_person_at_once_are_marked_and_stop_nothing(cast, case):
    clashing(cast, case)
    said = words(week(case, browser(cast.user("imt.head"))))
    name = cast.user("officer.risk").name
    assert "Somebody is wanted in two meetings at once." in said
    assert f"Clash. {name}: also in Tactical Coordination Group at 14:00" in said
    assert f"Clash. {name}: also in Importers at 14:30" in said


def test_meetings_that_follow_each_other_do_not_clash(cast, case):
    event = clashing(cast, case)
    with clock.at(WEDNESDAY):
        assert len(selectors.clashes_of_event(event, cast("imt.head"))) == 1
        later = {**LINE, "title": "Importers", "group": "Importers", "starts_at": "2026-05-21T15:00:00+01:00"}
        event = services.rhythm_revise(
            incident_reference=case.reference, event_id=event.pk, by=cast("imt.head"), data=later
        )
        assert selectors.clashes_of_event(event, cast("imt.head")) == []


def test_a_clash_with_an_incident_that_the_reader_may_not_know_of_names_it_not(cast, case):
    with clock.at(WEDNESDAY):
        other = incident(cast, report={"sensitivity": "restricted"})
    day = (WEDNESDAY + timedelta(days=1)).date()
    with clock.at(WEDNESDAY):
        known = selectors.week_of(case, cast("imt.head"), day=day).clashes
        unknown = selectors.week_of(case, cast("imt.officer"), day=day).clashes
        untold = [selectors.week_of(case, cast(post), day=day).clashes for post in ("viewer", "dd.policy", "ceo")]
    assert any(other.reference in str(clash) for clash in known)
    assert unknown
    assert {clash.other for clash in unknown} == {"a meeting of another incident"}
    assert untold == [[], [], []]


# Changing and ending, by page


def test_a_line_is_added_simply_changed_and_ended_by_form(cast, case):
    client = browser(cast.user("imt.officer"))
    page = f"/incidents/{case.reference}/rhythm/"
    data = {
        "kind": "meeting", "title": "Call", "starts_at-day": "25", "starts_at-month": "5", "starts_at-year": "2026",
        "starts_at-time": "08:30", "how_often": "weekly", "days": ["MO", "TH"], "times": "08:30, 16:30",
    }  # fmt: skip
    with clock.at(WEDNESDAY):
        assert client.post(f"{page}new/", data)["Location"] == page
        event = RhythmEvent.objects.get(title="Call")
        assert event.recurrence == "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=8,16;BYMINUTE=30"
        shown = client.get(f"{page}{event.pk}/change/")
        assert "08:30, 16:30" in shown.content.decode()
        version = shown.context["version"]
        assert f"Change: {event.title}" in words(shown)
        again = {**data, "how_often": "working_week", "times": "", "minutes": "30", "version": version}
        again.pop("days")
        assert client.post(f"{page}{event.pk}/change/", again, follow=True).redirect_chain == [(page, 302)]
        event.refresh_from_db()
        assert (event.recurrence, event.minutes) == ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8;BYMINUTE=30", 30)
        assert "Monday to Friday at 08:30" in words(client.get(page))
        refused = client.post(f"{page}{event.pk}/end/", {"version": version + 1})
        assert (refused.status_code, "Enter why it ends" in words(refused)) == (400, True)
        sent = {"reason": "Done", "version": version + 1}
        assert client.post(f"{page}{event.pk}/end/", sent)["Location"] == page
    event.refresh_from_db()
    assert event.ended_at == WEDNESDAY


def test_a_clash_is_told_when_the_line_is_on_record(cast, case):
    clashing(cast, case)
    client = browser(cast.user("imt.head"))
    data = {
        "kind": "meeting", "title": "Labs", "group": "Importers", "starts_at-day": "21", "starts_at-month": "5",
        "starts_at-year": "2026", "starts_at-time": "14:15", "how_often": "daily",
    }  # fmt: skip
    with clock.at(WEDNESDAY):
        answer = client.post(f"/incidents/{case.reference}/rhythm/new/", data, follow=True)
    assert "Labs clashes." in words(answer)
    assert RhythmEvent.objects.filter(title="Labs").exists()


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        ({"recurrence": None}, "how_often", "required"),
        ({"recurrence": None, "how_often": "rule"}, "recurrence", "bad_recurrence"),
        ({"how_often": "daily"}, "recurrence", "bad_recurrence"),
        ({"recurrence": None, "how_often": "daily", "times": "8, 9"}, "times", "bad_recurrence"),
        ({"recurrence": None, "how_often": "hourly"}, "how_often", "invalid_choice"),
        ({"recurrence": None, "how_often": "weekly", "days": ["XX"]}, "days", "invalid_choice"),
        ({"minutes": 0}, "minutes", "min_value"),
        ({"minutes": 481}, "minutes", "max_value"),
        ({"on_bank_holidays": "never"}, "on_bank_holidays", "invalid_choice"),
        ({"group": "Nobody"}, "group", "unknown_reference"),
        ({"group": 7}, "group", "wrong_type"),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(cast, case, data, field, code):
    with clock.at(WEDNESDAY):
        answer = browser(cast.user("imt.head")).post(
            f"/api/v1/incidents/{case.reference}/rhythm/", {**LINE, **data}, content_type="application/json"
        )
    assert (answer.status_code, [(e["field"], e["code"]) for e in answer.json()["errors"]]) == (400, [(field, code)])


# Over REST


def test_the_same_doors_stand_open_over_rest(cast, case):
    client = browser(cast.user("imt.head"))
    address = f"/api/v1/incidents/{case.reference}/rhythm/"
    with clock.at(WEDNESDAY):
        added = client.post(address, LINE, content_type="application/json")
        assert (added.status_code, added.json()["in_words"], added.json()["clashes"]) == (201, "every day at 14:00", [])
        line = f"{address}{added.json()['id']}/"
        changed = client.put(line, {**LINE, "title": "Second call", "minutes": 15}, content_type="application/json")
        assert (changed.status_code, changed.json()["title"], changed.json()["minutes"]) == (200, "Second call", 15)
        assert changed.json()["next_at"] == "2026-05-21T13:00:00Z"
        rows = client.get(f"{address}occurrences/?since=2026-05-21T00:00:00Z&until=2026-05-22T00:00:00Z").json()
        calls = [(row["title"], row["state"], row["why_cancelled"]) for row in rows["results"] if "all" in row["title"]]
        assert sorted(calls) == [("Call", "cancelled", "changed"), ("Second call", "coming", None)]
        ended = client.post(f"{line}end/", {"reason": "Done"}, content_type="application/json")
        assert (ended.status_code, ended.json()["next_at"]) == (200, None)
        assert client.put(line, LINE, content_type="application/json").status_code == 404
        refused = browser(cast.user("viewer")).put(line, LINE, content_type="application/json")
        assert refused.status_code in (403, 404)
        bad = client.get(f"{address}occurrences/?since=yesterday")
        assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "since")


def test_what_was_changed_since_it_was_seen_is_not_changed_over_rest(cast, case):
    event = add(cast, case)
    client, chair = browser(cast.user("imt.head")), browser(cast.user("dceo.evidence"))
    rhythm = f"/api/v1/incidents/{case.reference}/rhythm/"
    seen = {"If-Match": client.get(f"/api/v1/incidents/{case.reference}/").headers["ETag"]}
    with clock.at(WEDNESDAY):
        line = f"{rhythm}{event.pk}/"
        first = client.put(line, {**LINE, "title": "First"}, content_type="application/json", headers=seen)
        assert first.status_code == 200
        late = [
            client.put(line, {**LINE, "title": "Second"}, content_type="application/json", headers=seen),
            client.post(f"{line}end/", {"reason": "Done"}, content_type="application/json", headers=seen),
            chair.post(f"{rhythm}agree/", content_type="application/json", headers=seen),
        ]
        assert [(answer.status_code, "stale_version" in answer.json()["type"]) for answer in late] == [(412, True)] * 3
        event.refresh_from_db()
        assert (event.title, event.status, event.ended_at) == ("First", "provisional", None)
        now = {"If-Match": first.headers["ETag"]}
        assert chair.post(f"{rhythm}agree/", content_type="application/json", headers=now).status_code == 200


# Two who write at once


def test_later_of_two_who_change_a_line_sees_both_texts_and_replaces_nothing(cast, case):
    event = add(cast, case)
    page = f"/incidents/{case.reference}/rhythm/{event.pk}/"
    first, second = browser(cast.user("imt.head")), browser(cast.user("imt.officer"))
    with clock.at(WEDNESDAY):
        version = second.get(f"{page}change/").context["version"]
        line = {
            "kind": "meeting", "starts_at-day": "21", "starts_at-month": "5", "starts_at-year": "2026",
            "starts_at-time": "14:00", "how_often": "daily", "version": version,
        }  # fmt: skip
        assert first.post(f"{page}change/", {**line, "title": "Call of the labs"}).status_code == 302
        late = second.post(f"{page}change/", {**line, "title": "Call of the importers"})
        assert late.status_code == 412
        said = words(late)
        assert "Nothing of yours was saved. This happened meanwhile: Changed in the rhythm: Call of the labs" in said
        assert "What is it called? Call of the labs" in said
        assert "How often does it come back? Every day" in said
        assert 'value="Call of the importers"' in late.content.decode()
        event.refresh_from_db()
        assert event.title == "Call of the labs"
        now = late.context["version"]
        ended = second.post(f"{page}end/", {"reason": "Nobody came", "version": version})
        assert (ended.status_code, "Nobody came" in ended.content.decode()) == (412, True)
        again = second.post(f"{page}change/", {**line, "title": "Call of the importers", "version": now})
        assert again.status_code == 302
    event.refresh_from_db()
    assert event.title == "Call of the importers"


def test_chair_agrees_to_no_rhythm_that_changed_since_they_saw_it(cast, case):
    chair = browser(cast.user("dceo.evidence"))
    add(cast, case, title="Night call")
    late = chair.post(f"/incidents/{case.reference}/rhythm/agree/", {"version": case.version})
    assert (late.status_code, "Added to the rhythm: Night call" in words(late)) == (412, True)
    assert set(RhythmEvent.objects.values_list("status", flat=True)) == {"provisional"}


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_page_that_says_no_version_changes_nothing_and_keeps_the_text(cast, case, version):
    event = add(cast, case)
    address = f"/incidents/{case.reference}/rhythm/{event.pk}/end/"
    answer = browser(cast.user("imt.head")).post(address, {"reason": "Nobody came", "version": version})
    assert (answer.status_code, "Nobody came" in answer.content.decode()) == (400, True)
    event.refresh_from_db()
    assert event.ended_at is None


# Reviews and second checks


def test_imt_is_woken_once_for_an_incident_to_be_looked_at_again(cast):
    cast("imt.head")
    with clock.at(WEDNESDAY):
        case = incident_at(cast, "monitoring")
    day = Incident.objects.get(pk=case.pk).review_on
    assert day == datetime(2026, 6, 19).date()
    early, opening = (datetime(2026, 6, 19, hour, tzinfo=LONDON) for hour in (8, 9))
    with clock.at(early):
        assert services.reviews_wake() == 0
    for moment in (opening, opening, early, opening + timedelta(days=3)):
        with clock.at(moment):
            tasks.reviews_due()
    told = case.review_reminders.get()
    assert (told.review_on, told.reminded_at) == (day, opening)
    assert notices("incident.review_due") == {"imt.head", "imt.officer"}


def test_review_that_cannot_be_told_of_holds_up_no_other(cast, monkeypatch):
    cast("imt.head")
    with clock.at(WEDNESDAY):
        cases = [incident_at(cast, "monitoring") for _ in range(2)]
    holders, faults = accounts.holders_of, ["The directory is away"]

    def fails_once(*posts):
        if faults:
            raise RuntimeError(faults.pop())
        return holders(*posts)

    monkeypatch.setattr(accounts, "holders_of", fails_once)
    opening = datetime(2026, 6, 19, 9, tzinfo=LONDON)
    with clock.at(opening):
        assert (services.reviews_wake(), services.reviews_wake()) == (1, 0)
    with clock.at(opening + timedelta(seconds=10)):
        assert services.reviews_wake() == 1
    assert [case.review_reminders.count() for case in cases] == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_of_each_review_once(cast):
    cast("imt.head")
    with clock.at(WEDNESDAY):
        cases = [incident_at(cast, "monitoring") for _ in range(4)]

    def work() -> None:
        with clock.at(datetime(2026, 6, 19, 9, tzinfo=LONDON)):
            tasks.reviews_due()

    assert at_once(work, work) == [None, None]
    work()
    for case in cases:
        assert [event.kind for event in events_for(case.reference)].count("incident.review_reminded") == 1
    assert [case.review_reminders.count() for case in cases] == [1] * 4
    told = Notice.objects.filter(kind="incident.review_due").values_list("key", "recipient")
    assert len(told) == len(set(told)) == 4 * 2  # the Head of IMT and an officer


def notices(kind: str) -> set[str]:
    emails = Notice.objects.filter(kind=kind).values_list("recipient__email", flat=True)
    return {email.removesuffix("@cast.example") for email in emails}


def unchecked_report(cast: Cast) -> Sitrep:
    """A report that the duty head wrote, approved and issued alone on a Wednesday at 08:00."""
    with clock.at(WEDNESDAY):
        sitrep = draft(cast, incident(cast), by="imt.duty")
        for name in ("submit", "approve", "issue"):
            data = {"second_check": "due"} if name == "approve" else {}
            sitrep = services.sitrep_move(
                reference=sitrep.reference, name=name, version=sitrep.version, by=cast("imt.duty"), data=data
            )
    assert sitrep.second_check == "due"
    return sitrep


def test_a_second_check_is_asked_for_each_day_until_somebody_else_has_done_it(cast):
    cast("imt.head")
    sitrep = unchecked_report(cast)
    Notice.objects.all().delete()
    thursday = WEDNESDAY + timedelta(days=1, hours=1)
    for moment in (WEDNESDAY + timedelta(hours=1), thursday, thursday + timedelta(hours=5), thursday):
        with clock.at(moment):
            tasks.reviews_due()
    assert Notice.objects.filter(kind="sitrep.check", recipient=cast.user("imt.head")).count() == 2
    assert "imt.duty" not in notices("sitrep.check")
    client = browser(cast.user("imt.head"))
    page = sitrep.get_absolute_url()
    assert "Record the second check" in words(client.get(page))
    assert client.post(f"{page}second-check/", {}).status_code == 400
    with clock.at(thursday):
        assert client.post(f"{page}second-check/", {"finding": "Nothing to correct"})["Location"] == page
    checked = Sitrep.objects.get()
    assert (checked.second_checked_as, checked.second_checked_at) == ("Head of IMT", thursday)
    assert (checked.status, checked.sha256, checked.version) == ("issued", sitrep.sha256, sitrep.version + 1)
    said = words(client.get(page))
    assert "checked afterwards" in said
    assert "Record the second check" not in said
    with clock.at(thursday + timedelta(days=1)):
        assert services.checks_wake() == 0


def test_the_second_check_is_for_those_who_approve_and_did_not_write(cast):
    sitrep = unchecked_report(cast)
    address = f"/api/v1/sitreps/{sitrep.path}/second-check/"

    def ask(post: str):
        return browser(cast.user(post)).post(address, {"finding": "Right"}, content_type="application/json")

    assert ask("ftl.enforcement").json()["errors"][0]["code"] == "not_your_move"
    own = ask("imt.duty")
    assert (own.status_code, own.json()["blocked_by"][0]["code"]) == (409, "author_may_not_check")
    done = ask("imt.head")
    assert (done.status_code, done.json()["second_checked_by"]) == (200, "Head of IMT")
    assert ask("dd.enforcement").json()["errors"][0]["code"] == "check_not_due"
