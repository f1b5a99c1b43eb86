"""The machines that are told, each with facts in which between them every guard of it blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from command.enums import Party, SitrepStatus
from command.models import Sitrep
from command.rules import Consent, IncidentFacts, SitrepFacts
from command.services import INCIDENT_MACHINE, SITREP_MACHINE
from desk.states.telling import Subject
from escalation.enums import ENDS, Stage
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.services import ISSUE_MACHINE
from incidents.enums import IncidentStatus, ResponseLevel, Sensitivity
from incidents.models import Incident
from kernel.actors import Actor

SOMEBODY = Actor(user_id=1, email="", name="Somebody")
CHAIR, LEAD, TCG_CHAIR, MERGER = 11, 12, 13, 14
_EARLIER, _LATER = datetime(2026, 3, 12, 9, tzinfo=UTC), datetime(2026, 3, 12, 10, tzinfo=UTC)

ISSUE = IssueFacts(
    by=SOMEBODY,
    reference="ISS-2026-00001",
    sensitivity=Sensitivity.OFFICIAL,
    stage=Stage.REPORTED,
    team="enforcement",
    team_function="enforcement",
    ftl_post="ftl.enforcement",
    is_product_safety=True,
    danger_now=False,
    impact_level="",
    impact_at=None,
    nnc_stage="",
    nnc_at_stage=False,
    nnc_met=False,
    lead_authority="",
    news_at=None,
    conference_chair=CHAIR,
    chair_is_dd_or_higher=True,
    scs_lead=LEAD,
    commissions_open=2,
    people=frozenset(),
    chair_warnings=(),
    tcg_chairs={"INC-2026-0001": frozenset({TCG_CHAIR})},
    furthest_review=date(2026, 5, 11),
    incident_status=IncidentStatus.ACTIVE,
    merged_by=MERGER,
)
_STALE = replace(
    ISSUE, impact_level="high", impact_at=_EARLIER, news_at=_LATER, nnc_stage=Stage.CAM, lead_authority="undetermined"
)
_MET = replace(_STALE, nnc_met=True)

SITREP = SitrepFacts(
    by=SOMEBODY,
    status=SitrepStatus.DRAFT,
    authors=frozenset({1}),
    chairs=frozenset(),
    secretaries=frozenset(),
    unfinished=("Headline",),
    open_draft="INC-2026-0001/SR-002",
)

INCIDENT = IncidentFacts(
    by=SOMEBODY,
    party=Party.IMT,
    response_level=ResponseLevel.OPERATIONAL,
    tcg_chairs=frozenset({TCG_CHAIR}),
    chairs=frozenset({TCG_CHAIR}),
    plan_stands=False,
    scg_consulted=False,
    consents=(Consent(party=Party.IMT, user_id=1, agreed_as="Head of IMT"),),
    actions_open=2,
    feedback_open=1,
    groups_standing=("Strategic Coordination Group",),
    last_sitrep=False,
    open_report="",
    review_gaps=("1 lesson has no team that owns it",),
)
_BY_ANOTHER = replace(
    INCIDENT,
    is_opss_led=False,
    response_level=ResponseLevel.STRATEGIC,
    consents=(Consent(party=Party.IMT, user_id=2, agreed_as="Head of IMT"),),
)

SUBJECTS: dict[str, Subject] = {
    "issue": Subject("An issue", ISSUE_MACHINE, Escalation, Stage, ENDS, (ISSUE, _STALE, _MET)),
    "incident": Subject(
        "An incident",
        INCIDENT_MACHINE,
        Incident,
        IncidentStatus,
        (IncidentStatus.CLOSED, IncidentStatus.REVIEWED),
        (INCIDENT, _BY_ANOTHER),
    ),
    "sitrep": Subject(
        "A situation report",
        SITREP_MACHINE,
        Sitrep,
        SitrepStatus,
        (SitrepStatus.ISSUED, SitrepStatus.SUPERSEDED, SitrepStatus.WITHDRAWN),
        (SITREP,),
    ),
}
