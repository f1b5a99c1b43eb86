"""Ticks that leave a mark, due work that is asked about, and the watcher that warns of what is late."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from kernel import clock
from notify import hooks, selectors, services, tasks
from notify.hooks import Due
from notify.models import Alarm, Heartbeat, Notice
from opss.celery import app
from tests.factories.accounts import person
from tests.factories.notify import NoticeFactory

pytestmark = pytest.mark.django_db

BANNER = "Notices and reminders are delayed"


@pytest.fixture
def due(monkeypatch):
    """Work of test rooms: `due["test.work"] = when its oldest fell due`."""
    found: dict[str, object] = {}
    monkeypatch.setattr(hooks, "_due", {})

    def answer(now):
        oldest = found.get("test.work")
        return Due(3 if oldest else 0, oldest, "Things to do")

    hooks.register_due("test.work", answer)
    return found


@pytest.fixture
def running():
    """Every tick ran just now."""
    for name in settings.TICKS:
        services.heartbeat(name)


def in_minutes(minutes: float):
    return clock.at(clock.now() + timedelta(minutes=minutes))


class TestHeartbeats:
    def test_every_tick_of_the_schedule_is_a_task_that_leaves_its_heartbeat(self):
        app.loader.import_default_modules()
        assert set(settings.CELERY_BEAT_SCHEDULE) == set(settings.TICKS)
        for name in settings.TICKS:
            app.tasks[name].apply(throw=True)
        assert set(Heartbeat.objects.filter(ran_at__isnull=False).values_list("pk", flat=True)) == set(settings.TICKS)

    def test_tick_that_fails_leaves_none(self, monkeypatch):
        monkeypatch.setattr(hooks, "_due", None)
        assert tasks.watch.apply().failed()
        assert not Heartbeat.objects.filter(name="notify.watch", ran_at__isnull=False).exists()

    def test_second_run_moves_the_mark_and_keeps_since_when_it_is_awaited(self):
        first = clock.now()
        for moment in (first, first + timedelta(minutes=1)):
            with clock.at(moment):
                services.heartbeat("notify.watch")
        row = Heartbeat.objects.get()
        assert (row.since, row.ran_at) == (first, first + timedelta(minutes=1))

    def test_nothing_is_late_while_all_ticks_run(self, running):
        assert selectors.late(clock.now()) == []

    @pytest.mark.parametrize(
        ("minutes", "late"),
        [
            (1.9, set()),
            (2.1, {"notify.deliver_due"}),
            (3.1, {"notify.watch", "audit.seal"}),
            (122, {"rest.sweep_answers"}),
        ],
    )
    def test_tick_is_late_when_it_was_missed_twice(self, running, minutes, late):
        names = {beat.name for beat in selectors.beats(clock.now() + timedelta(minutes=minutes)) if beat.is_late}
        assert names >= late
        assert bool(names) == bool(late)

    def test_run_in_the_future_of_a_clock_that_stepped_back_is_no_run(self, running):
        names = {beat.name for beat in selectors.beats(clock.now() - timedelta(minutes=10)) if beat.is_late}
        assert "notify.deliver_due" in names

    def test_where_nothing_ever_ran_the_postman_is_missed(self):
        assert [beat.name for beat in selectors.beats(clock.now()) if beat.is_late] == ["notify.deliver_due"]

    def test_watcher_that_never_ran_is_missed_since_anything_ran(self):
        services.heartbeat("notify.deliver_due")
        with in_minutes(4):
            services.heartbeat("notify.deliver_due")
            assert [beat.name for beat in selectors.beats(clock.now()) if beat.is_late] == ["notify.watch"]

    def test_tick_of_a_new_release_has_its_time_before_it_is_missed(self):
        services.heartbeat("notify.deliver_due")
        services.watch()
        assert selectors.beats(clock.now() + timedelta(hours=1))[-1].is_late is False
        assert selectors.beats(clock.now() + timedelta(hours=3))[-1].is_late is True


@pytest.mark.usefixtures("running")
class TestWatcher:
    def test_overdue_work_wakes_the_head_of_imt_the_duty_deputy_and_the_operator_and_nobody_else(self, due):
        woken = [person(post) for post in ("imt.head", "imt.duty", "operator")]
        person("imt.officer")
        due["test.work"] = clock.now() - timedelta(minutes=6)
        assert services.watch() == ["test.work"]
        notices = Notice.objects.all()
        assert {notice.recipient for notice in notices} == set(woken)
        assert {(notice.urgent, notice.url, notice.about) for notice in notices} == {(True, "/service/", "")}

    def test_work_that_waits_for_less_than_its_patience_wakes_nobody(self, due):
        due["test.work"] = clock.now() - timedelta(minutes=4)
        assert services.watch() == []
        assert not Notice.objects.exists()

    def test_one_episode_is_told_once_though_its_oldest_piece_changes(self, due):
        person("operator")
        start = clock.now()
        for minute in range(5):
            with clock.at(start + timedelta(minutes=minute)):
                for name in settings.TICKS:
                    services.heartbeat(name)
                due["test.work"] = clock.now() - timedelta(minutes=6)
                services.watch()
        assert Notice.objects.count() == Alarm.objects.count() == 1

    def test_next_episode_is_told_again_once_the_first_has_settled(self, due):
        person("operator")
        start = clock.now()
        for minute, oldest in [(0, -6), (5, None), (12, None), (20, 10)]:
            with clock.at(start + timedelta(minutes=minute)):
                for name in settings.TICKS:
                    services.heartbeat(name)
                due["test.work"] = None if oldest is None else start + timedelta(minutes=oldest)
                services.watch()
        assert [alarm.ended_at is None for alarm in selectors.alarms()] == [True, False]
        assert Notice.objects.count() == 2

    def test_tick_that_does_not_run_is_told_too(self, due):
        person("operator")
        with in_minutes(5):
            services.heartbeat("notify.deliver_due")
            services.watch()
        told = set(Notice.objects.values_list("title", flat=True))
        assert "The clock is late: audit.seal" in told
        assert "The clock is late: notify.deliver_due" not in told

    def test_room_that_cannot_answer_is_late_and_hides_no_other(self, due, caplog):
        due["test.work"] = clock.now() - timedelta(minutes=6)
        hooks.register_due("test.broken", lambda now: {}[0])
        assert services.watch() == ["test.broken", "test.work"]

    def test_notices_that_nobody_delivers_are_due_work(self):
        NoticeFactory(created_at=clock.now() - timedelta(minutes=6))
        NoticeFactory()
        NoticeFactory(delivered=True, created_at=clock.now() - timedelta(minutes=60))
        waiting = {item.name: item for item in selectors.work(clock.now())}["notify.inbox"]
        assert (waiting.due.count, waiting.is_late) == (2, True)

    def test_work_is_registered_once(self, due):
        with pytest.raises(ValueError, match="watched already"):
            hooks.register_due("test.work", lambda now: Due(0, None, ""))


class TestShowing:
    @pytest.mark.parametrize("path", ["/", "/inbox/"])
    @pytest.mark.parametrize("post", ["viewer", "imt.head", "operator"])
    def test_people_with_a_post_are_warned_when_nobody_delivers(self, client, path, post, running):
        client.force_login(person(post))
        assert BANNER not in client.get(path).content.decode()
        with in_minutes(3):
            page = client.get(path).content.decode()
        assert BANNER in page
        assert "nothing is lost" in page

    def test_stranger_who_waits_for_no_notice_is_not(self, client):
        client.force_login(person())
        assert BANNER not in client.get("/").content.decode()

    def test_service_page_shows_ticks_work_and_alarms(self, client, running, due):
        due["test.work"] = clock.now() - timedelta(minutes=6)
        services.watch()
        client.force_login(person("imt.officer"))
        page = client.get("/service/").content.decode()
        for shown in ("test.work", "Things to do", "rest.sweep_answers", "Things to do: 3 overdue"):
            assert shown in page

    @pytest.mark.parametrize("path", ["/service/", "/api/v1/service/"])
    def test_service_is_shown_to_those_who_keep_it_alone(self, client, path):
        for post, status in [("operator", 200), ("imt.duty", 200), ("viewer", 403), ("ceo", 403)]:
            client.force_login(person(post))
            assert client.get(path).status_code == status, post

    def test_rest_tells_the_same(self, client, running, due):
        due["test.work"] = oldest = clock.now() - timedelta(minutes=6)
        services.watch()
        client.force_login(person("operator"))
        told = client.get("/api/v1/service/").json()
        assert told["status"] == "late"
        assert told["due_work"] == [
            {
                "name": "test.work",
                "what": "Things to do",
                "count": 3,
                "oldest_at": oldest.isoformat().replace("+00:00", "Z"),
                "late": True,
            }
        ]
        assert {tick["name"]: tick["late"] for tick in told["ticks"]} == dict.fromkeys(settings.TICKS, False)
        assert [alarm["name"] for alarm in told["alarms"]] == ["test.work"]


class TestCommand:
    def test_it_says_that_all_is_well(self, running, due):
        out = StringIO()
        call_command("due_work", stdout=out)
        assert "LATE" not in out.getvalue()
        assert "test.work: 0 due" in out.getvalue()

    def test_it_names_what_is_late_and_exits_1_for_a_monitor(self, running, due):
        due["test.work"] = clock.now() - timedelta(minutes=6)
        out = StringIO()
        with pytest.raises(SystemExit) as exit_code:
            call_command("due_work", stdout=out)
        assert exit_code.value.code == 1
        assert "LATE test.work: 3 due, oldest due" in out.getvalue()
