"""What every page of one case begins with: the case as the reader may see it, its marking, and where one is."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from django.urls import reverse

from escalation import authority, selectors
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.selectors import pages
from escalation.services import ISSUE_MACHINE
from incidents import services as records
from kernel.actors import Actor
from moves.machine import Machine
from moves.views import Mend


def case_read(reference: str, by: Actor, *, page: str) -> Escalation:
    """The current climb of the case. That a restricted one was read is noted in the access log."""
    climb = selectors.climb_get(reference, by)
    records.reading_note(climb.issue, by=by, what=page)
    return climb


def machine_for_request() -> Machine:
    """The ladder for one request: the facts of a case are fetched once, however often they are asked for."""

    @cache
    def facts(climb: Escalation, by: Actor) -> IssueFacts:
        return selectors.facts_of(climb, by)

    return replace(ISSUE_MACHINE, facts=facts)


def case_context(climb: Escalation, *trail: str) -> dict[str, Any]:
    """The case, its marking and the breadcrumbs; `trail` names the page below the case."""
    issue = climb.issue
    case_url = issue.get_absolute_url()
    crumbs = [
        {"text": "Issues", "url": reverse("escalation:issue-list")},
        {"text": issue.reference, "url": case_url if trail else ""},
        *({"text": text, "url": ""} for text in trail),
    ]
    return {
        "climb": climb,
        "issue": issue,
        "case": issue.reference,
        "case_title": issue.title,
        "case_url": case_url,
        "marking": issue.sensitivity,
        "crumbs": crumbs,
    }


def mends_of(reference: str, facts: IssueFacts) -> dict[str, Mend]:
    """Where each kind of blocker is mended; where the reader may not mend it, who may (a `Mend` without address)."""
    mends = {"commissions": Mend(f"{reverse('escalation:issue-detail', args=[reference])}#commissions", "See them")}
    if pages.may_assess_impact(facts):
        url = reverse("escalation:issue-impact", args=[reference])
        mends["impact"] = Mend(url, "Assess the impact at this stage")
    else:
        mends["impact"] = Mend("", f"This is for {authority.impact_assessors(facts).title}.")
    if pages.nnc_way_in(facts):
        url = reverse("escalation:issue-nnc", args=[reference])
        mends["nnc"] = Mend(url, "Assess against the NNC criteria")
    elif assessors := authority.nnc_assessors(facts):
        mends["nnc"] = Mend("", f"This is for {assessors.title}.")
    return mends
