"""The inputs of a declaration in one step: those of its moves, on one page."""

from __future__ import annotations

from escalation.forms.assessments import ImpactForm
from escalation.forms.moves import DeclareIncident, RequestCaseConference


class DeclareAtConference(DeclareIncident, ImpactForm):
    """Assess and declare, where the conference is convened already. There is nothing to confirm unchanged."""

    confirms = None  # type: ignore[assignment]


class DeclareNow(DeclareAtConference, RequestCaseConference):
    """Convene, assess and declare. Whoever declares chairs the conference, and it meets now."""

    chair = None  # type: ignore[assignment]
    proposed_at = None  # type: ignore[assignment]
