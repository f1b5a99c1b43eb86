"""The OpenAPI document and its page are open to everybody and come from own files only."""

from __future__ import annotations

import re

import pytest
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return APIClient().get("/api/v1/schema/?format=json").json()


def test_document_is_openapi_3_1_and_names_both_ways_in(document):
    assert document["openapi"] == "3.1.0"
    assert set(document["components"]["securitySchemes"]) == {"token", "session"}


def test_document_comes_as_json_or_yaml_as_asked():
    assert APIClient().get("/api/v1/schema/", HTTP_ACCEPT="application/json").json()["openapi"] == "3.1.0"
    yaml = APIClient().get("/api/v1/schema/?format=yaml")
    assert yaml.content.startswith(b"openapi: 3.1.0")


def test_every_operation_says_how_it_refuses(document):
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    refusals = [operation["responses"]["default"]["content"] for operation in operations]
    assert all(list(refusal) == ["application/problem+json"] for refusal in refusals)


def test_page_needs_no_inline_script_or_style_and_nothing_from_elsewhere():
    page = APIClient().get("/api/v1/docs/", HTTP_ACCEPT="text/html").content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert "<style" not in page
    assert all(address.startswith("/") for address in re.findall(r'(?:src|href)="([^"]+)"', page))
    [script] = re.findall(r'src="(/api/v1/docs/[^"]*)"', page)
    script = APIClient().get(script.replace("&amp;", "&"))
    assert script.headers["Content-Type"] == "application/javascript"
    assert b"/api/v1/schema/" in script.content
