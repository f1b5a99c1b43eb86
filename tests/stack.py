"""pytest plugin: a throw-away PostgreSQL and Valkey for the test run, unless DATABASE_URL names a server.

It is loaded by `-p` and works at import, because pytest-django reads the settings before any hook of a conftest runs.
The workers of xdist inherit the addresses; pytest-django makes a database for each of them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from opss.embedded.stack import Stack

os.environ["OPSS_ENV"] = "test"


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="opss-tests-"))
    folder.chmod(0o711)  # the unprivileged account that runs PostgreSQL for root has to pass through
    stack = Stack(folder, durable=False)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(stack.leave)
    stack.join()
    os.environ.update(stack.environment)


if "DATABASE_URL" not in os.environ:
    _start()
