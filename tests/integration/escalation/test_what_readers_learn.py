"""What an issue's page and history tell to whom: no originator, and no case that the reader may not know of."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AccessLog
from escalation import services
from kernel.errors import ChangedSinceSeen
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, climb_of, inputs_of, move

ORIGINATOR = {"name": "A caller", "email": "caller@elsewhere.example", "phone": "020 7946 0000"}


@pytest.mark.parametrize(
    ("post", "is_told"),
    [("ftl.enforcement", True), ("imt.duty", True), ("ftl.science", False), ("dd.policy", False), ("viewer", False)],
)
def test_the_originator_is_shown_to_those_who_work_on_the_case_alone(post, is_told, cast, browse):
    reference = reported(cast("officer.enforcement"), originator=ORIGINATOR).reference
    page = browse(post).get(f"/issues/{reference}/").content.decode()
    assert [text in page for text in ORIGINATOR.values()] == [is_told] * 3


def test_whoever_reported_it_from_another_team_still_sees_the_originator(cast, browse):
    reference = reported(cast("officer.science"), originator=ORIGINATOR, functional_team="enforcement").reference
    assert ORIGINATOR["phone"] in browse("officer.science").get(f"/issues/{reference}/").content.decode()


def test_the_originator_is_in_no_event(cast, browse):
    reference = reported(cast("officer.enforcement"), originator=ORIGINATOR).reference
    [event] = browse("imt.head").get(f"/api/v1/issues/{reference}/events/").json()["results"]
    assert event["facts"]["title"]
    assert "originator" not in event["facts"]


def merged_into_hidden(cast: Cast) -> tuple[str, str]:
    """An open issue that was merged into an official-sensitive one."""
    hidden = reported(cast("officer.enforcement"), sensitivity="official_sensitive").reference
    reference = reported(cast("officer.enforcement"), originator=ORIGINATOR).reference
    move(cast, reference, "merge", "imt.head", **inputs_of(cast, "merge") | {"into": hidden})
    return reference, hidden


@pytest.mark.parametrize("path", ["/issues/{}/", "/issues/{}/history/", *(
    f"/api/v1/issues/{{}}/{part}/" for part in ("events", "commissions", "decisions")
)])  # fmt: skip
def test_a_case_that_the_reader_may_not_know_of_is_another_case(path, cast, browse):
    reference, hidden = merged_into_hidden(cast)
    address = path.format(reference)
    assert hidden not in browse("viewer").get(address).content.decode()
    if "decisions" not in path:
        assert hidden in browse("imt.head").get(address).content.decode()
    if path.endswith(("history/", "events/")):
        assert "Merged into another case: The same product" in browse("viewer").get(address).content.decode()


def test_what_changed_since_names_no_hidden_case(cast):
    reference = reported(cast("officer.enforcement")).reference
    version = climb_of(reference).issue.version
    hidden = reported(cast("officer.enforcement"), sensitivity="official_sensitive").reference
    move(cast, reference, "merge", "imt.head", **inputs_of(cast, "merge") | {"into": hidden})
    with pytest.raises(ChangedSinceSeen) as refusal:
        services.issue_move(reference=reference, name="close", version=version, by=cast("viewer"), data={})
    assert [change["sentence"] for change in refusal.value.changes] == ["Merged into another case: The same product"]


def test_a_history_that_names_many_cases_costs_as_much_as_one_that_names_one(cast, browse):
    reference = reported(cast("officer.enforcement")).reference
    address = f"/api/v1/issues/{reference}/events/"
    client = browse("viewer")

    def absorb() -> int:
        other = reported(cast("officer.enforcement"), sensitivity="official_sensitive").reference
        move(cast, other, "merge", "imt.head", **inputs_of(cast, "merge") | {"into": reference})
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert other not in client.get(address).content.decode()
        return len(asked)

    assert absorb() == absorb() == absorb()


@pytest.mark.parametrize(
    "part",
    ["", *(
        f"{part}/" for part in
        ("events", "transitions", "evidence", "decisions", "commissions", "impact-assessments", "nnc-assessments")
    )],
)  # fmt: skip
def test_reading_a_restricted_issue_over_rest_is_noted(part, cast, browse):
    reference = reported(cast("officer.enforcement"), sensitivity="restricted").reference
    assert browse("imt.head").get(f"/api/v1/issues/{reference}/{part}").status_code == 200
    read = AccessLog.objects.get()
    assert (read.about, read.post) == (reference, "imt.head")
    assert read.what.endswith("(json)")


def test_reading_the_list_over_rest_notes_its_restricted_issues_alone(cast, browse):
    reported(cast("officer.enforcement"))
    restricted = reported(cast("officer.enforcement"), sensitivity="restricted").reference
    browse("imt.head").get("/api/v1/issues/")
    assert [read.about for read in AccessLog.objects.all()] == [restricted]
