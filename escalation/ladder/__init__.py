"""The ladder: which move has which inputs, who may make it, and what must be on record first.

The legal sources and targets are the transitions of `models.Escalation`; a meta test holds the two together. Plan
section 2 is the source; each move cites its paragraph. Below CAM and beside the ladder: `functional`; upwards:
`climbing`; to an end and back: `endings`; inputs that have a code of their own: `needs`.
"""

from escalation.ladder import climbing, endings, functional, needs
from moves.machine import Move

# Nothing is decided by beginning to assess; declaring is for no deputy below the senior civil service at all.
_WITHOUT_CONSULTATION = ("begin_assessment", "declare_incident")

MOVES: dict[str, Move] = {
    name: move if name in _WITHOUT_CONSULTATION else needs.deputies_consult(move)
    for name, move in {**functional.MOVES, **climbing.MOVES, **endings.MOVES}.items()
}
