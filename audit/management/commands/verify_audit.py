"""`manage.py verify_audit [--case REF]`: has anybody rewritten the record?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.verification import verify
from kernel.errors import NotFound


class Command(BaseCommand):
    help = "Recompute every audit chain; exit 1 naming the first event that does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--case", metavar="REF", help="only the chain of this case, such as ISS-2026-00042")

    def handle(self, *args: Any, case: str | None, **options: Any) -> None:
        try:
            verdict = verify(case)
        except NotFound as error:
            raise CommandError(error.detail) from error
        if verdict.fault:
            self.stdout.write(f"The record does not fit at {verdict.fault}")
            raise SystemExit(1)
        self.stdout.write(
            f"{verdict.events} events in {verdict.chains} chains fit"
            f" ({verdict.redacted} without their facts, {verdict.checkpoints} checkpoints);"
            f" the service chain ends with {verdict.service_head}"
        )
