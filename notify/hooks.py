"""What upper rooms answer for: who may see which case of theirs, what of it may be quoted outside, what is due."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User

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
    wanted = set(references)
    found = wanted & NO_CASE
    for prefix, answer in _may_see.items():
        if theirs := _starting(prefix, wanted):
            found |= answer(user, theirs) & set(theirs)
    return found


def visible_to_each(told: Iterable[tuple[User, str]]) -> set[tuple[int, str]]:
    """Of the pairs of a person and a case those, by the person's key, where they may see it; each is asked for once."""
    wanted: dict[User, set[str]] = {}
    for user, reference in told:
        wanted.setdefault(user, set()).add(reference)
    return {(user.pk, seen) for user, references in wanted.items() for seen in visible(user, references)}


MayQuote = Callable[[Collection[str]], Mapping[str, str]]

_may_quote: dict[str, MayQuote] = {}


def register_may_quote(prefix: str, answer: MayQuote) -> None:
    """`answer(references)` gives the titles of those that an e-mail, which leaves the product, may quote; one query."""
    if prefix in _may_quote:
        raise ValueError(f"{prefix} is answered for already")
    _may_quote[prefix] = answer


def quotable(references: Iterable[str]) -> dict[str, str]:
    """The titles of those of the references that may be quoted outside the product; of no case it is empty.

    What no room answers for may not be quoted.
    """
    wanted = set(references)
    titles = dict.fromkeys(wanted & NO_CASE, "")
    for prefix, answer in _may_quote.items():
        if theirs := _starting(prefix, wanted):
            titles |= {reference: title for reference, title in answer(theirs).items() if reference in theirs}
    return titles


def _starting(prefix: str, references: Collection[str]) -> list[str]:
    return sorted(reference for reference in references if reference.startswith(prefix))


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
