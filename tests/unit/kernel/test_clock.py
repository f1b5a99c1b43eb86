"""The clock can be held, and is let go whatever happens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from kernel import clock

SUMMER_NIGHT = datetime(2026, 7, 1, 0, 30, tzinfo=clock.LONDON)


def test_now_is_the_present_in_utc():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_at_holds_the_clock_in_utc_and_the_day_in_london():
    with clock.at(SUMMER_NIGHT):
        assert clock.now().isoformat() == "2026-06-30T23:30:00+00:00"
        assert clock.today() == date(2026, 7, 1)


def test_at_can_be_nested_and_lets_go_after_an_error():
    with clock.at(SUMMER_NIGHT):
        with pytest.raises(ZeroDivisionError), clock.at(SUMMER_NIGHT + timedelta(days=1)):
            assert clock.today() == date(2026, 7, 2)
            raise ZeroDivisionError
        assert clock.now() == SUMMER_NIGHT
    assert clock.now() > SUMMER_NIGHT


def test_at_holds_no_other_thread():
    seen = []
    with clock.at(SUMMER_NIGHT):
        thread = Thread(target=lambda: seen.append(clock.now()))
        thread.start()
        thread.join()
    assert seen[0] > SUMMER_NIGHT


def test_at_refuses_a_time_without_zone():
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 7, 1)):
        pass


def test_a_file_is_the_clock_of_several_processes_and_is_read_each_time(settings, tmp_path):
    settings.CLOCK_FILE = tmp_path / "now"
    settings.CLOCK_FILE.write_text("2026-07-01T00:30:00+01:00")
    assert clock.now().isoformat() == "2026-06-30T23:30:00+00:00"
    settings.CLOCK_FILE.write_text("2026-06-30T23:00:00+01:00")
    assert clock.now().isoformat() == "2026-06-30T22:00:00+00:00"
    with clock.at(SUMMER_NIGHT):
        assert clock.now() == SUMMER_NIGHT
