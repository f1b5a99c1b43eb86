"""How incidents, groups, rhythm and situation reports read as JSON."""

from __future__ import annotations

from typing import Any

from command import selectors
from command.models import DeEscalationPlan, Group, RhythmEvent, RhythmOccurrence, Sitrep
from incidents.models import Incident


def incident_document(incident: Incident) -> dict[str, Any]:
    """An incident with its groups. Who may know of it may know of all its issues."""
    return {
        "reference": incident.reference,
        "title": incident.title,
        "kind": incident.kind,
        "status": incident.status,
        "response_level": incident.response_level,
        "impact_level": incident.impact_level,
        "declared_at": incident.declared_at,
        "declared_by": incident.declared_as,
        "phase": incident.phase,
        "phase_began_at": incident.phase_began_at,
        "issues": sorted(issue.reference for issue in incident.issues.all()),
        "policy_owner": incident.policy_owner,
        "lead_department": incident.lead_department,
        "significant_risk": incident.significant_risk,
        "mitigation": incident.mitigation,
        "equality": incident.equality,
        "groups": [group_document(group) for group in incident.groups.all()],
        "de_escalation": _plan(selectors.plan_of(incident)),
        "watched_by": incident.watched_by or None,
        "review_on": incident.review_on,
        "version": incident.version,
        "updated_at": incident.updated_at,
    }


def _plan(plan: DeEscalationPlan | None) -> dict[str, Any] | None:
    """The plan by which the incident is wound down or proposed to be, and who has agreed to it."""
    if plan is None:
        return None
    return {
        "exit_criteria_met": plan.exit_criteria_met,
        "plan": [{"what": activity.what, "owner": activity.owner} for activity in plan.activities.all()],
        "proposed_at": plan.proposed_at,
        "proposed_by": plan.proposed_as,
        "agreed": [
            {"party": consent.party, "by": consent.agreed_as, "at": consent.agreed_at}
            for consent in plan.consents.all()
        ],
        "scg_consulted_who": plan.scg_consulted_who or None,
        "scg_consulted_when": plan.scg_consulted_at,
        "scg_view": plan.scg_view or None,
    }


def group_document(group: Group) -> dict[str, Any]:
    return {
        "id": group.pk,
        "kind": group.kind,
        "level": group.level,
        "name": group.name,
        "chair": group.chair.email,
        "chair_as": group.chair_as,
        "members": [{"person": member.user.email, "role": member.role} for member in group.members.all()],
        "status": group.status,
        "purpose": group.purpose,
        "exit_strategy": group.exit_strategy,
        "stood_up_at": group.stood_up_at,
        "stood_down_at": group.stood_down_at,
        "stood_down_by": group.stood_down_as or None,
        "longer_term_owner": group.longer_term_owner or None,
    }


def rhythm_document(event: RhythmEvent) -> dict[str, Any]:
    return {
        "id": event.pk,
        "kind": event.kind,
        "title": event.title,
        "group": event.group.name if event.group else None,
        "recurrence": event.recurrence,
        "in_words": event.in_words,
        "minutes": event.minutes,
        "on_bank_holidays": event.on_bank_holidays,
        "starts_at": event.starts_at,
        "next_at": None if event.ended_at else event.next_at,
        "status": event.status,
        "agreed_at": event.agreed_at,
        "agreed_by": event.agreed_as or None,
        "ended_at": event.ended_at,
    }


def occurrence_document(occurrence: RhythmOccurrence) -> dict[str, Any]:
    """One time that an event happens. `sitrep` is the draft that it opened, or found open (`draft_was_open`).

    The caller has it shown as its reader may see it (`selectors.occurrences_shown`).
    """
    return {
        "id": occurrence.pk,
        "event": occurrence.event_id,
        "kind": occurrence.kind,
        "title": occurrence.title,
        "starts_at": occurrence.starts_at,
        "ends_at": occurrence.ends_at,
        "moved_from": occurrence.moved_from,
        "bank_holiday": occurrence.bank_holiday or None,
        "state": occurrence.state,
        "remind_at": occurrence.remind_at,
        "reminded_at": occurrence.reminded_at,
        "begun_at": occurrence.begun_at,
        "late_seconds": int(occurrence.late_by.total_seconds()),
        "sitrep": occurrence.sitrep.reference if occurrence.sitrep else None,
        "draft_was_open": occurrence.draft_was_open,
        "cancelled_at": occurrence.cancelled_at,
        "why_cancelled": occurrence.why_cancelled or None,
    }


def sitrep_document(sitrep: Sitrep) -> dict[str, Any]:
    """What the report says, and where it stands.

    `sha256` is the digest of `canonical`, whose members stand beside it unchanged: JSON with sorted names, no spaces
    and nothing escaped without need, in UTF-8.
    """
    newer = selectors.superseded_by(sitrep)
    return {
        **selectors.content_of(sitrep),
        "status": sitrep.status,
        "opened_at": sitrep.opened_at,
        "sha256": sitrep.sha256 or None,
        "canonical": sitrep.issued_text or None,
        "superseded_by": newer.reference if newer else None,
        "second_checked_at": sitrep.second_checked_at,
        "second_checked_by": sitrep.second_checked_as or None,
        "version": sitrep.version,
    }
