"""Several people acting at the same moment, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Barrier, Thread
from typing import Any

from django.db import connection, connections

# Seconds after which somebody who acts is taken to be stuck. Nothing takes as long, however busy the machine is.
LONG = 120


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each answered or raised, all started together. For tests with real transactions."""
    start, results = Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        try:
            start.wait()
            results[number] = acts[number]()
        except Exception as error:  # noqa: BLE001 (whatever it is, the test says so)
            results[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)
    return results


def outcomes(*acts: Callable[[], Any]) -> list[str]:
    """How each ended, sorted: 'done', or the name of what it raised."""
    return sorted(type(result).__name__ if isinstance(result, Exception) else "done" for result in at_once(*acts))


class Meanwhile:
    """Somebody who acts on a connection of their own while a test goes on, step by step and without luck."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._answer: Future[Any] = Future()
        self._backend: Future[int] = Future()
        Thread(target=self._run, args=(act,), daemon=True).start()

    def _run(self, act: Callable[[], Any]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = '{LONG // 4}s'")
                cursor.execute("SELECT pg_backend_pid()")
                self._backend.set_result(cursor.fetchone()[0])
            self._answer.set_result(act())
        except Exception as error:  # noqa: BLE001 (whatever it is, the test says so)
            self._answer.set_exception(error)
        finally:
            connections.close_all()

    def waits(self) -> None:
        """Come back as soon as they wait for what this thread holds; AssertionError where they never had to."""
        backend = self._backend.result(LONG)
        with connection.cursor() as cursor:
            while not wait([self._answer], timeout=0.01).done:
                cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted)", [backend])
                if cursor.fetchone()[0]:
                    return
        raise AssertionError(f"They waited for nothing, and are done: {self._answer.result()!r}")

    def answer(self) -> Any:
        """What came of it; what it raised is raised here."""
        return self._answer.result(LONG)
