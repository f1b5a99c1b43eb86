"""The ladder told in words, from the records that the product itself reads, so that help cannot drift from it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from escalation import authority, ladder
from escalation.enums import RUNGS, Stage
from escalation.models import Escalation
from moves.machine import Authority

# What each stage is for, in our words; a test holds the keys to the stages.
MEANING: dict[Stage, str] = {
    Stage.REPORTED: "Somebody has told us. The handling team has not begun to look.",
    Stage.ASSESSING: "The handling team finds out what it is and how bad it could be.",
    Stage.HANDLED_IN_FUNCTION: "The team deals with it itself and looks again on a date that it sets.",
    Stage.REFERRED: "The team's Deputy Director is asked what should happen.",
    Stage.CAM: "The regular meeting weighs the issue and asks whether OPSS should lead, support or leave it to others.",
    Stage.TTG: "CAM's recommendation is overseen, and the NNC assessment confirmed or varied.",
    Stage.CAM_EP: "A senior civil servant leads a fuller look at the evidence.",
    Stage.CASE_CONFERENCE: "The people who know confer, and the chair decides whether this is an incident.",
    Stage.COORDINATED: "Several teams act together under one arrangement, without an incident.",
    Stage.LED_ELSEWHERE: "A local authority or another regulator leads; OPSS supports.",
    Stage.MONITORING: "Nothing is done now, but somebody watches for what would bring it back.",
    Stage.INCIDENT_DECLARED: "OPSS responds together, through command groups, a battle rhythm and situation reports.",
    Stage.SUPPORTING_RESPONSE: "OPSS supports another department's response.",
    Stage.CLOSED: "The case has ended, with a true account of how. It can be reopened.",
    Stage.MERGED: "The case goes on under another reference.",
}


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: what it is for and who decides there."""

    label: str
    meaning: str
    decider: str


@dataclass(frozen=True)
class MoveWords:
    label: str
    target: str
    who: str
    meaning: str
    cites: str | None


@dataclass(frozen=True)
class StageWords:
    """One stage with every move that leads on from it."""

    label: str
    moves: list[MoveWords]


def rungs() -> list[Rung]:
    """The steps in climbing order."""
    return [Rung(stage.label, MEANING[stage], _decider(stage)) for stage in RUNGS]


def _decider(stage: Stage) -> str:
    decider: Authority | None = authority.DECIDERS.get(stage)
    return decider.title if decider else ""


def stages() -> list[StageWords]:
    """Every stage that has moves, with who may make them."""
    labels = {name: _transition(name) for name in ladder.MOVES}
    found = [
        StageWords(
            stage.label,
            [
                MoveWords(
                    label=labels[name][0],
                    target=labels[name][1],
                    who=move.authority[stage].title,
                    meaning=move.meaning,
                    cites=move.cites,
                )
                for name, move in ladder.MOVES.items()
                if stage in move.authority
            ],
        )
        for stage in Stage
    ]
    return [words for words in found if words.moves]


def _transition(name: str) -> tuple[str, str]:
    """What the button of a move says, and the stage that it always leads to, if there is one."""
    step = getattr(Escalation, ladder.MOVES[name].step or name)
    transition = next(iter(step._django_fsm.transitions.values()))
    target = transition.target
    return transition.custom["label"], Stage(target).label if target in Stage.values else ""


def targets() -> list[list[str]]:
    """How long a case may stand at a stage, by its level of impact: a row a stage."""
    return [
        [Stage(stage).label, *(_amount(unit, amount) for unit, amount in columns)]
        for stage, columns in settings.STAGE_TARGETS.items()
    ]


def _amount(unit: str, amount: int) -> str:
    words = unit.replace("_", " ")
    return f"{amount} {words if amount != 1 else words.removesuffix('s')}"
