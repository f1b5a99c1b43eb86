"""Every refusal is a problem document, whatever raised it and whatever the client accepts."""

from __future__ import annotations

import json
import logging

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from rest import problems
from rest.parsers import MAX_BODY
from tests.factories.accounts import person


def read(response) -> dict:
    assert response.headers["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == response.status_code
    assert {"type", "title", "detail"} <= body.keys()
    assert all(set(error) == {"field", "code", "message"} for error in body["errors"])
    return body


@pytest.mark.parametrize(
    ("kind", "status", "field", "code"),
    [
        ("invalid", 400, "products[0].name", "required"),
        ("not-allowed", 403, "", "not_your_move"),
        ("not-found", 404, "", "not_found"),
        ("missing", 404, "", "not_found"),
        ("conflict", 409, "", "conflict"),
        ("changed", 409, "", "changed_since_seen"),
        ("blocked", 409, "nnc", "nnc_missing"),
        ("stale", 412, "", "stale_version"),
        ("throttled", 429, "", "too_many_requests"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/html, */*;q=0.1"])
def test_each_refusal_has_its_status_and_names_its_code(probe, kind, status, field, code, accept):
    response = APIClient().get(f"/api/v1/refuse/{kind}/", HTTP_ACCEPT=accept)
    body = read(response)
    assert (body["status"], body["errors"][0]["field"], body["errors"][0]["code"]) == (status, field, code)


def test_extra_members_travel_with_the_refusal(probe):
    client = APIClient()
    assert read(client.get("/api/v1/refuse/not-allowed/"))["posts"] == ["imt.head"]
    changed = read(client.get("/api/v1/refuse/changed/"))
    assert (changed["version"], changed["changes"][0]["by"]) == (4, "FTL")
    blocked = read(client.get("/api/v1/refuse/blocked/"))["blocked_by"]
    assert [(b["code"], b["cites"]) for b in blocked] == [("nnc_missing", "2.11")]


def test_too_many_requests_say_when_to_come_back(probe):
    assert APIClient().get("/api/v1/refuse/throttled/").headers["Retry-After"] == "4"


def test_missing_thing_tells_nothing_of_why(probe):
    assert "secret" not in APIClient().get("/api/v1/refuse/missing/").content.decode()


def test_fault_has_a_reference_that_the_log_has_too(probe, caplog):
    client = APIClient(raise_request_exception=False)
    with caplog.at_level(logging.ERROR, logger="opss.errors"):
        body = read(client.get("/api/v1/refuse/fault/"))
    assert body["status"] == 500
    assert body["reference"] in body["detail"]
    assert "secret" not in json.dumps(body)
    [entry] = [record for record in caplog.records if record.name == "opss.errors"]
    assert body["reference"] in entry.getMessage()
    assert entry.exc_info[0] is ZeroDivisionError


def test_unknown_address_is_a_problem_too(db):
    assert read(APIClient().get("/api/v1/no/such/thing/"))["status"] == 404


def test_method_that_is_not_there_names_itself(client_of):
    response = client_of(person("viewer")).delete("/api/v1/echo/")
    assert read(response)["errors"][0]["code"] == "method_not_allowed"


def test_format_that_is_not_there_is_refused_in_ours(client_of):
    response = client_of(person("viewer")).get("/api/v1/echo/", HTTP_ACCEPT="application/pdf")
    assert (response.status_code, read(response)["errors"][0]["code"]) == (406, "not_acceptable")


def test_body_of_another_type_is_refused(client_of):
    response = client_of(person("viewer")).post("/api/v1/echo/", "a=1", content_type="text/plain")
    assert read(response)["errors"][0]["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "malformed_json"),
        (b" ", "malformed_json"),
        (b'{"a": NaN}', "malformed_json"),
        (b'{"a": Infinity}', "malformed_json"),
        (b'{"a": 1e999}', "malformed_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "malformed_json"),
        (b"[]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"null", "not_an_object"),
        (b"1", "not_an_object"),
        (b'{"a": 1, "a": 2}', "duplicate_name"),
        (b'{"b": [{"a": 1, "a": 1}]}', "duplicate_name"),
        (b'{"a": "\xff"}', "not_utf8"),
        (b"\xef\xbb\xbf{}", "malformed_json"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "too_deep"),
        (b"[" * 100_000, "too_deep"),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else value,
)
def test_body_that_two_readers_could_take_differently_is_refused(client_of, body, code):
    response = client_of(person("viewer")).generic("POST", "/api/v1/echo/", body, content_type="application/json")
    assert (response.status_code, read(response)["errors"][0]["code"]) == (400, code)


def test_text_in_any_script_comes_back_as_it_was_sent(client_of):
    sent = {"title": "‫خطر الحريق‬ 🔥 <b>&amp;", "nested": {"list": [1, 2.5, None, True]}}
    assert client_of(person("viewer")).post("/api/v1/echo/", sent).json() == sent


def test_no_body_is_an_empty_object(client_of):
    response = client_of(person("viewer")).generic("POST", "/api/v1/echo/", b"", content_type="application/json")
    assert response.json() == {}


def test_body_at_the_limit_is_read_and_one_byte_more_is_refused(client_of):
    client = client_of(person("viewer"))
    fits = b'{"a": "' + b"x" * (MAX_BODY - 9) + b'"}'
    assert len(fits) == MAX_BODY
    echoed = client.generic("POST", "/api/v1/echo/", fits, content_type="application/json").json()
    assert len(echoed["a"]) == MAX_BODY - 9
    response = client.generic("POST", "/api/v1/echo/", fits + b" ", content_type="application/json")
    body = read(response)
    assert (body["status"], body["errors"][0]["code"], body["limit"]) == (413, "body_too_large", MAX_BODY)


def test_too_large_body_is_refused_unread(client_of):
    """The length alone decides, so that ten megabytes never stand in memory."""
    client = client_of(person("viewer"))
    response = client.generic(
        "POST", "/api/v1/echo/", b"{}", content_type="application/json", CONTENT_LENGTH=str(10 * MAX_BODY)
    )
    assert read(response)["status"] == 413


def test_body_without_a_length_is_refused(client_of):
    response = client_of(person("viewer")).post("/api/v1/echo/", {}, HTTP_TRANSFER_ENCODING="chunked")
    assert read(response)["errors"][0]["code"] == "length_required"


def test_serializer_errors_become_paths():
    error = serializers.ValidationError(
        {"products": [{}, {"name": ["Enter a name"]}], "non_field_errors": ["Too many"], "kinds": ["a", "b"]}
    )
    found = {(e.field, e.message) for e in problems.problem_of(error).errors}
    assert found == {("products[1].name", "Enter a name"), ("", "Too many"), ("kinds", "a"), ("kinds", "b")}
