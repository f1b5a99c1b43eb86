"""What each move of an incident makes besides moving. Whatever an effect answers is recorded with the move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS
from accounts.models import User
from command import hooks, selectors
from command.enums import Party, WhyCancelled
from command.models import DeEscalationConsent, DeEscalationPlan, ResidualActivity
from command.services.occurrences import occurrences_cancel
from govuk import when
from incidents.enums import IncidentKind, IncidentStatus, ResponseLevel
from incidents.models import Decision, Incident
from moves.machine import Making
from notify import services as notify


def level_changed(making: Making) -> Mapping[str, Any]:
    level = ResponseLevel(making.inputs["level"]).label.lower()
    before = ResponseLevel(making.facts.response_level).label.lower()
    _decide(making, f"Response level {level}, was {before}", making.inputs["reason"])
    _tell(making, title=f"Response level is now {level}", body=making.inputs["reason"])
    return {"level_before": making.facts.response_level}


def proposed(making: Making) -> None:
    """Put the plan on record; an earlier one, and who had agreed to it, no longer stands (IMP-3.26)."""
    incident, inputs = making.subject, making.inputs
    plan_withdraw(incident)
    plan = DeEscalationPlan.objects.create(
        incident=incident,
        exit_criteria_met=inputs["exit_criteria_met"],
        proposed_by_id=making.by.user_id,
        proposed_as=making.by.label,
        proposed_at=making.at,
    )
    ResidualActivity.objects.bulk_create(
        ResidualActivity(plan=plan, position=position, what=activity["what"], owner=activity["owner"])
        for position, activity in enumerate(inputs["plan"], start=1)
    )
    _decide(making, "De-escalation proposed", inputs["exit_criteria_met"])
    _tell(making, title="De-escalation is proposed: do you agree?", body=inputs["exit_criteria_met"])


def agreed(making: Making) -> Mapping[str, Any]:
    """Record who agreed for which party, and the SCG's view where it was not on record yet (IMP-3.26)."""
    inputs, party = making.inputs, Party(making.facts.party)
    plan = DeEscalationPlan.objects.get(incident=making.subject, is_standing=True)
    if not plan.is_consulted:
        plan.scg_consulted_who, plan.scg_view = inputs["scg_consulted_who"], inputs["scg_view"]
        plan.scg_consulted_at = inputs["scg_consulted_when"]
        plan.save(update_fields=["scg_consulted_who", "scg_consulted_at", "scg_view"])
    DeEscalationConsent.objects.create(
        plan=plan,
        party=party,
        user=User.objects.get(email=making.by.email),
        agreed_as=making.by.label,
        agreed_at=making.at,
    )
    asked_at = plan.scg_consulted_at or inputs["scg_consulted_when"]
    consulted = f"The SCG was consulted at {when.london(asked_at)}: {plan.scg_view}"
    if making.target == IncidentStatus.DE_ESCALATING:
        _decide(making, "De-escalation agreed by both parties", consulted)
        _tell(making, title="De-escalation begins", body=consulted)
    else:
        awaited = next(other for other in Party if other != party)
        _decide(making, f"De-escalation agreed by one party: {party.label[0].lower()}{party.label[1:]}", consulted)
        _tell(making, title="De-escalation is half agreed", body=f"{awaited.label} is asked to agree. {consulted}")
    return {"party": party}


def monitored(making: Making) -> None:
    inputs = making.inputs
    body = f"{inputs['group']} watches it; it is looked at again on {when.day(inputs['review_on'])}."
    _decide(making, "Monitored from here", body)
    _tell(making, title="Monitored from here", body=body)


def resumed(making: Making) -> None:
    plan_withdraw(making.subject)
    _decide(making, "Full response resumed", making.inputs["reason"])
    _tell(making, title="The full response resumes", body=making.inputs["reason"])


def closed(making: Making) -> Mapping[str, Any]:
    """End the rhythm; an incident led by OPSS is reviewed afterwards (IMP-3.28)."""
    incident, reason = making.subject, making.inputs["reason"]
    is_reviewed = incident.kind == IncidentKind.OPSS_LED
    _decide(making, "Incident closed", reason)
    _tell(making, title="Closed", body=f"{reason} It is to be reviewed." if is_reviewed else reason)
    hooks.tell_incident_moved(making)
    return {
        "rhythm_ended": rhythm_stop(incident, why=WhyCancelled.INCIDENT_CLOSED, at=making.at),
        "review_due": is_reviewed,
    }


def review_completed(making: Making) -> None:
    said = making.inputs["reason"] or "What was learned is on record, and each recommendation has an owner."
    _decide(making, "Review completed", said)
    _tell(making, title="The review is complete", body=said)
    hooks.tell_incident_moved(making)


def plan_withdraw(incident: Incident) -> None:
    """The plan that stands, if any, stands no longer."""
    incident.de_escalation_plans.filter(is_standing=True).update(is_standing=False)


def rhythm_stop(incident: Incident, *, why: WhyCancelled, at: datetime) -> list[str]:
    """End what is in the rhythm, and cancel what has not begun of it; the answer is the titles of what ended."""
    in_force = selectors.rhythm_of(incident)
    titles = list(dict.fromkeys(in_force.values_list("title", flat=True)))
    in_force.update(ended_at=at)
    occurrences_cancel(Q(incident=incident), why=why, at=at)
    return titles


def _decide(making: Making, title: str, reason: str) -> None:
    Decision.objects.create(
        incident=making.subject,
        kind=f"incident.{making.name}",
        title=title,
        reason=reason,
        stage_from=making.source,
        stage_to=making.target,
        impact_level=making.subject.impact_level,
        made_by_id=making.by.user_id,
        made_as=making.by.label,
        made_at=making.at,
        acting_reason=making.acting_reason,
    )


def _tell(making: Making, *, title: str, body: str) -> None:
    """Queue a notice for IMT and the chairs of the SCG and the TCGs, but not for whoever made the move."""
    incident: Incident = making.subject
    imt = [user.pk for user in accounts.holders_of(*IMT_POSTS)]
    notify.notice_queue(
        f"incident.{making.name}",
        to=[person for person in (*imt, *making.facts.chairs) if person != making.by.user_id],
        about=incident.reference,
        title=f"{title}: {incident.reference} {incident.title}"[:250],
        body=body,
        url=incident.get_absolute_url(),
        key=f"{incident.reference}:{incident.version}:{making.name}",
        done_as=making.by.label,
        due=making.inputs.get("review_on"),
    )


EFFECTS: Mapping[str, Callable[[Making], Mapping[str, Any] | None]] = {
    "raise_level": level_changed,
    "lower_level": level_changed,
    "propose_de_escalation": proposed,
    "agree_de_escalation": agreed,
    "monitor": monitored,
    "resume": resumed,
    "close": closed,
    "complete_review": review_completed,
}
