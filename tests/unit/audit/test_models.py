"""The database itself refuses to rewrite the record, whoever asks."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit import services
from audit.models import AccessLog, AuditEvent, Chain, Checkpoint, CheckpointHead, EventFacts
from kernel.actors import SYSTEM
from kernel.models import AppendOnlyError

pytestmark = pytest.mark.django_db

WRITTEN_ONCE = [AuditEvent, EventFacts, AccessLog, Checkpoint, CheckpointHead]


@pytest.fixture(autouse=True)
def _one_row_of_each():
    services.record("issue.reported", chain="ISS-2026-00042", by=SYSTEM, title="Kettle")
    services.access_record(by=SYSTEM, about="ISS-2026-00042", what="issue page")
    services.seal()
    connection.check_constraints()


def _refused(sql: str, match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("model", WRITTEN_ONCE, ids=lambda model: model.__name__)
def test_update_of_a_row_written_once_is_refused(model):
    table, column = model._meta.db_table, model._meta.pk.column
    _refused(f"UPDATE {table} SET {column} = {column}", "Cannot update or delete")
    with pytest.raises(AppendOnlyError):
        model.objects.update(pk=1)
    with pytest.raises(AppendOnlyError):
        model.objects.first().save()


@pytest.mark.parametrize("model", WRITTEN_ONCE, ids=lambda model: model.__name__)
def test_delete_of_a_row_written_once_is_refused(model):
    _refused(f"DELETE FROM {model._meta.db_table}", "Cannot update or delete")
    with pytest.raises(AppendOnlyError):
        model.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        model.objects.first().delete()


@pytest.mark.parametrize("model", [*WRITTEN_ONCE, Chain], ids=lambda model: model.__name__)
def test_truncate_is_refused(model):
    _refused(f"TRUNCATE {model._meta.db_table} CASCADE", "never emptied")


@pytest.mark.parametrize(
    "change",
    [
        "length = length - 1",
        "head = repeat('a', 64)",
        "key = 'ISS-2026-00099'",
        "sealed_length = 0",
        "length = length - 1, head = repeat('a', 64)",
    ],
)
def test_chain_that_would_not_grow_is_refused(change):
    _refused(f"UPDATE audit_chain SET {change} WHERE key = 'ISS-2026-00042'", "Cannot update")


def test_chain_delete_is_refused():
    _refused("DELETE FROM audit_chain", "Cannot delete")


def test_second_event_at_one_position_is_refused():
    event = AuditEvent.objects.get(chain_key="ISS-2026-00042")
    event.pk, event._state.adding = None, True
    with pytest.raises(IntegrityError, match="one_per_position"), transaction.atomic():
        event.save()
