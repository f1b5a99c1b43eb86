"""What upper rooms answer for: who may see which case of theirs, what of it may be quoted outside, what is due."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from accounts.models import User

_Answer = TypeVar("_Answer")
MaySee = Callable[[User, Collection[str]], set[str]]

_may_see: dict[str, MaySee] = {}
NO_CASE = frozenset({"", "service"})


def register_may_see(prefix: str, answer: MaySee) -> None:
    """`answer(user, references)` gives those of the references that the user may see; all start with `prefix`.

    It is asked for a whole page at once, so that it can answer in a constant number of queries.
    """
    if prefix in _may_see:
        raise ValueError(f"{prefix} is answered for already")
    _may_see[prefix] = answer


def visible(user: User, references: Iterable[str]) -> set[str]:
    """Those of the references that the user may see now. What no room answers for, nobody sees."""
    return _answered(_may_see, references, lambda answer, theirs: answer(user, theirs))


def visible_to_each(told: Iterable[tuple[User, str]]) -> set[tuple[int, str]]:
    """Of the pairs of a person and a case those, by the person's key, where they may see it; each is asked for once."""
    wanted: dict[User, set[str]] = {}
    for user, reference in told:
        wanted.setdefault(user, set()).add(reference)
    return {(user.pk, seen) for user, references in wanted.items() for seen in visible(user, references)}


MayQuote = Callable[[Collection[str]], set[str]]

_may_quote: dict[str, MayQuote] = {}


def register_may_quote(prefix: str, answer: MayQuote) -> None:
    """`answer(references)` gives those whose titles may stand in an e-mail, which leaves the product; one query."""
    if prefix in _may_quote:
        raise ValueError(f"{prefix} is answered for already")
    _may_quote[prefix] = answer


def quotable(references: Iterable[str]) -> set[str]:
    """Those of the references that may be quoted outside the product. What no room answers for may not."""
    return _answered(_may_quote, references, lambda answer, theirs: answer(theirs))


def _answered(
    answers: Mapping[str, _Answer], references: Iterable[str], ask: Callable[[_Answer, list[str]], set[str]]
) -> set[str]:
    wanted = set(references)
    found = wanted & NO_CASE
    for prefix, answer in answers.items():
        if theirs := sorted(reference for reference in wanted if reference.startswith(prefix)):
            found |= ask(answer, theirs) & set(theirs)
    return found


@dataclass(frozen=True)
class Due:
    """Work of one kind that was due by the moment asked about and is not done: how many pieces, and when the oldest
    fell due (None when there are none). `what` names them in words: 'Notices on their way to an inbox'.
    """

    count: int
    oldest_at: datetime | None
    what: str


AskDue = Callable[[datetime], Due]
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Watched:
    """A kind of due work, and how long it may be overdue before somebody is woken."""

    ask: AskDue
    patience: timedelta


_due: dict[str, Watched] = {}


def register_due(name: str, ask: AskDue, *, patience: timedelta = PATIENCE) -> None:
    """`ask(now)` says what of a room's work was due and is not done, in one cheap query; `name` is `room.work`.

    The watcher asks each minute and warns when the oldest is overdue by more than `patience`.
    """
    if name in _due:
        raise ValueError(f"{name} is watched already")
    _due[name] = Watched(ask, patience)


def due_work() -> dict[str, Watched]:
    """Every kind of due work that is watched, in the order of its name."""
    return dict(sorted(_due.items()))
