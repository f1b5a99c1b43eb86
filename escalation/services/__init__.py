"""The doors of the ladder: opening a climb, moving it, assessing a case where it stands, and working on it."""

from escalation.services.agenda import mark_take_up
from escalation.services.assessments import (
    impact_assess,
    impact_assessor_require,
    nnc_admit,
    nnc_assess,
)
from escalation.services.climbs import climb_open, issue_changed, overdue_unassessed_raise, tallies_fold
from escalation.services.confirming import consultation_confirm
from escalation.services.declaring import declare_now, declaring_form, declaring_moves
from escalation.services.moves import ISSUE_MACHINE, issue_move
from escalation.services.offices import (
    OFFICE_DOORS,
    change_chair,
    change_scs_lead,
    office_offer,
    office_offers,
    reassign_team,
    set_danger,
    set_product_safety,
)
from escalation.services.requests import (
    challenge_answer,
    closure_challenge,
    help_answer,
    help_ask,
    reopening_answer,
    reopening_ask,
    reviewer_name,
)
from escalation.services.waking import cases_wake, commissions_wake
from escalation.services.work import commission_ask, commission_settle, evidence_add, issue_edit

__all__ = [
    "ISSUE_MACHINE",
    "OFFICE_DOORS",
    "cases_wake",
    "challenge_answer",
    "change_chair",
    "change_scs_lead",
    "climb_open",
    "closure_challenge",
    "commission_ask",
    "commission_settle",
    "commissions_wake",
    "consultation_confirm",
    "declare_now",
    "declaring_form",
    "declaring_moves",
    "evidence_add",
    "help_answer",
    "help_ask",
    "impact_assess",
    "impact_assessor_require",
    "issue_changed",
    "issue_edit",
    "issue_move",
    "mark_take_up",
    "nnc_admit",
    "nnc_assess",
    "office_offer",
    "office_offers",
    "overdue_unassessed_raise",
    "reassign_team",
    "reopening_answer",
    "reopening_ask",
    "reviewer_name",
    "set_danger",
    "set_product_safety",
    "tallies_fold",
]
