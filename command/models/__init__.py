from command.models.groups import Group, GroupMember
from command.models.rhythm import RhythmEvent
from command.models.sitreps import Sitrep, SitrepAuthor, SitrepSection

__all__ = ["Group", "GroupMember", "RhythmEvent", "Sitrep", "SitrepAuthor", "SitrepSection"]
