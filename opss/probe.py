"""`python -m opss.probe`: is this container well? Exit 0 when it is, else 1 with the reason.

A web process is asked whether it may be sent requests; worker and beat leave a sign of life in OPSS_ALIVE_FILE, which
must be fresh. It starts no Django: it runs every few seconds in every container.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

_FRESH_SECONDS = 60
_WAIT_SECONDS = 5
_PORT = 8000


def why_unwell(environment: Mapping[str, str], port: int = _PORT) -> str:
    """The reason why this place is not well, in words; empty when it is."""
    if alive := environment.get("OPSS_ALIVE_FILE"):
        return _why_silent(Path(alive))
    return _why_not_ready(environment.get("OPSS_ALLOWED_HOSTS", ""), port)


def _why_silent(sign: Path) -> str:
    try:
        age = time.time() - sign.stat().st_mtime
    except FileNotFoundError:
        return f"{sign} was never written: not started yet, or the broker is away"
    return f"{sign} is {age:.0f} s old: stuck, or the broker is away" if age > _FRESH_SECONDS else ""


def _why_not_ready(hosts: str, port: int) -> str:
    host = hosts.split(",")[0].strip().lstrip(".") or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_WAIT_SECONDS)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        answer = connection.getresponse()
        return "" if answer.status == 200 else f"/readyz: {answer.status} {answer.read(500).decode(errors='replace')}"
    except OSError as error:
        return f"/readyz: {error}"
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(why_unwell(os.environ) or 0)
