"""Who holds which office in an incident."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Offices:
    """The people of an incident's standing groups, as user ids. Secretaries and chairs are of the SCG and the TCGs."""

    scg_chair: int | None
    chairs: frozenset[int]
    secretaries: frozenset[int]
    everyone: frozenset[int]
