"""What is being worked on now, so that every line of the log can say it: a request, or a task of the worker.

The facts are few and harmless on purpose: an id, an address without its query, a post, the reference of a case.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from types import MappingProxyType

Facts = Mapping[str, str | int | float]

_NOTHING: Facts = MappingProxyType({})
_facts: ContextVar[Facts] = ContextVar("trace", default=_NOTHING)


def facts() -> Facts:
    """What is known of the work in hand; empty between two pieces of work."""
    return _facts.get()


def current_id() -> str:
    """The id by which the log is searched; a new one where no work was begun, so that a fault always has one."""
    return str(facts().get("id", "")) or new_id()


def new_id() -> str:
    """An id that nobody has used: 32 hexadecimal digits, as the proxy makes them."""
    return secrets.token_hex(16)


def begin(known_as: str, **more: str) -> Token[Facts]:
    """Start a piece of work under the id `known_as`. Give what is answered to `end`."""
    return _facts.set({"id": known_as, **_said(more)})


def note(**more: str) -> None:
    """Add to what is known of the work in hand; what is empty is left out."""
    _facts.set({**facts(), **_said(more)})


def end(begun: Token[Facts]) -> None:
    """The work is done: what is logged next does not belong to it."""
    _facts.reset(begun)


@contextmanager
def about(case: str) -> Iterator[None]:
    """For tasks that work through rows of several cases: lines of the block carry this reference."""
    token = _facts.set({**facts(), **_said({"case": case})})
    try:
        yield
    finally:
        _facts.reset(token)


def _said(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}
