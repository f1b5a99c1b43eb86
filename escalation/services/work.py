"""Editing a case's facts, adding evidence to it, and asking teams for things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS, ftl_post
from audit import services as audit
from escalation import selectors
from escalation.authority import commissioners, editors, settlers
from escalation.enums import Stage
from escalation.events import IssueEvent
from escalation.forms import CommissionForm, CommissionSettleForm, EvidenceForm, IssueEditForm
from escalation.models import Escalation
from escalation.services.agenda import mark_raise
from escalation.services.climbs import climb_lock, touch
from escalation.services.writing import commission_put
from govuk import json_adapter
from incidents import hooks
from incidents.enums import CommissionStatus
from incidents.models import Commission, Evidence
from kernel import clock
from kernel.actors import Actor
from kernel.errors import Conflict, NotFound, StaleVersion
from moves.mover import refuse_unless
from notify import services as notify


@transaction.atomic
def issue_edit(
    *, reference: str, by: Actor, data: Mapping[str, Any], expected_version: int | None = None
) -> Escalation:
    """Change some facts of an issue; what is left out stays. The record keeps each value before and after.

    Raises NotFound, StaleVersion when `expected_version` is not the present one, NotAllowed, InvalidInput.
    """
    climb = climb_lock(reference, by)
    issue = climb.issue
    if expected_version is not None and expected_version != issue.version:
        raise StaleVersion(
            f"You saw version {expected_version}; {reference} is now at version {issue.version}. Read it again first."
        )
    facts = selectors.facts_of(climb, by)
    refuse_unless(editors, facts, by)
    cleaned = json_adapter.bind(IssueEditForm, data, partial=True).cleaned_data
    changed = {
        name: {"before": getattr(issue, name), "after": value}
        for name, value in cleaned.items()
        if getattr(issue, name) != value
    }
    if not changed:
        return climb
    now = clock.now()
    for name in changed:
        setattr(issue, name, cleaned[name])
    touch(climb, issue, now)
    audit.record(IssueEvent.EDITED, chain=reference, by=by, version=issue.version, changed=changed)
    return climb


@transaction.atomic
def evidence_add(*, reference: str, by: Actor, data: Mapping[str, Any]) -> Evidence:
    """Put an item of evidence on a case, open or ended. At a case conference the assessment then wants renewing.

    Where nobody may be looking (`QUIET`), IMT and the team's leader are told, and the case waits for the next CAM, or
    TTG where TTG let it go (IMP-2.9). Raises NotFound, NotAllowed, InvalidInput.
    """
    climb = climb_lock(reference, by)
    refuse_unless(editors, selectors.facts_of(climb, by), by)
    inputs = json_adapter.bind(EvidenceForm, data).cleaned_data
    now = clock.now()
    evidence = Evidence.objects.create(
        issue=climb.issue, **inputs, added_by_id=by.user_id, added_as=by.label, added_at=now
    )
    mark = mark_raise(climb, evidence, by)
    hooks.issue_changed(climb.issue, now)
    audit.record(
        IssueEvent.EVIDENCE_ADDED,
        chain=reference,
        by=by,
        version=climb.issue.version,
        evidence=evidence.pk,
        evidence_kind=evidence.kind,
        title=evidence.title,
        for_next=mark.body if mark else "",
    )
    if mark:
        _news_tell(climb, evidence, by)
    return evidence


def _news_tell(climb: Escalation, evidence: Evidence, by: Actor) -> None:
    issue = climb.issue
    people = accounts.holders_of(*IMT_POSTS, ftl_post(climb.handling_team))
    notify.notice_queue(
        IssueEvent.EVIDENCE_ADDED,
        to=[person for person in people if person.pk != by.user_id],
        about=issue.reference,
        title=f"New evidence on a case at '{Stage(climb.stage).label}': {issue.reference} {issue.title}",
        body=f"{evidence.get_kind_display()}: {evidence.title}. Should the case come back?",
        url=issue.get_absolute_url(),
        key=f"{IssueEvent.EVIDENCE_ADDED}:{issue.reference}:{evidence.pk}",
        done_as=by.label,
        urgent=climb.danger_now,
    )


@transaction.atomic
def commission_ask(*, reference: str, by: Actor, data: Mapping[str, Any]) -> Commission:
    """Ask a team for an action, advice or a report by a day (IMP-2.9). Raises NotFound, NotAllowed, InvalidInput."""
    climb = climb_lock(reference, by)
    refuse_unless(commissioners(climb.stage), selectors.facts_of(climb, by), by)
    inputs = json_adapter.bind(CommissionForm, data).cleaned_data
    now = clock.now()
    hooks.issue_changed(climb.issue, now)
    return commission_put(climb, inputs, origin=("stage", climb.stage), by=by, at=now)


@transaction.atomic
def commission_settle(*, reference: str, commission_id: int, by: Actor, data: Mapping[str, Any]) -> Commission:
    """Deliver what was asked, or waive it with the reason. Delivered answers count as news at a case conference.

    Raises NotFound, Conflict `commission_settled`, NotAllowed, InvalidInput.
    """
    climb = climb_lock(reference, by)
    commission = Commission.objects.select_for_update(no_key=True).filter(issue=climb.issue, pk=commission_id).first()
    if commission is None:
        raise NotFound(f"{reference} has no commission {commission_id}.")
    if commission.status != CommissionStatus.ASKED:
        label = commission.get_status_display().lower()
        raise Conflict(f"This commission is {label} already.", code="commission_settled")
    refuse_unless(settlers(climb.stage, commission.team), selectors.facts_of(climb, by), by)
    inputs = json_adapter.bind(CommissionSettleForm, data).cleaned_data
    now = clock.now()
    commission.status, commission.result = inputs["outcome"], inputs["result"]
    commission.delivered_at = now if commission.status == CommissionStatus.DELIVERED else None
    commission.save()
    hooks.issue_changed(climb.issue, now)
    audit.record(
        IssueEvent.COMMISSION_SETTLED,
        chain=reference,
        by=by,
        version=climb.issue.version,
        commission=commission.pk,
        outcome=commission.status,
        result=commission.result,
    )
    return commission
