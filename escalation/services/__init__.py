"""The doors of the ladder: opening a climb, moving it, assessing a case where it stands, and working on it."""

from escalation.services.assessments import impact_assess, nnc_assess
from escalation.services.climbs import climb_open, issue_changed, overdue_unassessed_raise
from escalation.services.declaring import declare_now, declaring_form
from escalation.services.moves import ISSUE_MACHINE, issue_move
from escalation.services.work import commission_ask, commission_settle, evidence_add, issue_edit

__all__ = [
    "ISSUE_MACHINE",
    "climb_open",
    "commission_ask",
    "commission_settle",
    "declare_now",
    "declaring_form",
    "evidence_add",
    "impact_assess",
    "issue_changed",
    "issue_edit",
    "issue_move",
    "nnc_assess",
    "overdue_unassessed_raise",
]
