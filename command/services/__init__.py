"""The doors of command: opening, moving and resuming an incident's response, its groups, rhythm and reports."""

from command.services.due import occurrences_begin, reminders_send
from command.services.groups import group_stand_down, group_stand_up
from command.services.incidents import Declaration, incident_lock, incident_open, issue_joined
from command.services.moves import INCIDENT_MACHINE, incident_move
from command.services.occurrences import occurrences_make_due
from command.services.phases import incident_new_phase
from command.services.printing import sitrep_pdf
from command.services.reviews import checks_wake, reviews_wake, sitrep_second_check
from command.services.rhythm import rhythm_add, rhythm_agree, rhythm_end, rhythm_revise
from command.services.sitreps import SITREP_MACHINE, sitrep_edit, sitrep_move, sitrep_open

__all__ = [
    "INCIDENT_MACHINE",
    "SITREP_MACHINE",
    "Declaration",
    "checks_wake",
    "group_stand_down",
    "group_stand_up",
    "incident_lock",
    "incident_move",
    "incident_new_phase",
    "incident_open",
    "issue_joined",
    "occurrences_begin",
    "occurrences_make_due",
    "reminders_send",
    "reviews_wake",
    "rhythm_add",
    "rhythm_agree",
    "rhythm_end",
    "rhythm_revise",
    "sitrep_edit",
    "sitrep_move",
    "sitrep_open",
    "sitrep_pdf",
    "sitrep_second_check",
]
