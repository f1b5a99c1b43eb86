"""What a state machine is made of, as data: moves with their authority, inputs, guards and effects.

A guard looks at the facts before anything was typed; an input guard looks at the facts and the inputs together. Both
answer with a `Blocker` or nothing, query nothing and never read free text. The offers of a page, the refusals of the
REST interface and the generated documents are all made from these records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from govuk.forms import GovukForm
from kernel.actors import Actor
from moves.forms import with_acting_reason


@dataclass(frozen=True)
class Blocker:
    """One reason why a move cannot be made now.

    `cites` is the plan's paragraph or None. `override` names the input that lifts it when the caller gives a reason
    there. `field` names the input it is about. `mend` names the page that mends it (see `Machine.mend_urls`).
    """

    code: str
    message: str
    cites: str | None = None
    override: str | None = None
    field: str = ""
    mend: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message, "cites": self.cites, "override": self.override}

    def as_need(self) -> dict[str, Any]:
        """The same as something that an offer asks for."""
        return {"code": self.code, "field": self.field, "message": self.message, "cites": self.cites}


@dataclass(frozen=True)
class InputGuard:
    """A required input whose absence has a code of its own, so that it is answered with all the other blockers.

    `blocks(facts, inputs)` tells whether it blocks; `wanted(facts)` whether an offer names it among its needs.
    """

    code: str
    field: str
    message: str
    blocks: Callable[[Any, Mapping[str, Any]], bool]
    cites: str | None = None
    wanted: Callable[[Any], bool] = lambda facts: True

    def blocker(self) -> Blocker:
        return Blocker(self.code, self.message, self.cites, field=self.field)

    def need(self) -> dict[str, Any]:
        return self.blocker().as_need()


@dataclass(frozen=True)
class Holders:
    """Who may: the holders (or acting deputies) of these posts, and these people whatever their post."""

    posts: tuple[str, ...] = ()
    people: frozenset[int] = frozenset()

    def __or__(self, other: Holders) -> Holders:
        return Holders(tuple(dict.fromkeys(self.posts + other.posts)), self.people | other.people)

    def include(self, actor: Actor) -> bool:
        return actor.post in self.posts or (actor.user_id in self.people and not actor.is_stranger)


@dataclass(frozen=True)
class Authority:
    """A rule of who may make a move. `title` is how people call them; `holders(facts)` who that is now."""

    title: str
    holders: Callable[[Any], Holders]

    def __or__(self, other: Authority) -> Authority:
        return Authority(f"{self.title} or {other.title}", lambda facts: self.holders(facts) | other.holders(facts))


@dataclass(frozen=True)
class Warn:
    """Something to know before the move is made. It never blocks; it is recorded with the move."""

    code: str
    message: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Move:
    """One move: its inputs, and per source state who may make it.

    `meaning` is one sentence for the page, `cites` the plan's paragraph that the move rests on. `lookups` turn a
    reference in the inputs into the row that the actor may know of, or None. `also_chains` are the further audit chains
    that a move of these facts and inputs writes to. `step` names the model's transition where the move's own name is no
    Python name. `asked_of_some` are inputs that only those are asked who owe them, by the input that an offer then
    names among its needs. Every form asks those who act in somebody's place why they do (`moves.standing`).
    """

    form: type[GovukForm]
    authority: Mapping[str, Authority]
    meaning: str
    guards: tuple[Callable[[Any], Blocker | None], ...] = ()
    input_guards: tuple[InputGuard, ...] = ()
    warnings: Callable[[Any], Iterable[Warn]] = lambda facts: ()
    outcomes: tuple[str, ...] = ()
    cites: str | None = None
    lookups: Mapping[str, Callable[[str, Actor], Any]] = field(default_factory=dict)
    also_chains: Callable[[Any, Mapping[str, Any]], Iterable[str]] = lambda facts, inputs: ()
    step: str = ""
    asked_of_some: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "form", with_acting_reason(self.form))


Effect = Callable[["Making"], Mapping[str, Any] | None]


@dataclass
class Making:
    """One move being made: handed to the effect, which may add to `facts_recorded` by what it returns."""

    name: str
    move: Move
    subject: Any
    facts: Any
    inputs: Mapping[str, Any]
    by: Actor
    at: datetime
    source: str
    target: str
    warnings: list[Warn] = field(default_factory=list)
    acting_reason: str = ""


@dataclass(frozen=True)
class Machine:
    """A state machine: where its row is, how it is locked, what is known of it and what its moves do.

    `find` answers the row as the actor may see it or raises NotFound; `lock` does the same under row locks, in the
    order issue, climb, incident, report. `touch` saves the row and raises the version of the representation; it may put
    another row in its place (`making.subject`), with which the move goes on. `chain` is the reference of the case that
    the row belongs to, `url` the page of the row.
    """

    name: str
    state_field: str
    moves: Mapping[str, Move]
    find: Callable[[str, Actor], Any]
    lock: Callable[[str, Actor], Any]
    facts: Callable[[Any, Actor], Any]
    touch: Callable[[Making], None]
    version: Callable[[Any], int]
    chain: Callable[[Any], str]
    url: Callable[[Any], str]
    effects: Mapping[str, Effect] = field(default_factory=dict)

    def state(self, subject: Any) -> str:
        return getattr(subject, self.state_field)

    def step(self, subject: Any, name: str) -> Any:
        """The model's transition behind a move, bound to the row."""
        return getattr(subject, self.moves[name].step or name)

    def transition(self, subject: Any, name: str) -> Any:
        """The transition's data: `custom` holds its `label`, and where the target is not fixed, where it leads.

        `done` is what is said of it once it is made, `opens` names the state that a new row begins in, `back_to` the
        column that remembers the state before, `leads_to` the attribute of the row that says where the move leads now.
        """
        return next(iter(self.step(subject, name)._django_fsm.transitions.values()))

    def target(self, subject: Any, name: str) -> str:
        """The state in which the move leaves the case."""
        transition = self.transition(subject, name)
        if "opens" in transition.custom:
            return transition.custom["opens"]
        if named := transition.custom.get("back_to") or transition.custom.get("leads_to"):
            return getattr(subject, named)
        return transition.target or self.state(subject)
