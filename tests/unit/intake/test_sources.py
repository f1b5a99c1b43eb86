"""What one row of each source becomes."""

from __future__ import annotations

from typing import Any

import pytest

from govuk.json_adapter import bind
from intake.forms import ReportForm, list_limit
from intake.importers import SOURCES
from intake.importers.base import NoticeRow, RowRefused
from intake.importers.safety_gate import ATTRIBUTION

ALERT = {
    "alert_number": "A12/09001/24",
    "product_name": "Bath toy",
    "product_category": "Toys",
    "brand": "None",
    "product_description": "Splashy otters\t\t",
    "type": "Consumer",
    "country_of_origin": "People's Republic of China",
    "risk_type": "Choking",
    "risk_description": "Small parts come off.",
    "measures_authorities": "\nCategory of measure(s): Recall\nDate of entry into force: 03/04/2024\n\n"
    "Date of entry into force: Unknown",
    "notifying_country": "Hungary",
    "company_recall_code": "None",
    "production_dates": "02/2023 - 04/2024",
}
SHORT = {
    "type_of_alert": "None",
    "alert_number": "A12/09002/24",
    "country_of_origin": "Peoples Republic of China",
    "risk_type": "Fire, Injuries",
    "product_name": "Passenger car",
    "product_description": "Comet",
    "brand": "Zoomline",
    "product_category": "Motor vehicles",
    "barcode": "8715658002512\n07518",
    "batch_number": "23W17 - 23W46",
    "company_recall_code": "RC9",
    "production_dates": "MY 2021",
}
USAGOV = {
    "_source_file": "Toys.json",
    "organization": "CPSC",
    "recall_number": "09035 ",
    "recall_date": "2009-11-05",
    "recall_url": "https://recalls.example/09035",
    "manufacturers": ["Zoomline", "Otter & Co"],
    "product_types": ["Toy Ride-on"],
    "descriptions": ["Zoomline ride-on otters"],
    "upcs": ["816153011219"],
    "hazards": ["Fall", "Choking"],
    "countries": ["China."],
}
OPSS = {
    "url": "https://notices.example/product-safety-report-otter-lamp-2302-0099",
    "notice_type": "Product safety report",
    "psd_number": "2302-0099",
    "product": "Otter lamp",
    "category_and_type": "Electrical appliances and equipment – Lamp",
    "brand": None,
    "identifiers": {"Models": "OL-1, OL-2", "Batch No": "0285", "Barcode": "4712089450015", "SKU": "OTTER"},
    "country_of_origin": "Unknown",
    "risk_level": "Serious",
    "hazards": ["Electric shock"],
    "substance": None,
    "legislation": ["Electrical Equipment (Safety) Regulations 2016"],
    "measures": ["Import rejected at border"],
    "marketplaces": ["eBay"],
    "notified_by": "Local Authority Trading Standards",
    "published": "16 February 2023",
}
ROWS = {"safety_gate": ALERT, "safety_gate_short": SHORT, "usagov": USAGOV, "uk_opss": OPSS}


def notice(source: str, *rows: dict[str, Any]) -> NoticeRow:
    chosen = SOURCES[source]
    return chosen.notice(chosen.external_id(rows[0]), rows)


def report(found: NoticeRow) -> dict[str, Any]:
    """The report as the door will take it."""
    return bind(ReportForm, found.report).cleaned_data


def test_safety_gate_alert():
    found = notice("safety_gate", ALERT)
    assert (found.external_id, found.content, found.flags) == ("A12/09001/24", ALERT, [])
    told = report(found)
    assert told["title"] == "Splashy otters (Bath toy): Choking"
    assert (told["source"], told["regulatory_area"]) == ("international_regulator", "consumer_products")
    product = told["products"][0]
    assert (product["name"], product["brand"], product["model"]) == ("Splashy otters", "", "")
    assert (product["category"], product["country_of_origin"]) == ("Toys: Bath toy", "CN")
    for words in ("Risk: Choking", "Small parts come off.", "Made: 02/2023 - 04/2024", "Notified by: Hungary"):
        assert words in told["summary"]
    assert found.readings["measure_1_in_force"]["read"].isoformat() == "2024-04-03"
    assert found.readings["measure_2_in_force"] == {"given": "Unknown", "read": None, "doubt": ""}
    assert found.readings["production_dates"]["read"] == [("2023-02", "2024-04")]
    assert found.readings["country_of_origin"] == {"given": "People's Republic of China", "read": "CN", "doubt": ""}


@pytest.mark.parametrize(("source", "row"), [("safety_gate", ALERT), ("safety_gate_short", SHORT)])
def test_alert_ends_with_the_attribution_however_long_it_is(source, row):
    assert notice(source, row).report["summary"].endswith(f"\n\n{ATTRIBUTION}")
    long = notice(source, row | {"risk_description": "word " * 9_000, "production_dates": "made " * 9_000})
    assert report(long)["summary"].endswith(f"…\n\n{ATTRIBUTION}")
    assert len(long.report["summary"]) <= 20_000


def test_short_alert():
    found = notice("safety_gate_short", SHORT)
    told = report(found)
    assert told["title"] == "Zoomline Comet (Passenger car): Fire, Injuries"
    assert told["regulatory_area"] == "other"
    product = told["products"][0]
    assert (product["name"], product["brand"], product["model"]) == ("Zoomline Comet", "Zoomline", "Comet")
    assert (product["barcode"], product["batch"]) == ("8715658002512, 07518", "23W17 - 23W46")
    assert found.flags == ["‘MY 2021’ cannot be read as a day", "‘07518’ has 5 digits, which no barcode has"]
    assert "To check: ‘MY 2021’ cannot be read as a day." in told["summary"]
    assert "Made: MY 2021" in told["summary"]


def test_usagov_recall():
    found = notice("usagov", USAGOV)
    assert (found.external_id, found.content, found.flags) == ("09035", USAGOV, [])
    told = report(found)
    assert told["title"] == "Zoomline ride-on otters: Fall, Choking"
    assert "Recall 09035 of the US Consumer Product Safety Commission, 5 November 2009." in told["summary"]
    product = told["products"][0]
    assert (product["category"], product["country_of_origin"]) == ("Toy Ride-on", "CN")
    assert product["barcode"] == "816153011219"
    assert [(maker["name"], maker["role"]) for maker in told["businesses"]] == [
        ("Zoomline", "manufacturer"),
        ("Otter & Co", "manufacturer"),
    ]


def test_usagov_recall_under_several_types_is_one_notice_without_a_disagreement():
    other = USAGOV | {"_source_file": "Games.json", "product_types": ["Games"]}
    found = notice("usagov", USAGOV, other)
    assert found.flags == []
    assert found.content == notice("usagov", other, USAGOV).content
    assert found.report["products"][0]["category"] == "Toy Ride-on, Games"


def test_country_and_barcode_of_a_whole_recall_are_not_put_on_one_of_its_products():
    found = notice("usagov", USAGOV | {"descriptions": ["Otters", "Beavers"], "countries": ["China", "Mexico"]})
    products = report(found)["products"]
    assert [(product["name"], product["country_of_origin"], product["barcode"]) for product in products] == [
        ("Otters", "", ""),
        ("Beavers", "", ""),
    ]
    assert "Made in: China, Mexico" in found.report["summary"]
    assert "Barcodes: 816153011219" in found.report["summary"]


def test_more_makers_than_a_report_lists_are_flagged():
    found = notice("usagov", USAGOV | {"manufacturers": [f"Maker {number}" for number in range(59)]})
    assert len(report(found)["businesses"]) == list_limit("businesses") == 50
    assert found.flags == ["Only the first 50 of 59 businesses are listed: the others stand in the notice"]


def test_usagov_recall_of_nearly_nothing_is_still_a_notice():
    nothing = dict.fromkeys(("recall_date", "manufacturers", "product_types", "upcs", "hazards", "countries"))
    found = notice("usagov", USAGOV | nothing)
    assert report(found)["title"] == "Zoomline ride-on otters"
    assert found.flags == ["The notice has no date"]


def test_recall_of_another_organisation_is_refused():
    with pytest.raises(RowRefused, match="NHTSA"):
        notice("usagov", USAGOV | {"organization": "NHTSA"})


def test_opss_notice():
    found = notice("uk_opss", OPSS)
    assert (found.external_id, found.content, found.flags) == ("2302-0099", OPSS, [])
    told = report(found)
    assert (told["title"], told["source"]) == ("Otter lamp: Electric shock", "national_regulator")
    product = told["products"][0]
    assert (product["model"], product["batch"], product["barcode"]) == ("OL-1, OL-2", "0285", "4712089450015")
    assert (product["category"], product["country_of_origin"]) == ("Electrical appliances and equipment: Lamp", "")
    assert [(shop["name"], shop["role"]) for shop in told["businesses"]] == [("eBay", "online_marketplace")]
    assert told["summary"].startswith("Product safety report 2302-0099, 16 February 2023.")
    assert "SKU OTTER" in told["summary"]
    assert told["summary"].endswith("Open Government Licence v3.0.")


def test_opss_notice_that_disagrees_with_its_own_address_is_flagged():
    found = notice("uk_opss", OPSS | {"notice_type": "Product recall", "psd_number": "2302-0098"})
    assert found.flags == [
        "The notice is a ‘Product recall’, but its address says ‘product-safety-report’",
        "The address of the notice does not end with its number",
    ]


def test_opss_category_parted_by_a_hyphen_reads_like_one_parted_by_a_dash():
    found = notice("uk_opss", OPSS | {"category_and_type": "Toys - Plush-toy pendant"})
    assert found.report["products"][0]["category"] == "Toys: Plush-toy pendant"


@pytest.mark.parametrize("source", ROWS)
def test_number_of_an_unusual_form_is_taken_and_flagged(source):
    number = SOURCES[source].number
    found = notice(source, ROWS[source] | {number: "PSD case 7"})
    assert found.external_id == "PSD case 7"
    assert any("PSD case 7" in flag for flag in found.flags)


@pytest.mark.parametrize("source", ROWS)
@pytest.mark.parametrize("wrong", [None, "", "None", [], {}, True, 1.5, "x" * 201])
def test_row_without_a_number_is_refused(source, wrong):
    number = SOURCES[source].number
    with pytest.raises(RowRefused, match=number):
        SOURCES[source].external_id(ROWS[source] | {number: wrong})


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("safety_gate", {"product_name": "None", "product_description": ""}),
        ("safety_gate", {"risk_description": ["x"]}),
        ("safety_gate_short", {"barcode": {"a": 1}}),
        ("usagov", {"descriptions": []}),
        ("usagov", {"descriptions": "otters"}),
        ("usagov", {"countries": [None]}),
        ("uk_opss", {"product": None}),
        ("uk_opss", {"identifiers": ["OL-1"]}),
        ("uk_opss", {"identifiers": {"Model": ["OL-1"]}}),
    ],
)
def test_row_of_wrong_types_is_refused(source, wrong):
    with pytest.raises(RowRefused):
        notice(source, ROWS[source] | wrong)


@pytest.mark.parametrize("source", ROWS)
def test_hostile_text_is_kept_as_text_in_the_notice_and_cleaned_in_the_report(source):
    title = {"safety_gate": "product_description", "safety_gate_short": "product_description", "uk_opss": "product"}
    hostile = "<b onclick=x>Otters</b>\x00 &lt;script&gt;\ud800"
    wrong = {"descriptions": [hostile]} if source == "usagov" else {title[source]: hostile}
    found = notice(source, ROWS[source] | wrong)
    assert "Otters" in report(found)["title"]
    assert "onclick" not in found.report["title"]
    assert "\x00" not in found.report["title"]
    assert "\\x00" in str(found.content)


def test_rows_of_one_number_that_are_too_much_together_are_refused():
    rows = [USAGOV | {"descriptions": [f"{number}" + "x" * 100_000]} for number in range(12)]
    with pytest.raises(RowRefused, match="longer than"):
        notice("usagov", *rows)
