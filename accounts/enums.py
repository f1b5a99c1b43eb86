"""Teams and functions of OPSS, and which function a team belongs to."""

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
