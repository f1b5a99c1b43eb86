from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import selectors, services
from govuk import when
from kernel.actors import SYSTEM


class Command(BaseCommand):
    help = "Makes a new token for the account and prints the key alone on the last line. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--post", help="the post that the token acts as; by default the first they hold")
        parser.add_argument("--name", default="", help="what the token is for")

    def handle(self, *args: Any, email: str, post: str | None, name: str, **options: Any) -> None:
        user = selectors.user_by_email(email)
        if user is None:
            raise CommandError(f"No active account has the address {email}.")
        token, key = services.token_create(user_id=user.pk, by=SYSTEM, name=name, post=post)
        self.stderr.write(f"It works until {when.london(token.expires_at)}.")
        self.stdout.write(key)
