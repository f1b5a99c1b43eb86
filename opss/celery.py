"""Worker and beat. The web process never imports this: what it wants done it writes as rows."""

from __future__ import annotations

import logging
import os
from types import TracebackType
from typing import Any

from celery import Celery, signals
from django.conf import settings

from kernel import trace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opss.settings")

log = logging.getLogger("opss.tasks")

app = Celery("opss")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.task_prerun.connect
def _begin(task_id: str, task: Any, kwargs: dict[str, Any], **signal: Any) -> None:
    """Lines that a task causes carry its name and id, and the case where it was given one."""
    task.request.traced = trace.begin(task_id, task=task.name, case=str(kwargs.get("reference", "")))


@signals.task_postrun.connect
def _end(task: Any, **signal: Any) -> None:
    trace.end(task.request.traced)


@signals.task_failure.connect
def _failed(exception: BaseException, traceback: TracebackType | None, **signal: Any) -> None:
    log.error("failed", exc_info=(type(exception), exception, traceback))


# A worker says so every two seconds while it hears the broker, beat whenever it could hand over a tick.
@signals.heartbeat_sent.connect
@signals.after_task_publish.connect
def _is_alive(**signal: Any) -> None:
    """Leaves a sign of life for `python -m opss.probe`, which asks how old it is."""
    if settings.ALIVE_FILE:
        settings.ALIVE_FILE.touch()
