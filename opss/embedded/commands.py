"""Which command gets which servers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from opss.embedded import DEFAULT_DATA_DIR
from opss.embedded.stack import Stack, running

# They read code and files only, and must work where no server can be started.
SERVERLESS = frozenset(
    {
        "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages",
        "makemigrations", "pgtrigger", "spectacular", "sqlmigrate", "startapp", "startproject", "test", "version",
    }
)  # fmt: skip
# The pair that this process uses, for the command that wants to know when it dies.
serving: list[Stack] = []
_ASKS_FOR_HELP = {"-h", "--help", "--version"}


def needs_servers(argv: Sequence[str]) -> bool:
    """Whether `manage.py`, called like this, reads or writes the database."""
    words = argv[1:]
    if not words or _ASKS_FOR_HELP & set(words):
        return False
    return words[0] not in SERVERLESS


@contextmanager
def servers_for(argv: Sequence[str]) -> Iterator[None]:
    """Put the addresses of the embedded servers into the environment for the length of a `with` block, if needed."""
    is_own_place = os.environ.get("OPSS_ENV", "demonstration") == "demonstration"
    has_database, has_broker = bool(os.environ.get("DATABASE_URL")), bool(os.environ.get("REDIS_URL"))
    lacks_broker_only = has_database and not has_broker and argv[1:2] == ["demo"]
    if not is_own_place or not needs_servers(argv) or (has_database and not lacks_broker_only):
        yield
        return
    # A polite request to stop must still stop the servers that were started for this command.
    signal.signal(signal.SIGTERM, _leave)
    data_dir = Path(os.environ.get("DATA_DIR") or DEFAULT_DATA_DIR).expanduser()
    with running(data_dir, broker_only=lacks_broker_only) as stack:
        given_broker = {"REDIS_URL": os.environ["REDIS_URL"]} if has_broker else {}
        os.environ.update(stack.environment | given_broker)
        serving.append(stack)
        yield


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
