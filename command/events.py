"""The kinds of event that this room writes to an incident's chain. Moves of a report write `sitrep.<move>`."""

from enum import StrEnum


class CommandEvent(StrEnum):
    INCIDENT_OPENED = "incident.opened"
    ISSUE_JOINED = "incident.issue_joined"
    GROUP_STOOD_UP = "group.stood_up"
    RHYTHM_SET = "rhythm.set"
    RHYTHM_CHANGED = "rhythm.changed"
    RHYTHM_AGREED = "rhythm.agreed"
    SITREP_OPENED = "sitrep.opened"
    SITREP_EDITED = "sitrep.edited"
