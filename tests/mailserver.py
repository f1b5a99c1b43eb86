"""A mail server of our own on this machine, that refuses, puts off and hangs up as a test tells it to."""

from __future__ import annotations

import socketserver
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from threading import Thread


@dataclass
class MailServer:
    """`answers[address]` is what RCPT of it is answered; `after_data` what a message is; `log_in` what AUTH is.

    With `hangs_up` the line ends when a message was taken in and before it is answered: nobody knows what became of it.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    after_data: str = "250 taken"
    greeting: str = "220 ready"
    hangs_up: bool = False
    connections: int = 0
    taken: list[Message] = field(default_factory=list)

    def to(self) -> dict[str, list[Message]]:
        """The messages that were taken, by recipient."""
        found = defaultdict(list)
        for message in self.taken:
            found[str(message["To"])].append(message)
        return dict(found)


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        told = self.server.told
        told.connections += 1
        self._say(told.greeting)
        while line := self.rfile.readline().decode().strip():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "RCPT":
                    address = rest.partition("<")[2].partition(">")[0]
                    self._say(told.answers.get(address, "250 fine"))
                case "DATA":
                    if self._data(told):
                        return
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 fine")

    def _data(self, told: MailServer) -> bool:
        """Takes a message in; whether the line ends after it."""
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        if told.hangs_up:
            return True
        if told.after_data.startswith("2"):
            told.taken.append(message_from_bytes(b"".join(lines), policy=default))
        self._say(told.after_data)
        return False

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    told: MailServer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serves until the block ends."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.told = MailServer(port=server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.told
        finally:
            server.shutdown()
            thread.join()
