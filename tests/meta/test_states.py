"""docs/states/ is made from the machines and says what they say now."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from desk.states.documents import COLUMNS, documents
from desk.states.drawing import picture
from desk.states.samples import SUBJECTS
from desk.states.telling import moves_told, others_told

FOLDER = settings.BASE_DIR / "docs" / "states"
SVG = {"svg": "http://www.w3.org/2000/svg"}


def test_files_are_in_step_with_the_code():
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert kept == documents(), "Run: make states"


def test_command_says_what_is_out_of_step_and_mends_it(settings, tmp_path, capsys):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"issue\.svg.*Run: make states"):
        call_command("draw_states", "--check")
    call_command("draw_states")
    call_command("draw_states", "--check")
    assert "7 files written" in capsys.readouterr().out


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_move_is_told_with_where_who_blockers_and_inputs(name):
    subject, text = SUBJECTS[name], documents()[f"{name}.md"]
    told = {move.name: move for move in moves_told(subject)}
    assert told.keys() == subject.machine.moves.keys()
    for move in told.values():
        assert set(move.sources) == set(move.move.authority)
        section = text.partition(f"(`{move.name}`)\n")[2].partition("\n## ")[0]
        assert all(f"`{blocked.blocker.code}`" in section for blocked in move.blockers)
        assert all(f"`{asked}`" in section for asked in move.move.form.base_fields)
        assert all(title in section for title in move.who)


def test_blockers_carry_their_paragraph_and_where_they_apply():
    text = documents()["issue.md"]
    assert "- `nnc_not_met` (IMP-2.11): No NNC criterion is met." in text
    assert "A reason in `exception_reason` lifts it." in text
    section = text.partition("(`hand_over`)\n")[2].partition("\n## ")[0]
    assert "`impact_not_assessed` (IMP-2.4)" in section
    assert "Only at: CAM, TTG." in section


@pytest.mark.parametrize("name", SUBJECTS)
def test_picture_has_a_name_a_description_and_every_edge(name):
    subject = SUBJECTS[name]
    drawn = ElementTree.fromstring(str(picture(name, subject)))
    labels = drawn.get("aria-labelledby").split()
    named = {node.get("id"): node.text for node in (*drawn.findall("svg:title", SVG), *drawn.findall("svg:desc", SVG))}
    assert drawn.get("role") == "img"
    assert [bool(named[label]) for label in labels] == [True, True]
    edges = [*moves_told(subject), *others_told(subject)]
    rings = drawn.findall("svg:circle", SVG)
    assert len(rings) == sum(len(edge.sources) for edge in edges)
    texts = {"".join(node.itertext()) for node in drawn.findall("svg:text", SVG)}
    assert {edge.label for edge in edges} <= texts
    assert not drawn.findall(".//*[@style]")  # the content security policy allows none


def test_matrix_tells_each_stage_with_a_column_a_post():
    text = documents()["matrix.md"]
    section = text.partition("(`case_conference`)")[2].partition("\n## ")[0]
    rows = {
        row.split("|")[1].strip(): [cell.strip() for cell in row.split("|")[2:-1]]
        for row in section.splitlines()
        if row.startswith("| ")
    }
    assert len(rows["door"]) == len(COLUMNS) + 1
    assert rows["Declare an incident"] == [""] * len(COLUMNS) + ["Chair of the conference"]
    assert rows["Change the chair of the conference"] == [*["yes"] * 7, *[""] * 4, "Chair of the conference"]
