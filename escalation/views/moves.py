"""The page of one move of the ladder."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest

from command import selectors as command
from escalation import services
from escalation.enums import Stage
from escalation.models import Escalation
from escalation.views.case import case_context, machine_for_request, mends_of
from escalation.views.facts import facts_to_check
from incidents import services as records
from incidents.enums import POLICY_OWNERS, RegulatoryArea
from incidents.models import Incident
from kernel.actors import Actor
from moves import mover
from moves.views import Mend, MovePage


class IssueMove(MovePage):
    """One move of the ladder: the facts to check, what stands in the way, and the form."""

    authority: ClassVar[str] = "post"
    service = staticmethod(services.issue_move)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.machine = machine_for_request()

    def context(self, subject: Escalation) -> dict[str, Any]:
        records.reading_note(subject.issue, by=self.request.actor, what="page of a move")
        facts = self.machine.facts(subject, self.request.actor)
        label = mover.label_of(self.machine, subject, self.kwargs["name"])
        return {**case_context(subject, label), "facts": facts_to_check(subject, facts)}

    def initial(self, subject: Escalation, name: str) -> dict[str, Any]:
        if name == "reopen":
            return {"ground": self.request.GET.get("ground", "")}
        return declaration_initial(subject, self.request.actor) if name == "declare_incident" else {}

    def mends(self, subject: Escalation) -> dict[str, Mend]:
        return mends_of(subject.issue.reference, self.machine.facts(subject, self.request.actor))

    def success(self, subject: Escalation, name: str) -> str:
        if incident := declared_incident(subject):
            return f"{subject.issue.reference} is now incident {incident.reference}."
        return f"{subject.issue.reference} is now at ‘{Stage(subject.stage).label}’."

    def next_url(self, subject: Escalation) -> str:
        return (declared_incident(subject) or subject.issue).get_absolute_url()


def declared_incident(climb: Escalation) -> Incident | None:
    """The incident in which the climb has ended."""
    return climb.issue.incident if climb.stage in (Stage.INCIDENT_DECLARED, Stage.SUPPORTING_RESPONSE) else None


def declaration_initial(climb: Escalation, by: Actor) -> dict[str, Any]:
    """What a declaration starts with: its title, the likely owner of the policy, and the plan's chairs of today.

    Where the issue was part of an incident before, that one comes back unless the reader takes it out (IMP-3.27).
    """
    issue = climb.issue
    earlier = command.resumable_incident(issue.incident.reference, by).incident if issue.incident else None
    scg_chair, tcg_chair = command.proposed_chairs(climb.handling_team)
    owner = POLICY_OWNERS.get(RegulatoryArea(issue.regulatory_area), "")
    return {
        "title": issue.title,
        "resume": earlier.reference if earlier else "",
        "policy_owner": owner,
        "lead_department": owner,
        "scg_chair": scg_chair.email if scg_chair else "",
        "tcg_chair": tcg_chair.email if tcg_chair else "",
    }
