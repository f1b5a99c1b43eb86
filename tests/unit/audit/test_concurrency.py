"""Many at once: chains stay whole, nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from audit import SERVICE_CHAIN, services
from audit.models import AuditEvent
from audit.verification import verify
from kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 12


def _at_once(work: Callable[[int], None]) -> None:
    """Run `work` in threads with connections of their own, all started together; the first error is raised here."""
    start = Barrier(THREADS)

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, range(THREADS)))


def _positions(chain: str) -> list[int]:
    return list(AuditEvent.objects.filter(chain_key=chain).order_by("position").values_list("position", flat=True))


def test_first_events_of_one_case_at_once_open_its_chain_once():
    @transaction.atomic
    def report(number: int) -> None:
        services.record("issue.edited", chain="ISS-2026-00042", by=SYSTEM, number=number)

    _at_once(report)
    assert _positions("ISS-2026-00042") == list(range(1, THREADS + 1))
    assert _positions(SERVICE_CHAIN) == [1]
    assert verify().fault is None


def test_cases_opened_edited_and_sealed_at_once_leave_whole_chains():
    def work(number: int) -> None:
        for turn in range(4):
            with transaction.atomic():
                services.record("issue.reported", chain=f"ISS-2026-{number:05d}", by=SYSTEM, turn=turn)
            with transaction.atomic():
                services.record("issue.edited", chain=f"ISS-2026-{(number + 1) % THREADS:05d}", by=SYSTEM)
                services.record("post.held", chain=SERVICE_CHAIN, by=SYSTEM)
            services.seal()

    _at_once(work)
    services.seal()
    verdict = verify()
    assert verdict.fault is None
    assert verdict.chains == THREADS + 1
    assert verdict.events == THREADS * 4 * 3 + THREADS + verdict.checkpoints


def test_who_finds_a_case_just_opened_by_another_takes_its_chain_before_that_of_the_service():
    """Both rows in one statement: the one just made is missing from its snapshot, and must not be locked last."""

    def work(_number: int) -> None:
        for turn in range(20):
            with transaction.atomic():
                services.record("issue.edited", chain=f"ISS-2026-{turn:05d}", by=SYSTEM)
                services.record("post.held", chain=SERVICE_CHAIN, by=SYSTEM)

    _at_once(work)
    verdict = verify()
    assert verdict.fault is None
    assert verdict.events == THREADS * 20 * 2 + 20


def test_two_cases_written_in_opposite_order_do_not_deadlock_when_locked_first():
    one, other = "INC-2026-0007", "ISS-2026-00042"
    with transaction.atomic():
        services.record("issue.reported", chain=other, by=SYSTEM)
        services.record("incident.declared", chain=one, by=SYSTEM)

    @transaction.atomic
    def link(number: int) -> None:
        chains = [one, other] if number % 2 else [other, one]
        services.chains_lock(*chains)
        for chain in chains:
            services.record("issue.linked", chain=chain, by=SYSTEM)

    _at_once(link)
    assert _positions(one) == _positions(other) == list(range(1, THREADS + 2))
    assert verify().fault is None
