from command.models.deescalation import DeEscalationConsent, DeEscalationPlan, ResidualActivity, ReviewReminder
from command.models.groups import Group, GroupMember
from command.models.rhythm import RhythmEvent, RhythmOccurrence
from command.models.sitreps import Sitrep, SitrepAuthor, SitrepSection

__all__ = [
    "DeEscalationConsent",
    "DeEscalationPlan",
    "Group",
    "GroupMember",
    "ResidualActivity",
    "ReviewReminder",
    "RhythmEvent",
    "RhythmOccurrence",
    "Sitrep",
    "SitrepAuthor",
    "SitrepSection",
]
