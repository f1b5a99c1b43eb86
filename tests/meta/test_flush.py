import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from audit import SERVICE_CHAIN, services
from audit.models import AuditEvent
from kernel.actors import SYSTEM
from tests import flush


@pytest.mark.django_db(transaction=True)
def test_restore_empties_append_only_tables_and_brings_migrated_rows_back():
    migrated = ContentType.objects.count()
    with transaction.atomic():
        services.record("service.tested", chain=SERVICE_CHAIN, by=SYSTEM)
    ContentType.objects.all().delete()

    flush.restore(connection)

    assert AuditEvent.objects.count() == 0
    assert ContentType.objects.count() == migrated > 0
