"""Other people's text made readable, and nothing of it invented."""

from __future__ import annotations

import json

import pytest

from intake.importers.text import clean, clean_line, shortened, storable


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Pots &amp; pans&nbsp;for &lt;5 kg", "Pots & pans for <5 kg"),
        ("Pots &amp;amp; pans", "Pots & pans"),
        ("Itâ€™s a cafÃ© oven", "It’s a café oven"),
        ("It\u00e2\u0080\u0099s hot", "It’s hot"),
        ("price Â£5", "price £5"),
        ("one<br>two<p>three</p>four", "one\ntwo three\nfour"),
        ("tab\there\x07 and\x00there\ufeff", "tab here and there"),
        ("a\r\n\r\n\r\n\r\nb", "a\n\nb"),
        ("half \ud800 a character", "half a character"),
        ("  wide   gaps  ", "wide gaps"),
    ],
)
def test_what_nobody_meant_is_mended(read, meant):
    assert clean(read) == meant


@pytest.mark.parametrize(
    "text",
    [
        "under <5 kg and >3 kg",
        "https://example.org/?a=1&region=2&copy=3",
        "Größe Ö½ Zoll, Ä® and É",
        "‏مرحبا‏ עברית",
        "AT&T",
    ],
)
def test_what_somebody_may_have_meant_is_left(text):
    assert clean(text) == text


def test_line_has_no_line_breaks():
    assert clean_line("one\n\ntwo") == "one two"


def test_shortened_ends_on_a_word_with_an_ellipsis_and_fits():
    text = "word " * 60
    short = shortened(text.strip(), 250)
    assert short.endswith("word…")
    assert len(short) <= 250


def test_shortened_leaves_alone_what_fits_and_cuts_one_endless_word():
    assert shortened("short", 250) == "short"
    assert shortened("x" * 300, 250) == "x" * 249 + "…"


def test_storable_writes_out_what_the_database_cannot_hold():
    kept = storable({"a\x00": ["b\x00", "\ud800", float("nan"), float("inf"), 1.5, 7, None, True]})
    assert kept == {"a\\x00": ["b\\x00", "\\ud800", "nan", "inf", 1.5, 7, None, True]}
    json.dumps(kept, allow_nan=False).encode()
