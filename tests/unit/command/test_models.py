"""What the tables of command allow: the moves of a report exactly, and what the database refuses."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from django_fsm import can_proceed

from command.enums import SectionKey, SitrepStatus
from command.ladder import SITREP_MOVES
from command.models import Group, Sitrep, SitrepSection
from kernel import clock
from tests.factories.command import at_status, draft, incident
from tests.factories.ladder import Cast

ALLOWED = {
    ("draft", "submit"),
    ("in_review", "return_to_authors"),
    ("in_review", "approve"),
    ("approved", "issue"),
    ("issued", "correct"),
    ("issued", "supersede"),
    ("draft", "withdraw"),
    ("in_review", "withdraw"),
    ("approved", "withdraw"),
}


def _steps() -> set[str]:
    return {transition.name for transition in Sitrep().get_all_status_transitions()}


def test_reports_move_exactly_as_agreed():
    got = {
        (status, step)
        for status, step in product(SitrepStatus.values, _steps())
        if can_proceed(getattr(Sitrep(status=status), step), check_conditions=False)
    }
    assert got == ALLOWED


def test_every_transition_is_a_move_but_superseding_which_the_issue_of_a_correction_makes():
    assert {move.step or name for name, move in SITREP_MOVES.items()} == _steps() - {"supersede"}


def test_every_move_names_who_may_make_it_for_exactly_its_sources():
    for name, move in SITREP_MOVES.items():
        sources = {status for status, step in ALLOWED if step == (move.step or name)}
        assert set(move.authority) == sources, name


def test_section_keys_are_the_fourteen_in_their_order():
    assert SectionKey.values == [
        "headline", "situation", "harm", "product", "risk", "done_and_next", "measures", "media_and_lines", "ministers",
        "partners_and_nations", "resources", "decisions_wanted", "equality", "next_report",
    ]  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _refused(sql: str, *params: object) -> str:
    with pytest.raises((InternalError, IntegrityError)) as refusal, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
    return str(refusal.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "issued_text = issued_text || ' '",
        "sha256 = repeat('0', 64)",
        "figures = '{\"issues\": 99}'",
        "as_of = as_of + interval '1 hour'",
        "issued_as = 'Somebody else'",
        "number = number + 1",
        "second_check = 'due'",
        "status = 'draft', issued_at = NULL, issued_by_id = NULL, issued_as = '', issued_text = '', sha256 = ''",
    ],
)
def test_raw_sql_cannot_change_what_was_issued(cast, change):
    sitrep = at_status(cast, "issued")
    _refused(f"UPDATE command_sitrep SET {change} WHERE id = %s", sitrep.pk)
    assert Sitrep.objects.get(pk=sitrep.pk).issued_text == sitrep.issued_text


@pytest.mark.django_db
def test_raw_sql_cannot_bring_a_superseded_report_back(cast):
    sitrep = at_status(cast, "superseded")
    assert "update rows" in _refused("UPDATE command_sitrep SET status = 'issued' WHERE id = %s", sitrep.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["in_review", "approved", "issued", "superseded", "withdrawn"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE command_sitrepsection SET body = 'other' WHERE sitrep_id = %s AND key = 'harm'",
        "DELETE FROM command_sitrepsection WHERE sitrep_id = %s AND key = 'harm'",
        "INSERT INTO command_sitrepsection (sitrep_id, key, position, title, body) VALUES (%s, 'harm', 99, 'x', 'y')",
    ],
)
def test_sections_are_fixed_once_the_report_is_no_draft(cast, status, sql):
    sitrep = at_status(cast, status)
    assert "only while" in _refused(sql, sitrep.pk)


@pytest.mark.django_db
def test_a_section_cannot_be_moved_into_an_issued_report(cast):
    case = incident(cast)
    issued = at_status(cast, "issued", case)
    later = draft(cast, case)
    assert "only while" in _refused(
        "UPDATE command_sitrepsection SET sitrep_id = %s, position = 50 WHERE sitrep_id = %s AND key = 'harm'",
        issued.pk,
        later.pk,
    )


@pytest.mark.django_db
def test_reports_and_their_authors_are_never_deleted(cast):
    sitrep = draft(cast, incident(cast))
    assert "delete rows" in _refused("DELETE FROM command_sitrepauthor WHERE sitrep_id = %s", sitrep.pk)
    SitrepSection.objects.filter(sitrep=sitrep).delete()
    assert "delete rows" in _refused("DELETE FROM command_sitrep WHERE id = %s", sitrep.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "status = 'issued'",
        "issued_text = 'x', sha256 = encode(sha256('x'), 'hex')",
        "status = 'lost'",
        "number = 0",
        "supersedes_id = id",
    ],
)
def test_a_draft_cannot_look_issued(cast, change):
    sitrep = draft(cast, incident(cast))
    _refused(f"UPDATE command_sitrep SET {change} WHERE id = %s", sitrep.pk)


@pytest.mark.django_db
def test_a_second_open_draft_is_refused_by_the_database(cast):
    sitrep = draft(cast, incident(cast))
    with pytest.raises(IntegrityError, match="command_sitrep_one_open"), transaction.atomic():
        Sitrep.objects.create(
            incident=sitrep.incident, number=9, as_of=clock.now(), opened_at=clock.now(), updated_at=clock.now()
        )


@pytest.mark.django_db
def test_a_group_stands_with_a_purpose_and_an_exit(cast):
    case = incident(cast)
    group = Group.objects.filter(incident=case).first()
    with pytest.raises(IntegrityError, match="command_group_purpose_and_exit"), transaction.atomic():
        Group.objects.filter(pk=group.pk).update(exit_strategy="")
    with pytest.raises(IntegrityError, match="command_group_one_scg"), transaction.atomic():
        Group.objects.filter(incident=case).update(kind="scg")
