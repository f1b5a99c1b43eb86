"""The inputs of a declaration in one step: those of its moves, on one page."""

from __future__ import annotations

from escalation.forms.assessments import ImpactForm
from escalation.forms.moves import DeclareIncident, RequestCaseConference


class DeclareAtConference(DeclareIncident, ImpactForm):
    """Assess and declare, where the conference is convened already. There is nothing to confirm unchanged."""

    confirms = None  # type: ignore[assignment]
    # As the page asks, so that errors are listed in the order in which they are met; what a form lacks is passed over.
    field_order = (
        *("reason", "grounds", "took_part", "consulted_scs", "consulted_how", "consulted_at"),
        *("ratings", "overall", "overall_reason", "could_reach"),
        *("significant_risk", "significant_risk_reason", "mitigation_likely", "mitigation_reason", "equality"),
        *("title", "resume", "response_level", "scg_chair", "tcg_chair", "chair_reason"),
    )


class DeclareNow(DeclareAtConference, RequestCaseConference):
    """Convene, assess and declare. Whoever declares chairs the conference, and it meets now."""

    chair = None  # type: ignore[assignment]
    proposed_at = None  # type: ignore[assignment]
