"""The doors of the ladder: opening a climb, moving it, and assessing a case where it stands."""

from escalation.services.assessments import impact_assess, nnc_assess
from escalation.services.climbs import climb_open, issue_changed
from escalation.services.moves import ISSUE_MACHINE, issue_move

__all__ = ["ISSUE_MACHINE", "climb_open", "impact_assess", "issue_changed", "issue_move", "nnc_assess"]
