"""The rows of the ladder: one climb of an issue (`climbs`), and how many stand where (`tallies`)."""

from escalation.models.climbs import Escalation
from escalation.models.tallies import StageTally

__all__ = ["Escalation", "StageTally"]
