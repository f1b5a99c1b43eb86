"""The measuring itself, with the database of `bench.__main__` in the environment: grow, serve, measure, print."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench import cases, dataset
from bench.floor import Floor
from bench.measuring import EACH, ROUNDS, WARM_UP, measure
from opss import statics

READY_SECONDS = 30


def main(port: int, sizes: list[int]) -> None:
    """Print the lines of every size, the smallest first, over one data set that grows."""
    call_command("migrate", interactive=False, verbosity=0)
    statics.collect_when_changed()
    for size in sizes:
        started = time.monotonic()
        dataset.grow_to(size)
        dataset.settle()
        print(f"{size} issues on record after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
        with _served(port) as address:
            for line in lines_of(address, size=size):
                print(line, flush=True)


def lines_of(address: str, *, size: int, rounds: int = ROUNDS, each: int = EACH) -> Iterator[str]:
    """Measure every case at `address`, which serves the database that we are connected to."""
    clients = cases.clients_for(address)
    template = dataset.REFERENCE.format(size - 1)
    floor = Floor(_dsn(), reader=cases.reader_id(), template=template)
    try:
        measured = cases.cases_for(clients, floor, size=size, writes=rounds * each + WARM_UP)
        times = measure(measured, rounds=rounds, each=each)
    finally:
        floor.close()
        clients.close()
    for name, found in times.items():
        yield found.line(name, size)


def _dsn() -> str:
    connection.ensure_connection()
    parameters = connection.get_connection_params()
    named = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if name in parameters}
    return " ".join(f"{name}='{value}'" for name, value in named.items())


@contextmanager
def _served(port: int) -> Iterator[str]:
    """Our own gunicorn: two sync workers, as many as there are floors."""
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "gunicorn", "opss.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "2",
        "--preload", "--log-level", "warning",
    ]  # fmt: skip
    web = subprocess.Popen(command, cwd=settings.BASE_DIR)
    try:
        _wait_until_ready(web, address)
        yield address
    finally:
        web.terminate()
        web.wait(15)


def _wait_until_ready(web: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and web.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The web process was not ready after {READY_SECONDS} s")
