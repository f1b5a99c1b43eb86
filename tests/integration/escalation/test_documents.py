"""What the REST document of an issue says of where it rests, who leads and where it went."""

from __future__ import annotations

import pytest

from incidents.models import Issue
from tests.factories.ladder import at_stage, climb_of

pytestmark = pytest.mark.django_db


def document(client, reference: str) -> dict:
    return client.get(f"/api/v1/issues/{reference}/").json()


def test_monitored_case_says_for_what_and_until_when(cast, browse):
    reference = at_stage(cast, "monitoring")
    found = document(browse("viewer"), reference)

    assert (found["watch_for"], found["review_on"]) == ("Another fire", climb_of(reference).review_on.isoformat())
    assert (found["led_by"], found["led_by_code"], found["merged_into"]) == (None, None, None)


def test_case_led_elsewhere_names_who_leads(cast, browse):
    found = document(browse("viewer"), at_stage(cast, "led_elsewhere"))

    assert (found["lead_authority"], found["led_by"]) == ("local_authority", "Leeds City Council")
    assert found["led_by_code"] == "E08000035"


def test_merged_case_names_the_other_to_those_who_may_know_of_it(cast, browse):
    reference = at_stage(cast, "merged")
    into = climb_of(reference).merged_into
    assert document(browse("viewer"), reference)["merged_into"] == into.reference
    Issue.objects.filter(pk=into.pk).update(sensitivity="restricted")

    assert document(browse("viewer"), reference)["merged_into"] is None
    assert document(browse("imt.head"), reference)["merged_into"] == into.reference
    rows = browse("viewer").get("/api/v1/issues/").json()["results"]
    assert [row["merged_into"] for row in rows if row["reference"] == reference] == [None]
