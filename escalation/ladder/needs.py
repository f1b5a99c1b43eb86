"""Required inputs whose absence has a code of its own, so that it is said together with everything else that blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from accounts.enums import DD_OR_HIGHER_POSTS, IMT_POSTS
from accounts.selectors import Person
from command.selectors import Resumable
from escalation import authority, rules
from escalation.enums import ClosureKind
from escalation.forms import ConsultedSenior
from escalation.rules import IssueFacts
from moves.machine import InputGuard, Move


def _of_another_incident(facts: IssueFacts, inputs: Mapping[str, Any]) -> bool:
    """Whoever may take issues in as the chair of a TCG, or as that chair's deputy, names an incident of another."""
    incident, people = inputs.get("incident"), {facts.by.user_id, *facts.acting_for}
    if incident is None or facts.by.post in IMT_POSTS:
        return False
    chairs_some = any(people & chairs for chairs in facts.tcg_chairs.values())
    return chairs_some and not people & facts.tcg_chairs.get(incident.reference, frozenset())


def _said(inputs: Mapping[str, Any], name: str) -> bool:
    return bool((inputs.get(name) or "").strip())


def _is_deputy_below_scs(facts: IssueFacts) -> bool:
    """A deputy who is no senior civil servant uses the power of a senior post."""
    by = facts.by
    return by.scs and by.as_deputy and not by.is_scs


def _must_consult(facts: IssueFacts) -> bool:
    """Below Deputy Director, and when a deputy who is no senior civil servant uses a Deputy Director's power."""
    return facts.by.post not in DD_OR_HIGHER_POSTS or _is_deputy_below_scs(facts)


def _looked_too(second: Person | None, facts: IssueFacts) -> bool:
    """Somebody else who could have closed a case themselves: whoever only reads cannot answer for one."""
    if second is None or second.user_id == facts.by.user_id:
        return False
    return bool({*second.posts, *second.deputises} - set(authority.WRITES_NOTHING))


def _scs_not_consulted(facts: IssueFacts, inputs: Mapping[str, Any]) -> bool:
    consulted = inputs.get("consulted_scs")
    return consulted is None or not consulted.scs or consulted.user_id == facts.by.user_id


GROUNDS = InputGuard(
    code="grounds_missing",
    field="grounds",
    message="Say on which of the three grounds a case conference is needed.",
    cites="IMP-2.15",
    blocks=lambda facts, inputs: not inputs.get("grounds"),
)
SCS_CONSULTED = InputGuard(
    code="scs_not_consulted",
    field="consulted_scs",
    message="Name the senior civil servant, other than yourself, who was consulted before asking.",
    cites="IMP-2.16",
    blocks=lambda facts, inputs: _must_consult(facts) and _scs_not_consulted(facts, inputs),
    wanted=_must_consult,
)
DEPUTY_CONSULTED = InputGuard(
    code="scs_not_consulted",
    field="consulted_scs",
    message="You act as deputy for a senior post: name a senior civil servant, other than you, who was consulted.",
    cites="IMP-6.3",
    blocks=lambda facts, inputs: _is_deputy_below_scs(facts) and _scs_not_consulted(facts, inputs),
    wanted=_is_deputy_below_scs,
)


def deputies_consult(move: Move) -> Move:
    """The move, in which a deputy below the senior civil service names the one consulted (ladder.md, 'Authority')."""
    asked = {"consulted_scs": (*ConsultedSenior.base_fields,)}
    if move.form.base_fields.keys() >= ConsultedSenior.base_fields.keys():
        return move
    form = type(move.form.__name__, (ConsultedSenior, move.form), {})
    return replace(move, form=form, input_guards=(*move.input_guards, DEPUTY_CONSULTED), asked_of_some=asked)


SCS_LEAD_NAMED = InputGuard(
    code="scs_lead_missing",
    field="scs_lead",
    message="Name the senior civil servant who leads CAM-EP.",
    cites="IMP-2.13",
    blocks=lambda facts, inputs: inputs.get("scs_lead") is None,
)
SCS_LEAD_IS_SCS = InputGuard(
    code="scs_lead_not_scs",
    field="scs_lead",
    message="CAM-EP is led by a senior civil servant; the person named holds no such post.",
    cites="IMP-2.13",
    blocks=lambda facts, inputs: inputs.get("scs_lead") is not None and not inputs["scs_lead"].scs,
    wanted=lambda facts: False,
)
SIGNIFICANT_RISK = InputGuard(
    code="significant_risk_not_shown",
    field="significant_risk_reason",
    message="An incident needs a significant risk: answer yes, and say what shows that a product does harm or could.",
    cites="IMP-1.5",
    blocks=lambda facts, inputs: not (inputs.get("significant_risk") and inputs.get("significant_risk_reason")),
)
MITIGATION = InputGuard(
    code="mitigation_not_shown",
    field="mitigation_reason",
    message="An incident needs action by OPSS to be likely to reduce the risk, with how.",
    cites="IMP-1.5",
    blocks=lambda facts, inputs: not (inputs.get("mitigation_likely") and inputs.get("mitigation_reason")),
)
TOOK_PART = InputGuard(
    code="conference_of_one",
    field="took_part",
    message="Name at least one other person who took part: nobody confers alone.",
    cites="IMP-2.17",
    blocks=lambda facts, inputs: (
        not any(person.user_id != facts.by.user_id for person in inputs.get("took_part") or ())
    ),
)
EQUALITY = InputGuard(
    code="equality_not_considered",
    field="equality",
    message="Say who could be affected differently. 'Not known yet' is an answer.",
    cites="IMP-1.7",
    blocks=lambda facts, inputs: not _said(inputs, "equality"),
)
RESUME_POSSIBLE = InputGuard(
    code="resume_not_possible",
    field="resume",
    message="Name an earlier incident led by OPSS that is not active any more. An active one is joined.",
    cites="IMP-3.27",
    blocks=lambda facts, inputs: isinstance(inputs.get("resume"), Resumable) and inputs["resume"].incident is None,
    wanted=lambda facts: False,
)
OUT_OF_SCOPE_ONLY = InputGuard(
    code="out_of_scope_only",
    field="closure_kind",
    message="Nobody has begun to assess this, so it can only be closed as out of scope.",
    cites="IMP-2.3",
    blocks=lambda facts, inputs: (
        rules.is_out_of_scope_only(facts) and inputs.get("closure_kind") != ClosureKind.OUT_OF_SCOPE
    ),
    wanted=rules.is_out_of_scope_only,
)
JUSTIFICATION = InputGuard(
    code="justification_missing",
    field="justification",
    message="At medium or above, write what justifies closing the case.",
    cites="IMP-2.4",
    blocks=lambda facts, inputs: rules.at_least_medium(facts) and not _said(inputs, "justification"),
    wanted=rules.at_least_medium,
)
SECOND_PERSON = InputGuard(
    code="second_person_missing",
    field="second_person",
    message="At high or above, name somebody in post, other than yourself, who looked at it too.",
    cites="IMP-2.4",
    blocks=lambda facts, inputs: rules.at_least_high(facts) and not _looked_too(inputs.get("second_person"), facts),
    wanted=rules.at_least_high,
)
FEEDBACK = InputGuard(
    code="feedback_missing",
    field="feedback",
    message="Write what the originator is told, or why they are told nothing.",
    cites="IMP-2.19",
    blocks=lambda facts, inputs: not _said(inputs, "feedback"),
)

SLOWING_JUSTIFIED = InputGuard(
    code="justification_missing",
    field="justification",
    message="At high or above, write what justifies slowing the case down.",
    cites="IMP-2.4",
    blocks=lambda facts, inputs: rules.at_least_high(facts) and not _said(inputs, "justification"),
    wanted=rules.at_least_high,
)
REVIEW_IN_TIME = InputGuard(
    code="review_too_late",
    field="review_on",
    message="At this level of impact the review must come sooner.",
    cites="IMP-2.4",
    blocks=lambda facts, inputs: inputs.get("review_on") is not None and inputs["review_on"] > facts.furthest_review,
    wanted=rules.at_least_high,
)
INCIDENT_LIVE = InputGuard(
    code="incident_not_live",
    field="incident",
    message="Name a live incident by its reference: one that is active, de-escalating or monitored.",
    cites="IMP-2.20",
    blocks=lambda facts, inputs: inputs.get("incident") is None,
)
OWN_INCIDENT = InputGuard(
    code="not_its_tcg_chair",
    field="incident",
    message="A TCG chair takes issues into the incident whose TCG they chair.",
    cites="IMP-3.9",
    blocks=_of_another_incident,
    wanted=lambda facts: False,
)
REQUEST_RECORDED = InputGuard(
    code="request_not_recorded",
    field="asked_of_opss",
    message="Say who in the other department asked, and what they ask of OPSS.",
    cites="IMP-4.5",
    blocks=lambda facts, inputs: not (_said(inputs, "requested_by") and _said(inputs, "asked_of_opss")),
)
MERGE_TARGET = InputGuard(
    code="merge_target_invalid",
    field="into",
    message="Name another issue that is open, or whose incident is live.",
    blocks=lambda facts, inputs: (
        inputs.get("into") is None
        or inputs["into"].reference == facts.reference
        or not (inputs["into"].is_open or inputs["into"].incident_is_live)
    ),
)
GROUND_GIVEN = InputGuard(
    code="ground_missing",
    field="ground",
    message="Say on what ground the case is reopened.",
    cites="IMP-2.9",
    blocks=lambda facts, inputs: not inputs.get("ground"),
)
