from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import telephone


@pytest.mark.parametrize(
    ("typed", "kept", "dialled"),
    [
        ("020 7946 0123", "020 7946 0123", "02079460123"),
        ("  07700   900123 ", "07700 900123", "07700900123"),
        ("(020) 7946 0123", "(020) 7946 0123", "02079460123"),
        ("+44 7700 900123", "+44 7700 900123", "+447700900123"),
        ("+44 (0)20 7946 0123", "+44 (0)20 7946 0123", "+442079460123"),
        ("+44(0)2079460123", "+44(0)2079460123", "+442079460123"),
    ],
)
def test_number_is_kept_as_written_and_dialled_without_ornament(typed, kept, dialled):
    assert telephone.read(typed) == kept
    assert telephone.dialled(kept) == dialled


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "the duty phone",
        "020 7946 0123 ext 4",
        "020-7946-0123",
        "020 7946 0123;postd=1",
        "44+7700900123",
        "++447700900123",
        "(020 7946 0123",
        "020) 7946 0123",
        "((020)) 7946 0123",
        "() 020 7946 0123",
        "999",
        "+(0) 12345",
        "1234567890123456",
        "020\t7946 0123",
        "020 7946 0123\n",
        "٠٢٠ ٧٩٤٦ ٠١٢٣",
    ],
)
def test_what_no_telephone_dials_is_refused(typed):
    assert telephone.read(typed) is None


@given(st.text(alphabet="0123456789 +()x-\n٣", max_size=40))
def test_whatever_is_kept_can_be_dialled_and_is_read_again_the_same(typed):
    number = telephone.read(typed)
    if number is not None:
        assert re.fullmatch(r"\+?[0-9]{6,15}", telephone.dialled(number))
        assert telephone.read(number) == number
