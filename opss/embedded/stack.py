"""The pair of servers of one data folder, shared by every command that needs them.

Whoever uses the pair holds a shared lock on the folder; the last to leave stops the servers. A user that was killed
loses its lock with its life, so the servers it leaves behind are taken up, and in the end stopped, by the next one.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from opss.embedded import secrets
from opss.embedded.postgres import Postgres
from opss.embedded.valkey import Valkey


class Stack:
    """PostgreSQL and Valkey of `data_dir`. `join()` before use, `leave()` after; both may be called by many at once.

    `broker_only` is for a place that names its own database but no broker.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True, broker_only: bool = False) -> None:
        self.broker_only = broker_only
        self.data_dir = data_dir.resolve()
        self.secrets = secrets.read_or_make(self.data_dir)
        self.postgres = Postgres(self.data_dir, self.secrets.database_password, durable)
        self.valkey = Valkey(self.data_dir, self.secrets.broker_password, durable)
        self._users: IO[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to use this pair."""
        addresses = {"REDIS_URL": self.valkey.url, "DATA_DIR": str(self.data_dir)}
        return addresses if self.broker_only else {**addresses, "DATABASE_URL": self.postgres.url}

    def join(self) -> None:
        """Start what does not run and attach to what does."""
        with self._door():
            self._users = (self.data_dir / "users.lock").open("w")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                if not self.broker_only:
                    self.postgres.start()
                self.valkey.start()
            except BaseException:
                self._leave()
                raise

    def leave(self) -> None:
        """Stop the servers, unless somebody else still uses them."""
        with self._door():
            self._leave()

    def died(self) -> str:
        """The name of a server that was started here and ended by itself, with its log; empty while all is well."""
        for name, server in (("database", self.postgres), ("broker", self.valkey)):
            if server.has_died():
                return f"{name} ({server.log})"
        return ""

    def _leave(self) -> None:
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        else:
            self.valkey.stop()
            self.postgres.stop()
        finally:
            self._users.close()
            self._users = None

    @contextmanager
    def _door(self) -> Iterator[None]:
        """One comer or goer at a time, so that two starts at once make one pair."""
        with (self.data_dir / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def running(data_dir: Path, *, durable: bool = True, broker_only: bool = False) -> Iterator[Stack]:
    """The servers of `data_dir`, started if need be, for the length of a `with` block."""
    stack = Stack(data_dir, durable=durable, broker_only=broker_only)
    stack.join()
    try:
        yield stack
    finally:
        stack.leave()
