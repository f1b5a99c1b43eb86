import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kernel import clock
from notify import services
from opss.embedded.processes import free_port


@pytest.mark.django_db
def test_readyz_when_all_is_well_names_database_broker_and_clock(client):
    services.heartbeat("notify.deliver_due")

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok", "clock": "ok"})
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.django_db
def test_readyz_with_database_away_is_503_in_bounded_time(client, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PORT", free_port())
    started = time.monotonic()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "away")
    assert time.monotonic() - started < 30


@pytest.mark.django_db(transaction=True)
def test_readyz_with_a_migration_unapplied_is_503(client):
    MigrationRecorder(connection).record_unapplied("kernel", "0001_counter")
    assert not MigrationRecorder(connection).migration_qs.filter(app="kernel", name="0001_counter").exists()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, "migrations unapplied")


@pytest.mark.django_db
def test_readyz_with_broker_away_stays_ready_and_says_degraded(client, settings):
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["broker"]) == (200, "degraded")
    assert answer.json()["database"] == "ok"


@pytest.mark.django_db
def test_readyz_with_a_dead_worker_stays_ready_and_names_what_is_late(client):
    for name in ("notify.deliver_due", "notify.watch", "rest.sweep_answers"):
        services.heartbeat(name)

    with clock.at(clock.now() + timedelta(minutes=10)):
        answer = client.get("/readyz")

    assert answer.status_code == 200
    assert (answer.json()["clock"], answer.json()["late"]) == ("late", ["notify.deliver_due", "notify.watch"])


def test_healthz_answers_without_any_server(client):
    # No database mark: pytest-django fails the test if anything asks the database.
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_every_answer_carries_the_policies(client):
    headers = client.get("/healthz").headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
