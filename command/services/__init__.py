"""The doors of command: opening, moving and resuming an incident's response, its groups, rhythm and reports."""

from command.services.groups import group_stand_down, group_stand_up
from command.services.incidents import incident_lock, incident_open, issue_joined
from command.services.moves import INCIDENT_MACHINE, incident_move
from command.services.phases import incident_new_phase
from command.services.printing import sitrep_pdf
from command.services.rhythm import rhythm_add, rhythm_agree
from command.services.sitreps import SITREP_MACHINE, sitrep_edit, sitrep_move, sitrep_open

__all__ = [
    "INCIDENT_MACHINE",
    "SITREP_MACHINE",
    "group_stand_down",
    "group_stand_up",
    "incident_lock",
    "incident_move",
    "incident_new_phase",
    "incident_open",
    "issue_joined",
    "rhythm_add",
    "rhythm_agree",
    "sitrep_edit",
    "sitrep_move",
    "sitrep_open",
    "sitrep_pdf",
]
