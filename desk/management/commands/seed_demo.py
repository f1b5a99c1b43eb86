"""`manage.py seed_demo`: a small believable past, so that every page has something to show."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.demonstration import seeding
from kernel.errors import NotAllowed


class Command(BaseCommand):
    help = "Put the demonstration's accounts, cases and incidents on record. Does nothing where there are cases."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = seeding.seed()
        except NotAllowed as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{made} cases are on record, four of them as incidents." if made else "Seeded already.")
