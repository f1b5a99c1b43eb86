"""The ladder: which move has which inputs, who may make it, and what must be on record first.

The legal sources and targets are the transitions of `models.Escalation`; a meta test holds the two together. Plan
section 2 is the source; each move cites its paragraph. Below CAM and beside the ladder: `functional`; upwards:
`climbing`; to an end and back: `endings`; inputs that have a code of their own: `needs`.
"""

from dataclasses import replace

from escalation.forms import ConsultedSenior
from escalation.ladder import climbing, endings, functional, needs
from moves.machine import Move

# Nothing is decided by beginning to assess; declaring is for no deputy below the senior civil service at all.
_WITHOUT_CONSULTATION = ("begin_assessment", "declare_incident")


def _deputies_consult(name: str, move: Move) -> Move:
    """The move, in which a deputy below the senior civil service names the one consulted (ladder.md, 'Authority')."""
    if name in _WITHOUT_CONSULTATION:
        return move
    asked = {"consulted_scs": (*ConsultedSenior.base_fields,)}
    if move.form.base_fields.keys() >= ConsultedSenior.base_fields.keys():
        return move
    form = type(move.form.__name__, (ConsultedSenior, move.form), {})
    return replace(move, form=form, input_guards=(*move.input_guards, needs.DEPUTY_CONSULTED), asked_of_some=asked)


MOVES: dict[str, Move] = {
    name: _deputies_consult(name, move)
    for name, move in {**functional.MOVES, **climbing.MOVES, **endings.MOVES}.items()
}
