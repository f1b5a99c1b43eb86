"""Read a file of other regulators' notices: `manage.py import_notices FILE --source cpsc`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from intake.importers import SOURCES
from intake.importers.base import UnreadableFile
from intake.importers.run import Rejects, run
from kernel import clock

UNREADABLE = 2


class Command(BaseCommand):
    help = "Import other regulators' notices as issues. The same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, help=f"the kind of file: {', '.join(SOURCES)}")
        parser.add_argument("--dry-run", action="store_true", help="try everything, keep nothing")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="where refused rows go, with their reasons")

    def handle(self, *, file: Path, source: str, dry_run: bool, rejects: Path | None, **options: Any) -> None:
        if source not in SOURCES:
            raise CommandError(f"There is no source '{source}'. Known: {', '.join(SOURCES)}")
        chosen = SOURCES[source]
        try:
            rows = chosen.read(file)
        except UnreadableFile as error:
            raise CommandError(str(error), returncode=UNREADABLE) from None
        try:
            with Rejects(rejects or _rejects_path(file), keep_empty=rejects is not None) as refused:
                tally = run(chosen, rows, rejects=refused, keep=not dry_run, quiet=options["verbosity"] == 0)
        except OSError as error:
            raise CommandError(f"Rejected rows cannot be written: {error}") from None
        if doubles := len(rows) - tally.read:
            self.stdout.write(f"{doubles} rows repeat the number of another and were taken together with it")
        if refused.any:
            self.stdout.write(f"Rejected rows and reasons: {refused.path}")
        if dry_run:
            self.stdout.write("Nothing was kept: this was a dry run")
        self.stdout.write(str(tally))


def _rejects_path(file: Path) -> Path:
    return settings.DATA_DIR / "imports" / f"{file.name}-{clock.now():%Y%m%dT%H%M%S%fZ}.jsonl"
