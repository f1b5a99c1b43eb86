"""Several workers at once, workers that die, and a web process that knows no broker."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from kernel import clock
from notify import hooks, services, tasks
from notify.models import Delivery, Notice
from tests.factories.accounts import UserFactory, person
from tests.factories.incidents import reported
from tests.factories.notify import NoticeFactory, claimed

WORKERS = 4


@pytest.fixture
def asked(monkeypatch):
    """How often each case was asked for: once for each delivery."""
    counts: Counter[str] = Counter()

    def answer(user, references):
        counts.update(references)
        return set(references)

    monkeypatch.setattr(hooks, "_may_see", {"TST-": answer})
    return counts


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_deliver_each_notice_once(asked):
    recipient = UserFactory()
    for number in range(60):
        NoticeFactory(recipient=recipient, about=f"TST-{number}")
    start = Barrier(WORKERS)

    def work(_: int) -> None:
        try:
            start.wait()
            tasks.deliver_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    assert Notice.objects.filter(delivered_at__isnull=False, attempts=1).count() == 60
    assert set(asked.values()) == {1}


@pytest.mark.django_db(transaction=True)
def test_notice_of_a_worker_that_died_is_delivered_once_by_another(asked):
    notice = NoticeFactory()
    now = clock.now()

    def claim_and_die() -> None:
        claimed(now)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(claim_and_die).result()
    with clock.at(now + services.INBOX.lease - timedelta(seconds=1)):
        tasks.deliver_due()
    notice.refresh_from_db()
    assert notice.delivered_at is None
    with clock.at(now + services.INBOX.lease):
        tasks.deliver_due()
    notice.refresh_from_db()
    assert (notice.delivered_at, notice.attempts) == (now + services.INBOX.lease, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("cases", [1, 8])
def test_delivery_takes_the_same_queries_however_much_each_reader_is_told(cases, django_assert_num_queries):
    abouts = [reported().reference for _ in range(cases)]
    Notice.objects.all().delete()
    for reader in (person("imt.duty"), person("viewer")):
        for about in (*abouts, ""):
            NoticeFactory(recipient=reader, about=about)
    notices = services.notices_claim(now=clock.now(), most=50)
    with django_assert_num_queries(11):
        services.notices_deliver(notices)
    assert Notice.objects.filter(delivered_at__isnull=False).count() == len(notices) == 2 * (cases + 1)
    assert Delivery.objects.count() == len(notices)


@pytest.mark.django_db(transaction=True)
def test_two_transactions_that_tell_of_one_event_make_one_notice():
    recipient = UserFactory()
    start = Barrier(2)

    def tell(_: int) -> None:
        try:
            start.wait()
            with transaction.atomic():
                services.notice_queue(
                    "issue.reported", to=[recipient], about="", title="Reported", body="", url="/", key="one"
                )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(tell, range(2)))
    assert Notice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_notice_cannot_be_queued_apart_from_its_change():
    with pytest.raises(RuntimeError, match="share the transaction"):
        services.notice_queue("issue.reported", to=[], about="", title="", body="", url="/", key="one")


def test_web_process_never_loads_the_broker():
    """So no page waits for a broker that is away: whatever is to be done is a row."""
    program = (
        "import sys, django; django.setup(); from opss import wsgi; from django.urls import get_resolver;"
        "get_resolver().url_patterns; print([m for m in ('celery', 'kombu') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
