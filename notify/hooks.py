"""Who may see which case: upper rooms answer for the references that they own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

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
    seen = wanted & NO_CASE
    for prefix, answer in _may_see.items():
        if theirs := sorted(reference for reference in wanted if reference.startswith(prefix)):
            seen |= answer(user, theirs) & set(theirs)
    return seen
