"""The kinds of event that this room writes to an incident's chain.

Moves of an incident write `incident.<move>`, those of a report `sitrep.<move>`.
"""

from enum import StrEnum


class CommandEvent(StrEnum):
    INCIDENT_OPENED = "incident.opened"
    ISSUE_JOINED = "incident.issue_joined"
    PHASE_BEGUN = "incident.phase_begun"
    GROUP_STOOD_UP = "group.stood_up"
    GROUP_STOOD_DOWN = "group.stood_down"
    RHYTHM_SET = "rhythm.set"
    RHYTHM_CHANGED = "rhythm.changed"
    RHYTHM_REVISED = "rhythm.revised"
    RHYTHM_ENDED = "rhythm.ended"
    RHYTHM_AGREED = "rhythm.agreed"
    RHYTHM_REMINDED = "rhythm.reminded"
    RHYTHM_BEGUN = "rhythm.begun"
    REVIEW_REMINDED = "incident.review_reminded"
    SITREP_OPENED = "sitrep.opened"
    SITREP_EDITED = "sitrep.edited"
    SITREP_CHECKED = "sitrep.checked"
