from command.forms.filters import IncidentFilter, SitrepFilter
from command.forms.groups import GroupStandUp, MemberForm
from command.forms.rhythm import RhythmAdd, RhythmAgree
from command.forms.sitreps import (
    ApproveSitrep,
    CorrectSitrep,
    IssueSitrep,
    ReturnSitrep,
    SectionForm,
    SitrepEdit,
    SitrepOpen,
    SubmitSitrep,
    WithdrawSitrep,
)

__all__ = [
    "ApproveSitrep",
    "CorrectSitrep",
    "GroupStandUp",
    "IncidentFilter",
    "IssueSitrep",
    "MemberForm",
    "ReturnSitrep",
    "RhythmAdd",
    "RhythmAgree",
    "SectionForm",
    "SitrepEdit",
    "SitrepFilter",
    "SitrepOpen",
    "SubmitSitrep",
    "WithdrawSitrep",
]
