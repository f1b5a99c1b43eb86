"""What a case of the demonstration is made of, and the levels and reasons that it is assessed with.

No brand and no person in here is real: businesses are named by what they do, people by their posts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """One case: what was reported, how far it has climbed, and what it was rated on the way.

    `began` and `pace` are working days: how long ago it was reported, and how long each step took; without a pace an
    open case came to its stage lately. `impact` maps indicators to (level, reason); without it nobody has assessed the
    case. `here` tells whether it was assessed where it now stands. `nnc` names the criteria that are met. `minutes_ago`
    puts the report at a time of the clock instead, for what has only just come in. `same_as` is the title of the case
    that it is merged into. `danger` is None where the reporter did not know whether somebody could be hurt now.
    """

    title: str
    summary: str
    product: dict[str, Any]
    until: str
    began: float
    source: str = "local_authority"
    team: str = "enforcement"
    area: str = "consumer_products"
    business: tuple[str, str] | None = None
    nations: tuple[str, ...] = ("england",)
    impact: dict[str, tuple[str, str]] = field(default_factory=dict)
    nnc: dict[str, str] = field(default_factory=dict)
    here: bool = False
    pace: float = 0.0
    danger: bool | None = False
    sensitivity: str = ""
    originator: dict[str, str] | None = None
    evidence: tuple[tuple[str, str, str], ...] = ()
    asks: tuple[tuple[str, str, str], ...] = ()
    closing: dict[str, str] = field(default_factory=dict)
    minutes_ago: int = 0
    same_as: str = ""

    @property
    def chance(self) -> float:
        """From 0 to 1: something that looks like chance and is the same every time."""
        return sum(map(ord, self.title)) % 97 / 97

    @property
    def reported_days_ago(self) -> float:
        return self.began + self.chance / 2 if self.began > 1 else self.began

    def pace_of(self, steps: int) -> float:
        """How many working days each of so many steps takes."""
        if self.pace or self.until == "closed":
            return self.pace or 0.8
        stands_since = 0.1 + self.chance * min(self.began / 2, 2)
        return (self.reported_days_ago - stands_since) / max(steps, 1)

    @property
    def is_product_safety(self) -> bool:
        return self.area in ("consumer_products", "construction_products")


def low(reason: str, **more: tuple[str, str]) -> dict[str, tuple[str, str]]:
    return _impact("low", reason, more)


def medium(reason: str, **more: tuple[str, str]) -> dict[str, tuple[str, str]]:
    return _impact("medium", reason, more)


def high(reason: str, **more: tuple[str, str]) -> dict[str, tuple[str, str]]:
    return _impact("high", reason, more)


def critical(reason: str, **more: tuple[str, str]) -> dict[str, tuple[str, str]]:
    return _impact("critical", reason, more)


def loss(level: str, reason: str, **more: tuple[str, str]) -> dict[str, tuple[str, str]]:
    """Non-compliance that hurts nobody: it is rated under its own indicator."""
    return {"non_compliance": (level, reason), "public_safety": ("not_applicable", "Nobody is hurt by it"), **more}


def _impact(level: str, reason: str, more: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {"public_safety": (level, reason), "media_interest": ("low", "Nothing published yet"), **more}
