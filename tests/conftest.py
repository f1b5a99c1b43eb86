"""What every test runs under: no network but this machine's own, and a database that tests leave as they found it."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests import flush

flush.instead_of_truncate()

# The same examples in every run, however slow the machine: what was refused once is refused again, and nothing else is.
# Others are looked for on purpose: `--hypothesis-profile=explore --hypothesis-seed=7`.
settings.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", settings.get_profile("same"), derandomize=False)
settings.load_profile("same")

# What starts processes or takes long, the longest first.
LONG = (
    "/frame/test_services_by_hand.py",
    "/faults/",
    "/browser/",
    "/unit/opss/test_embedded.py",
    "/desk/test_seed_demo.py",
    "/escalation/test_machine.py",
    "/accounts/test_demonstration.py",
)

_connect = socket.socket.connect


def _connect_here(self: socket.socket, address) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
        pytest.fail(f"A test tried to reach {address[0]}: tests use no network")
    _connect(self, address)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


socket.socket.connect = _connect_here


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, so that short ones are left for two workers to share at the end of a run."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONG) if part in item.path.as_posix()), len(LONG)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """pytest-django's databases, with the rows of the migrations put aside for the tests that commit."""
    with django_db_blocker.unblock():
        flush.remember(connection)


def pytest_terminal_summary(terminalreporter):
    """What a test says it tried (`record_property("tried", ...)`) stands at the end of the run."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    for report in reports:
        for name, said in report.user_properties:
            if name == "tried":
                terminalreporter.write_line(f"{report.nodeid}: {said}")
