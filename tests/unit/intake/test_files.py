"""Files of other people: taken whole and unpacked by what they hold, or refused with a reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.importers.base import UnreadableFile
from intake.importers.files import MAX_BYTES, MAX_ROW, MAX_ROWS, JsonRows, json_rows

ROWS = [{"id": 1, "words": "é, 😀 ] }"}, "text", 7, None, [], {}, {"id": 2, "more": [1, {"a": "\\"}]}]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.fixture
def written(tmp_path):
    def write(content: bytes) -> Path:
        path = tmp_path / "rows"
        path.write_bytes(content)
        return path

    return write


def test_rows_are_read_from_plain_and_packed_files_whatever_their_name(written):
    text = json.dumps(ROWS, indent=2).encode()
    for content in (
        text,
        b"\xef\xbb\xbf" + text,
        gzip.compress(text),
        gzip.compress(text[:9]) + gzip.compress(text[9:]),
    ):
        assert [*json_rows(written(content))] == ROWS


def test_row_may_be_asked_for_again_and_in_any_order():
    rows = JsonRows(" [ {} , [1] ,\n2 ] \n")
    assert (len(rows), rows[2], rows[0], rows[1], rows[2]) == (3, 2, {}, [1], 2)


@given(rows=st.lists(ANYTHING), indent=st.sampled_from([None, 1]))
def test_rows_are_those_that_were_written(rows, indent):
    assert [*JsonRows(json.dumps(rows, indent=indent))] == rows


@given(rows=st.lists(ANYTHING, min_size=1), part=st.floats(0, 1, exclude_max=True))
def test_truncated_list_is_never_taken(rows, part):
    text = json.dumps(rows)
    with pytest.raises(ValueError, match=r"breaks off|list of rows"):
        JsonRows(text[: int(len(text) * part)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{}",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1]]",
        "[1] x",
        '["a',
        "not json",
        "a,b\r\n1,2",
        "[" * 100_000,
    ],
)
def test_text_that_is_no_whole_list_is_refused(written, text):
    with pytest.raises(UnreadableFile, match="not one whole JSON list"):
        json_rows(written(text.encode()))


def test_row_longer_than_a_window_is_read_and_one_longer_than_the_limit_is_refused(written):
    long = [{"a": "x" * (2**16 - 8)}, {"b": "y" * 5_000}, {"c": "z" * (MAX_ROW - 20)}]
    assert [*json_rows(written(json.dumps(long).encode()))] == long
    with pytest.raises(UnreadableFile, match="longer than"):
        json_rows(written(json.dumps([*long, "x" * MAX_ROW, 1]).encode()))


def test_file_of_too_many_rows_is_refused(written):
    with pytest.raises(UnreadableFile, match="more than 200000 rows"):
        json_rows(written(b"[" + b"1," * MAX_ROWS + b"1]"))


def test_file_that_unpacks_to_more_than_a_machine_should_hold_is_refused(written):
    bomb = gzip.compress(b" " * (MAX_BYTES + 1))
    assert len(bomb) < MAX_BYTES / 100
    with pytest.raises(UnreadableFile, match="larger than 64 MiB"):
        json_rows(written(bomb))


def test_broken_gzip_is_refused(written):
    packed = gzip.compress(json.dumps(ROWS).encode())
    for content in (packed[:-4], packed[:20], packed[:12] + b"\x00\xff\x00" + packed[15:], b"\x1f\x8b"):
        with pytest.raises(UnreadableFile, match="gzip"):
            json_rows(written(content))


def test_text_in_another_encoding_is_refused(written):
    for content in ('["caf\u00e9"]'.encode("cp1252"), '["café"]'.encode("utf-16"), gzip.compress(b'["\xff"]')):
        with pytest.raises(UnreadableFile, match="UTF-8"):
            json_rows(written(content))
