from command.models.deescalation import DeEscalationConsent, DeEscalationPlan, ResidualActivity
from command.models.groups import Group, GroupMember
from command.models.rhythm import RhythmEvent
from command.models.sitreps import Sitrep, SitrepAuthor, SitrepSection

__all__ = [
    "DeEscalationConsent",
    "DeEscalationPlan",
    "Group",
    "GroupMember",
    "ResidualActivity",
    "RhythmEvent",
    "Sitrep",
    "SitrepAuthor",
    "SitrepSection",
]
