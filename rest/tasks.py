"""What the clock does for the REST interface."""

from __future__ import annotations

from celery import shared_task

from rest import services


@shared_task(name="rest.sweep_answers", ignore_result=True)
def sweep_answers() -> None:
    services.answers_sweep()
