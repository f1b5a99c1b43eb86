"""Walking a case up the ladder in tests, through the doors that everybody uses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.selectors import actor_for
from escalation import services
from escalation.models import Escalation
from kernel import clock
from kernel.actors import Actor
from tests.factories.accounts import person
from tests.factories.incidents import reported

RATINGS = {"public_safety": {"level": "high", "reason": "Two burns"}, "media_interest": {"level": "low"}}
NNC = {
    "nationally_significant": {"met": True, "reason": "Sold everywhere"},
    "novel": {"met": False, "reason": "Known failure"},
    "contentious": {"met": False, "reason": "Nobody disputes it"},
    "lead_authority": "opss",
}


class Cast:
    """The people of a small OPSS, each the only holder of a post, made when first named."""

    def __init__(self) -> None:
        self._users: dict[str, User] = {}
        self._actors: dict[str, Actor] = {}

    def user(self, post: str) -> User:
        if post not in self._users:
            self._users[post] = person(post, email=f"{post}@cast.example")
        return self._users[post]

    def __call__(self, post: str) -> Actor:
        if post not in self._actors:
            self._actors[post] = self.acting(self.user(post), post)
        return self._actors[post]

    @staticmethod
    def acting(user: User, post: str) -> Actor:
        return actor_for(user, post)


def climb_of(reference: str) -> Escalation:
    return Escalation.objects.select_related("issue").get(issue__reference=reference, is_current=True)


def move(cast: Cast, reference: str, name: str, post: str, **data: Any) -> Escalation:
    """Make a move as `post`, on the version that stands."""
    version = climb_of(reference).issue.version
    return services.issue_move(reference=reference, name=name, version=version, by=cast(post), data=data)


def assess(cast: Cast, reference: str, post: str = "imt.head", **data: Any) -> None:
    services.impact_assess(reference=reference, by=cast(post), data=data or {"ratings": RATINGS})


def inputs_of(cast: Cast, name: str) -> dict[str, Any]:
    """Inputs with which the move goes through when the facts are in order."""
    at = (clock.now() - timedelta(hours=1)).isoformat()
    week = (clock.today() + timedelta(days=7)).isoformat()
    return {
        "begin_assessment": {},
        "handle_in_function": {
            "reason": "One team can deal with it",
            "plan": "Visit the importer",
            "review_on": week,
            "justification": "The importer has stopped selling",
        },
        "refer_to_deputy_director": {"reason": "It may grow"},
        "return_to_function": {"reason": "One team can deal with it", "plan": "Visit again", "review_on": week},
        "imt_escalate": {"reason": "It cannot wait"},
        "hand_over": {
            "lead_kind": "local_authority",
            "authority": "Leeds City Council",
            "reason": "One shop sells it",
            "review_on": week,
            "justification": "Sales have stopped",
            "exception_reason": "The authority asked to lead",
        },
        "monitor": {
            "reason": "Sales have stopped",
            "watch_for": "Another fire",
            "review_on": week,
            "justification": "All known units are back",
        },
        "request_information": {"what": "Does it fail when cold?", "team": "science", "due": week},
        "agree_coordination": {"arrangement": "Enforcement visits, Science tests", "lead_team": "enforcement"}
        | {"review_on": week},
        "open_supporting_response": {
            "title": "Support for a fire at a depot",
            "lead_department": "Home Office",
            "requested_by": "The duty officer of the lead department",
            "asked_of_opss": "Advice on lithium cells",
            "response_level": "tactical",
            "lead_person": cast.user("dd.science").email,
        },
        "merge": {"reason": "The same product"},
        "unmerge": {"reason": "Another model"},
        "reopen": {"ground": "new_evidence", "what_changed": "Another fire"},
        "submit_to_cam": {"reason": "More than one team is needed"},
        "recommend_to_ttg": {"recommendation": "activate_cam_ep", "reason": "Sold across the nation"},
        "activate_cam_ep": {
            "scs_lead": cast.user("scs.science").email,
            "information_wanted": "How often does the joint fail?",
            "due": (clock.today() + timedelta(days=3)).isoformat(),
        },
        "request_case_conference": {
            "grounds": ["could_become_incident"],
            "reason": "Two explosions",
            "consulted_scs": cast.user("dd.science").email,
            "consulted_how": "By telephone",
            "consulted_at": at,
            "chair": cast.user("dd.enforcement").email,
        },
        "declare_incident": {
            "title": "Gas hob joints that leak",
            "significant_risk": True,
            "significant_risk_reason": "Explosions in homes",
            "mitigation_likely": True,
            "mitigation_reason": "A recall reaches the owners",
            "took_part": [cast.user("imt.head").email],
            "response_level": "strategic",
            "policy_owner": "Department for Business and Trade",
            "lead_department": "Department for Business and Trade",
            "scg_chair": cast.user("dceo.evidence").email,
            "tcg_chair": cast.user("dd.enforcement").email,
            "equality": "Not known yet",
        },
        "close": {
            "closure_kind": "out_of_scope",
            "reason": "Not a product that OPSS regulates",
            "justification": "The harm had another cause",
            "feedback": "Told by telephone",
            "second_person": cast.user("dd.targeting").email,
        },
    }[name]


# Stages beside the ladder and its ends: from where, by which move, made by whom.
BESIDE = {
    "handled_in_function": ("assessing", "handle_in_function", "ftl.enforcement"),
    "referred": ("assessing", "refer_to_deputy_director", "ftl.enforcement"),
    "led_elsewhere": ("assessing", "hand_over", "ftl.enforcement"),
    "monitoring": ("cam", "monitor", "imt.head"),
    "coordinated": ("case_conference", "agree_coordination", "dd.enforcement"),
    "supporting_response": ("reported", "open_supporting_response", "dd.science"),
    "closed": ("reported", "close", "imt.head"),
    "merged": ("reported", "merge", "imt.head"),
}
UNASSESSED = ("open_supporting_response", "close", "merge")


def at_stage(cast: Cast, stage: str, **report: Any) -> str:
    """The reference of a fresh case that was walked to `stage`, with nothing assessed there yet."""
    if stage in BESIDE:
        before, name, post = BESIDE[stage]
        reference = at_stage(cast, before, **report)
        if name not in UNASSESSED:
            assess(cast, reference, "ftl.enforcement" if before in ("reported", "assessing") else "imt.head")
        inputs = inputs_of(cast, name)
        if name == "merge":
            inputs["into"] = reported(cast("officer.enforcement")).reference
        move(cast, reference, name, post, **inputs)
        assert climb_of(reference).stage == stage
        return reference
    reference = reported(cast("officer.enforcement"), **report).reference
    steps = {
        "assessing": ("begin_assessment", "ftl.enforcement"),
        "cam": ("submit_to_cam", "ftl.enforcement"),
        "ttg": ("recommend_to_ttg", "imt.head"),
        "cam_ep": ("activate_cam_ep", "dceo.regulation"),
        "case_conference": ("request_case_conference", "dd.enforcement"),
        "incident_declared": ("declare_incident", "dd.enforcement"),
    }
    for target, (name, post) in steps.items():
        if climb_of(reference).stage == stage:
            break
        stands = climb_of(reference).stage
        if stands == "assessing":
            assess(cast, reference, "ftl.enforcement")
        elif stands != "reported":
            assess(cast, reference, "imt.head")
        if stands == "cam":
            services.nnc_assess(reference=reference, by=cast("imt.head"), data=NNC)
        if stands == "ttg":
            services.nnc_assess(reference=reference, by=cast("dceo.regulation"), data=NNC)
        assert move(cast, reference, name, post, **inputs_of(cast, name)).stage == target
    assert climb_of(reference).stage == stage
    return reference
