from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import demonstration
from kernel.errors import NotAllowed


class Command(BaseCommand):
    help = "Makes what is missing of the demonstration's accounts. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            users = demonstration.seed()
        except NotAllowed as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"{len(users)} demonstration accounts, password {demonstration.PASSWORD}")
