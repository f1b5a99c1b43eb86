"""The one live incident of the demonstration, in its second day."""

from __future__ import annotations

from accounts.demonstration import email_of
from desk.demonstration.cases import Case, critical

HOB_JOINTS = Case(
    "Elbow joint of a gas hob leaks after installation",
    "A gas engineer found the same leak in five new kitchens of one developer. The elbow joint that comes with the hob "
    "cracks at the thread when it is tightened as the leaflet says. Two homes had to be left overnight; in one of them "
    "an explosion blew out the kitchen window. One person is in hospital with burns.",
    {
        "name": "Gas hob 60 cm, four burners",
        "category": "gas hob",
        "batch": "Elbow joint EJ-15, weeks 18 to 29",
        "units": "about 23,000 hobs, 9,400 of them in use",
    },
    "case_conference",
    0,
    source="emergency_service",
    business=("Importer of kitchen appliances", "importer"),
    nations=("england", "scotland", "wales"),
    impact=critical(
        "An explosion in a home, one person badly burnt; thousands of joints of the same batch are in use",
        remedial_action=("high", "Every joint must be changed by a registered engineer"),
        public_confidence=("medium", "People telephone to ask whether they may cook"),
        media_interest=("high", "On every national news page since yesterday"),
        ministerial_interest=("high", "The minister has asked for a note each evening"),
    ),
    nnc={
        "nationally_significant": "In homes throughout three nations, from one importer",
        "novel": "The joint fails when it is fitted as instructed",
        "contentious": "Importer and developer each say that the other is at fault",
    },
    evidence=(
        ("injury_report", "Explosion in a kitchen", "One adult with burns to face and hands, in hospital, stable."),
        ("test_result", "Five joints under the microscope", "All five cracked from the root of the first thread."),
    ),
    originator={"organisation": "The gas emergency service", "kind": "emergency_service"},
)

DECLARATION = {
    "title": "Gas hob elbow joints that leak",
    "significant_risk": True,
    "significant_risk_reason": "One explosion with serious burns, four more leaks, and about 9,400 joints of the same "
    "batches in use. The next one may kill.",
    "mitigation_likely": True,
    "mitigation_reason": "A recall with a free visit by an engineer takes the joint out of use; until then the gas can "
    "be turned off at the hob. OPSS can require both of the importer.",
    "took_part": [email_of(post) for post in ("dd.science", "imt.head", "ftl.enforcement", "ftl.communications")],
    "response_level": "strategic",
    "policy_owner": "Department for Business and Trade",
    "lead_department": "Department for Business and Trade",
    "equality": "Older people and people with some disabilities may not smell gas or may not reach the tap under the "
    "hob. Messages go by letter, telephone and radio as well as online.",
}

GROUPS = (
    {
        "kind": "evidence_group",
        "level": "tactical",
        "chair": "dd.science",
        "purpose": "Brings together what is known of the joint: tests, harm, numbers in use.",
        "exit_strategy": "When the cause is settled; the science team keeps the file.",
        "members": ("ftl.science", "ftl.engineering_technology", "ftl.risk"),
    },
    {
        "kind": "communications",
        "level": "tactical",
        "chair": "ftl.communications",
        "purpose": "One voice to the public, the media and Parliament.",
        "exit_strategy": "When interest has fallen; the press office takes over.",
        "members": ("ftl.policy", "imt.duty"),
    },
)

COMMISSIONS = (
    ("report", "How many hobs with these joints were sold, and to whom?", "enforcement", 0),
    ("advice", "May we require the importer to pay for the engineers' visits?", "legal", 1),
    ("action", "Words for owners: what to do tonight, in five languages and in easy read", "communications", 0),
    ("report", "At which torque does the joint crack?", "engineering_technology", 2),
)

ANSWER = (
    "The importer's list names 23,140 hobs. 9,400 are fitted; 11,900 are with merchants and stopped; the rest are on "
    "their way back. Addresses are known for 6,050 of those fitted."
)

FIRST_REPORT = {
    "headline": "One explosion and four leaks from the elbow joint of one gas hob. About 9,400 are in use. Sales have "
    "stopped; owners are being told to turn the gas off at the hob.",
    "harm": "One adult in hospital with burns, stable. Two households stayed elsewhere for a night. No death.",
    "product": "Gas hob 60 cm with elbow joint EJ-15, weeks 18 to 29, one importer. 9,400 of about 23,000 are in use.",
    "risk": "Serious. The joint cracks when it is fitted as the leaflet says. What could make it worse: cold nights "
    "with more cooking, and owners who tighten the joint themselves.",
    "measures": "Importer stopped sales at 11:30 and agreed to a recall with free visits. Merchants hold 11,900 hobs.",
    "media_and_lines": "National coverage all day. Line to take: turn off the gas at the hob, do not tighten the joint "
    "yourself, telephone the importer. Cleared by the Deputy Chief Executive, Evidence.",
    "ministers": "The minister was told at 10:05 and has asked for a note each evening. No parliamentary business "
    "today.",
    "partners_and_nations": "The gas emergency service and the regulator of safety at work take part in the tactical "
    "group. Scotland and Wales have been told; Northern Ireland has no such hobs.",
    "resources": "Strategic and tactical groups stand, with an evidence group and a communications group. The team has "
    "cover for the night.",
    "decisions_wanted": "Agree that engineers' visits begin with homes where somebody is over 75 or under 5.",
    "equality": "People who cannot smell gas or reach the tap are telephoned first. Easy read and five languages are "
    "in the making.",
    "next_report": "Tomorrow at 15:00, sooner if somebody else is hurt.",
    "situation": "The joint of five hobs cracked in new kitchens of one developer; one of them led to an explosion. "
    "The incident was declared this morning. The cause is being measured.",
    "done_and_next": "Done: incident declared, groups stood up, sales stopped, first words to owners. Next: list of "
    "owners from the importer, engineers' visits from tomorrow, torque test.",
}

# What somebody has already written in today's draft; the rest still waits.
TODAYS_DRAFT = {
    "headline": "No further explosion. 1,870 joints changed since yesterday; addresses are known for 6,050 homes.",
    "harm": "The person in hospital is better and no longer in intensive care. One more leak was found on a visit, "
    "before anybody was hurt.",
    "measures": "The importer has 140 engineers out. The recall notice is published.",
    "next_report": "Tomorrow at 15:00.",
}
