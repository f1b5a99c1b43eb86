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
from command.forms.rhythm import OccurrenceFilter, RhythmAgree, RhythmEnd, RhythmLine, RhythmWeek, line_initial
from command.forms.sitreps import (
    ApproveSitrep,
    CorrectSitrep,
    IssueSitrep,
    ReturnSitrep,
    SecondCheckDone,
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
    "OccurrenceFilter",
    "ProposeDeEscalation",
    "ResumeIncident",
    "ReturnSitrep",
    "RhythmAgree",
    "RhythmEnd",
    "RhythmLine",
    "RhythmWeek",
    "SecondCheckDone",
    "SectionForm",
    "SitrepEdit",
    "SitrepFilter",
    "SitrepOpen",
    "SubmitSitrep",
    "WithdrawSitrep",
    "line_initial",
]
