"""Reads of the ladder: where a case stands and what is known of it (`climbs`), what its pages show (`pages`)."""

from escalation.selectors.climbs import (
    IndicatorRow,
    IssueFilters,
    assessment_history,
    climb_get,
    climbs_filtered,
    climbs_visible_to,
    commissions,
    decisions,
    evidence,
    facts_of,
    impact_assessments,
    impact_latest,
    indicator_rows,
    nnc_assessments,
    nnc_standing,
)

__all__ = [
    "IndicatorRow",
    "IssueFilters",
    "assessment_history",
    "climb_get",
    "climbs_filtered",
    "climbs_visible_to",
    "commissions",
    "decisions",
    "evidence",
    "facts_of",
    "impact_assessments",
    "impact_latest",
    "indicator_rows",
    "nnc_assessments",
    "nnc_standing",
]
