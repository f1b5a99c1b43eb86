"""`import_notices` from a file to issues: counted, idempotent, resumable, and honest about what it refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit import selectors as audit
from incidents.models import ForeignNotice, Issue
from intake import services
from intake.importers import SOURCES
from intake.importers.base import NoticeRow
from intake.importers.cpsc import Cpsc
from intake.importers.run import Rejects, run
from notify.models import Notice
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[4] / "shared" / "data"
FILES = {
    "cpsc": "cpsc_recalls_detail.json",
    "safety_gate": "eu_safety_gate_2022_2024_full.json",
    "safety_gate_short": "eu_safety_gate_2019_2024_short.json",
    "uk_opss": "uk_opss_notices.json",
    "usagov": "usagov_recalls_api_2013_cpsc.json.gz",
}
# As many rows of each as show its kinds of fault without making the suite wait.
SAMPLE = 200


def row(number: int, **fields) -> dict:
    return {
        "id": number,
        "number": f"26{number}",
        "date": "2026-02-03",
        "title": f"Recall {number} of scooters",
        "name": f"Scooter {number}",
        "hazard": "It can catch fire.",
        "units": "About 700",
        "description": "Red scooters.",
        "url": "https://recalls.example/1",
        "injuries": "None reported",
        "upcs": [],
        **fields,
    }


@pytest.fixture
def importing(tmp_path, settings):
    """Write rows to a file and import it; the answer is everything the command said."""
    settings.DATA_DIR = tmp_path / "data"

    def run(rows: object, *, name: str = "recalls.json", **options: object) -> list[str]:
        path = tmp_path / name
        path.write_text(rows if isinstance(rows, str) else json.dumps(rows), encoding="utf-8")
        return command(path, **options)

    return run


def command(path: Path, **options: object) -> list[str]:
    out = StringIO()
    call_command("import_notices", str(path), **{"source": "cpsc", "verbosity": 0, "stdout": out, **options})
    return out.getvalue().splitlines()


def test_new_rows_become_issues_of_an_international_regulator_by_the_system(importing):
    assert importing([row(1), row(2)]) == ["2 read: 2 imported, 0 updated, 0 unchanged, 0 rejected"]
    issue = Issue.objects.get(title="Recall 1 of scooters")
    assert (issue.source, issue.functional_team, issue.reported_by) == (
        "international_regulator",
        "incident_management",
        None,
    )
    assert issue.climbs.get().stage == "reported"
    assert issue.products.get().units == "About 700"
    notice = issue.foreign_notices.get()
    assert (notice.source, notice.external_id, notice.content) == ("cpsc", "1", row(1))
    (event,) = audit.events_for(issue.reference)
    assert (event.kind, event.actor["email"], event.actor["name"]) == ("issue.reported", "", "The system")
    assert event.facts["notice"] == {"source": "cpsc", "external_id": "1"}


def test_same_file_again_changes_nothing(importing):
    importing([row(1), row(2)])
    before = list(ForeignNotice.objects.values())
    assert importing([row(2), row(1)]) == ["2 read: 0 imported, 0 updated, 2 unchanged, 0 rejected"]
    assert list(ForeignNotice.objects.values()) == before
    assert Issue.objects.count() == 2


def test_changed_row_updates_the_notice_and_flags_the_issue_and_overwrites_nothing(importing):
    importing([row(1)])
    issue = Issue.objects.get()
    assert importing([row(1, title="Recall 1 expanded", hazard="It does catch fire.")]) == [
        "1 read: 0 imported, 1 updated, 0 unchanged, 0 rejected"
    ]
    later = Issue.objects.get()
    assert (later.title, later.summary) == (issue.title, issue.summary)
    assert later.version == issue.version + 1
    assert later.foreign_notices.get().content["title"] == "Recall 1 expanded"
    event = audit.events_for(issue.reference)[0]
    assert (event.kind, event.version, event.facts["changed"]) == ("notice.changed", later.version, ["hazard", "title"])
    assert event.facts["before"] == {"hazard": "It can catch fire.", "title": "Recall 1 of scooters"}
    assert event.facts["after"] == {"hazard": "It does catch fire.", "title": "Recall 1 expanded"}


def test_imt_is_told_once_a_run_and_not_when_nothing_is_new(importing):
    head, duty = person("imt.head"), person("imt.duty")
    person("ftl.enforcement")
    importing([row(number) for number in range(5)])
    assert {notice.recipient for notice in Notice.objects.all()} == {head, duty}
    assert Notice.objects.count() == 2
    assert "5 new issues" in Notice.objects.first().body
    importing([row(number) for number in range(5)])
    assert Notice.objects.count() == 2
    importing([row(1, hazard="Worse"), row(7)])
    assert Notice.objects.count() == 4


def test_each_finished_run_is_on_the_services_record(importing):
    importing([row(1), "no row"])
    event = next(event for event in audit.events_for("service") if event.kind == "notices.imported")
    assert event.facts == {
        "source": "cpsc",
        "tally": {"imported": 1, "updated": 0, "unchanged": 0, "rejected": 1},
    }


def test_rows_of_one_id_make_one_issue(importing):
    said = importing([row(1), row(2), row(1, upcs=["0351"]), row(1)])
    assert said == [
        "2 rows repeat the number of another and were taken together with it",
        "2 read: 2 imported, 0 updated, 0 unchanged, 0 rejected",
    ]
    assert Issue.objects.get(title="Recall 1 of scooters").products.get().barcode == "0351"
    assert (
        importing([row(1, upcs=["0351"]), row(2), row(1)])[-1]
        == "2 read: 0 imported, 0 updated, 2 unchanged, 0 rejected"
    )


def test_refused_rows_are_written_out_with_their_reasons_and_stop_nobody(importing, tmp_path):
    without_id = row(3)
    del without_id["id"]
    rejects = tmp_path / "rejects.jsonl"
    said = importing([row(1), "text", without_id, row(4, title=""), row(5)], rejects=rejects)
    assert said[-1] == "5 read: 2 imported, 0 updated, 0 unchanged, 3 rejected"
    lines = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(line["row"], line["reason"]) for line in lines] == [
        (2, "The row is not an object with named fields"),
        (3, "The row has no ‘id’"),
        (4, "The row has no ‘title’"),
    ]
    assert lines[0]["content"] == "text"


def test_rejects_go_below_the_data_folder_unless_said_otherwise(importing, settings):
    importing([row(1)])
    assert list((settings.DATA_DIR / "imports").iterdir()) == []
    importing([row(1), "no row"])
    (path,) = (settings.DATA_DIR / "imports").iterdir()
    assert path.name.startswith("recalls.json-")
    assert path.suffix == ".jsonl"


def test_bad_date_is_imported_and_flagged(importing):
    assert importing([row(1, date="13/13/2026")])[-1].startswith("1 read: 1 imported")
    (event,) = audit.events_for(Issue.objects.get().reference)
    assert event.facts["flags"] == ["‘13/13/2026’ is no day of the calendar"]
    assert event.facts["readings"]["date"] == {
        "given": "13/13/2026",
        "read": None,
        "doubt": "‘13/13/2026’ is no day of the calendar",
    }


def test_null_characters_do_not_stop_a_row(importing):
    assert importing([row(1, title="Pots\x00 and pans", hazard="\ud800")])[-1].startswith("1 read: 1 imported")
    notice = ForeignNotice.objects.get()
    assert notice.issue.title == "Pots and pans"
    assert notice.content["title"] == "Pots\\x00 and pans"
    assert importing([row(1, title="Pots\x00 and pans", hazard="\ud800")])[-1].endswith("1 unchanged, 0 rejected")


def test_dry_run_says_the_same_and_keeps_nothing(importing):
    person("imt.head")
    importing([row(1), row(2)])
    told = Notice.objects.count()
    said = importing([row(1), row(2, hazard="Worse"), row(3), 7], dry_run=True)
    assert said[-1] == "4 read: 1 imported, 1 updated, 1 unchanged, 1 rejected"
    assert (Issue.objects.count(), Notice.objects.count()) == (2, told)
    assert ForeignNotice.objects.get(external_id="2").content == row(2)
    assert importing([row(3)])[-1] == "1 read: 1 imported, 0 updated, 0 unchanged, 0 rejected"


@pytest.mark.parametrize(
    "text",
    ["", "not json", '[{"id": 1,', '{"prefix": "", "rows": []}', '"text"', "[" * 100_000, "a,b\r\n1,2\r\n"],
    ids=["empty", "not json", "truncated", "an object", "a text", "bottomless", "a table"],
)
def test_file_that_is_no_list_of_rows_is_unreadable(importing, text):
    with pytest.raises(CommandError) as refused:
        importing(text)
    assert refused.value.returncode == 2
    assert not Issue.objects.exists()


def test_file_that_is_missing_a_folder_or_not_text_is_unreadable(tmp_path):
    binary = tmp_path / "recalls.json.gz"
    binary.write_bytes(b"\x1f\x8b\x08\x00\xff\xfe")
    for path in (tmp_path / "nowhere.json", tmp_path, binary):
        with pytest.raises(CommandError) as refused:
            command(path)
        assert refused.value.returncode == 2


def test_empty_list_was_read(importing):
    assert importing([]) == ["0 read: 0 imported, 0 updated, 0 unchanged, 0 rejected"]


def test_unknown_source_names_the_known_ones(importing):
    with pytest.raises(CommandError, match="Known: cpsc"):
        importing([row(1)], source="rapex")


class Killed(BaseException):
    """Nothing catches it: the process is gone."""


class DiesAtTheFourth(Cpsc):
    """The same source, read by a process that is killed before its fourth notice."""

    def notice(self, external_id: str, rows: Sequence[Mapping[str, Any]]) -> NoticeRow:
        if external_id == "3":
            raise Killed
        return super().notice(external_id, rows)


def test_killed_run_is_finished_by_the_next(importing, tmp_path):
    person("imt.head")
    rows = [row(number) for number in range(6)]
    with pytest.raises(Killed), Rejects(tmp_path / "rejects.jsonl") as rejects:
        run(DiesAtTheFourth(), rows, rejects=rejects, quiet=True)
    assert (Issue.objects.count(), Notice.objects.count()) == (3, 0)
    assert importing(rows)[-1] == "6 read: 3 imported, 0 updated, 3 unchanged, 0 rejected"
    numbers = sorted(int(reference[-5:]) for reference in Issue.objects.values_list("reference", flat=True))
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert "6 notices from there are now on record" in Notice.objects.get().body


def test_run_killed_before_it_told_imt_is_told_of_by_the_next(importing):
    person("imt.head")
    importing([row(1)])
    Notice.objects.all().delete()
    assert importing([row(1)])[-1] == "1 read: 0 imported, 0 updated, 1 unchanged, 0 rejected"
    assert Notice.objects.count() == 1


def test_content_digest_does_not_depend_on_the_order_of_fields():
    assert services.content_digest({"a": 1, "b": [2]}) == services.content_digest({"b": [2], "a": 1})


def test_row_that_nests_too_deeply_is_refused_and_stops_nobody(importing, tmp_path):
    deep = "[" * 500 + "]" * 500
    rejects = tmp_path / "rejects.jsonl"
    said = importing(f'[{json.dumps(row(1))}, {{"id": 2, "title": {deep}}}]', rejects=rejects)
    assert said[-1] == "2 read: 1 imported, 0 updated, 0 unchanged, 1 rejected"
    assert json.loads(rejects.read_text())["reason"] == "The row nests deeper than a notice does"


def test_packed_file_is_read_by_what_it_holds(tmp_path):
    path = tmp_path / "recalls.json"
    path.write_bytes(gzip.compress(json.dumps([row(1)]).encode()))
    assert command(path, rejects=tmp_path / "rejects")[-1] == "1 read: 1 imported, 0 updated, 0 unchanged, 0 rejected"


def test_file_of_another_source_is_refused_whole(importing):
    importing([row(1)])
    for source in SOURCES.keys() - {"cpsc"}:
        with pytest.raises(CommandError, match=f"no file of {source}") as refused:
            importing([row(1)], source=source)
        assert refused.value.returncode == 2
    assert ForeignNotice.objects.get().source == "cpsc"


def test_notice_to_imt_leads_to_the_issues_of_that_kind_of_source(importing):
    person("imt.head")
    importing([{"psd_number": "2302-0099", "notice_type": "Product recall", "product": "Lamp"}], source="uk_opss")
    assert Issue.objects.get().source == "national_regulator"
    assert Notice.objects.get().url.endswith("?source=national_regulator")


@pytest.fixture(params=FILES)
def real(request, tmp_path) -> tuple[str, Path, int]:
    """A source, the first rows of its real file and how many notices they make."""
    path = DATA / FILES[request.param]
    if not path.exists():
        pytest.skip(f"{path.name} of the data that lies beside the repository is not here")
    source = SOURCES[request.param]
    rows = [*islice(source.read(path), SAMPLE)]
    some = tmp_path / "some.json.gz"
    some.write_bytes(gzip.compress(json.dumps(rows).encode()))
    return request.param, some, len({source.external_id(row) for row in rows})


def test_real_notices_are_taken_and_taken_once(real, tmp_path):
    source, path, notices = real
    first = command(path, source=source, rejects=tmp_path / "rejects")
    assert first[-1] == f"{notices} read: {notices} imported, 0 updated, 0 unchanged, 0 rejected"
    before = list(ForeignNotice.objects.values())
    again = command(path, source=source, rejects=tmp_path / "rejects")
    assert again[-1] == f"{notices} read: 0 imported, 0 updated, {notices} unchanged, 0 rejected"
    assert list(ForeignNotice.objects.values()) == before
    assert Issue.objects.filter(source=SOURCES[source].kind, climbs__stage="reported").count() == notices
