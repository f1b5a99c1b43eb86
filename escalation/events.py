"""The kinds of event that this room writes to a case's chain. Moves write `issue.<move>`."""

from enum import StrEnum


class IssueEvent(StrEnum):
    IMPACT_ASSESSED = "issue.impact_assessed"
    NNC_ASSESSED = "issue.nnc_assessed"
    EDITED = "issue.edited"
    EVIDENCE_ADDED = "issue.evidence_added"
    COMMISSIONED = "issue.commissioned"
    ABSORBED = "issue.absorbed"
    RELEASED = "issue.released"
    COMMISSION_SETTLED = "issue.commission_settled"
    TEAM_REASSIGNED = "issue.team_reassigned"
    CHAIR_CHANGED = "issue.chair_changed"
    SCS_LEAD_CHANGED = "issue.scs_lead_changed"
    PRODUCT_SAFETY_SET = "issue.product_safety_set"
    CLOSURE_CHALLENGED = "issue.closure_challenged"
    REVIEWER_NAMED = "issue.reviewer_named"
    CHALLENGE_ANSWERED = "issue.challenge_answered"
    HELP_ASKED = "issue.help_asked"
    HELP_ANSWERED = "issue.help_answered"
    REOPENING_ASKED = "issue.reopening_asked"
    TARGET_PASSED = "issue.target_passed"
    REVIEW_DUE = "issue.review_due"
    COMMISSION_OVERDUE = "issue.commission_overdue"
    MARK_TAKEN_UP = "issue.mark_taken_up"
    REOPENING_ANSWERED = "issue.reopening_answered"
