"""Which local authority a name or code means, and what is offered where none does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.enums.local_authorities import LOCAL_AUTHORITIES
from incidents.rules import MOST_OFFERED, local_authorities_like, local_authority

LINES = LOCAL_AUTHORITIES.strip().splitlines()


@pytest.mark.parametrize(
    "named",
    [
        "E08000035",
        " e08000035 ",
        "Leeds City Council",
        "leeds",
        "LEEDS COUNCIL",
        "City of Leeds",
        "Leeds Trading Standards",
    ],
)
def test_code_and_name_and_common_forms_of_it_mean_the_same_authority(named):
    assert str(local_authority(named)) == "Leeds City Council (E08000035)"


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("St. Helens", "E08000013"),
        ("King’s Lynn and West Norfolk", "E07000146"),
        ("Brighton & Hove", "E06000043"),
        ("city of london", "E09000001"),
        ("London Borough of Merton", "E09000024"),
        ("Glasgow", "S12000049"),
        ("Isle of Anglesey", "W06000001"),
        ("Belfast", "N09000003"),
    ],
)
def test_names_are_known_as_people_write_them(named, code):
    assert local_authority(named).code == code


@pytest.mark.parametrize(
    "named", ["", " ", "London", "Rivertown Council", "E99999999", "Council", "Ministry of Defence"]
)
def test_what_no_authority_goes_by_means_none(named):
    assert local_authority(named) is None


def test_nearest_names_are_offered_the_likeliest_first():
    assert local_authorities_like("Westminister")[0].name == "City of Westminster"
    assert {found.name for found in local_authorities_like("newcastle")} >= {
        "Newcastle City Council",
        "Newcastle-under-Lyme Borough Council",
    }
    assert local_authorities_like("") == []


def test_each_line_holds_one_code_and_every_authority_is_found_by_both():
    codes = [line.split(" ", 1)[0] for line in LINES]

    assert len(codes) == len(set(codes)) == 382
    for line in LINES:
        code, name = line.split(" ", 1)
        assert re.fullmatch(r"[EWSN]\d{8}", code), line
        assert local_authority(code) == local_authority(name), line
        assert local_authority(name).code == code


@given(st.text(max_size=300))
def test_no_text_breaks_the_register(text):
    found = local_authority(text)

    assert found is None or str(found).startswith(found.name)
    assert len(local_authorities_like(text)) <= MOST_OFFERED
