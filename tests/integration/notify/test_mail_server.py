"""Against a real conversation with a mail server: what it takes, puts off, refuses, and when the line ends."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection

from kernel import clock
from notify import hooks, letters, services, tasks
from notify.enums import WhyNot
from notify.models import Delivery
from opss.addresses import email_settings
from opss.embedded.processes import free_port
from tests.factories.notify import DeliveryFactory
from tests.mailserver import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_seen(monkeypatch):
    monkeypatch.setattr(hooks, "_may_see", {"TST-": lambda user, references: set(references)})
    monkeypatch.setattr(hooks, "_may_quote", {"TST-": lambda references: dict.fromkeys(references, "A case")})


def use(settings, port: int) -> None:
    for name, value in email_settings(f"smtp://127.0.0.1:{port}").items():
        setattr(settings, name, value)
    settings.EMAIL_TIMEOUT = 5


@pytest.fixture
def server(settings):
    with mail_server() as server:
        use(settings, server.port)
        yield server


def in_time(until_free: Delivery):
    """The moment at which a row that was put off may be tried again."""
    until_free.refresh_from_db()
    return clock.at(until_free.claimed_until)


def test_emails_of_one_tick_go_over_one_connection(server):
    emails = DeliveryFactory.create_batch(3)
    tasks.send_due()
    assert server.connections == 1
    assert server.to().keys() == {email.notice.recipient.email for email in emails}
    assert {message["Message-ID"] for message in server.taken} == {letters.message_id(email) for email in emails}
    assert Delivery.objects.filter(delivered_at__isnull=False, attempts=1).count() == 3


def test_tick_with_nothing_to_send_opens_no_connection(server):
    tasks.send_due()
    assert server.connections == 0


def test_recipient_that_is_put_off_is_tried_again_and_holds_up_nobody(server):
    grey, other = DeliveryFactory(notice__recipient__email="grey@opss.example"), DeliveryFactory()
    server.answers["grey@opss.example"] = "451 try again later"
    tasks.send_due()
    assert list(server.to()) == [other.notice.recipient.email]
    server.answers.clear()
    tasks.send_due()
    assert len(server.taken) == 1
    with in_time(grey):
        tasks.send_due()
    grey.refresh_from_db()
    assert len(server.taken) == 2
    assert grey.delivered_at
    assert "451" in grey.last_error


def test_recipient_that_is_refused_for_good_is_a_dead_letter_at_once(server):
    gone, other = DeliveryFactory(notice__recipient__email="gone@opss.example"), DeliveryFactory()
    server.answers["gone@opss.example"] = "550 no such mailbox"
    tasks.send_due()
    gone.refresh_from_db()
    assert (gone.why_not, gone.attempts) == (WhyNot.REFUSED, 1)
    assert "no such mailbox" in gone.last_error
    assert list(server.to()) == [other.notice.recipient.email]


@pytest.mark.parametrize(("answer", "why_not"), [("554 no", WhyNot.REFUSED), ("452 disk full", "")])
def test_message_that_is_refused_after_it_was_read(server, answer, why_not):
    email = DeliveryFactory()
    server.after_data = answer
    tasks.send_due()
    email.refresh_from_db()
    assert email.why_not == why_not


@pytest.mark.parametrize("greeting", ["421 too busy", "554 not you"])
def test_server_that_will_not_talk_is_tried_with_one_email_a_tick_and_refuses_none(server, greeting):
    DeliveryFactory.create_batch(3)
    server.greeting = greeting
    tasks.send_due()
    assert server.connections == 1
    assert Delivery.objects.filter(failed_at__isnull=True).count() == 3
    server.greeting = "220 ready"
    tasks.send_due()
    assert len(server.taken) == 2


def test_line_that_ends_before_the_answer_sends_again_under_the_same_message_id(server):
    email = DeliveryFactory()
    server.hangs_up = True
    tasks.send_due()
    email.refresh_from_db()
    assert "Disconnected" in email.last_error
    server.hangs_up = False
    with in_time(email):
        tasks.send_due()
    assert [message["Message-ID"] for message in server.taken] == [letters.message_id(email)]


def test_server_that_is_away_is_tried_later_each_time_up_to_a_quarter_of_an_hour(settings):
    use(settings, free_port())
    email, now, waits = DeliveryFactory(), clock.now(), []
    for _ in range(services.EMAIL.most_attempts):
        with clock.at(now):
            tasks.send_due()
        email.refresh_from_db()
        if email.claimed_until:
            waits.append((email.claimed_until - now).total_seconds())
            now = email.claimed_until
    assert waits[:7] == [30, 60, 120, 240, 480, 900, 900]
    assert sum(waits) > 8 * 3600
    assert (email.attempts, email.why_not) == (services.EMAIL.most_attempts, WhyNot.GAVE_UP)
    assert "ConnectionRefusedError" in email.last_error


def test_email_whose_worker_died_before_it_went_goes_after_the_lease(server):
    email, now = DeliveryFactory(), clock.now()
    services.email_claim(now=now)
    with clock.at(now + services.EMAIL.lease - timedelta(seconds=1)):
        tasks.send_due()
    assert server.taken == []
    with clock.at(now + services.EMAIL.lease):
        tasks.send_due()
    email.refresh_from_db()
    assert (len(server.taken), email.attempts) == (1, 2)


def test_worker_that_was_slower_than_its_lease_overwrites_nothing(server):
    slow_claim_at = clock.now()
    DeliveryFactory(not_before=slow_claim_at)
    slow = services.email_claim(now=slow_claim_at)
    with clock.at(slow_claim_at + services.EMAIL.lease):
        tasks.send_due()
    first = Delivery.objects.get().delivered_at
    services.email_failed(slow, OSError("late"))
    with closing(mail.get_connection()) as outbox:
        services.email_send(slow, outbox)
    row = Delivery.objects.get()
    assert (row.delivered_at, row.last_error, row.attempts) == (first, "", 2)
    assert len({message["Message-ID"] for message in server.taken}) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_each_email_once(server):
    emails = DeliveryFactory.create_batch(24)
    start = Barrier(4)

    def work(_: int) -> None:
        try:
            start.wait()
            with closing(mail.get_connection()) as outbox:
                while email := services.email_claim(now=clock.now()):
                    services.email_send(email, outbox)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert Counter(message["Message-ID"] for message in server.taken) == Counter(map(letters.message_id, emails))


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_talks_to_the_server_so_that_others_go_on(server):
    DeliveryFactory()

    def other() -> bool:
        try:
            tasks.send_due()
            with services.one_sender() as is_ours:
                return is_ours
        finally:
            connection.close()

    with services.one_sender() as is_ours, ThreadPoolExecutor(1) as pool:
        assert (is_ours, pool.submit(other).result()) == (True, False)
    assert server.connections == 0
    tasks.send_due()
    assert len(server.taken) == 1
