"""Tampering of every kind is named; redaction and honest work are not."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit import SERVICE_CHAIN, canonical, services
from audit.models import AuditEvent, Chain
from audit.verification import verify
from kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db

ISSUE, OTHER = "ISS-2026-00042", "ISS-2026-00043"


@contextmanager
def _as_owner_of_the_database():
    """A cursor that the triggers do not stop, as somebody with every right would have it."""
    connection.check_constraints()  # those that wait for the end of the transaction, before rows vanish under them
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def _tamper(sql: str, *params: object) -> None:
    with _as_owner_of_the_database() as cursor:
        cursor.execute(sql, params)
        assert cursor.rowcount, "the tampering touched nothing"


def _forge_from(chain: str, position: int, change: Callable[[dict], None]) -> None:
    """Change one event and hash everything after it anew, the chain's row included, so that the chain fits again."""
    with _as_owner_of_the_database() as cursor:
        previous = None
        for event in AuditEvent.objects.filter(chain_key=chain, position__gte=position).order_by("position"):
            text = json.loads(event.canonical)
            if event.position == position:
                change(text)
            written = canonical._encode(text)
            previous_hash = previous or event.previous_hash
            previous = canonical.event_hash(previous_hash, written)
            cursor.execute(
                "UPDATE audit_auditevent SET canonical = %s, previous_hash = %s, hash = %s, kind = %s WHERE id = %s",
                [written, previous_hash, previous, text["kind"], event.pk],
            )
        cursor.execute("UPDATE audit_chain SET head = %s WHERE key = %s", [previous, chain])


@pytest.fixture(autouse=True)
def _a_record():
    """Two cases of five and two events, as the service would have left them."""
    for number in range(5):
        services.record("issue.edited", chain=ISSUE, by=SYSTEM, version=number, title=f"Kettle {number}", number=number)
        if number < 2:
            services.record("issue.edited", chain=OTHER, by=SYSTEM)


def _where(case: str | None = None) -> tuple[str, int] | None:
    fault = verify(case).fault
    return (fault.chain, fault.position) if fault else None


def test_verify_untouched_record_fits():
    services.seal()
    verdict = verify()
    assert verdict.fault is None
    assert (verdict.events, verdict.chains, verdict.redacted, verdict.checkpoints) == (10, 3, 0, 1)
    assert verdict.service_head == Chain.objects.get(key=SERVICE_CHAIN).head


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (
            "UPDATE audit_auditevent SET canonical = replace(canonical, 'issue', 'essue')",
            "text or its hash was changed",
        ),
        ("UPDATE audit_auditevent SET hash = repeat('a', 64)", "text or its hash was changed"),
        ("UPDATE audit_auditevent SET previous_hash = repeat('a', 64)", "text or its hash was changed"),
        ("UPDATE audit_auditevent SET kind = 'issue.closed'", "its kind was changed"),
        ("UPDATE audit_auditevent SET at = at - interval '1 microsecond'", "its at was changed"),
        ("UPDATE audit_auditevent SET recorded_at = recorded_at + interval '1 day'", "its recorded_at was changed"),
        ("UPDATE audit_auditevent SET version = 99", "its version was changed"),
        ("UPDATE audit_auditevent SET version = NULL", "its version was changed"),
    ],
)
def test_verify_edited_event_is_named(sql, why):
    _tamper(f"{sql} WHERE chain_key = %s AND position = 3", ISSUE)
    fault = verify().fault
    assert (fault.chain, fault.position) == (ISSUE, 3)
    assert why in fault.why


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ('facts = facts || \'{"title": "Toaster"}\'', "its fact title was changed"),
        ('salts = salts || \'{"title": "00"}\'', "its fact title was changed"),
        ("salts = salts || '{\"title\": 5}'", "its fact title was changed"),
        ('facts = facts || \'{"number": "2"}\'', "its fact number was changed"),
        ("facts = facts - 'title', salts = salts - 'title'", "added, taken out or renamed"),
        ("facts = facts || '{\"price\": 1}'", "added, taken out or renamed"),
        ("facts = '[]'", "added, taken out or renamed"),
    ],
)
def test_verify_edited_facts_are_named(change, why):
    event = AuditEvent.objects.get(chain_key=ISSUE, position=3)
    _tamper(f"UPDATE audit_eventfacts SET {change} WHERE event_id = %s", event.pk)
    fault = verify().fault
    assert (fault.chain, fault.position) == (ISSUE, 3)
    assert why in fault.why


@pytest.mark.parametrize("salts", ['{"a": "00"}', "{}", '{"b": "00"}', "[]"])
def test_verify_facts_put_beside_an_event_that_had_none_are_named(salts):
    event = AuditEvent.objects.get(chain_key=OTHER, position=2)
    _tamper(f"INSERT INTO audit_eventfacts VALUES (%s, '{{\"a\": 1}}', '{salts}')", event.pk)
    assert _where() == (OTHER, 2)


def test_verify_redacted_facts_are_counted_and_fit():
    _tamper("DELETE FROM audit_eventfacts USING audit_auditevent e WHERE e.id = event_id AND position < 3")
    verdict = verify()
    assert (verdict.fault, verdict.redacted, verdict.events) == (None, 2, 9)


@pytest.mark.parametrize("position", [1, 3])
def test_verify_deleted_event_is_named(position):
    _tamper("DELETE FROM audit_auditevent WHERE chain_key = %s AND position = %s", ISSUE, position)
    assert _where() == (ISSUE, position)


def test_verify_deleted_event_with_the_later_ones_moved_up_is_named():
    _tamper("DELETE FROM audit_auditevent WHERE chain_key = %s AND position = 3", ISSUE)
    for position in (4, 5):
        _tamper(
            "UPDATE audit_auditevent SET position = position - 1 WHERE chain_key = %s AND position = %s",
            ISSUE,
            position,
        )
    fault = verify().fault
    assert (fault.chain, fault.position) == (ISSUE, 3)
    assert "written as event 4" in fault.why


def test_verify_inserted_event_is_named():
    """A forged sixth event that follows well on the fifth, which the chain's own row never saw."""
    last = AuditEvent.objects.get(chain_key=ISSUE, position=5)
    text = json.loads(last.canonical) | {"position": 6, "facts": {}}
    written = canonical._encode(text)
    _tamper(
        "INSERT INTO audit_auditevent"
        " (chain_key, position, kind, at, recorded_at, version, canonical, previous_hash, hash)"
        " SELECT chain_key, 6, kind, at, recorded_at, version, %s, hash, %s FROM audit_auditevent WHERE id = %s",
        written,
        canonical.event_hash(last.hash, written),
        last.pk,
    )
    fault = verify().fault
    assert (fault.chain, fault.position) == (ISSUE, 6)
    assert "put in" in fault.why


def test_verify_events_that_changed_places_are_named():
    for old, new in ((2, 99), (3, 2), (99, 3)):
        _tamper("UPDATE audit_auditevent SET position = %s WHERE chain_key = %s AND position = %s", new, ISSUE, old)
    fault = verify().fault
    assert (fault.chain, fault.position) == (ISSUE, 2)
    assert "written as event 3" in fault.why


def test_verify_event_moved_to_another_chain_is_named():
    _tamper(
        "UPDATE audit_auditevent SET chain_key = %s, position = 3 WHERE chain_key = %s AND position = 5", OTHER, ISSUE
    )
    assert _where(OTHER) == (OTHER, 3)
    assert _where(ISSUE) == (ISSUE, 5)


def test_verify_cut_tail_is_named():
    _tamper("DELETE FROM audit_auditevent WHERE chain_key = %s AND position > 3", ISSUE)
    fault = verify().fault
    assert (fault.chain, fault.position) == (ISSUE, 4)
    assert "missing at the end" in fault.why


def _cut_tail_and_mend_its_row() -> None:
    third = AuditEvent.objects.get(chain_key=ISSUE, position=3)
    _tamper("DELETE FROM audit_auditevent WHERE chain_key = %s AND position > 3", ISSUE)
    _tamper("UPDATE audit_chain SET head = %s, length = 3, sealed_length = 3 WHERE key = %s", third.hash, ISSUE)


@pytest.mark.parametrize("case", [None, ISSUE])
def test_verify_cut_tail_with_its_row_mended_contradicts_the_checkpoint(case):
    checkpoint = services.seal()
    _cut_tail_and_mend_its_row()
    fault = verify(case).fault
    assert (fault.chain, fault.position) == (ISSUE, 4)
    assert f"checkpoint {checkpoint.pk} sealed 5 events" in fault.why


@pytest.mark.parametrize("case", [None, ISSUE])
def test_verify_rewritten_chain_contradicts_the_checkpoint(case):
    services.seal()
    _forge_from(ISSUE, 2, lambda text: None)
    assert _where(case) is None, "the forgery must fit when nothing was changed, or this test shows nothing"
    _forge_from(ISSUE, 2, lambda text: text.update(kind="issue.closed"))
    fault = verify(case).fault
    assert (fault.chain, fault.position) == (ISSUE, 5)
    assert "was rewritten" in fault.why


def test_verify_edited_chain_head_is_named():
    _tamper("UPDATE audit_chain SET head = repeat('a', 64) WHERE key = %s", ISSUE)
    assert _where() == (ISSUE, 5)


@pytest.mark.parametrize("case", [None, ISSUE])
def test_verify_dropped_chain_is_named(case):
    _tamper("DELETE FROM audit_auditevent WHERE chain_key = %s", ISSUE)
    fault = verify(case).fault
    assert (fault.chain, fault.position) == (ISSUE, 1)
    assert "all 5 events" in fault.why


@pytest.mark.parametrize("case", [None, ISSUE])
def test_verify_chain_dropped_with_its_row_is_named_by_the_service_chain(case):
    _tamper("DELETE FROM audit_auditevent WHERE chain_key = %s", ISSUE)
    _tamper("DELETE FROM audit_chain WHERE key = %s", ISSUE)
    fault = verify(case).fault
    assert (fault.chain, fault.position) == (ISSUE, 1)
    assert "whole chain was dropped" in fault.why


@pytest.mark.parametrize("case", [None, ISSUE])
def test_verify_chain_row_alone_dropped_is_named(case):
    _tamper("DELETE FROM audit_chain WHERE key = %s", ISSUE)
    assert _where(case) == (ISSUE, 1)


@pytest.mark.parametrize("case", [None, "ISS-2026-00099"])
def test_verify_chain_that_was_never_opened_is_named(case):
    _tamper(
        "INSERT INTO audit_chain (key, head, length, sealed_length) VALUES ('ISS-2026-00099', repeat('0', 64), 0, 0)"
    )
    assert _where(case) == ("ISS-2026-00099", 1)


def test_verify_service_chain_dropped_with_its_row_is_named():
    _tamper("DELETE FROM audit_auditevent WHERE chain_key = %s", SERVICE_CHAIN)
    _tamper("DELETE FROM audit_chain WHERE key = %s", SERVICE_CHAIN)
    fault = verify().fault
    assert (fault.chain, fault.position) == (ISSUE, 1)
    assert "opened 0 times" in fault.why


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_checkpoint SET digest = repeat('a', 64)",
        "DELETE FROM audit_checkpointhead WHERE chain_key = 'ISS-2026-00042'",
        "DELETE FROM audit_checkpointhead",
        "DELETE FROM audit_checkpoint",
        "INSERT INTO audit_checkpoint (at, digest) SELECT at, digest FROM audit_checkpoint",
    ],
)
def test_verify_changed_checkpoint_is_named(sql):
    services.seal()
    _tamper(sql)
    fault = verify().fault
    assert fault.chain == SERVICE_CHAIN
    assert "is not what the service chain says of it" in fault.why


@pytest.mark.parametrize("text", ["nonsense", "[]", '{"format":2}', '{"format":1}'])
def test_verify_text_that_is_no_event_is_named(text):
    _tamper(
        "UPDATE audit_auditevent SET canonical = %s, hash = encode(sha256((previous_hash || %s)::bytea), 'hex')"
        " WHERE chain_key = %s AND position = 3",
        text,
        text,
        ISSUE,
    )
    assert _where() == (ISSUE, 3)


def test_verify_one_case_does_not_look_at_others():
    _tamper("DELETE FROM audit_auditevent WHERE chain_key = %s AND position = 2", OTHER)
    verdict = verify(ISSUE)
    assert (verdict.fault, verdict.events, verdict.chains) == (None, 5, 1)


def test_verify_audit_command_counts_what_fits():
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue().startswith("9 events in 3 chains fit (0 without their facts, 0 checkpoints)")


def test_verify_audit_command_exits_1_and_names_the_event():
    _tamper("UPDATE audit_auditevent SET version = 99 WHERE chain_key = %s AND position = 3", ISSUE)
    out = StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("verify_audit", case=ISSUE, stdout=out)
    assert exit_.value.code == 1
    assert out.getvalue().startswith(f"The record does not fit at {ISSUE} event 3: its version was changed")


def test_verify_audit_command_unknown_case_is_refused():
    with pytest.raises(CommandError, match="knows no chain ISS-1999-00001"):
        call_command("verify_audit", case="ISS-1999-00001")
