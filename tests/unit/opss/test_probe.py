"""The command by which a container says whether it is well."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from opss import celery
from opss.embedded.processes import free_port
from opss.probe import why_unwell

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def web():
    """A web process that is ready for one host only."""

    class Ready(BaseHTTPRequestHandler):
        def do_GET(self):
            is_ready = (self.path, self.headers["Host"]) == ("/readyz", "incidents.example")
            self.send_response(200 if is_ready else 503)
            self.end_headers()
            self.wfile.write(b'{"database": "away"}')

        def log_message(self, *words):
            pass

    with HTTPServer(("127.0.0.1", 0), Ready) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("hosts", ["incidents.example", ".incidents.example, other.example"])
def test_web_that_is_ready_is_well_when_asked_by_a_host_that_it_allows(web, hosts):
    assert why_unwell({"OPSS_ALLOWED_HOSTS": hosts}, web) == ""


def test_web_that_is_not_ready_says_what_it_said(web):
    assert why_unwell({"OPSS_ALLOWED_HOSTS": "other.example"}, web) == '/readyz: 503 {"database": "away"}'


def test_web_that_is_away_is_unwell():
    assert "refused" in why_unwell({}, free_port())


def test_sign_of_life_has_to_be_there_and_fresh(tmp_path, settings):
    sign = tmp_path / "alive"
    asked = {"OPSS_ALIVE_FILE": str(sign)}
    assert "never written" in why_unwell(asked)

    settings.ALIVE_FILE = sign
    celery.signals.heartbeat_sent.send(sender=None)
    assert why_unwell(asked) == ""

    os.utime(sign, (time.time() - 90,) * 2)
    assert "90 s old" in why_unwell(asked)

    celery.signals.after_task_publish.send(sender=None)
    assert why_unwell(asked) == ""


def test_command_tells_the_reason_and_fails(tmp_path):
    environment = {"PATH": os.environ["PATH"], "OPSS_ALIVE_FILE": str(tmp_path / "alive")}
    told = subprocess.run(
        [sys.executable, "-m", "opss.probe"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (told.returncode, "never written" in told.stderr) == (1, True)
