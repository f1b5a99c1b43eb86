"""Is the process alive, and may it be sent requests? For load balancers, `make demo` and operators."""

from __future__ import annotations

from functools import cache

import psycopg2
import redis
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from notify import selectors as notify

_BROKER_SECONDS = 0.5
_AWAY = (DatabaseError, InterfaceError, psycopg2.Error)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all: it asks nobody."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """503 when the database is away or migrations are unapplied. A broker away and a clock that is late are named, with
    what is late, but are no reason to refuse: pages work without them.
    """
    database, is_ready = _database()
    state: dict[str, object] = {"database": database, "broker": _broker()}
    if is_ready:
        late = notify.late_names(clock.now())
        state |= {"clock": "late", "late": late} if late else {"clock": "ok"}
    return JsonResponse(state, status=200 if is_ready else 503)


def _database() -> tuple[str, bool]:
    # A connection of its own, because a kept one to a database that hangs would hang too; this one gives up in time.
    probe = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        applied = MigrationRecorder(probe).applied_migrations()
    except _AWAY:
        return "away", False
    finally:
        probe.close()
    if _shipped_migrations() - applied.keys():
        return "migrations unapplied", False
    return "ok", True


@cache  # the files change only with a new release, which is a new process
def _shipped_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _broker() -> str:
    # A client of its own, because Celery's would retry for longer than a probe waits.
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_connect_timeout=_BROKER_SECONDS, socket_timeout=_BROKER_SECONDS
    )
    with client:
        try:
            client.ping()
        except redis.RedisError:
            return "degraded"
    return "ok"
