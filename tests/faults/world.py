"""A whole service that can be killed: its own PostgreSQL and broker, real worker and clock, and a time that is ours."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2

from opss import demo
from opss.embedded.processes import dies_with_parent
from opss.embedded.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0  # seconds; a machine under load starts a worker in ten, and one under much load in thirty
POLL = 0.03
IN_DJANGO = "import django; django.setup(); from tests.faults import scenario; scenario.{}()"


class World:
    """One database of `stack`, with worker and clock that live in the time which the file says."""

    def __init__(self, stack: Stack, folder: Path, database: str) -> None:
        self.stack, self.folder = stack, folder
        self.clock_file, self.mail = folder / "now", folder / "mail"
        self.url = stack.postgres.url.rsplit("/", 1)[0] + f"/{database}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.moment = datetime.min
        self._connection: psycopg2.extensions.connection | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **self.stack.environment,
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "opss.settings",
            "OPSS_ENV": "test",
            "OPSS_CLOCK_FILE": str(self.clock_file),
            "OPSS_EMAIL_URL": f"file:{self.mail}",
            "PYTHONPATH": str(ROOT),
        }

    # Time

    def set(self, moment: datetime) -> None:
        """It is `moment` now, for every process at once."""
        self.moment = moment
        fresh = self.folder / "next"
        fresh.write_text(moment.isoformat())
        fresh.replace(self.clock_file)

    def until(self, is_so: Callable[[], bool], *, pace: timedelta = timedelta()) -> None:
        """Return when it is so; meanwhile time goes on by `pace` with each look. Fails after PATIENCE."""
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, f"Still waiting after {PATIENCE} s. {self._logs()}"
            if pace:
                self.set(self.moment + pace)
            time.sleep(POLL)

    # Processes

    def start(self, *names: str) -> None:
        """Start the worker, the clock or the broker, by the commands of the demonstration."""
        commands = demo.commands(0, self.folder)
        for name in names:
            if name == "broker":
                self.stack.valkey.start()
                continue
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    commands[name],
                    cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True, preexec_fn=dies_with_parent(signal.SIGKILL),
                )  # fmt: skip

    def kill(self, *names: str) -> None:
        """`kill -9`, the worker with all its children: nobody gets to finish anything."""
        for name in names:
            if name == "broker":
                child = self.stack.valkey._child
                assert child is not None
                child.kill()
                child.wait()
            elif child := self.running.pop(name, None):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    # What stands in the database

    def asked(self, sql: str, *values: Any) -> Any:
        """The one value that the database answers; over one connection, or a fresh one where that broke."""
        try:
            return self._answer(sql, values)
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            self.hang_up()
            return self._answer(sql, values)

    def _answer(self, sql: str, values: tuple[Any, ...]) -> Any:
        if self._connection is None:
            self._connection = psycopg2.connect(self.url)
            self._connection.autocommit = True
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()[0]

    def hang_up(self) -> None:
        """Close the connection that asks."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def count(self, sql: str, *values: Any) -> int:
        return int(self.asked(sql, *values))

    def begun(self) -> int:
        return self.count("SELECT count(*) FROM command_rhythmoccurrence WHERE begun_at IS NOT NULL")

    def waiting(self) -> int:
        """What was due by now and is not done, notices and e-mails on their way included."""
        occurrences = (
            "SELECT count(*) FROM command_rhythmoccurrence WHERE cancelled_at IS NULL AND "
            "((begun_at IS NULL AND starts_at <= %s) OR (reminded_at IS NULL AND remind_at <= %s))"
        )
        cases = "SELECT count(*) FROM escalation_escalation WHERE is_current AND wakes_at <= %s"
        told = (
            "SELECT (SELECT count(*) FROM notify_notice WHERE delivered_at IS NULL AND failed_at IS NULL)"
            " + (SELECT count(*) FROM notify_delivery WHERE delivered_at IS NULL AND failed_at IS NULL)"
        )
        owed = self.count(occurrences, self.moment, self.moment) + self.count(cases, self.moment)
        return owed + self.count(told)

    def beat_at(self) -> datetime | None:
        """When the tick of the rhythm last ran, in the time of the file."""
        return self.asked("SELECT max(ran_at) FROM notify_heartbeat WHERE name = 'command.rhythm_due'")

    def until_it_ticks(self) -> None:
        """Return when worker and clock have come to the present moment."""
        asked = self.moment
        self.until(lambda: (self.beat_at() or datetime.min.replace(tzinfo=asked.tzinfo)) >= asked)

    def verdict(self) -> dict[str, Any]:
        return json.loads(self.in_django("verdict"))

    def in_django(self, name: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", IN_DJANGO.format(name)],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def _logs(self) -> str:
        ends = {log.name: log.read_text(errors="replace")[-1500:] for log in self.folder.glob("*.log")}
        return "\n".join(f"--- {name}\n{text}" for name, text in ends.items())
