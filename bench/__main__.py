"""`python -m bench`: a database of its own, data sets of the sizes in BENCH_SIZES, one JSON object a line."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg2

from opss.embedded.processes import free_port
from opss.embedded.stack import Stack

DEFAULT_SIZES = "10000,100000"


def main() -> None:
    sizes = sorted(int(size) for size in os.environ.get("BENCH_SIZES", DEFAULT_SIZES).split(","))
    with _folder() as folder, _servers(folder), _database():
        os.environ.update(
            OPSS_ENV="demonstration",
            DATA_DIR=str(folder),
            OPSS_LOG_LEVEL="WARNING",
            DJANGO_SETTINGS_MODULE="opss.settings",
        )
        django.setup()
        # What knows the product can be imported only now that the settings know the servers.
        import_module("bench.run").main(free_port(), sizes)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="opss-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the unprivileged account that runs PostgreSQL for root has to pass through
        yield folder


@contextmanager
def _servers(folder: Path) -> Iterator[None]:
    """The servers that the environment names, else embedded ones as durable as production's."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    stack = Stack(folder)
    stack.join()
    try:
        os.environ.update(stack.environment)
        yield
    finally:
        stack.leave()


@contextmanager
def _database() -> Iterator[None]:
    """A database of our own on that server, gone when we are."""
    server = os.environ["DATABASE_URL"]
    name = f"opss_bench_{os.getpid()}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        os.environ["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        yield
    finally:
        with suppress(psycopg2.OperationalError):
            _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: str, sql: str) -> None:
    connection = psycopg2.connect(urlunsplit(urlsplit(server)._replace(path="/postgres")))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        connection.close()


if __name__ == "__main__":
    main()
