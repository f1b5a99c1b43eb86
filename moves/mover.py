"""The one mover: every change of state of every machine goes through `make_move`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django_fsm import can_proceed

from accounts import selectors as accounts
from audit import presenters
from audit import services as audit
from govuk import json_adapter
from govuk.forms import GovukForm
from kernel import clock
from kernel.actors import Actor
from kernel.errors import Blocked, ChangedSinceSeen, NotAllowed, NotFound, NotFromHere
from kernel.given import version_seen
from moves.machine import Authority, Blocker, Machine, Making, Move, Warn
from moves.standing import ACTING_REASON, Cover, Standing, refusal, standing_of, with_seniors
from notify import services as notify


@dataclass(frozen=True)
class Offer:
    """A move as one caller may see it now: allowed or not, why not, what it needs, what it warns of.

    `acting_for` is the post in whose place the caller may make it, with a reason; empty when it is theirs to make.
    """

    name: str
    label: str
    target: str
    move: Move
    blocked_by: list[Blocker]
    needs: list[dict[str, Any]]
    warnings: list[Warn]
    acting_for: str = ""

    @property
    def acting_for_title(self) -> str:
        return accounts.post_title(self.acting_for) if self.acting_for else ""

    @property
    def not_asked(self) -> frozenset[str]:
        """The inputs that this caller owes nobody: a page leaves them out."""
        owed = {need["field"] for need in self.needs}
        some = {ACTING_REASON: (ACTING_REASON,), **self.move.asked_of_some}
        return frozenset(name for owing, names in some.items() if owing not in owed for name in names)

    @property
    def allowed(self) -> bool:
        return not self.blocked_by

    @property
    def open_with_reason(self) -> bool:
        """Every blocker can be lifted by a reason given in the form."""
        return bool(self.blocked_by) and all(blocker.override for blocker in self.blocked_by)

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "target": self.target,
            "allowed": self.allowed,
            "acting_for": self.acting_for or None,
            "blocked_by": [blocker.as_json() for blocker in self.blocked_by],
            "needs": self.needs,
            "warnings": [warning.as_json() for warning in self.warnings],
            "fields": json_adapter.to_schema(self.move.form),
        }


def offers(machine: Machine, subject: Any, by: Actor) -> list[Offer]:
    """Every move that the present state knows, for this caller: authority first, then guards. Takes no lock."""
    facts, cover = machine.facts(subject, by), Cover()
    return [
        _offer(machine, subject, facts, name, standing_of(move.authority[machine.state(subject)], facts, by, cover))
        for name, move in machine.moves.items()
        if can_proceed(machine.step(subject, name), check_conditions=False)
    ]


def offer(machine: Machine, subject: Any, name: str, by: Actor) -> Offer:
    """The offer of one move. Raises NotFound for a move that does not exist, NotFromHere for one of another state."""
    move = move_of(machine, name)
    _require_from_here(machine, subject, name)
    facts = machine.facts(subject, by)
    return _offer(
        machine, subject, facts, name, standing_of(move.authority[machine.state(subject)], facts, by, Cover())
    )


@transaction.atomic
def make_move(machine: Machine, *, reference: str, name: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Any:
    """Make one move and answer the row as it then stands.

    `version` is the version that the caller saw; `data` the inputs as they came (a posted form or a JSON object).
    Raises, in this order: NotFound (row or move), InvalidInput (no version), ChangedSinceSeen, NotFromHere, NotAllowed
    (`not_your_move`, naming the posts that may), InvalidInput (by field), Blocked (with every blocker). A senior who
    acts in the place of a post says why in `acting_reason`; the record says so, and the holder of that post is told.
    """
    subject = machine.lock(reference, by)
    move = move_of(machine, name)
    require_version(machine, subject, version, by)
    _require_from_here(machine, subject, name)
    facts = machine.facts(subject, by)
    standing = admit(move.authority[machine.state(subject)], facts, by)
    form = json_adapter.bind(move.form, data)
    inputs = {**form.cleaned_data, **_looked_up(move, form.cleaned_data, by)}
    blockers = [*_blockers(move, facts, inputs), *input_blockers(move, facts, inputs), *standing.owes(inputs)]
    if blockers:
        raise Blocked(blockers, form=form)
    standing = standing.with_reason(inputs.pop(ACTING_REASON))
    by = standing.actor

    if also := [*move.also_chains(facts, inputs)]:
        audit.chains_lock(machine.chain(subject), *also)
    making = Making(
        name=name,
        move=move,
        subject=subject,
        facts=facts,
        inputs=inputs,
        by=by,
        at=clock.now(),
        source=machine.state(subject),
        target=machine.target(subject, name),
        warnings=list(move.warnings(facts)),
        acting_reason=standing.reason,
    )
    machine.step(subject, name)(at=making.at)
    machine.touch(making)
    subject = making.subject
    effect = machine.effects.get(name)
    made = effect(making) if effect else None
    audit.record(
        f"{machine.name}.{name}",
        chain=machine.chain(subject),
        by=by,
        at=making.at,
        version=machine.version(subject),
        **{
            "from": making.source,
            "to": making.target,
            "inputs": {key: _plain(value) for key, value in inputs.items() if value not in (None, "", [])},
            "warnings": [warning.code for warning in making.warnings],
            **standing.as_recorded(),
            **(made or {}),
        },
    )
    tell_of_acting(
        standing,
        what=label_of(machine, subject, name),
        about=machine.chain(subject),
        url=machine.url(subject),
        key=f"{machine.url(subject)}:{machine.version(subject)}:{name}:acted_for",
    )
    return subject


def move_of(machine: Machine, name: str) -> Move:
    """The move of that name. Raises NotFound when the machine has none."""
    try:
        return machine.moves[name]
    except KeyError:
        raise NotFound(f"There is no move called '{name}'.") from None


def _looked_up(move: Move, inputs: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    return {name: find(inputs[name], by) if inputs[name] else None for name, find in move.lookups.items()}


def require_version(machine: Machine, subject: Any, version: Any, by: Actor) -> None:
    """Raise InvalidInput where no version was sent, ChangedSinceSeen where it is not the present one.

    The latter says what has happened since, as far as `by` may know of it.
    """
    seen, present = version_seen(version), machine.version(subject)
    if seen != present:
        raise ChangedSinceSeen(
            f"You saw version {seen}; it is now at version {present}. See what happened since, then decide again.",
            version=present,
            changes=presenters.changes_since(machine.chain(subject), seen, by),
        )


def _require_from_here(machine: Machine, subject: Any, name: str) -> None:
    if not can_proceed(machine.step(subject, name), check_conditions=False):
        state = getattr(subject, f"get_{machine.state_field}_display")()
        label = label_of(machine, subject, name)
        raise NotFromHere(f"'{label}' is not possible from '{state}'.")


def refuse_unless(authority: Authority, facts: Any, by: Actor) -> None:
    """Raise NotAllowed `not_your_move`, naming the posts that may, unless `by` is among the holders now.

    This is for doors that decide nothing: nobody acts there in another's place.
    """
    holders = authority.holders(facts)
    if not holders.include(by):
        raise refusal(authority, holders)


def admit(authority: Authority, facts: Any, by: Actor) -> Standing:
    """How `by` may act, by right or in the place of a post.

    Raises NotAllowed `not_your_move`, which names the posts that may, and says that a senior owes a reason.
    """
    standing = standing_of(authority, facts, by, Cover())
    if isinstance(standing, NotAllowed):
        raise with_seniors(standing)
    return standing


@dataclass(frozen=True)
class Entered:
    """Somebody who passed a door that is no move: how they stand there, and what they gave."""

    standing: Standing
    inputs: Mapping[str, Any]

    @property
    def by(self) -> Actor:
        """Who acts, as the record names them."""
        return self.standing.actor


def enter(
    standing: Standing,
    form_class: type[GovukForm],
    data: Mapping[str, Any],
    *,
    blockers: Callable[[Mapping[str, Any]], Iterable[Blocker]] = lambda inputs: (),
    **form_kwargs: Any,
) -> Entered:
    """Take the inputs of a door that is no move from somebody whom `admit` let in: the form asks `acting_reason` too.

    Raises InvalidInput (by field), then Blocked with what `blockers` says of the inputs and with the reason that a
    senior owes who acts in the place of a post.
    """
    form = json_adapter.bind(form_class, data, **form_kwargs)
    inputs = {**form.cleaned_data}
    if missing := [*blockers(inputs), *standing.owes(inputs)]:
        raise Blocked(missing, form=form)
    return Entered(standing.with_reason(inputs.pop(ACTING_REASON)), inputs)


def tell_of_acting(standing: Standing, *, what: str, about: str, url: str, key: str) -> None:
    """Tell the holders of the post in whose place somebody acted what was done, by whom and why."""
    if not standing.acting_for:
        return
    notify.notice_queue(
        "post.acted_for",
        to=[user for user in accounts.holders_of(standing.acting_for) if user.pk != standing.by.user_id],
        about=about,
        title=f"Done in your place: {what}, {about}",
        body=f"{standing.actor.label}: {standing.reason}",
        url=url,
        key=key,
        done_as=standing.actor.label,
    )


def _blockers(move: Move, facts: Any, inputs: Mapping[str, Any] | None = None) -> Iterable[Blocker]:
    for guard in move.guards:
        blocker = guard(facts)
        if blocker and not (inputs and blocker.override and inputs.get(blocker.override)):
            yield blocker


def input_blockers(move: Move, facts: Any, inputs: Mapping[str, Any]) -> Iterable[Blocker]:
    """What is missing from these inputs, as far as it has a code of its own."""
    return (guard.blocker() for guard in move.input_guards if guard.blocks(facts, inputs))


class _Understood(dict[str, Any]):
    """The inputs that were understood. One that was not is no empty one: whoever asks for it learns nothing."""

    def get(self, name: str, default: Any = None) -> Any:
        return self[name]


def also_missing(move: Move, facts: Any, form: GovukForm, by: Actor) -> list[Blocker]:
    """What a form that was refused lacks besides its errors, as far as the inputs that were understood can tell.

    `make_move` refuses inputs before it asks the guards. A page tells both together, so that whoever left much open
    mends it in one round.
    """
    understood = _Understood(form.cleaned_data)
    for name, find in move.lookups.items():
        if understood.keys() & {name}:
            understood[name] = find(understood[name], by) if understood[name] else None
    found = []
    for guard in move.input_guards:
        with suppress(KeyError):
            if guard.field not in form.errors and guard.blocks(facts, understood):
                found.append(guard.blocker())
    return found


def _offer(machine: Machine, subject: Any, facts: Any, name: str, standing: Standing | NotAllowed) -> Offer:
    move = machine.moves[name]
    return offer_of(
        move,
        facts,
        standing,
        name=name,
        label=label_of(machine, subject, name),
        target=machine.target(subject, name),
    )


def offer_of(move: Move, facts: Any, standing: Standing | NotAllowed, *, name: str, label: str, target: str) -> Offer:
    """What is offered of a move to somebody of that standing: what blocks it, what it needs, what it warns of."""
    refused = [Blocker(standing.code, standing.detail)] if isinstance(standing, NotAllowed) else []
    wanted = None if isinstance(standing, NotAllowed) else standing.wanted
    return Offer(
        name=name,
        label=label,
        target=target,
        move=move,
        blocked_by=[*refused, *_blockers(move, facts)],
        needs=[
            *(guard.need() for guard in move.input_guards if guard.wanted(facts)),
            *([wanted.as_need()] if wanted else []),
        ],
        warnings=list(move.warnings(facts)),
        acting_for="" if isinstance(standing, NotAllowed) else standing.acting_for,
    )


def label_of(machine: Machine, subject: Any, name: str) -> str:
    """What the button of a move says."""
    return machine.transition(subject, name).custom["label"]


def _plain(value: Any) -> Any:
    """An input as the record keeps it: people and other rows by how they are named, the rest as sent."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value if isinstance(value, str | int | bool | None) or hasattr(value, "isoformat") else str(value)
