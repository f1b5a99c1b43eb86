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

# How many days ahead a parked case may be looked at again, by its level of impact.
REVIEW_DAYS = {"low": 180, "medium": 60, "high": 14, "critical": 3}


def _rhythm(*lines: tuple[str, str, int, tuple[str, ...]]) -> tuple[dict[str, object], ...]:
    return tuple(
        {"kind": kind, "title": title, "per_week": per_week, "times": times} for kind, title, per_week, times in lines
    )


_SCG, _TCG = "Strategic Coordination Group", "Tactical Coordination Group"

# The first battle rhythm of an incident, by its level of impact: times are London's; 7 a week is every day.
FIRST_RHYTHM = {
    "medium": _rhythm(
        ("scg", _SCG, 1, ("10:00",)),
        ("tcg", _TCG, 2, ("14:00",)),
        ("bird_table", "Bird table", 2, ("09:00",)),
        ("sitrep", "Situation report due", 1, ("15:00",)),
    ),
    "high": _rhythm(
        ("scg", _SCG, 2, ("10:00",)),
        ("tcg", _TCG, 7, ("14:00",)),
        ("bird_table", "Bird table", 7, ("09:00",)),
        ("sitrep", "Situation report due", 7, ("15:00",)),
    ),
    "critical": _rhythm(
        ("scg", _SCG, 7, ("09:30",)),
        ("tcg", _TCG, 7, ("08:30", "16:30")),
        ("bird_table", "Bird table", 7, ("08:00",)),
        ("sitrep", "Situation report due", 7, ("07:00", "17:00")),
    ),
}

# How long before each kind of occurrence people are reminded, in minutes.
RHYTHM_REMINDERS = {"scg": 30, "tcg": 30, "bird_table": 30, "meeting": 30, "sitrep": 120, "deadline": 120}
