"""The benchmark runs: its data set is a past that the record vouches for, and every case prints its line."""

from __future__ import annotations

import json

import pytest

from audit import verification
from bench import dataset, run
from escalation.models import Escalation

FIELDS = {"case", "rows", "p50_ms", "p95_ms", "floor_p50_ms", "ratio"}
PROMISED = {"list", "list_page", "detail", "detail_page", "search", "create", "transition"}
ROWS = 200

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_case_prints_a_line_with_its_floor(live_server):
    dataset.grow_to(ROWS)
    lines = [json.loads(line) for line in run.lines_of(live_server.url, size=ROWS, rounds=1, each=1)]
    assert {line["case"] for line in lines} >= PROMISED
    for line in lines:
        assert line.keys() == FIELDS
        assert line["rows"] == ROWS
        assert line["ratio"] == pytest.approx(line["p50_ms"] / line["floor_p50_ms"], rel=0.05)


def test_data_set_grows_and_its_record_verifies():
    assert [dataset.grow_to(120), dataset.grow_to(ROWS), dataset.grow_to(ROWS)] == [120, 80, 0]
    assert Escalation.objects.filter(is_current=True).count() == ROWS
    verdict = verification.verify()
    assert verdict.fault is None
    assert verdict.chains == ROWS + 1
