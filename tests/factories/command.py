"""Incidents and situation reports for tests, made through the doors that everybody uses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from command import services
from command.models import GroupMember, Sitrep
from incidents.enums import IncidentKind
from incidents.models import Incident
from kernel import clock
from kernel.actors import Actor
from tests.factories.incidents import reported
from tests.factories.ladder import Cast


def declaration(cast: Cast, **given: Any) -> services.Declaration:
    """What is declared: SCG under dceo.evidence, TCG under dd.enforcement."""
    return services.Declaration(
        **{
            "title": "Scooters that burn while charging",
            "response_level": "tactical",
            "impact_level": "high",
            "significant_risk": "Fires in homes at night",
            "mitigation": "A recall reaches the owners",
            "equality": "Not known yet",
            "policy_owner": "Department for Business and Trade",
            "lead_department": "Department for Business and Trade",
            "scg_chair": cast.user("dceo.evidence"),
            "tcg_chair": cast.user("dd.enforcement"),
            **given,
        }
    )


def incident(
    cast: Cast,
    *,
    impact: str = "high",
    report: dict[str, Any] | None = None,
    by: Actor | None = None,
    at: datetime | None = None,
    kind: str = IncidentKind.OPSS_LED,
    **given: Any,
) -> Incident:
    """An incident declared from a fresh issue."""
    issue = reported(cast("officer.enforcement"), **(report or {}))
    declared = declaration(cast, impact_level=impact, **given)
    with transaction.atomic():
        return services.incident_open(
            issue=issue, declaration=declared, by=by or cast("dd.enforcement"), at=at or clock.now(), kind=kind
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


PLAN = [
    {"what": "Watch sales online", "owner": "Intelligence"},
    {"what": "Answer the last owners", "owner": "The importer"},
]


def incident_inputs(name: str) -> dict[str, Any]:
    """Inputs with which a move of an incident goes through when the facts are in order."""
    return {
        "raise_level": {"level": "strategic", "reason": "A second factory is affected"},
        "lower_level": {"level": "operational", "reason": "The recall reaches the owners"},
        "propose_de_escalation": {"plan": PLAN, "exit_criteria_met": "Nine of ten are back"},
        "agree_de_escalation": {
            "scg_consulted_who": "The SCG at its meeting",
            "scg_consulted_when": (clock.now() - timedelta(hours=1)).isoformat(),
            "scg_view": "It agrees, with a watch on sales online",
        },
        "monitor": {
            "group": "The monitoring group",
            "review_on": (clock.today() + timedelta(days=30)).isoformat(),
        },
        "resume": {"reason": "Another fire"},
        "close": {"reason": "Nothing has happened for two months"},
        "complete_review": {},
    }[name]


def incident_move(cast: Cast, case: Incident, name: str, post: str, **data: Any) -> Incident:
    """Make a move of an incident as `post`, on the version that stands."""
    version = Incident.objects.get(pk=case.pk).version
    return services.incident_move(
        reference=case.reference, name=name, version=version, by=cast(post), data=data or incident_inputs(name)
    )


def all_stood_down(cast: Cast, case: Incident) -> None:
    """Stand down every group that stands."""
    for group in case.groups.filter(status="standing"):
        services.group_stand_down(
            incident_reference=case.reference,
            group_id=group.pk,
            by=cast("imt.head"),
            data={"longer_term_owner": "Enforcement", "reason": "Its work is done"},
        )


def wound_up(cast: Cast, case: Incident) -> None:
    """Do what must be done before an incident can be closed: the last report is out, no group stands."""
    at_status(cast, "issued", case)
    all_stood_down(cast, case)


def incident_at(cast: Cast, status: str, **given: Any) -> Incident:
    """An incident that was brought to `status` through its moves; TCG under dd.enforcement."""
    case = incident(cast, **given)
    if status == "active":
        return case
    incident_move(cast, case, "propose_de_escalation", "imt.officer")
    incident_move(cast, case, "agree_de_escalation", "imt.officer")
    case = incident_move(cast, case, "agree_de_escalation", "dd.enforcement")
    if status == "monitoring":
        case = incident_move(cast, case, "monitor", "imt.officer")
    if status == "closed":
        wound_up(cast, case)
        case = incident_move(cast, case, "close", "imt.head")
    assert case.status == status
    return case
