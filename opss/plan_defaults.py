"""The plan's times and rhythms, as settings: a team that learns better numbers changes them here."""

from __future__ import annotations

_DAYS = "working_days"
_HOURS = "hours"


def _targets(low: int, medium: int, high: int, critical: int) -> tuple[tuple[str, int], ...]:
    return ((_DAYS, low), (_DAYS, medium), (_HOURS, high), (_HOURS, critical))


# When a stage should be left, by the level of impact: low, medium, high, critical (or danger now).
STAGE_TARGETS = {
    "reported": _targets(3, 2, 8, 1),
    "assessing": _targets(10, 5, 24, 4),
    "cam": _targets(10, 5, 24, 4),
    "ttg": _targets(10, 5, 24, 4),
    "cam_ep": _targets(20, 10, 72, 12),
    "case_conference": _targets(10, 5, 24, 4),
}
