"""The page of one move of an incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from command import selectors, services
from command.views.case import crumbs_to, mends_of
from incidents import services as records
from incidents.models import Incident
from moves import mover
from moves.views import Mend, MovePage


class IncidentMove(MovePage):
    authority: ClassVar[str] = "post"
    machine = services.INCIDENT_MACHINE
    service: ClassVar = staticmethod(services.incident_move)

    def context(self, subject: Incident) -> dict[str, Any]:
        records.reading_note(subject, by=self.request.actor, what="page of a move")
        return {
            "case": subject.reference,
            "case_title": subject.title,
            "case_url": subject.get_absolute_url(),
            "marking": selectors.marking_of(subject),
            "facts": _facts(subject),
            "crumbs": crumbs_to(subject, here=mover.label_of(self.machine, subject, self.kwargs["name"])),
        }

    def mends(self, subject: Incident) -> Mapping[str, Mend]:
        return mends_of(subject)

    def success(self, subject: Incident, name: str) -> str:
        if name in ("raise_level", "lower_level"):
            return f"{subject.reference} is now at the {subject.get_response_level_display().lower()} level."
        if subject.is_half_agreed:
            return "Your agreement is recorded. The other party has been asked."
        if name == "propose_de_escalation":
            return "De-escalation is proposed. IMT and the chair of the TCG have been asked to agree."
        return f"{subject.reference} is now {subject.get_status_display().lower()}."

    def next_url(self, subject: Incident) -> str:
        return subject.get_absolute_url()


def _facts(incident: Incident) -> list[dict[str, Any]]:
    facts = [
        {"key": "Status", "value": incident.get_status_display()},
        {"key": "Response level", "value": incident.get_response_level_display()},
    ]
    if plan := selectors.plan_of(incident):
        facts += [
            {"key": "Exit criteria", "value": plan.exit_criteria_met},
            {"key": "What remains", "value": "; ".join(str(activity) for activity in plan.activities.all())},
        ]
        if agreed := "; ".join(consent.agreed_as for consent in plan.consents.all()):
            facts.append({"key": "Agreed by", "value": agreed})
    return facts
