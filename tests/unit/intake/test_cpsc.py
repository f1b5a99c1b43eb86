"""What a row of the CPSC's detailed list becomes."""

from __future__ import annotations

from typing import Any

import pytest

from govuk.json_adapter import bind
from intake.forms import ReportForm
from intake.importers.base import RowRefused
from intake.importers.cpsc import Cpsc

ROW = {
    "id": 90001,
    "number": "26901",
    "date": "2026-02-03",
    "title": "Zoomline Recalls Scooters Due to Fire Hazard",
    "name": "Zoomline Foldable Scooters",
    "hazard": "The battery can overheat.",
    "remedy": "Stop using them.",
    "units": "About 700",
    "description": "Red scooters.",
    "url": "https://recalls.example/26901",
    "injuries": "None reported",
    "upcs": ["035011937052", "816153011219"],
}


def notice(*rows: dict[str, Any]):
    return Cpsc().notice(Cpsc().external_id(rows[0]), rows)


def test_row_says_the_same_in_the_words_of_a_report():
    found = notice(ROW)
    assert (found.external_id, found.content, found.flags) == ("90001", ROW, [])
    form = bind(ReportForm, found.report).cleaned_data
    assert form["title"] == ROW["title"]
    assert (form["source"], form["functional_team"]) == ("international_regulator", "incident_management")
    assert form["products"][0]["barcode"] == "035011937052, 816153011219"
    assert form["products"][0]["units"] == "About 700"
    for words in ("26901", "3 February 2026", "Hazard: The battery can overheat.", "Harm: None reported", ROW["url"]):
        assert words in form["summary"]


@pytest.mark.parametrize("day", ["02/03/2026", "2026-13-40", "3 Feb 26", "20260203", "2026-W05-2"])
def test_date_in_another_form_is_shown_and_flagged_never_guessed(day):
    found = notice(ROW | {"date": day})
    assert any(day in flag for flag in found.flags)
    assert f"dated ‘{day}’" in found.report["summary"]
    assert "To check" in found.report["summary"]
    assert found.content["date"] == day


def test_missing_date_is_flagged():
    assert notice(ROW | {"date": None}).flags == ["The notice has no date"]


def test_overlong_title_is_cut_on_a_word_and_kept_whole_in_the_summary():
    title = "Recall of a very long name " * 20
    found = notice(ROW | {"title": title})
    assert len(found.report["title"]) <= 250
    assert found.report["title"].endswith("…")
    assert found.report["summary"].startswith(title.strip())
    assert found.flags == ["The title was shortened: the whole of it stands in the summary"]


def test_overlong_product_barcodes_and_summary_still_make_a_valid_report():
    found = notice(
        ROW | {"name": "n " * 400, "upcs": [str(10**11 + n) for n in range(2000)], "description": "word " * 9000}
    )
    form = bind(ReportForm, found.report).cleaned_data
    assert len(form["summary"]) <= 20_000
    assert len(form["products"][0]["name"]) <= 300
    assert len(found.flags) == 3
    assert sum("fails the check" in flag for flag in found.flags) == 1


def test_null_characters_and_entities_are_cleaned_while_the_row_is_kept():
    found = notice(ROW | {"title": "Pots\x00 &amp; pans", "hazard": "Itâ€™s hot"})
    assert found.report["title"] == "Pots & pans"
    assert "It’s hot" in found.report["summary"]
    assert found.content["title"] == "Pots\\x00 &amp; pans"


def test_row_without_a_product_reports_none():
    found = notice(ROW | {"name": ""})
    assert found.report["products"] == []
    assert found.flags == ["The notice names no product"]


@pytest.mark.parametrize("wrong", [None, "", "  ", True, 1.5, [1], {"a": 1}])
def test_row_without_an_id_is_refused(wrong):
    with pytest.raises(RowRefused, match="id"):
        Cpsc().external_id(ROW | {"id": wrong})


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", ""),
        ("title", None),
        ("title", ["x"]),
        ("hazard", {"a": 1}),
        ("upcs", "035"),
        ("upcs", [None]),
        ("name", True),
    ],
)
def test_row_of_wrong_types_is_refused_by_field(field, wrong):
    with pytest.raises(RowRefused, match=field):
        notice(ROW | {field: wrong})


def test_rows_of_one_number_make_one_notice_whatever_their_order():
    other = ROW | {"remedy": "Return them.", "units": "", "upcs": ["687064042100"], "hazard": "None"}
    found = notice(ROW, other)
    assert found.content == notice(other, ROW).content
    assert found.report["products"][0]["units"] == "About 700"
    assert found.report["products"][0]["barcode"].endswith(", 687064042100")
    assert found.flags == ["The rows of this number disagree about ‘remedy’: the first is shown"]


def test_numbers_and_codes_are_noted_beside_their_originals():
    found = notice(ROW | {"units": "About 68,000 (In addition, about 6,820 were sold in Canada)", "upcs": ["12345"]})
    assert found.readings["units"]["read"] == 68_000
    assert found.readings["units"]["given"].startswith("About 68,000 (")
    assert found.readings["barcodes"] == [
        {"given": "12345", "read": "12345", "doubt": "‘12345’ has 5 digits, which no barcode has"}
    ]
    assert len(found.flags) == 2
    assert found.report["products"][0]["units"].startswith("About 68,000 (")
