"""Which cases a reader may know of, and texts in which the others are not named.

The record knows no case: the room that owns references of a kind says at start-up who may know of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from kernel.actors import Actor

Row = TypeVar("Row")
Answer = Callable[[Actor, Collection[str]], set[str]]

ANOTHER = "another case"
# A case, with what follows it where a part of it is named: `INC-2026-0007/SR-012`.
_NAMED = re.compile(r"\b([A-Z]{3}-[0-9]{4}-[0-9]{4,9})(?:[/-]SR-[0-9]{3,6})?(?![0-9A-Z])", re.IGNORECASE)

_answers: dict[str, Answer] = {}


def register(prefix: str, answer: Answer) -> None:
    """Have `answer(reader, references)` say which of these references, all of `prefix`, the reader may know of.

    It is asked once for a whole page. Raises ValueError where somebody answers for `prefix` already.
    """
    if prefix in _answers:
        raise ValueError(f"{prefix} is answered for already")
    _answers[prefix] = answer


def named_in(values: Any) -> set[str]:
    """The references of cases, in capitals, that a text names, or lists and objects of texts."""
    found = {match[1].upper() for text in _texts(values) for match in _NAMED.finditer(text)}
    return {reference for reference in found if reference[:3] in _answers}


def visible(reader: Actor, references: Iterable[str]) -> set[str]:
    """Those of the references that the reader may know of; one question for each kind of case."""
    wanted = set(references)
    seen: set[str] = set()
    for prefix, answer in _answers.items():
        if theirs := sorted(reference for reference in wanted if reference.startswith(prefix)):
            seen |= answer(reader, theirs)
    return seen & wanted


def veiled(reader: Actor, values: Any) -> Any:
    """`values` (text, or lists and objects of it) with 'another case' for each case the reader may not know of.

    A constant number of queries whatever the number of texts, and none where no case is named.
    """
    named = named_in(values)
    return without(named - visible(reader, named), values)


def without(hidden: set[str], values: Any) -> Any:
    """`values` with 'another case' for each of these references. No query."""
    return _without(hidden, values) if hidden else values


def rows_veiled(reader: Actor, rows: Iterable[Row], *fields: str) -> list[Row]:
    """The rows with these texts veiled. They are for showing from then on, not for saving."""
    found = list(rows)
    texts = veiled(reader, [[getattr(row, field) for field in fields] for row in found])
    for row, told in zip(found, texts, strict=True):
        for field, text in zip(fields, told, strict=True):
            setattr(row, field, text)
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _without(hidden: set[str], value: Any) -> Any:
    if isinstance(value, str):
        return _NAMED.sub(lambda match: ANOTHER if match[1].upper() in hidden else match[0], value)
    if isinstance(value, dict):
        return {name: _without(hidden, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without(hidden, item) for item in value]
    return value
