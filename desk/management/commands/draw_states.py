"""`manage.py draw_states`: write docs/states/ from the machines, or with --check say what is out of step."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from desk.states.documents import documents


class Command(BaseCommand):
    help = "Writes the diagrams and tables of the state machines under docs/states/."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is out of step")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "states"
        stale = [
            name
            for name, text in documents().items()
            if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
        ]
        if options["check"]:
            if stale:
                raise CommandError(f"Out of step with the code: {', '.join(stale)}. Run: make states")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in stale:
            (folder / name).write_text(documents()[name], encoding="utf-8")
        self.stdout.write(f"{len(stale)} files written")
