"""The vocabularies of the record. Codes are part of the REST interface; labels are what people read."""

from django.db.models import TextChoices


class Source(TextChoices):
    """Who a report comes from (IMP-2.1)."""

    NATIONAL_REGULATOR = "national_regulator", "National regulator"
    INTERNATIONAL_REGULATOR = "international_regulator", "International regulator"
    MINISTER = "minister", "Minister"
    GOVERNMENT_DEPARTMENT = "government_department", "Government department"
    EMERGENCY_SERVICE = "emergency_service", "Emergency service"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    BUSINESS = "business", "Business"
    TRADE_BODY = "trade_body", "Trade body"
    MEDIA = "media", "Media"
    SOCIAL_MEDIA = "social_media", "Social media"
    PUBLIC = "public", "Member of the public"
    INTERNAL = "internal", "Inside OPSS"
    OTHER = "other", "Other"


class RegulatoryArea(TextChoices):
    CONSUMER_PRODUCTS = "consumer_products", "Consumer products"
    CONSTRUCTION_PRODUCTS = "construction_products", "Construction products"
    METROLOGY = "metrology", "Metrology"
    ENERGY = "energy", "Energy"
    ENVIRONMENT = "environment", "Environment"
    HALLMARKING = "hallmarking", "Hallmarking"
    PRODUCT_SECURITY = "product_security", "Product security"
    OTHER = "other", "Other"


# Who most likely owns the policy of an area; whoever declares an incident puts it right.
POLICY_OWNERS: dict[RegulatoryArea, str] = {
    RegulatoryArea.CONSUMER_PRODUCTS: "Department for Business and Trade",
    RegulatoryArea.CONSTRUCTION_PRODUCTS: "Ministry of Housing, Communities and Local Government",
    RegulatoryArea.METROLOGY: "Department for Business and Trade",
    RegulatoryArea.ENERGY: "Department for Energy Security and Net Zero",
    RegulatoryArea.ENVIRONMENT: "Department for Environment, Food and Rural Affairs",
    RegulatoryArea.HALLMARKING: "Department for Business and Trade",
    RegulatoryArea.PRODUCT_SECURITY: "Department for Science, Innovation and Technology",
}


class Sensitivity(TextChoices):
    OFFICIAL = "official", "Official"
    OFFICIAL_SENSITIVE = "official_sensitive", "Official-Sensitive"
    RESTRICTED = "restricted", "Restricted to a named list"


class LeadAuthority(TextChoices):
    UNDETERMINED = "undetermined", "Not decided yet"
    OPSS = "opss", "OPSS"
    LOCAL_AUTHORITY = "local_authority", "Local authority"
    OTHER_REGULATOR = "other_regulator", "Another regulator"


class Nation(TextChoices):
    ENGLAND = "england", "England"
    SCOTLAND = "scotland", "Scotland"
    WALES = "wales", "Wales"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"


class BusinessRole(TextChoices):
    MANUFACTURER = "manufacturer", "Manufacturer"
    IMPORTER = "importer", "Importer"
    DISTRIBUTOR = "distributor", "Distributor"
    RETAILER = "retailer", "Retailer"
    ONLINE_SELLER = "online_seller", "Online seller"
    ONLINE_MARKETPLACE = "online_marketplace", "Online marketplace"
    FULFILMENT_HOUSE = "fulfilment_house", "Fulfilment house"
    EXPORTER = "exporter", "Exporter"
    AUTHORISED_REPRESENTATIVE = "authorised_representative", "Authorised representative"
    RESPONSIBLE_PERSON = "responsible_person", "Responsible person"


class Indicator(TextChoices):
    """The eight indicators of the impact matrix (IMP-T1), in the plan's order."""

    PUBLIC_SAFETY = "public_safety", "Safety of the public"
    NON_COMPLIANCE = "non_compliance", "Non-compliance without a safety issue"
    REMEDIAL_ACTION = "remedial_action", "Complexity of remedial action"
    PUBLIC_CONFIDENCE = "public_confidence", "Public confidence"
    MEDIA_INTEREST = "media_interest", "Media interest"
    REPUTATIONAL_RISK = "reputational_risk", "Reputational risk to the policy owner"
    FINANCIAL_RISK = "financial_risk", "Financial risk to the policy owner"
    MINISTERIAL_INTEREST = "ministerial_interest", "Ministerial or Parliamentary interest"


class Level(TextChoices):
    """What one indicator may be rated as."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"
    NOT_KNOWN_YET = "not_known_yet", "Not known yet"
    NOT_APPLICABLE = "not_applicable", "Not applicable"


class ImpactLevel(TextChoices):
    """What a case as a whole may be rated as, in rising order after 'not known yet'."""

    NOT_KNOWN_YET = "not_known_yet", "Not known yet"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"


class CommissionKind(TextChoices):
    ACTION = "action", "Action"
    ADVICE = "advice", "Advice"
    REPORT = "report", "Report"


class CommissionStatus(TextChoices):
    ASKED = "asked", "Asked"
    DELIVERED = "delivered", "Delivered"
    WAIVED = "waived", "Waived"


class NamedAs(TextChoices):
    """As what a decision names somebody who did not make it."""

    CONSULTED = "consulted", "Consulted before the decision"
    SECOND_PERSON = "second_person", "Second person at the closure"


class EvidenceKind(TextChoices):
    TEST_RESULT = "test_result", "Test result"
    RISK_ASSESSMENT = "risk_assessment", "Risk assessment"
    INTELLIGENCE = "intelligence", "Intelligence"
    SCIENCE_ADVICE = "science_advice", "Scientific or technical advice"
    LEGAL_ADVICE = "legal_advice", "Legal advice"
    INJURY_REPORT = "injury_report", "Report of harm"
    BUSINESS_INFORMATION = "business_information", "Information from a business"
    NOTICE = "notice", "Another regulator's notice"
    OTHER = "other", "Other"


class AgendaBody(TextChoices):
    """Whose meeting takes up what arrives for a case at which nobody may be looking."""

    CAM = "cam", "CAM"
    TTG = "ttg", "TTG"


class PersonRole(TextChoices):
    """What a person is on one case."""

    REPORTER = "reporter", "Reported it"
    LEAD = "lead", "Lead"
    INVESTIGATOR = "investigator", "Investigator"
    OBSERVER = "observer", "Observer"
    SIO = "sio", "Senior investigation officer"
    CHAIR = "chair", "Chair"


class IncidentStatus(TextChoices):
    ACTIVE = "active", "Active"
    DE_ESCALATING = "de_escalating", "De-escalating"
    MONITORING = "monitoring", "Monitoring"
    CLOSED = "closed", "Closed"
    REVIEWED = "reviewed", "Reviewed"


# While OPSS still responds: groups, reports and further issues belong to such incidents only.
LIVE_STATUSES = (IncidentStatus.ACTIVE, IncidentStatus.DE_ESCALATING, IncidentStatus.MONITORING)


class IncidentKind(TextChoices):
    OPSS_LED = "opss_led", "Led by OPSS"
    SUPPORTING = "supporting", "In support of another department"


class ResponseLevel(TextChoices):
    OPERATIONAL = "operational", "Operational"
    TACTICAL = "tactical", "Tactical"
    STRATEGIC = "strategic", "Strategic"
