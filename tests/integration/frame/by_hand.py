"""The services of docker-compose.yml started by their own commands, without containers.

What stands for what: the images of postgres and redis are the embedded servers; the network of compose is the loopback
addresses, where each web process has an address of its own and a small name server answers for `web`.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from opss.embedded import binaries
from opss.embedded.processes import dies_with_parent, free_port
from opss.embedded.stack import Stack
from tests.integration.frame import compose

# Where the proxy sees the caller, and what stands in the certificate.
CALLER, HOST = "127.0.0.9", "localhost"
WEB_ADDRESSES = {"web.1": "127.0.0.2", "web.2": "127.0.0.3"}
NONE: Mapping[str, str] = {}
GIVEN = {
    "OPSS_SECRET_KEY": "q7Jc2Vw9" * 8,
    "OPSS_ALLOWED_HOSTS": HOST,
    "OPSS_BASE_URL": f"https://{HOST}",
    "OPSS_EMAIL_URL": "file:/data/mail",
    "OPSS_EMAIL_FROM": "incidents@opss.example",
    "OPSS_DB_ADMIN_PASSWORD": "admin-password",
    "OPSS_DB_OWNER_PASSWORD": "owner-password",
    "OPSS_DB_APP_PASSWORD": "app-password",
    "OPSS_REDIS_PASSWORD": "replaced-by-that-of-the-embedded-server",
    "WEB_CONCURRENCY": "1",
}


def why_not() -> str:
    """Why the services cannot be started on this machine; empty when they can."""
    if sys.platform != "linux":
        return "the loopback addresses 127.0.0.2 and on are Linux's"
    if missing := [name for name in ("nginx", "openssl") if not shutil.which(name, path=_path())]:
        return f"install {' and '.join(missing)} (on Debian: nginx-light, openssl)"
    return ""


def _path() -> str:
    # Debian keeps nginx where an ordinary user does not look.
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath), "/usr/sbin"])


class Names(threading.Thread):
    """A name server that knows one name: every question is answered with `addresses`, which may grow."""

    def __init__(self, addresses: list[str]) -> None:
        super().__init__(daemon=True)
        self.addresses = addresses
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]

    def run(self) -> None:
        with contextlib.suppress(OSError):  # closed at the end of the test
            while True:
                asked, whence = self.socket.recvfrom(512)
                question = asked[12 : asked.index(0, 12) + 5]
                head = asked[:2] + struct.pack(">5H", 0x8180, 1, len(self.addresses), 0, 0)
                record = b"\xc0\x0c" + struct.pack(">2HIH", 1, 1, 1, 4)
                answers = b"".join(record + socket.inet_aton(address) for address in self.addresses)
                self.socket.sendto(head + question + answers, whence)


@dataclass
class Services:
    """Runs what compose describes. `folder` holds the logs, by service, and everything that they write."""

    folder: Path
    stack: Stack
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.described = compose.services(GIVEN)
        self.ports = {name: free_port() for name in ("web", "http", "https")}
        self.names = Names([WEB_ADDRESSES["web.1"]])
        self.names.start()

    @property
    def admin_url(self) -> str:
        return self.stack.postgres.url.rpartition("/")[0] + "/postgres"

    def url_of(self, role: str, database: str = "opss") -> str:
        password = {"opss_owner": GIVEN["OPSS_DB_OWNER_PASSWORD"], "opss_app": GIVEN["OPSS_DB_APP_PASSWORD"]}[role]
        return f"postgres://{role}:{password}@127.0.0.1:{self.stack.postgres.port}/{database}"

    def postgres_tool(self, name: str, *words: str) -> str:
        """What a program of PostgreSQL prints; it fails the test when it fails."""
        tools = binaries.postgres_binaries(self.stack.postgres.home, binaries.run_as())
        done = subprocess.run(
            [str(tools / name), *words], check=False, capture_output=True, text=True, env=binaries.SERVER_ENV
        )
        assert done.returncode == 0, (name, done.stderr[-2000:])
        return done.stdout

    def environment(self, service: str, home: Path) -> dict[str, str]:
        """What compose would give the service, with the addresses of this machine in it."""
        replaced = {
            "@postgres:5432": f"@127.0.0.1:{self.stack.postgres.port}",
            f"redis://:{GIVEN['OPSS_REDIS_PASSWORD']}@redis:6379/0": self.stack.valkey.url,
            "/tmp/": f"{home}/",
            "/data": str(self.folder / "data"),
        }
        said = {name: str(value) for name, value in self.described[service]["environment"].items()}
        for old, new in replaced.items():
            said = {name: value.replace(old, new) for name, value in said.items()}
        kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
        return {**kept, "PATH": _path(), "TMPDIR": str(home), "PYTHONUNBUFFERED": "1", **said}

    def command(self, service: str, name: str, home: Path) -> list[str]:
        """The command of compose. Two workers of one machine need names that tell them apart, as containers have."""
        words = [word.replace("%h", f"{name}-%h") for word in self.described[service]["command"]]
        return [word.replace("/tmp/", f"{home}/").replace("/etc/opss/", f"{home}/") for word in words]

    def home(self, name: str) -> Path:
        home = self.folder / name
        home.mkdir(mode=0o711, exist_ok=True)
        return home

    def run_once(self, service: str) -> str:
        """Run a one-shot service to its end, as compose does before the others."""
        home = self.home(service)
        done = subprocess.run(
            self.command(service, service, home),
            cwd=compose.ROOT, env=self.environment(service, home), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, service: str, name: str) -> None:
        """Start one process of the service; `name` tells it from its like."""
        home = self.home(name)
        environment = self.environment(service, home)
        if name in WEB_ADDRESSES:
            environment["GUNICORN_CMD_ARGS"] = f"--bind {WEB_ADDRESSES[name]}:{self.ports['web']}"
        self._spawn(name, self.command(service, name, home), environment)

    def start_proxy(self) -> None:
        """nginx with the configuration of compose: only ports, folders and the name server's address are replaced."""
        home, ports = self.home("proxy"), self.ports
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={HOST}",
             "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", home / "key.pem", "-out", home / "certificate.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
        said = (compose.ROOT / "deploy" / "nginx.conf").read_text()
        for old, new in {
            "/tmp/": f"{home}/",
            "resolver 127.0.0.11 ": f"resolver 127.0.0.1:{self.names.port} ",
            "$web:8000;": f"$web:{ports['web']};",
            "listen 8080;": f"listen 127.0.0.1:{ports['http']};",
            "listen 8443 ": f"listen 127.0.0.1:{ports['https']} ",
            "/etc/nginx/tls/": f"{home}/",
        }.items():
            assert old in said, f"deploy/nginx.conf no longer says {old!r}"
            said = said.replace(old, new)
        (home / "nginx.conf").write_text(said)
        self._spawn("proxy", self.command("proxy", "proxy", home), {"PATH": _path()})

    def kill(self, name: str) -> None:
        """End a service as a power cut would, with everything that it started."""
        child = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def scale_out(self, name: str) -> None:
        """Let the name `web` lead to another web process too, as `--scale` does."""
        self.names.addresses = [*self.names.addresses, WEB_ADDRESSES[name]]

    def kill_web(self, name: str) -> None:
        """End a web process, and return when its address refuses connections.

        While it dies it may still take one, and what was sent to it is lost: the proxy rightly repeats no write.
        """
        self.kill(name)
        self.wait("closed", lambda: not self._listens(WEB_ADDRESSES[name]))

    def _listens(self, address: str) -> bool:
        with socket.socket() as asked:
            return asked.connect_ex((address, self.ports["web"])) == 0

    def stop(self) -> None:
        """End everything. What the services said last is printed: pytest shows it when the test failed."""
        for name in list(self.running):
            print(f"== {name}\n{self.log(name)[-3000:]}")  # noqa: T201
            self.kill(name)
        self.names.socket.close()

    def log(self, name: str) -> str:
        return (self.folder / name / "log").read_text(errors="replace")

    def lines(self, name: str) -> list[dict[str, Any]]:
        """The log of a service: each line is JSON, or the test fails."""
        return [json.loads(line) for line in self.log(name).splitlines()]

    def wait(self, what: str, is_so: Callable[[], bool], seconds: float = 180) -> None:
        """Return when `is_so`; fail when it is not in time or a service ended."""
        deadline = time.monotonic() + seconds
        while not is_so():
            ended = [name for name, child in self.running.items() if child.poll() is not None]
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"not {what}; ended: {ended}")
            time.sleep(0.05)

    def _spawn(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        with (self.folder / name / "log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                command,
                cwd=compose.ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=dies_with_parent(signal.SIGKILL),
            )  # fmt: skip


@dataclass
class Answer:
    """What came back, as Django's test client shows it."""

    status_code: int
    headers: http.client.HTTPMessage
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class Browser:
    """A client over TLS that checks the certificate, sends from an address of its own and keeps cookies."""

    def __init__(self, services: Services) -> None:
        self.services, self.cookies, self.sent = services, {}, 0
        self.before: dict[int, Callable[[], None]] = {}
        self.trust = ssl.create_default_context(cafile=services.folder / "proxy" / "certificate.pem")

    def get(self, path: str, **more: Any) -> Answer:
        return self.send("GET", path, **more)

    def post(self, path: str, **more: Any) -> Answer:
        return self.send("POST", path, **more)

    def patch(self, path: str, **more: Any) -> Answer:
        return self.send("PATCH", path, **more)

    def send(
        self,
        method: str,
        path: str,
        *,
        data: str = "",
        content_type: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        self.sent += 1
        self.before.pop(self.sent, lambda: None)()
        port = self.services.ports["https"]
        said = {"Host": f"{HOST}:{port}", **(headers or {})}
        if content_type:
            said["Content-Type"] = content_type
        if self.cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPSConnection(HOST, port, timeout=90, source_address=(CALLER, 0), context=self.trust)
        with contextlib.closing(connection):
            connection.request(method, path, body=data.encode() or None, headers=said)
            answer = connection.getresponse()
            self._keep_cookies(answer)
            return Answer(answer.status, answer.headers, answer.read())

    def _keep_cookies(self, answer: http.client.HTTPResponse) -> None:
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            assert "Secure" in cookie, cookie
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value


@contextlib.contextmanager
def started(folder: Path) -> Iterator[Services]:
    """All services of compose: database and broker, `migrate` to its end, two web, two workers, beat and the proxy."""
    stack = Stack(folder, durable=False)
    stack.join()
    services = Services(folder, stack)
    try:
        services.postgres_tool("psql", "-q", "-d", services.admin_url, "-c", "DROP DATABASE opss")
        services.postgres_tool(
            "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", services.admin_url,
            "-v", f"owner_password={GIVEN['OPSS_DB_OWNER_PASSWORD']}",
            "-v", f"app_password={GIVEN['OPSS_DB_APP_PASSWORD']}",
            "-f", str(compose.ROOT / "deploy" / "database-roles.sql"),
        )  # fmt: skip
        services.run_once("migrate")
        for service, names in {"web": [*WEB_ADDRESSES], "worker": ["worker.1", "worker.2"], "beat": ["beat"]}.items():
            for name in names:
                services.start(service, name)
        services.start_proxy()
        yield services
    finally:
        services.stop()
        stack.leave()
