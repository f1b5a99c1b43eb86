"""Dates, numbers, codes and countries of other people: read where they can be, never guessed."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.enums.countries import COUNTRIES
from intake.importers.countries import read_country
from intake.importers.dates import Order, read_day, read_periods
from intake.importers.identifiers import read_barcode, read_number, split_codes
from intake.importers.quantities import read_count
from intake.importers.text import meant

READERS = [
    read_day,
    read_periods,
    read_count,
    read_barcode,
    read_country,
    lambda text: read_day(text, Order.DAY_FIRST),
    lambda text: read_periods(text, Order.MONTH_FIRST),
    lambda text: read_number(text, re.compile("[0-9]+")),
]
NEARLY = st.text(alphabet="0123456789 ./,-–—()%&;:aboutmilnjyfr\n\t٣²", max_size=40)
NOTHING = ["", "  ", "None", "Unknown", "NA", "n/a", "N.S.", "UNK", "Unk/Not stated", "No/Unk", "NO/?", "-"]


@pytest.mark.parametrize("read", READERS)
@given(text=st.text() | NEARLY)
def test_text_is_read_or_doubted_and_stops_no_reader(read, text):
    found = read(text)
    assert found.given == text
    assert (found.value is None and not found.doubt) == (not meant(text))


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("text", NOTHING)
def test_words_for_nothing_are_nothing_without_a_doubt(read, text):
    found = read(text)
    assert (found.value, found.doubt) == (None, "")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2007-01-10", date(2007, 1, 10)),
        ("November 12, 2020", date(2020, 11, 12)),
        ("16 February 2023", date(2023, 2, 16)),
        ("06 March 2019", date(2019, 3, 6)),
        ("1st Sept. 2019", date(2019, 9, 1)),
        ("26/07/2022", date(2022, 7, 26)),
        ("07/26/2022", date(2022, 7, 26)),
        ("26.7.2013", date(2013, 7, 26)),
        ("5/5/2020", date(2020, 5, 5)),
    ],
)
def test_day_that_reads_in_one_way_is_read(text, day):
    assert read_day(text).value == day
    assert not read_day(text).doubt


@pytest.mark.parametrize(
    "text",
    ["03/04/2024", "31/02/2024", "13/13/2024", "26/07/22", "20240203", "0001-01-01", "2007", "Tuesday", "2/3.2024"],
)
def test_day_that_does_not_is_doubted_and_not_read(text):
    found = read_day(text)
    assert found.value is None
    assert text in found.doubt


@given(
    first=st.integers(1, 12),
    second=st.integers(1, 12),
    year=st.integers(1900, 2100),
    mark=st.sampled_from(["/", ".", "-"]),
)
def test_day_that_could_be_two_is_never_guessed_but_follows_a_declared_order(first, second, year, mark):
    text = f"{first}{mark}{second:02}{mark}{year}"
    found = read_day(text)
    assert found.value == (date(year, first, first) if first == second else None)
    assert bool(found.doubt) == (first != second)
    assert read_day(text, Order.DAY_FIRST).value == date(year, second, first)
    assert read_day(text, Order.MONTH_FIRST).value == date(year, first, second)


@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_from_the_forms_that_say_the_month(day):
    for text in (
        day.isoformat(),
        f"{day.day} {day:%B %Y}",
        f"{day:%b} {day.day}, {day.year}",
        f"{day.day} {day:%b}. {day.year}",
    ):
        assert read_day(text).value == day


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("8.12.2007 to 26.7.2013", [("2007-12-08", "2013-07-26")]),
        ("02/2005 - 07/2022", [("2005-02", "2022-07")]),
        ("07/2021 — 06/2022", [("2021-07", "2022-06")]),
        ("2022", [("2022", "2022")]),
        ("2019 - 2023", [("2019", "2023")]),
        ("24-10-2023", [("2023-10-24", "2023-10-24")]),
        ("17-01-2017 to 7-02-2024", [("2017-01-17", "2024-02-07")]),
        ("July 2021 – 01 August 2022", [("2021-07", "2022-08-01")]),
        ("5/1/2022 -15/12/2022 (C5)", [("2022-01-05", "2022-12-15")]),
        (
            "C3: 09.04.2009 - 20.02.2017\nDS3: 26.06.2009 - 30.05.2019",
            [("2009-04-09", "2017-02-20"), ("2009-06-26", "2019-05-30")],
        ),
        (
            "The affected vehicles were manufactured between 22 January 2018 and 06 March 2019.",
            [("2018-01-22", "2019-03-06")],
        ),
        ("The affected vehicles were manufactured from 02/10/2016 to 27/01/2018", [("2016-10-02", "2018-01-27")]),
    ],
)
def test_periods_are_read_one_a_line(text, periods):
    assert read_periods(text, Order.DAY_FIRST).value == periods


@pytest.mark.parametrize(
    "text",
    [
        "20.07.23 - 25.09.2024",
        "MY 2021",
        "26.7.2013 to 8.12.2007",
        "1.1.2020 - 2.1.2020 - 3.1.2020",
        "between 4 and 14 December 2020",
        "2022\nsome time after",
        "13/2022",
    ],
)
def test_periods_are_read_all_or_none(text):
    found = read_periods(text, Order.DAY_FIRST)
    assert found.value is None
    assert found.doubt


def test_period_without_a_declared_order_is_not_guessed():
    assert read_periods("8.12.2007 to 26.7.2013").value is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("700", 700),
        ("About 68,000", 68_000),
        ("Approximately 1,234,567 units", 1_234_567),
        ("About 5.9 million", 5_900_000),
        ("About 1,400 bicycles in the U.S.", 1_400),
        ("a total of about 12 pairs", 12),
        ("0", 0),
    ],
)
def test_one_number_of_units_is_read(text, number):
    found = read_count(text)
    assert (found.value, found.doubt) == (number, "")


def test_number_in_an_aside_is_flagged_beside_the_one_that_is_read():
    found = read_count("About 68,000 (In addition, about 6,820 were sold in Canada)")
    assert found.value == 68_000
    assert "another number" in found.doubt
    assert read_count("About 7,000 (all colours)").doubt == ""


@pytest.mark.parametrize(
    "text",
    [
        "36,000 in the United States and 3,200 in Canada",
        "about 26, 800",
        "1.500",
        "1,5",
        "12,34",
        "1.23456789 million",
        "three reports",
        "two million",
        "more than 700",
        "up to 700",
        "700 or more",
        "5 dozen",
        "12 models",
        "model 5",
        "X500",
        "$700",
        "-5",
        "50%",
        "١٢٣",
        "9" * 40,
    ],
)
def test_number_that_may_mean_something_else_is_not_read(text):
    found = read_count(text)
    assert found.value is None
    assert found.doubt


@given(number=st.integers(0, 10**9))
def test_number_is_read_with_and_without_commas(number):
    assert read_count(f"About {number:,}").value == read_count(f"{number} units").value == number


def test_barcode_keeps_its_leading_zeros_and_original():
    found = read_barcode(" 0 35011 93705 2 ")
    assert (found.given, found.value, found.doubt) == (" 0 35011 93705 2 ", "035011937052", "")
    assert read_barcode("8715658002512").value == "8715658002512"


@pytest.mark.parametrize(
    ("text", "value"),
    [("07518", "07518"), ("035011937053", "035011937053"), ("X001N2FNJP", None), ("46677 37724", None)],
)
def test_code_that_is_no_right_barcode_is_flagged_and_never_put_right(text, value):
    found = read_barcode(text)
    assert found.value == value
    assert text in found.doubt


@given(body=st.integers(0, 10**12 - 1), wrong=st.integers(1, 9))
def test_check_digit_tells_a_right_barcode_from_a_wrong_one(body, wrong):
    digits = f"{body:012}"
    check = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    assert not read_barcode(f"{digits}{check}").doubt
    assert read_barcode(f"{digits}{(check + wrong) % 10}").doubt


def test_codes_of_several_texts_are_parted_and_each_kept_once():
    assert split_codes(["8055186669918\n8055186669925", "10005650, 10006051", "None", "10005650"]) == [
        "8055186669918",
        "8055186669925",
        "10005650",
        "10006051",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("People's Republic of China", "CN"),
        ("Peoples Republic of China", "CN"),
        ("People’s Republic of China", "CN"),
        ("CHINA.", "CN"),
        ("The Netherlands", "NL"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Republic of Korea", "KR"),
        ("Czech Republic", "CZ"),
        ("U.S.A.", "US"),
        ("Cote d'Ivoire", "CI"),
        ("Viet Nam", "VN"),
    ],
)
def test_country_is_known_by_its_spellings(text, code):
    assert read_country(text).value == code


@pytest.mark.parametrize("text", ["Korea", "Congo", "China and Vietnam", "Lead", "European Union", "Atlantis"])
def test_name_that_is_not_one_country_is_flagged(text):
    found = read_country(text)
    assert found.value is None
    assert text in found.doubt


def test_every_country_is_known_by_our_own_name_for_it():
    assert {code: read_country(name).value for code, name in COUNTRIES.items()} == {code: code for code in COUNTRIES}


def test_number_of_another_form_is_kept_and_flagged():
    form = re.compile("[0-9]{2}-?[0-9]{3}")
    assert read_number("21-707", form).doubt == read_number("21707", form).doubt == ""
    found = read_number("PSD 2204", form)
    assert found.value == "PSD 2204"
    assert "PSD 2204" in found.doubt
