"""The one table of notice kinds holds every kind that code queues, and no other."""

from __future__ import annotations

import ast
from enum import StrEnum
from importlib import import_module

from desk.states.samples import SUBJECTS
from notify.kinds import KINDS
from tests.meta.code import modules, text_of

MOVES = {f"{name}.{move}" for name, subject in SUBJECTS.items() for move in subject.machine.moves}


def events() -> dict[str, str]:
    """Every member of the rooms' event kinds: `IssueEvent.EDITED` to its value."""
    return {
        f"{kind.__name__}.{member.name}": member.value
        for module in modules()
        if module.name == "events.py"
        for kind in vars(import_module(".".join(module.with_suffix("").parts))).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum)
        for member in kind
    }


def named_at_the_queue() -> set[str]:
    """The kinds that stand as such where notices are queued, or are handed on as `kind=` where a module does that.

    A variable's may be any event, and that of a move any move: those are refused when they are queued.
    """
    found = set()
    for module in modules():
        tree = ast.parse(text_of(module))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        queues = [call for call in calls if ast.unparse(call.func).endswith("notice_queue")]
        kinds = [call.args[0] for call in queues if call.args]
        kinds += [word.value for call in calls if queues for word in call.keywords if word.arg == "kind"]
        found |= {kind.value for kind in kinds if isinstance(kind, ast.Constant) and "." in kind.value}
        found |= {events()[ast.unparse(kind)] for kind in kinds if ast.unparse(kind) in events()}
    return found


def test_every_kind_that_is_queued_by_name_is_in_the_table():
    assert named_at_the_queue() >= {"group.stood_up", "rhythm.begins", "incident.opened", "issue.reported"}
    assert named_at_the_queue() - KINDS.keys() == set()


def test_the_table_holds_no_kind_that_nothing_could_queue():
    # A report's second check is asked for at its issue: the only notice of a move besides its own.
    possible = named_at_the_queue() | {*events().values()} | MOVES | {"sitrep.check"}

    assert KINDS.keys() - possible == set()


def test_each_kind_has_words_of_its_own():
    assert len({kind.words for kind in KINDS.values()}) == len(KINDS)


def test_whoever_is_woken_is_asked_for_something():
    assert [name for name, kind in KINDS.items() if kind.is_urgent and not kind.asks] == []
    assert [name for name, kind in KINDS.items() if kind.asks.endswith(".")] == []


def test_nobody_is_asked_for_what_no_page_offers():
    """There is no list for the first hour, no day is set but by a move, and no conference for a case in a response."""
    asked = " ".join(kind.asks for kind in KINDS.values())
    assert [gone for gone in ("first hour", "or set another day") if gone in asked] == []
    assert "where the case is in a response already" in KINDS["issue.danger_set"].asks


def test_what_the_plan_makes_urgent_is():
    urgent = {name for name, kind in KINDS.items() if kind.is_urgent}

    assert urgent >= {
        "issue.convene_urgent_conference",
        "issue.request_case_conference",
        "incident.opened",
        "incident.you_chair",
        "clock.late",
    }
