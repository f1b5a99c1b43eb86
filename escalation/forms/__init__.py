from escalation.forms.assessments import ImpactForm, NncForm
from escalation.forms.filters import IssueFilterForm
from escalation.forms.moves import (
    ActivateCamEp,
    BeginAssessment,
    Close,
    DeclareIncident,
    RecommendToTtg,
    RequestCaseConference,
    SubmitToCam,
)
from escalation.forms.work import CommissionForm, CommissionSettleForm, EvidenceForm, IssueEditForm

__all__ = [
    "ActivateCamEp",
    "BeginAssessment",
    "Close",
    "CommissionForm",
    "CommissionSettleForm",
    "DeclareIncident",
    "EvidenceForm",
    "ImpactForm",
    "IssueEditForm",
    "IssueFilterForm",
    "NncForm",
    "RecommendToTtg",
    "RequestCaseConference",
    "SubmitToCam",
]
