"""The log finds a fault again and betrays nobody."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from celery import shared_task
from django.db import IntegrityError, connection, transaction
from django.test import Client

from kernel import trace
from opss import celery  # noqa: F401 (its signals are what is tested)
from opss.logs import JsonLine, PlainLine
from tests.factories.accounts import person
from tests.factories.incidents import reported
from tests.factories.ladder import Cast


class Lines(logging.Handler):
    """What one process wrote in the format of production."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLine())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))

    def of(self, logger: str) -> list[dict]:
        told = [json.loads(line) for line in self.written]
        return [line for line in told if line["logger"] == logger]


@pytest.fixture
def lines():
    root, handler = logging.getLogger(), Lines()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def test_request_is_one_line_that_names_post_route_and_case_and_nobody(lines, db):
    cast, client = Cast(), Client()
    reference = reported(cast("officer.enforcement"), title="Charger of Jo Bloggs").reference
    lines.written.clear()
    client.force_login(cast.user("imt.head"))

    answer = client.get(f"/issues/{reference}/?q=Bloggs")

    [line] = lines.of("opss.requests")
    assert line.pop("ms") > 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "opss.requests",
        "message": "answered",
        "id": answer.headers["X-Request-ID"],
        "case": reference,
        "method": "GET",
        "route": "/issues/<str:reference>/",
        "status": 200,
        "post": "imt.head",
    }
    assert not [word for word in ("Bloggs", "cast.example", "q=") if word in "".join(lines.written)]


def test_rest_request_names_the_post_of_its_token(lines, db):
    client = Client()
    client.force_login(person("viewer"))
    client.get("/api/v1/issues/ISS-2020-00001/")
    [line] = lines.of("opss.requests")
    assert (line["status"], line["post"], line["case"]) == (404, "viewer", "ISS-2020-00001")


def test_probes_are_not_told_at_the_usual_level(lines, client):
    client.get("/healthz")
    assert lines.of("opss.requests") == []


@pytest.mark.parametrize(
    ("proxies", "given", "is_kept"),
    [
        (1, "4f1d2c3b4a5968778695a4b3c2d1e0f9", True),
        (0, "4f1d2c3b4a5968778695a4b3c2d1e0f9", False),
        (1, "short", False),
        (1, 'forged", "level": "ERROR', False),
        (1, "x" * 65, False),
    ],
)
def test_request_id_is_taken_from_our_own_proxy_only_and_only_when_it_is_one(client, settings, proxies, given, is_kept):
    settings.TRUSTED_PROXIES = proxies
    answered = client.get("/healthz", headers={"x-request-id": given}).headers["X-Request-ID"]
    assert (answered == given) is is_kept
    assert len(answered) == 32 or is_kept


def test_two_requests_have_two_ids_and_none_is_left_behind(client):
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert first != second
    assert trace.facts() == {}


def test_fault_is_told_by_kind_and_place_and_never_by_its_words(lines):
    try:
        raise ValueError("Jo Bloggs, 1 High Street")
    except ValueError:
        logging.getLogger("opss.errors").exception("Fault %s", "abc")
    [line] = lines.of("opss.errors")
    assert (line["message"], line["error"]) == ("Fault abc", "builtins.ValueError")
    assert line["raised_at"][-1].startswith(__file__)
    assert "Bloggs" not in lines.written[-1]


def test_database_fault_names_its_rule_and_no_value(lines, db):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        try:
            cursor.execute("INSERT INTO kernel_counter (key, value) VALUES ('Bloggs', 1), ('Bloggs', 2)")
        except IntegrityError:
            logging.getLogger("opss.errors").exception("Fault")
            raise
    [line] = lines.of("opss.errors")
    assert (line["sqlstate"], line["constraint"]) == ("23505", "kernel_counter_pkey")
    assert "Bloggs" not in lines.written[-1]


def test_line_with_a_line_break_in_it_stays_one_line(lines):
    logging.getLogger("opss.errors").warning("one\ntwo\u2028three")
    assert len(lines.written[-1].splitlines()) == 1


def test_plain_line_carries_the_same_facts_behind_the_words():
    record = logging.makeLogRecord({"name": "n", "levelname": "INFO", "msg": "answered", "facts": {"status": 200}})
    with trace.about("ISS-2026-00042"):
        assert PlainLine().format(record).endswith("INFO n answered case=ISS-2026-00042 status=200")


@shared_task(name="tests.stumble")
def stumble(reference: str) -> None:
    logging.getLogger("tests.stumble").warning("stumbling")
    raise ValueError("Jo Bloggs")


def test_lines_of_a_task_name_it_and_its_case(lines):
    done = stumble.apply(kwargs={"reference": "ISS-2026-00042"})
    [said], [failed] = lines.of("tests.stumble"), lines.of("opss.tasks")
    for line in (said, failed):
        assert (line["task"], line["id"], line["case"]) == ("tests.stumble", done.id, "ISS-2026-00042")
    assert failed["error"] == "builtins.ValueError"
    assert "Bloggs" not in "".join(lines.written)
    assert trace.facts() == {}


def test_nothing_is_told_of_an_error_that_was_none():
    record = logging.makeLogRecord({"msg": "calm", "exc_info": sys.exc_info()})
    assert "error" not in json.loads(JsonLine().format(record))
