"""Doing a request once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import OperationalError, connection, transaction

from kernel import clock
from kernel.errors import Conflict, DomainError, NotFound
from rest.models import IdempotentAnswer

KEPT_FOR = timedelta(hours=24)
WAIT = "10s"
SWEPT_AT_ONCE = 1000


class KeyReused(DomainError):
    status, code, title = 422, "idempotency_key_reused", "This Idempotency-Key was used for something else"


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: dict[str, str]
    about: frozenset[str] = frozenset()
    replayed: bool = False


def answer_once(
    *,
    user_id: int,
    key: str,
    request_digest: str,
    act: Callable[[], Answer],
    visible: Callable[[Collection[str]], set[str]],
) -> Answer:
    """What `act` answers, or what it answered when this person's key came first.

    The answer is stored in the transaction of the change, so that neither is ever there without the other. Whoever
    sends the same key at the same time waits for the first; Conflict when that takes too long. A refusal (an error
    raised by `act`) undoes everything and stores nothing: it changed nothing, and may be tried again.

    `visible` says which cases the person may know of now. NotFound where the stored answer is about one that they no
    longer may.
    """
    with transaction.atomic():
        _key_lock(user_id, key)
        known = IdempotentAnswer.objects.filter(user_id=user_id, key=key).first()
        if known is not None:
            if known.request_digest != request_digest:
                raise KeyReused("Use a new Idempotency-Key for a new request, and send the old one unchanged")
            if not visible(known.about) >= set(known.about):
                raise NotFound("What was done with this Idempotency-Key is about a case that you may no longer read.")
            return Answer(known.status, known.body, known.headers, replayed=True)
        answer = act()
        if answer.status < 400:
            IdempotentAnswer.objects.create(
                user_id=user_id,
                key=key,
                request_digest=request_digest,
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
                about=sorted(visible(answer.about)),
                created_at=clock.now(),
            )
        else:
            transaction.set_rollback(True)
        return answer


def _key_lock(user_id: int, key: str) -> None:
    """Wait for whoever holds this key, but not for ever, and without limiting the waits that come after."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
        try:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency:{user_id}:{key}"])
        except OperationalError as error:
            raise Conflict("The first request with this key is still being worked on", code="still_working") from error
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")


def answers_sweep() -> int:
    """Remove stored answers that are older than a day. Returns how many; each batch is its own transaction."""
    swept = 0
    while True:
        old = IdempotentAnswer.objects.filter(created_at__lt=clock.now() - KEPT_FOR).values("pk")[:SWEPT_AT_ONCE]
        removed, _ = IdempotentAnswer.objects.filter(pk__in=old).delete()
        swept += removed
        if not removed:
            return swept
