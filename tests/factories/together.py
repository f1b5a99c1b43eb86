"""Several people acting at the same moment, each on a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connections


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
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def outcomes(*acts: Callable[[], Any]) -> list[str]:
    """How each ended, sorted: 'done', or the name of what it raised."""
    return sorted(type(result).__name__ if isinstance(result, Exception) else "done" for result in at_once(*acts))
