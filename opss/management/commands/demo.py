"""`make demo`: everything that a look at the product needs, until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts import demonstration
from incidents.models import Issue
from opss import demo, statics


class Command(BaseCommand):
    help = "Migrate, seed, start web, worker and clock, and serve the demonstration until Ctrl-C."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENV.env != "demonstration":
            raise CommandError("The demonstration has published log-ins: it runs with OPSS_ENV=demonstration only.")
        started, port = time.monotonic(), settings.ENV.port
        if not demo.port_is_free(port):
            raise CommandError(f"Port {port} is in use. Choose another: PORT={port + 1} make demo")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        self._prepare()
        environment = {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "OPSS_SECRET_KEY": settings.SECRET_KEY,
            "DATA_DIR": str(settings.DATA_DIR),
        }
        crew = demo.Crew(logs=settings.DATA_DIR / "logs", environment=environment)
        try:
            crew.start(demo.commands(port, settings.DATA_DIR), cwd=settings.BASE_DIR)
            crew.wait_until_ready(port)
            self._say(f"\nReady after {time.monotonic() - started:.0f} s: http://127.0.0.1:{port}/\n")
            self._introduce()
            crew.watch()
        except demo.ChildDied as death:
            raise CommandError(f"{death}\nEverything else is being stopped.") from death
        finally:
            _ignore_signals()
            crew.stop()
            self._say("Stopped.")

    def _prepare(self) -> None:
        self._say(f"Data: {settings.DATA_DIR}")
        call_command("migrate", interactive=False, verbosity=0)
        if statics.collect_when_changed():
            self._say("Collected the files of the pages.")
        demonstration.seed()
        if not Issue.objects.exists():
            self._say("Making the demonstration's cases ...")
            call_command("seed_demo")
        connections.close_all()

    def _introduce(self) -> None:
        self._say(f"Log-ins, all with the password {demonstration.PASSWORD}\n")
        for post in demonstration.POSTS:
            self._say(f"  {demonstration.email_of(post):<40} {demonstration.POST_TITLES[post]}")
        self._say("\nCtrl-C stops everything that was started.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _stop(number: int, frame: FrameType | None) -> None:
    # One request is enough: a second one would cut the stopping short.
    _ignore_signals()
    sys.exit(0)


def _ignore_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
