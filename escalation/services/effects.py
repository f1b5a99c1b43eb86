"""What each move makes besides moving. Whatever an effect answers is recorded with the move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS, TTG_CHAIR_POST, Team, ftl_post
from accounts.models import User
from audit import services as audit
from command import selectors as command_selectors
from command import services as command
from escalation.enums import RUNGS, ReopenGround, Stage
from escalation.events import IssueEvent
from escalation.models import Escalation
from escalation.services.writing import (
    commission,
    decide,
    feedback_owed,
    feedback_withdrawn,
    join_case,
    reopen_requests_answered,
    tell,
)
from govuk import when
from incidents.enums import CommissionKind, CommissionStatus, ImpactLevel, IncidentKind, PersonRole
from incidents.models import Decision
from kernel.errors import FieldError, InvalidInput
from moves.machine import Making

NOT_KNOWN_YET = "not known yet"


def _imt() -> list[User]:
    return accounts.holders_of(*IMT_POSTS)


def _team_leader(climb: Escalation) -> list[User]:
    return accounts.holders_of(ftl_post(climb.handling_team))


# --- in the functional area, and beside the ladder --------------------------------------------------------------------


def assessment_begun(making: Making) -> None:
    """That it is looked into further is decided too (IMP-2.3)."""
    decide(making, reason=making.inputs["note"])


def handled_in_function(making: Making) -> None:
    decide(making)


def referred(making: Making) -> None:
    decide(making)
    deputy_director = accounts.holders_of(f"dd.{making.facts.team_function}")
    tell(making, deputy_director, title="Referred to you", body=making.inputs["reason"])


def returned(making: Making) -> None:
    decide(making)
    tell(making, _team_leader(making.subject), title="Back with your team", body=making.inputs["plan"])


def handed_over(making: Making) -> None:
    body = f"{making.inputs['authority']} leads from here. {making.inputs['reason']}"
    decide(making, reason=body)
    tell(making, [*_imt(), *_team_leader(making.subject)], title="Handed over", body=body)


def monitored(making: Making) -> None:
    decide(making)
    tell(making, _team_leader(making.subject), title="Monitored from here", body=making.inputs["watch_for"])


# --- upwards ----------------------------------------------------------------------------------------------------------


def submitted_to_cam(making: Making) -> None:
    decide(making)
    tell(making, _imt(), title="For CAM", body=making.inputs["reason"])


def escalated_by_imt(making: Making) -> None:
    decide(making)
    people = [*_imt(), *_team_leader(making.subject)]
    tell(making, people, title="Taken to CAM by IMT", body=making.inputs["reason"])


def recommended_to_ttg(making: Making) -> None:
    decide(making)
    chairs = accounts.holders_of(TTG_CHAIR_POST)
    tell(making, chairs, title="CAM recommends to TTG", body=making.inputs["reason"])


def activated_cam_ep(making: Making) -> None:
    climb: Escalation = making.subject
    wanted = making.inputs["information_wanted"]
    decide(making, reason=wanted)
    join_case(climb, climb.scs_lead, making.at, PersonRole.LEAD)
    commission(making, kind=CommissionKind.REPORT, what=wanted, team=climb.handling_team, due=making.inputs["due"])
    tell(making, [climb.scs_lead, *_imt()], title="CAM-EP is activated", body=wanted, due=making.inputs["due"])


def requested_conference(making: Making) -> None:
    _conference_opened(making, title="A case conference is asked for", also=[])


def convened_urgent_conference(making: Making) -> Mapping[str, Any]:
    """CAM and TTG are told what was passed over (IMP-2.3)."""
    ttg_chair = accounts.holders_of(TTG_CHAIR_POST)
    _conference_opened(making, title="An urgent case conference meets now", also=ttg_chair)
    return {"passed_over": _passed_over(making)}


def _conference_opened(making: Making, *, title: str, also: list[User]) -> None:
    climb: Escalation = making.subject
    decide(making)
    join_case(climb, climb.conference_chair, making.at, PersonRole.CHAIR)
    meets = making.inputs.get("proposed_at")
    body = f"{making.inputs['reason']}\n\nChaired by {climb.conference_chair}."
    if meets:
        body += f" It is to meet at {when.london_deadline(meets)}."
    tell(making, [climb.conference_chair, *_imt(), *also], title=title, body=body, due=meets)


def _passed_over(making: Making) -> list[str]:
    """The rungs below the conference that this climb has not stood on. A later climb begins at CAM."""
    climb: Escalation = making.subject
    below = RUNGS[: RUNGS.index(Stage.CASE_CONFERENCE)]
    first = Stage.REPORTED if climb.number == 1 else Stage.CAM
    decisions = Decision.objects.filter(issue=climb.issue_id, made_at__gte=climb.opened_at)
    been = {first, *(stage for edge in decisions.values_list("stage_from", "stage_to") for stage in edge)}
    return [stage.value for stage in below[below.index(first) :] if stage not in been]


def requested_information(making: Making) -> None:
    inputs = making.inputs
    decide(making, reason=inputs["what"])
    commission(making, kind=CommissionKind.REPORT, what=inputs["what"], team=inputs["team"], due=inputs["due"])
    asked = accounts.holders_of(ftl_post(inputs["team"]))
    tell(making, [*asked, *_imt()], title="A case conference asks your team", body=inputs["what"], due=inputs["due"])


def agreed_coordination(making: Making) -> None:
    decide(making, reason=making.inputs["arrangement"])
    people = [*_team_leader(making.subject), *_imt()]
    tell(making, people, title="Your team leads a coordinated response", body=making.inputs["arrangement"])


def declared(making: Making) -> Mapping[str, Any]:
    """Open the incident, or a new phase of an earlier one, with its command structure and first rhythm (IMP-2.20)."""
    climb: Escalation = making.subject
    issue, inputs = climb.issue, making.inputs
    earlier = inputs["resume"].incident if inputs["resume"] else None
    scg_chair, tcg_chair = _chairs(making)
    clashes = command_selectors.chair_clashes([scg_chair.pk, tcg_chair.pk], by=making.by, of=earlier)
    declaration = command.Declaration(
        title=inputs["title"],
        response_level=inputs["response_level"],
        impact_level=making.facts.impact_level,
        significant_risk=inputs["significant_risk_reason"],
        mitigation=inputs["mitigation_reason"],
        equality=inputs["equality"],
        policy_owner=inputs["policy_owner"],
        lead_department=inputs["lead_department"],
        scg_chair=scg_chair,
        tcg_chair=tcg_chair,
    )
    if earlier:
        incident = command.incident_new_phase(
            incident=earlier, issue=issue, declaration=declaration, by=making.by, at=making.at
        )
    else:
        incident = command.incident_open(issue=issue, declaration=declaration, by=making.by, at=making.at)
    for chair in (scg_chair, tcg_chair):
        join_case(climb, chair, making.at, PersonRole.CHAIR)
    decide(making, reason=f"{inputs['significant_risk_reason']}\n\n{inputs['mitigation_reason']}")
    if inputs["equality"].strip().rstrip(".").lower() == NOT_KNOWN_YET:
        what = "Find out who could be affected differently, and what follows from that (equality duty)."
        commission(making, kind=CommissionKind.ADVICE, what=what, team=Team.POLICY)
    return {"incident": incident.reference, "warnings": [warning.code for warning in clashes]}


def _chairs(making: Making) -> tuple[User, ...]:
    """The chairs that were named, else whoever holds the plan's posts now (IMP-3.4, 3.9)."""
    proposed = command_selectors.proposed_chairs(making.subject.handling_team)
    named = (making.inputs["scg_chair"], making.inputs["tcg_chair"])
    chairs = [person.user if person else default for person, default in zip(named, proposed, strict=True)]
    errors = [
        FieldError(field, "required", f"Nobody holds the plan's post to chair the {group} now: name the chair")
        for field, group, chair in zip(("scg_chair", "tcg_chair"), ("SCG", "TCG"), chairs, strict=True)
        if chair is None
    ]
    if errors:
        raise InvalidInput(errors)
    return tuple(chair for chair in chairs if chair)


# --- to an end, and back ----------------------------------------------------------------------------------------------


def joined_incident(making: Making) -> Mapping[str, Any]:
    incident = making.inputs["incident"]
    changes = making.inputs["changes_the_picture"]
    chairs = command.issue_joined(incident=incident, issue=making.subject.issue, by=making.by, at=making.at)
    decide(making)
    title = "Changes the picture of your incident" if changes else "Joins your incident"
    tell(making, [*chairs, *_imt()], title=title, body=making.inputs["reason"], urgent=changes)
    return {"incident": incident.reference}


def opened_supporting_response(making: Making) -> Mapping[str, Any]:
    """The same tools in support of another department (IMP-1.4, 4.5)."""
    climb: Escalation = making.subject
    inputs = making.inputs
    lead = inputs["lead_person"].user
    proposed, _ = command_selectors.proposed_chairs(climb.handling_team)
    asked = f"{inputs['requested_by']}\n\n{inputs['asked_of_opss']}"
    incident = command.incident_open(
        issue=climb.issue,
        kind=IncidentKind.SUPPORTING,
        declaration=command.Declaration(
            title=inputs["title"],
            response_level=inputs["response_level"],
            impact_level=making.facts.impact_level or ImpactLevel.NOT_KNOWN_YET,
            significant_risk=inputs["requested_by"],
            mitigation=inputs["asked_of_opss"],
            equality="",
            policy_owner=inputs["lead_department"],
            lead_department=inputs["lead_department"],
            scg_chair=proposed or lead,
            tcg_chair=lead,
        ),
        by=making.by,
        at=making.at,
    )
    join_case(climb, lead, making.at, PersonRole.LEAD)
    decide(making, reason=asked)
    return {"incident": incident.reference}


def closed(making: Making) -> None:
    inputs = making.inputs
    decide(making)
    feedback_owed(making, what=f"Tell the originator how it ended: {inputs['feedback']}")


def merged(making: Making) -> Mapping[str, Any]:
    climb: Escalation = making.subject
    into = making.inputs["into"].reference
    decide(making)
    feedback_owed(making, what=f"Tell the originator that the matter goes on as {into}.")
    audit.record(IssueEvent.ABSORBED, chain=into, by=making.by, at=making.at, other=climb.issue.reference)
    return {"into": into}


def unmerged(making: Making) -> None:
    """Both chains say so. What the originator was told, or was to be told, is no longer so (IMP-2.19)."""
    climb: Escalation = making.subject
    other = climb.issue.reference
    decide(making)
    audit.record(IssueEvent.RELEASED, chain=making.facts.merged_into, by=making.by, at=making.at, other=other)
    if feedback_withdrawn(making, asked_by="merge") == CommissionStatus.DELIVERED:
        feedback_owed(making, what="Tell the originator that the matter goes on by itself after all.")
    tell(making, _team_leader(making.subject), title="Goes on by itself again", body=making.inputs["reason"])


def reopened(making: Making) -> None:
    ground = ReopenGround(making.inputs["ground"]).label
    decide(making, reason=f"{ground}. {making.inputs['what_changed']}")
    people = [*_imt(), *_team_leader(making.subject)]
    tell(making, people, title="Reopened at CAM", body=making.inputs["what_changed"])
    reopen_requests_answered(making)


EFFECTS = {
    "begin_assessment": assessment_begun,
    "handle_in_function": handled_in_function,
    "refer_to_deputy_director": referred,
    "return_to_function": returned,
    "hand_over": handed_over,
    "monitor": monitored,
    "submit_to_cam": submitted_to_cam,
    "imt_escalate": escalated_by_imt,
    "recommend_to_ttg": recommended_to_ttg,
    "activate_cam_ep": activated_cam_ep,
    "request_case_conference": requested_conference,
    "convene_urgent_conference": convened_urgent_conference,
    "request_information": requested_information,
    "agree_coordination": agreed_coordination,
    "declare_incident": declared,
    "join_incident": joined_incident,
    "open_supporting_response": opened_supporting_response,
    "close": closed,
    "merge": merged,
    "unmerge": unmerged,
    "reopen": reopened,
}
