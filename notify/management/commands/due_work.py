from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from kernel import clock
from notify import selectors


class Command(BaseCommand):
    help = "Says what the clock should have done and has not. Exit 1 when something is late, for a monitor; else 0."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        beats, work = selectors.beats(now), selectors.work(now)
        for beat in beats:
            ran = f"last ran {beat.ran_at:%Y-%m-%dT%H:%M:%SZ}" if beat.ran_at else "never ran"
            self._line(beat.is_late, f"{beat.name}: {ran}")
        for item in work:
            oldest = f", oldest due {item.due.oldest_at:%Y-%m-%dT%H:%M:%SZ}" if item.due.oldest_at else ""
            self._line(item.is_late, f"{item.name}: {item.due.count} due{oldest}")
        if selectors.is_late(beats, work):
            sys.exit(1)

    def _line(self, is_late: bool, text: str) -> None:
        self.stdout.write(f"{'LATE' if is_late else 'ok  '} {text}")
