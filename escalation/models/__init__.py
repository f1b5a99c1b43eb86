"""The rows of the ladder: one climb of an issue (`climbs`), and how many stand where (`tallies`)."""

from escalation.models.climbs import HAS_ENDED, Escalation
from escalation.models.tallies import StageTally

__all__ = ["HAS_ENDED", "Escalation", "StageTally"]
