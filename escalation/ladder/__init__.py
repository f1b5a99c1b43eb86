"""The ladder: which move has which inputs, who may make it, and what must be on record first.

The legal sources and targets are the transitions of `models.Escalation`; a meta test holds the two together. Plan
section 2 is the source; each move cites its paragraph. Below CAM and beside the ladder: `functional`; upwards:
`climbing`; to an end and back: `endings`; inputs that have a code of their own: `needs`.
"""

from escalation.ladder import climbing, endings, functional
from moves.machine import Move

MOVES: dict[str, Move] = {**functional.MOVES, **climbing.MOVES, **endings.MOVES}
