"""The same key from several clients at the same time: the change happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from kernel import references
from kernel.errors import Conflict
from kernel.models import Counter
from rest import services
from rest.models import IdempotentAnswer
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def count() -> services.Answer:
    return services.Answer(201, f'{{"number": {references.number_next("PROBE")}}}', {})


def once(user, act=count):
    try:
        return services.answer_once(user_id=user.pk, key="k", request_digest="d", act=act, visible=set)
    finally:
        connection.close()


def test_same_key_at_once_is_done_once_and_everybody_gets_the_answer():
    user, start = UserFactory(), Barrier(6)

    def send(_: int) -> services.Answer:
        start.wait()
        return once(user)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert {answer.body for answer in answers} == {'{"number": 1}'}
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * 5
    assert Counter.objects.get(key="PROBE").value == 1


def test_second_does_the_work_when_the_first_is_refused():
    user, first_is_in, second_waits = UserFactory(), Event(), Event()

    def refuse() -> services.Answer:
        count()
        first_is_in.set()
        second_waits.wait(5)
        raise Conflict("Not now")

    def first() -> str:
        with pytest.raises(Conflict):
            once(user, refuse)
        return "refused"

    def second() -> services.Answer:
        first_is_in.wait(5)
        second_waits.set()
        return once(user)

    with ThreadPoolExecutor(2) as pool:
        refused, done = pool.submit(first), pool.submit(second)
        assert refused.result() == "refused"
        assert done.result() == services.Answer(201, '{"number": 1}', {})


def test_waiting_for_the_same_key_ends_with_a_conflict(monkeypatch):
    monkeypatch.setattr(services, "WAIT", "50ms")
    user, release, first_is_in = UserFactory(), Event(), Event()

    def slow() -> services.Answer:
        first_is_in.set()
        release.wait(10)
        return count()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(once, user, slow)
        first_is_in.wait(5)
        with pytest.raises(Conflict) as refused:
            pool.submit(once, user).result()
        release.set()
        assert first.result().replayed is False
    assert refused.value.code == "still_working"


def test_answer_is_never_stored_without_its_change():
    user = UserFactory()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        services.answer_once(user_id=user.pk, key="k", request_digest="d", act=count, visible=set)
        raise ZeroDivisionError
    assert (IdempotentAnswer.objects.count(), Counter.objects.filter(key="PROBE").count()) == (0, 0)


def test_waits_after_the_key_are_not_cut_short():
    user = UserFactory()

    def timeout() -> services.Answer:
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            return services.Answer(200, cursor.fetchone()[0], {})

    assert once(user, timeout).body == "0"
