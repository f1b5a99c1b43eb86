"""What a machine says of itself: its states and its moves, with who may, what stands in the way and what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db import models
from django.db.models import TextChoices

from moves.machine import Blocker, Machine, Move

SAME, BEFORE = "the same", "the one before"


@dataclass(frozen=True)
class Subject:
    """A machine with what it runs on. `samples` are facts in which between them every guard blocks."""

    title: str
    machine: Machine
    model: type[models.Model]
    states: type[TextChoices]
    ends: Sequence[str]
    samples: Sequence[Any]


@dataclass(frozen=True)
class BlockerTold:
    """One way in which a move is blocked. `at` names the states where, when it is not wherever the move begins."""

    blocker: Blocker
    at: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """From which states one thing leads where. `targets` are empty for the state before; `to` says it in words."""

    name: str
    label: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    to: str


@dataclass(frozen=True)
class MoveTold(Edge):
    """One move: who may make it, by where it begins, and what blocks it."""

    move: Move
    who: dict[str, list[str]]
    blockers: list[BlockerTold]


def moves_told(subject: Subject) -> list[MoveTold]:
    """Every move of the machine, in the order of its table."""
    return [_told(subject, name, move) for name, move in subject.machine.moves.items()]


def others_told(subject: Subject) -> list[Edge]:
    """What changes the state without being a move of the machine: some other door makes it."""
    steps = {move.step or name for name, move in subject.machine.moves.items()}
    everything = getattr(subject.model(), f"get_all_{subject.machine.state_field}_transitions")()
    names = dict.fromkeys(transition.name for transition in everything)
    return [_edge(subject, name, name) for name in names if name not in steps]


def edge_rows(subject: Subject) -> list[tuple[str, str, str]]:
    """The picture in words: what it is, from where, to where."""
    label = _labels(subject.states)
    return [
        (edge.label, ", ".join(label[source] for source in edge.sources), edge.to)
        for edge in (*moves_told(subject), *others_told(subject))
    ]


def _told(subject: Subject, name: str, move: Move) -> MoveTold:
    edge = _edge(subject, name, move.step or name)
    who: dict[str, list[str]] = {}
    for source in edge.sources:
        who.setdefault(move.authority[source].title, []).append(source)
    return MoveTold(**vars(edge), move=move, who=who, blockers=[*_blockers(subject, move, edge.sources)])


def _edge(subject: Subject, name: str, step: str) -> Edge:
    transitions = list(getattr(subject.model, step)._django_fsm.transitions.values())
    begins = {made.source for made in transitions}
    sources = tuple(str(state) for state in subject.states.values if state in begins)
    targets, to = _leads_to(subject, transitions[0], sources)
    return Edge(name, transitions[0].custom["label"], sources, targets, to)


def _leads_to(subject: Subject, transition: Any, sources: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    label = _labels(subject.states)
    custom, target = transition.custom, transition.target
    if "opens" in custom:
        return (custom["opens"],), f"{label[custom['opens']]}, anew"
    if "back_to" in custom:
        return (), BEFORE
    if target is None or (target,) == sources:
        return sources, SAME
    if "leads_to" in custom:
        allowed = tuple(target.allowed_states)
        return allowed, " or ".join(label[state] for state in allowed)
    return (target,), label[target]


def _labels(states: type[TextChoices]) -> Mapping[str, str]:
    return {str(value): str(text) for value, text in states.choices}


def _blockers(subject: Subject, move: Move, sources: tuple[str, ...]) -> Iterable[BlockerTold]:
    """Guards say what blocks only of facts, so they are asked with the samples, at each state where the move begins."""
    for guard in move.guards:
        found: dict[str, tuple[Blocker, list[str]]] = {}
        for source in sources:
            for facts in subject.samples:
                if blocker := guard(_at(facts, subject.machine.state_field, source)):
                    _, where = found.setdefault(blocker.code, (blocker, []))
                    where += [source] if source not in where else []
        if not found:
            raise LookupError(f"No sample makes {_name(guard)} block: add one to desk.states.samples")
        for blocker, where in found.values():
            yield BlockerTold(blocker, () if len(where) == len(sources) else tuple(where))
    yield from (BlockerTold(asked.blocker(), ()) for asked in move.input_guards)


def _name(guard: Callable[..., Any]) -> str:
    return getattr(guard, "__name__", repr(guard))


def _at(facts: Any, state_field: str, state: str) -> Any:
    """The facts at another state, where they say at which they are."""
    return replace(facts, **{state_field: state}) if state_field in {field.name for field in fields(facts)} else facts
