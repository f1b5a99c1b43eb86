from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import services
from kernel.actors import SYSTEM
from kernel.errors import DomainError


class Command(BaseCommand):
    help = "Opens an account, such as that of the first operator. Then give it a password: changepassword EMAIL."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--post", action="append", default=[], help="a post that they hold from today; repeatable")
        parser.add_argument("--service", action="store_true", help="for a program: tokens only, never a password")

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str, post: list[str], service: bool, **options: Any) -> None:
        try:
            user = services.account_open(email=email, name=name, by=SYSTEM, is_service=service)
            for code in post:
                services.holding_start(post=code, user_id=user.pk, by=SYSTEM)
        except DomainError as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"Opened an account for {user.email}")
