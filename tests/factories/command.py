"""Incidents and situation reports for tests, made through the doors that everybody uses."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from command import services
from command.models import GroupMember, Sitrep
from incidents.models import Incident
from kernel import clock
from kernel.actors import Actor
from tests.factories.incidents import reported
from tests.factories.ladder import Cast


def incident(cast: Cast, *, impact: str = "high", report: dict[str, Any] | None = None, **given: Any) -> Incident:
    """An incident declared from a fresh issue: SCG under dceo.evidence, TCG under dd.enforcement."""
    issue = reported(cast("officer.enforcement"), **(report or {}))
    with transaction.atomic():
        return services.incident_open(
            issue=issue,
            **{
                "title": "Scooters that burn while charging",
                "response_level": "tactical",
                "impact_level": impact,
                "significant_risk": "Fires in homes at night",
                "mitigation": "A recall reaches the owners",
                "equality": "Not known yet",
                "policy_owner": "Department for Business and Trade",
                "lead_department": "Department for Business and Trade",
                "scg_chair": cast.user("dceo.evidence"),
                "tcg_chair": cast.user("dd.enforcement"),
                "by": cast("dd.enforcement"),
                "at": clock.now(),
                **given,
            },
        )


def secretary_of(case: Incident, kind: str, actor: Actor) -> Actor:
    """Make somebody the secretary of the incident's group of this kind."""
    GroupMember.objects.create(
        group=case.groups.get(kind=kind), user_id=actor.user_id, role="secretary", since=clock.now()
    )
    return actor


def draft(cast: Cast, case: Incident, *, by: str = "imt.officer", **texts: str) -> Sitrep:
    """An open draft, complete: 'Nothing to report' wherever `texts` says nothing."""
    sitrep = services.sitrep_open(incident_reference=case.reference, by=cast(by))
    sections = [
        {"key": section.key, "body": texts.get(section.key, "Nothing to report")} for section in sitrep.sections.all()
    ]
    return services.sitrep_edit(
        reference=sitrep.reference, version=sitrep.version, by=cast(by), data={"sections": sections}
    )


INPUTS: dict[str, dict[str, Any]] = {
    "submit": {},
    "return": {"reason": "The figures are old"},
    "approve": {"second_check": "done"},
    "issue": {},
    "correct": {"reason": "The model is wrong"},
    "withdraw": {"reason": "Opened by mistake"},
}


def move(cast: Cast, sitrep: Sitrep, name: str, post: str, **data: Any) -> Sitrep:
    """Make a move as `post`, on the version that stands."""
    version = Sitrep.objects.get(pk=sitrep.pk).version
    return services.sitrep_move(
        reference=sitrep.reference, name=name, version=version, by=cast(post), data=data or INPUTS[name]
    )


def at_status(cast: Cast, status: str, case: Incident | None = None, **texts: str) -> Sitrep:
    """A report that was brought to `status`: written by imt.officer, approved and issued by imt.head."""
    case = case or incident(cast)
    sitrep = draft(cast, case, **texts)
    steps = {
        "in_review": ("submit", "imt.officer"),
        "approved": ("approve", "imt.head"),
        "issued": ("issue", "imt.head"),
    }
    if status == "withdrawn":
        return move(cast, sitrep, "withdraw", "imt.officer")
    for target, (name, post) in steps.items():
        if sitrep.status == status:
            return sitrep
        sitrep = move(cast, sitrep, name, post)
        assert sitrep.status == target
    if status == "superseded":
        move(cast, sitrep, "correct", "imt.officer")
        correction = Sitrep.objects.get(supersedes=sitrep)
        for target, (name, post) in steps.items():
            correction = move(cast, correction, name, post)
            assert correction.status == target
        sitrep = Sitrep.objects.get(pk=sitrep.pk)
    assert sitrep.status == status
    return sitrep
