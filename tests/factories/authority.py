"""Who may make which move at which stage: written by hand from `ladder.md` and decision record 6, never from the code.

For a case of the Enforcement team; `A_PERSON` stands where only a person of the case may.
"""

from __future__ import annotations

YES, WITH_REASON, NO, NOT_FROM_HERE = "yes", "with a reason", "no", "not from here"

FTL, DD, TTG, HEAD = {"ftl.enforcement"}, {"dd.enforcement"}, {"dceo.regulation"}, {"imt.head"}
IMT = {"imt.head", "imt.duty", "imt.officer"}
TEAM = FTL | {"officer.enforcement"}
DD_OR_HIGHER = {
    "dd.enforcement", "dd.science", "dd.policy", "dd.targeting", "dceo.regulation", "dceo.evidence", "ceo",
}  # fmt: skip
A_PERSON: set[str] = set()  # the lead of CAM-EP or the chair of the conference, whoever that is

BELOW_CAM = ("reported", "assessing", "handled_in_function", "referred")
BESIDE = ("monitoring", "led_elsewhere", "coordinated")
LADDER = ("cam", "ttg", "cam_ep", "case_conference")
OPEN = (*BELOW_CAM, *LADDER, *BESIDE)
BEFORE_A_CONFERENCE = tuple(stage for stage in OPEN if stage != "case_conference")
DECIDER = {
    "reported": FTL, "assessing": FTL, "handled_in_function": FTL, "referred": DD, "cam": IMT, "ttg": TTG,
    "cam_ep": A_PERSON, "case_conference": A_PERSON,
}  # fmt: skip


def at(stages: tuple[str, ...], posts: set[str]) -> dict[str, set[str]]:
    return dict.fromkeys(stages, posts)


BY_RIGHT: dict[str, dict[str, set[str]]] = {
    "begin_assessment": at(("reported",), FTL | IMT),
    "handle_in_function": at(("reported", "assessing"), FTL),
    "refer_to_deputy_director": at(("reported", "assessing", "handled_in_function"), FTL),
    "submit_to_cam": at((*BELOW_CAM, *BESIDE), FTL | DD | IMT)
    | {"ttg": TTG, "cam_ep": A_PERSON, "case_conference": A_PERSON},
    "return_to_function": {stage: DECIDER[stage] for stage in ("referred", *LADDER)} | at(BESIDE, IMT),
    "imt_escalate": at((*BELOW_CAM, *BESIDE), IMT),
    "hand_over": at(BELOW_CAM, FTL) | {"cam": IMT, "ttg": TTG, "monitoring": IMT},
    "recommend_to_ttg": {"cam": IMT},
    "activate_cam_ep": {"ttg": TTG},
    "request_case_conference": at(BEFORE_A_CONFERENCE, DD_OR_HIGHER | HEAD | FTL),
    "convene_urgent_conference": at(BEFORE_A_CONFERENCE, DD_OR_HIGHER | {"imt.head", "imt.duty"}),
    "request_information": {"case_conference": A_PERSON},
    "agree_coordination": {"case_conference": A_PERSON},
    "declare_incident": {"case_conference": A_PERSON},
    "join_incident": at(OPEN, IMT),
    "open_supporting_response": at(OPEN, DD_OR_HIGHER | HEAD),
    "close": {stage: IMT | posts for stage, posts in DECIDER.items()} | at(BESIDE, IMT) | {"monitoring": IMT | FTL},
    "monitor": at(("cam", "cam_ep", "case_conference", "led_elsewhere", "coordinated"), IMT)
    | {"handled_in_function": IMT | FTL, "ttg": IMT | TTG},
    "merge": at(BELOW_CAM, IMT | FTL) | at((*LADDER, *BESIDE), IMT) | {"ttg": IMT | TTG},
    "unmerge": {"merged": IMT},
    "reopen": at(("closed", "incident_declared", "supporting_response"), IMT),
    # what changes beside the stage
    "reassign_team": at(OPEN, FTL | IMT),
    "change_chair": {"case_conference": DD_OR_HIGHER | HEAD},
    "change_scs_lead": {"cam_ep": TTG},
    "set_product_safety": at(OPEN, FTL | IMT),
    "set_danger": at(BELOW_CAM, TEAM)
    | at(LADDER, IMT)
    | {"ttg": IMT | TTG}
    | at((*BESIDE, "incident_declared", "supporting_response"), IMT | TEAM),
}
SENIORS = {
    "ftl.enforcement": {"dd.enforcement", "dceo.regulation", "ceo"},
    "dd.enforcement": {"dceo.regulation", "ceo"},
    "dd.policy": {"dceo.regulation", "ceo"},
    "dd.science": {"dceo.evidence", "ceo"},
    "dd.targeting": {"dceo.evidence", "ceo"},
    "dceo.regulation": {"ceo"},
    "dceo.evidence": {"ceo"},
    "ceo": set(),
    "officer.enforcement": {"ftl.enforcement", "dd.enforcement", "dceo.regulation", "ceo"},
    "imt.head": {"dd.targeting", "dceo.evidence", "ceo"},
    "imt.duty": {"imt.head", "dd.targeting", "dceo.evidence", "ceo"},
    "imt.officer": {"imt.head", "dd.targeting", "dceo.evidence", "ceo"},
}
TOP = {"dceo.regulation", "dceo.evidence", "ceo"}


def expected(stage: str, name: str, post: str, *, covered: bool) -> str:
    if stage not in BY_RIGHT[name]:
        return NOT_FROM_HERE
    by_right = BY_RIGHT[name][stage]
    if post in by_right:
        return YES
    above = set().union(*(SENIORS[right] for right in by_right))
    stands_in = post in above or (not covered and bool(by_right) and post in TOP)
    return WITH_REASON if stands_in else NO
