"""The words of `past_responses`: one that ended, one that came back, one that others lead."""

from __future__ import annotations

from typing import Any

from accounts.demonstration import email_of
from desk.demonstration.cases import Case, high, medium

TRADE = "Department for Business and Trade"

# --- ended: a heater, declared six weeks ago, closed two weeks ago ----------------------------------------------------

OIL_HEATER = Case(
    "Oil-filled heater that splits along its seam",
    "A fire and rescue service was called to three homes in a week where a heater of the same model had sprayed hot "
    "oil. Two people were scalded. Sellers say that a new supplier's welds came into use in the autumn.",
    {
        "name": "Oil-filled heater 2 kW, seven fins",
        "category": "heater",
        "batch": "Weld line B",
        "units": "18,500",
        "country_of_origin": "TR",
    },
    "case_conference",
    0,
    source="emergency_service",
    business=("Importer of household heaters", "importer"),
    nations=("england", "northern_ireland"),
    impact=high(
        "Hot oil under pressure; two people scalded, thousands of the same weld line in use",
        remedial_action=("high", "Most were sold for cash in discount shops"),
        media_interest=("medium", "Regional news of both nations"),
    ),
    nnc={"nationally_significant": "Sold in two nations by every large discount chain"},
    evidence=(("test_result", "Four heaters run at full heat", "Two seams opened within nine hours."),),
    originator={"organisation": "A fire and rescue service", "kind": "emergency_service"},
)

OIL_HEATER_DECLARED: dict[str, Any] = {
    "title": "Oil-filled heaters that split",
    "significant_risk": True,
    "significant_risk_reason": "Two people scalded in a week, with the cold months ahead and about 18,500 in use.",
    "mitigation_likely": True,
    "mitigation_reason": "A recall through the chains' till data, and posters where heaters are used most.",
    "took_part": [email_of(post) for post in ("imt.head", "ftl.risk", "ftl.communications")],
    "response_level": "tactical",
    "policy_owner": TRADE,
    "lead_department": TRADE,
    "equality": "People on low incomes bought most of them and may have no other heating: the recall brings a "
    "replacement to the door.",
}

OIL_HEATER_PLAN = [
    {"what": "Take back what is still returned to the shops", "owner": "The importer"},
    {"what": "Look at online auctions each week for a season", "owner": "Intelligence"},
]
OIL_HEATER_EXIT = "Nine in ten are back or accounted for; no scald since the recall began."
OIL_HEATER_CONSULTED = "The chair of the SCG by telephone, the members by e-mail"
OIL_HEATER_VIEW = "It is content, if the auctions are watched until spring."
OIL_HEATER_WATCH = "Intelligence and Enforcement, who meet each fortnight"
OIL_HEATER_LEFT = "Enforcement, with the importer's weekly figures"
OIL_HEATER_ENDED = "No scald for a month, the returns have dried up, and what remains has an owner."
# Who said what worked and what did not, and after how many days a lesson's recommendation is due, if that is settled.
OIL_HEATER_FINDINGS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "imt.head",
        {
            "element": "escalation",
            "worked": "CAM had the case within hours of the first report.",
            "did_not_work": "The weld line was known to one team two days before the others heard of it.",
        },
    ),
    (
        "imt.officer",
        {"element": "rhythm", "worked": "One report a day was read by everybody.", "did_not_work": ""},
    ),
)
OIL_HEATER_LESSONS: tuple[tuple[int, dict[str, str]], ...] = (
    (
        45,
        {
            "element": "evidence",
            "lesson": "Test results reached the case before anybody had said who should read them.",
            "recommendation": "Name a reader for each test that is ordered.",
            "team": "science",
        },
    ),
    (0, {"element": "communications", "lesson": "Buyers without a till receipt never heard of the recall."}),
)

OIL_HEATER_LAST_REPORT = {
    "headline": "Last report: 16,900 of 18,500 heaters are back or accounted for. No scald since the recall began.",
    "harm": "Two people were scalded before the recall; both are at home again.",
    "measures": "The recall stays open. The importer stopped buying from the welder.",
    "done_and_next": "Done: recall, replacements, posters. What goes on is with Enforcement and Intelligence.",
    "decisions_wanted": "None.",
    "next_report": "None: the incident is about to be closed.",
}

# --- came back: a cot, wound down three weeks ago, a new phase since yesterday ----------------------------------------

COT_SIDE = Case(
    "Drop side of a cot comes out of its rail",
    "A hospital reported a child with a neck trapped between mattress and side; the child recovered. The plastic guide "
    "of the rail wears until the side slips out at one corner.",
    {"name": "Cot with drop side, beech", "category": "cot", "batch": "Guide of clear plastic", "units": "7,300"},
    "case_conference",
    0,
    source="public",
    team="engineering_technology",
    business=("Maker of nursery furniture", "manufacturer"),
    nations=("england", "scotland", "wales"),
    impact=high(
        "A small child can be trapped and choke without a sound",
        remedial_action=("medium", "A metal guide can be fitted at home"),
        public_confidence=("medium", "Parents' forums speak of little else"),
    ),
    nnc={
        "nationally_significant": "Handed on from family to family in three nations",
        "novel": "The guide fails by wear, long after any test",
    },
    evidence=(("injury_report", "Child trapped at the neck", "Found in time. No lasting harm."),),
    originator={"organisation": "A children's hospital", "kind": "other"},
)

COT_SIDE_DECLARED: dict[str, Any] = {
    "title": "Cots whose side slips out",
    "significant_risk": True,
    "significant_risk_reason": "One child trapped; the part wears out in every cot of this make.",
    "mitigation_likely": True,
    "mitigation_reason": "Metal guides by post, and a clear word to parents not to lower the side until then.",
    "took_part": [email_of(post) for post in ("imt.head", "ftl.science", "ftl.policy")],
    "response_level": "tactical",
    "policy_owner": TRADE,
    "lead_department": TRADE,
    "scg_chair": email_of("dd.targeting"),
    "equality": "Second-hand cots are used most where money is short: health visitors carry guides with them.",
}

COT_SIDE_PLAN = [{"what": "Send guides to whoever still asks", "owner": "The maker"}]
COT_SIDE_EXIT = "Guides have gone to all known owners; no child trapped for two weeks."
COT_SIDE_CONSULTED = "The SCG at its weekly meeting"
COT_SIDE_VIEW = "Agreed. It asked to hear at once if a guide of metal fails."
COT_SIDE_WATCH = "Engineering and Technology, with the maker"

COT_SIDE_CAME_BACK = {
    "ground": "new_evidence",
    "what_changed": "A side came out of its rail although the metal guide had been fitted.",
    "evidence": "A health visitor's photographs, and the guide itself, bent at the screw.",
}
COT_SIDE_NEW_EVIDENCE = {
    "kind": "injury_report",
    "title": "Side slipped out with a metal guide fitted",
    "body": "A child fell out and broke a collarbone. The guide bent at its lower screw.",
}
COT_SIDE_NEW_PHASE = {
    **COT_SIDE_DECLARED,
    "title": "Cots whose side slips out, with the new guide too",
    "significant_risk_reason": "The mended cots fail as well: one child hurt, 5,100 guides sent out.",
    "mitigation_reason": "Fix the side for good with two brackets, and take back cots that have none.",
}

# --- led elsewhere: another department asks for help ------------------------------------------------------------------

FLOOD_GENERATORS = Case(
    "Generators bought in haste after the floods",
    "In three flooded towns people run petrol generators indoors. Hospitals treated eleven for carbon monoxide "
    "poisoning in four days. Nothing is known to be wrong with the generators themselves.",
    {"name": "Petrol generators up to 3 kW, several makers", "category": "generator", "units": "unknown"},
    "cam",
    0,
    source="other",
    nations=("england", "wales"),
    impact=medium(
        "People are poisoned by the exhaust, not by a fault",
        ministerial_interest=("medium", "Spoken of at the daily flood meeting"),
    ),
    nnc={"contentious": "Health and local services differ on who should warn"},
)

FLOOD_SUPPORT = {
    "title": "Support to the flood response: generators indoors",
    "lead_department": "Department for Environment, Food and Rural Affairs",
    "requested_by": "The flood response cell of the department in the lead, by e-mail at 08:30",
    "asked_of_opss": "Clear words for buyers of generators, and a check that those on sale carry their warning.",
    "response_level": "operational",
    "lead_person": email_of("dd.policy"),
}
