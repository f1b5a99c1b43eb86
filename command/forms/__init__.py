from command.forms.filters import IncidentFilter, SitrepFilter
from command.forms.groups import GroupStandDown, GroupStandUp, MemberForm
from command.forms.incidents import (
    AgreeDeEscalation,
    ChangeLevel,
    CloseIncident,
    MonitorIncident,
    ProposeDeEscalation,
    ResumeIncident,
)
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
    "AgreeDeEscalation",
    "ApproveSitrep",
    "ChangeLevel",
    "CloseIncident",
    "CorrectSitrep",
    "GroupStandDown",
    "GroupStandUp",
    "IncidentFilter",
    "IssueSitrep",
    "MemberForm",
    "MonitorIncident",
    "ProposeDeEscalation",
    "ResumeIncident",
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
