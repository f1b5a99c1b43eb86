"""A report on paper: tagged, accessible, and harmless whatever somebody typed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from command import services
from tests.factories.command import at_status, draft, incident
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db

HOSTILE = '*bold* #read("/etc/passwd") $x^2$ = Heading\n- item @ref <label> \\ \u202edetrever\u202c \x07 `raw` // end'


@pytest.fixture
def cast() -> Cast:
    return Cast()


def text_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF as a reader's program takes it out."""
    if shutil.which("pdftotext") is None:
        pytest.skip("install poppler-utils to read the text of a PDF")
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout


def claims_ua(pdf: bytes) -> bool:
    return b"<pdfuaid:part>1</pdfuaid:part>" in pdf and b"/MarkInfo" in pdf


def test_an_issued_report_prints_as_pdf_ua_with_its_language_and_title(cast):
    pdf = services.sitrep_pdf(at_status(cast, "issued"))
    assert pdf.startswith(b"%PDF-")
    assert claims_ua(pdf)
    assert b"/Lang(en-GB)" in pdf
    assert b"/DisplayDocTitle true" in pdf


def test_the_same_report_prints_the_same_bytes(cast):
    sitrep = at_status(cast, "issued")
    assert services.sitrep_pdf(sitrep) == services.sitrep_pdf(sitrep)


def test_what_it_says_can_be_taken_out_as_text(cast, tmp_path):
    sitrep = at_status(cast, "issued", headline="A recall begins today")
    text = text_of(services.sitrep_pdf(sitrep), tmp_path)
    for said in (sitrep.reference, "A recall begins today", "OFFICIAL", "Cleared by Head of IMT", sitrep.sha256):
        assert said in text


def test_markup_is_text_and_reads_no_file(cast, tmp_path):
    case = incident(cast, title='#read("/etc/passwd") *title*')
    sitrep = draft(cast, case, harm=HOSTILE)
    pdf = services.sitrep_pdf(sitrep)
    assert claims_ua(pdf)
    text = text_of(pdf, tmp_path)
    assert '#read("/etc/passwd") *title*' in text
    assert '*bold* #read("/etc/passwd") $x^2$ = Heading' in text
    assert "root:" not in text
    assert "Draft: not issued" in text


def test_marks_that_turn_the_text_round_are_shown_by_name(cast, tmp_path):
    text = text_of(services.sitrep_pdf(draft(cast, incident(cast), harm=HOSTILE)), tmp_path)
    assert "[U+202E]detrever[U+202C] [U+0007]" in text
    assert "\u202e" not in text


def test_right_to_left_text_prints(cast, tmp_path):
    pdf = services.sitrep_pdf(draft(cast, incident(cast), harm="Warning: مرحبا"))
    assert claims_ua(pdf)
    assert "Warning:" in text_of(pdf, tmp_path)


def test_a_character_that_no_font_has_still_prints_without_the_claim(cast):
    pdf = services.sitrep_pdf(draft(cast, incident(cast), harm="Unknown: \U00010ffd? \U0001f9ff \U000130f3"))
    assert pdf.startswith(b"%PDF-")


def test_a_superseded_report_says_by_which_on_paper_too(cast, tmp_path):
    sitrep = at_status(cast, "superseded")
    assert f"Superseded by {sitrep.incident.reference}/SR-002" in text_of(services.sitrep_pdf(sitrep), tmp_path)


def test_a_word_wider_than_the_page_breaks_and_loses_nothing(cast, tmp_path):
    word = "https://recalls.example/" + "0123456789" * 60
    pdf = services.sitrep_pdf(at_status(cast, "issued", harm=word))
    assert claims_ua(pdf)
    lines = [line.strip() for line in text_of(pdf, tmp_path).splitlines()]
    assert max(map(len, lines)) < 130
    assert word in "".join(lines).replace("\u200b", "")
