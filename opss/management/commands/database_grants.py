from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection, transaction

GRANTS = settings.BASE_DIR / "deploy" / "database-grants.sql"


class Command(BaseCommand):
    help = "Says what the role opss_app of web, worker and beat may do. Run by the owner after each migrate."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(GRANTS.read_text(encoding="utf-8"))
        except ProgrammingError as error:
            hint = "Run it as the role that owns the tables, after deploy/database-roles.sql"
            raise CommandError(f"{error}{hint}") from error
        self.stdout.write("opss_app may do what deploy/database-grants.sql says")
