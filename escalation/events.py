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
