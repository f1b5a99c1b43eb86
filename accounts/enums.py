"""Teams, functions and posts of OPSS in words."""

from __future__ import annotations

from django.db import models


class Team(models.TextChoices):
    ENFORCEMENT = "enforcement", "Enforcement"
    INTELLIGENCE = "intelligence", "Intelligence"
    RISK = "risk", "Risk"
    LEGAL = "legal", "Legal"
    ENGINEERING_TECHNOLOGY = "engineering_technology", "Engineering and Technology"
    SCIENCE = "science", "Science"
    COMMUNICATIONS = "communications", "Communications"
    POLICY = "policy", "Policy"
    TARGETING = "targeting", "Targeting"
    INCIDENT_MANAGEMENT = "incident_management", "Incident Management"


class Function(models.TextChoices):
    """What a Deputy Director leads."""

    ENFORCEMENT = "enforcement", "Enforcement"
    SCIENCE = "science", "Science"
    POLICY = "policy", "Policy"
    TARGETING = "targeting", "Targeting"


FUNCTION_OF: dict[str, str] = {
    Team.ENFORCEMENT.value: Function.ENFORCEMENT.value,
    Team.LEGAL.value: Function.ENFORCEMENT.value,
    Team.SCIENCE.value: Function.SCIENCE.value,
    Team.ENGINEERING_TECHNOLOGY.value: Function.SCIENCE.value,
    Team.RISK.value: Function.SCIENCE.value,
    Team.POLICY.value: Function.POLICY.value,
    Team.COMMUNICATIONS.value: Function.POLICY.value,
    Team.TARGETING.value: Function.TARGETING.value,
    Team.INTELLIGENCE.value: Function.TARGETING.value,
    Team.INCIDENT_MANAGEMENT.value: Function.TARGETING.value,
}

# What people call each post. The rows of `accounts.Post` say the same, and a test holds them to it.
POST_TITLES: dict[str, str] = {
    "ceo": "Chief Executive",
    "dceo.regulation": "Deputy Chief Executive, Regulation",
    "dceo.evidence": "Deputy Chief Executive, Evidence",
    **{f"dd.{function.value}": f"Deputy Director, {function.label}" for function in Function},
    "scs.science": "Senior Civil Servant, Science",
    "imt.head": "Head of IMT",
    "imt.duty": "IMT Duty Deputy",
    "imt.officer": "IMT Officer",
    **{
        f"ftl.{team.value}": f"Functional Team Leader, {team.label}"
        for team in Team
        if team != Team.INCIDENT_MANAGEMENT
    },
    **{f"officer.{team.value}": f"Officer, {team.label}" for team in Team},
    "viewer": "Viewer",
    "operator": "Service Operator",
}

OPERATOR = "operator"
IMT_HEAD_POST, IMT_DUTY_POST = "imt.head", "imt.duty"
IMT_POSTS = (IMT_HEAD_POST, IMT_DUTY_POST, "imt.officer")
# The chairs that the plan names: of TTG (IMP-2.12), and of an SCG, the first of them who can be found (IMP-3.4).
TTG_CHAIR_POST = "dceo.regulation"
SCG_CHAIR_POSTS = ("dceo.evidence", "dd.targeting")
DD_POSTS = tuple(f"dd.{function.value}" for function in Function)
DD_OR_HIGHER_POSTS = (*DD_POSTS, "dceo.regulation", "dceo.evidence", "ceo")


# Whom a post answers to. A senior of the same line may act in its place, with a reason; the plan leaves the lines open,
# so decision record 6 says why they are drawn like this.
ANSWERS_TO: dict[str, str] = {
    "dceo.regulation": "ceo",
    "dceo.evidence": "ceo",
    "dd.enforcement": "dceo.regulation",
    "dd.policy": "dceo.regulation",
    "dd.science": "dceo.evidence",
    "dd.targeting": "dceo.evidence",
    "scs.science": "dceo.evidence",
    IMT_HEAD_POST: "dd.targeting",
    IMT_DUTY_POST: IMT_HEAD_POST,
    "imt.officer": IMT_HEAD_POST,
    **{f"ftl.{team}": f"dd.{function}" for team, function in FUNCTION_OF.items() if f"ftl.{team}" in POST_TITLES},
    **{f"officer.{team}": f"ftl.{team}" for team in FUNCTION_OF if f"ftl.{team}" in POST_TITLES},
    f"officer.{Team.INCIDENT_MANAGEMENT.value}": IMT_HEAD_POST,
}
# Who may act besides when nobody holds a post or deputises for it.
COVERING_POSTS = ("dceo.regulation", "dceo.evidence", "ceo")


def ftl_post(team: str) -> str:
    """The post that leads a functional team. The Head of IMT leads Incident Management."""
    return IMT_HEAD_POST if team == Team.INCIDENT_MANAGEMENT else f"ftl.{team}"
