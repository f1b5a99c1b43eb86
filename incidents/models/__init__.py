from incidents.models.agenda import AgendaMark
from incidents.models.assessments import ImpactAssessment, ImpactMatrix, ImpactRating, MatrixDescriptor, NncAssessment
from incidents.models.incidents import Incident
from incidents.models.issues import Business, Issue, IssuePerson, Originator, Product
from incidents.models.notices import ForeignNotice
from incidents.models.requests import ClosureChallenge, HelpRequest, ReopenRequest
from incidents.models.search import SearchText
from incidents.models.work import Commission, Confirmation, Consultation, Decision, Evidence

__all__ = [
    "AgendaMark",
    "Business",
    "ClosureChallenge",
    "Commission",
    "Confirmation",
    "Consultation",
    "Decision",
    "Evidence",
    "ForeignNotice",
    "HelpRequest",
    "ImpactAssessment",
    "ImpactMatrix",
    "ImpactRating",
    "Incident",
    "Issue",
    "IssuePerson",
    "MatrixDescriptor",
    "NncAssessment",
    "Originator",
    "Product",
    "ReopenRequest",
    "SearchText",
]
