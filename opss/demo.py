"""The processes of the demonstration: web, worker and clock, started together and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from opss.embedded import commands as embedded
from opss.embedded.processes import dies_with_parent

QUEUES = "default,delivery,reports"
_READY_SECONDS = 90
_STOP_SECONDS = 15


class ChildDied(Exception):
    """One of the processes ended by itself. The message names it and shows the end of its log."""


def port_is_free(port: int) -> bool:
    """Whether the web process could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def commands(port: int, data_dir: Path) -> dict[str, list[str]]:
    """What is started, by name. Sync workers, each with its persistent database connection: see docs/adr/0001."""
    python, celery = [sys.executable, "-m"], ["celery", "-A", "opss.celery"]
    return {
        "web": [
            *python, "gunicorn", "opss.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "3",
            "--preload", "--graceful-timeout", "5",
        ],
        "worker": [*python, *celery, "worker", "--queues", QUEUES, "--concurrency", "2", "--loglevel", "INFO"],
        "clock": [*python, *celery, "beat", "--schedule", str(data_dir / "beat-schedule"), "--pidfile="],
    }  # fmt: skip


@dataclass
class Crew:
    """The running processes. Their logs are in `logs`."""

    logs: Path
    environment: Mapping[str, str]
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, what: Mapping[str, list[str]], *, cwd: Path) -> None:
        """Start every process in a session of its own, so that Ctrl-C reaches only us and we stop them in order."""
        self.logs.mkdir(parents=True, exist_ok=True)
        for name, command in what.items():
            with (self.logs / f"{name}.log").open("wb") as log:
                self._children[name] = subprocess.Popen(
                    command,
                    cwd=cwd, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True, preexec_fn=dies_with_parent(signal.SIGTERM),
                )  # fmt: skip

    def check(self) -> None:
        """Raise ChildDied when one of them is no longer there."""
        for name, child in self._children.items():
            if (code := child.poll()) is not None:
                log = self.logs / f"{name}.log"
                tail = log.read_text(errors="replace")[-3000:]
                raise ChildDied(f"The {name} process ended with {code}. The end of {log}:\n{tail}")
        for servers in embedded.serving:
            if died := servers.died():
                raise ChildDied(f"The {died} ended by itself.")

    def wait_until_ready(self, port: int) -> None:
        """Return when the web process says that it may be sent requests."""
        deadline = time.monotonic() + _READY_SECONDS
        while not _answers_ready(port):
            self.check()
            if time.monotonic() > deadline:
                raise ChildDied(f"The web process was not ready after {_READY_SECONDS} s; see {self.logs}")
            time.sleep(0.1)

    def watch(self) -> None:
        """Stay until a process dies (ChildDied) or a signal asks us to go."""
        while True:
            self.check()
            time.sleep(0.25)

    def stop(self) -> None:
        """Ask all to finish what they hold; whoever does not in time is killed with all it started."""
        for child in self._children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for child in self._children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def _answers_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
