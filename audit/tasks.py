"""What beat asks of the record."""

from __future__ import annotations

from celery import shared_task

from audit import services


@shared_task(name="audit.seal", ignore_result=True)
def seal() -> None:
    services.seal()
