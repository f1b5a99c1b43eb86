"""The same request with the same key is done once and answered the same each time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock
from kernel.models import Counter
from rest import services
from rest.models import IdempotentAnswer
from tests.factories.accounts import person

KEY = {"HTTP_IDEMPOTENCY_KEY": "3f1c-9"}


def done() -> int:
    return sum(Counter.objects.filter(key="PROBE").values_list("value", flat=True))


@pytest.fixture
def client(client_of):
    return client_of(person("viewer"))


def test_without_a_key_each_request_is_done(client):
    assert [client.post("/api/v1/numbered/", {"name": "a"}).json()["number"] for _ in range(2)] == [1, 2]


def test_same_key_and_body_is_done_once_and_answered_the_same(client):
    first = client.post("/api/v1/numbered/", {"name": "é", "b": 2}, **KEY)
    again = client.post("/api/v1/numbered/", {"b": 2, "name": "é"}, **KEY)
    assert done() == 1
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert [again.headers[name] for name in ("ETag", "Location", "Content-Type")] == [
        first.headers[name] for name in ("ETag", "Location", "Content-Type")
    ]
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")


def test_same_key_with_another_body_is_refused(client):
    client.post("/api/v1/numbered/", {"name": "a"}, **KEY)
    response = client.post("/api/v1/numbered/", {"name": "b"}, **KEY)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "idempotency_key_reused")
    assert done() == 1


def test_same_key_at_another_address_or_as_another_post_is_refused(client_of):
    client = client_of(person("viewer", "imt.officer"), "viewer")
    client.post("/api/v1/numbered/", {}, **KEY)
    assert client.post("/api/v1/echo/", {}, **KEY).status_code == 422
    assert client.post("/api/v1/numbered/", {}, HTTP_X_ACTING_AS="imt.officer", **KEY).status_code == 422


def test_keys_are_each_persons_own(client_of):
    numbers = [client_of(person("viewer")).post("/api/v1/numbered/", {}, **KEY).json()["number"] for _ in range(2)]
    assert numbers == [1, 2]


def test_refusal_changes_nothing_and_may_be_tried_again(client):
    assert client.post("/api/v1/numbered/", {"refuse": True}, **KEY).status_code == 409
    assert (done(), IdempotentAnswer.objects.count()) == (0, 0)
    assert client.post("/api/v1/numbered/", {"name": "a"}, **KEY).json()["number"] == 1


def test_reading_takes_no_notice_of_a_key(client):
    assert client.get("/api/v1/numbered/", **KEY).json() == {"version": 7}
    assert IdempotentAnswer.objects.count() == 0


@pytest.mark.parametrize("key", ["", "x" * 201, "caf\xe9", "a\tb"])
def test_key_that_cannot_be_kept_is_refused_by_name(client, key):
    response = client.post("/api/v1/numbered/", {}, HTTP_IDEMPOTENCY_KEY=key)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "Idempotency-Key")
    assert done() == 0


def test_sweep_removes_answers_older_than_a_day(client):
    now = clock.now()
    for hours in (25, 23):
        with clock.at(now - timedelta(hours=hours)):
            client.post("/api/v1/numbered/", {}, HTTP_IDEMPOTENCY_KEY=f"key-{hours}")
    with clock.at(now):
        assert services.answers_sweep() == 1
    assert [row.key for row in IdempotentAnswer.objects.all()] == ["key-23"]
