"""The pages of issues: the list, one case, its history, its moves, its assessments and the work on it."""

from escalation.views.agenda import Agenda, MarkTakeUp
from escalation.views.assess import IssueImpact, IssueNnc
from escalation.views.confirming import ConsultationConfirm
from escalation.views.declaring import IssueDeclareNow
from escalation.views.issues import IssueDetail, IssueHistory, IssueList
from escalation.views.moves import IssueMove
from escalation.views.offices import IssueOffice
from escalation.views.requests import (
    ChallengeAnswer,
    ClosureChallenged,
    HelpAnswer,
    HelpAsk,
    ReopeningAnswer,
    ReopeningAsk,
    ReviewerName,
)
from escalation.views.work import CommissionAsk, CommissionSettle, EvidenceAdd, IssueEdit

__all__ = [
    "Agenda",
    "ChallengeAnswer",
    "ClosureChallenged",
    "CommissionAsk",
    "CommissionSettle",
    "ConsultationConfirm",
    "EvidenceAdd",
    "HelpAnswer",
    "HelpAsk",
    "IssueDeclareNow",
    "IssueDetail",
    "IssueEdit",
    "IssueHistory",
    "IssueImpact",
    "IssueList",
    "IssueMove",
    "IssueNnc",
    "IssueOffice",
    "MarkTakeUp",
    "ReopeningAnswer",
    "ReopeningAsk",
    "ReviewerName",
]
