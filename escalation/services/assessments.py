"""Judging a case against the impact matrix and the NNC criteria, at the stage where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from audit import services as audit
from escalation import rules, selectors
from escalation.authority import NNC_STANDS, impact_assessors, nnc_assessors
from escalation.enums import OPEN_STAGES, Stage
from escalation.events import IssueEvent
from escalation.forms import ImpactForm, NncConfirmForm, NncForm
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.services.climbs import climb_lock, touch
from govuk import json_adapter
from govuk.forms import GovukForm
from incidents import selectors as incidents
from incidents.enums import ImpactLevel, Indicator, Level
from incidents.models import ImpactAssessment, ImpactRating, NncAssessment
from kernel import clock
from kernel.actors import Actor
from kernel.errors import FieldError, InvalidInput, NotFromHere
from moves.mover import Entered, admit, enter, refuse_unless, tell_of_acting
from moves.standing import Standing


@transaction.atomic
def impact_assess(*, reference: str, by: Actor, data: Mapping[str, Any]) -> ImpactAssessment:
    """Rate a case against the matrix, or confirm its last rating with a reason (IMP-2.4, T1).

    An indicator that is left out is 'not known yet'; the overall level is the highest rating unless the caller varies
    it with a reason. Raises NotFound, NotFromHere (ended), NotAllowed, InvalidInput.
    """
    climb, facts = _locked(reference, by)
    impact_assessor_require(facts)
    form = json_adapter.bind(ImpactForm, data)
    inputs = form.cleaned_data
    last = selectors.impact_latest(climb)
    confirmed = last if inputs["confirms"] else None
    if inputs["confirms"] and last is None:
        message = "There is no earlier assessment to confirm: rate the indicators instead"
        raise InvalidInput([FieldError("confirms", "nothing_to_confirm", message)], form=form)
    if confirmed:
        levels = {rating.indicator: (rating.level, rating.reason) for rating in confirmed.ratings.all()}
        overall = confirmed.overall
    else:
        levels = _levels(inputs["ratings"] or {})
        overall = _overall(levels, inputs, form)
    reach = inputs["could_reach"] or _reach_of(confirmed)
    now = clock.now()
    assessment = ImpactAssessment.objects.create(
        issue=climb.issue,
        climb=climb.number,
        visit=climb.visit,
        stage=climb.stage,
        matrix=confirmed.matrix if confirmed else incidents.matrix_in_force(),
        overall=overall,
        overall_reason=inputs["overall_reason"],
        could_reach=reach["level"],
        could_reach_by=reach["by"],
        could_reach_why=reach["why"],
        confirms=confirmed,
        made_by_id=by.user_id,
        made_as=by.label,
        made_at=now,
    )
    ImpactRating.objects.bulk_create(
        ImpactRating(assessment=assessment, indicator=indicator, level=level, reason=reason)
        for indicator, (level, reason) in levels.items()
    )
    climb.issue.impact_level = overall
    touch(climb, climb.issue, now)
    audit.record(
        IssueEvent.IMPACT_ASSESSED,
        chain=reference,
        by=by,
        version=climb.issue.version,
        stage=climb.stage,
        overall=overall,
        overall_reason=assessment.overall_reason,
        before=last.overall if last else "",
        confirms=assessment.confirms_id is not None,
        could_reach=assessment.could_reach,
        could_reach_by=assessment.could_reach_by,
        could_reach_why=assessment.could_reach_why,
        ratings={indicator: {"level": level, "reason": reason} for indicator, (level, reason) in levels.items()},
    )
    return assessment


@transaction.atomic
def nnc_assess(*, reference: str, by: Actor, data: Mapping[str, Any]) -> NncAssessment:
    """Say of each criterion whether it is met and who leads as a result (IMP-2.10).

    With `confirms` and a reason the last version of this climb stands unchanged at this stage (IMP-2.12). IMT's at CAM
    and the TTG chair's at TTG stand; before CAM the handling team may propose. Raises as `impact_assess`.
    """
    climb, facts = _locked(reference, by)
    entered, confirmed = _nnc_entered(climb, nnc_admit(facts), data)
    inputs, by, why = entered.inputs, entered.by, entered.inputs["reason"] if confirmed else ""
    now = clock.now()
    criteria: dict[str, Any] = {name: inputs[name] for name in ("nationally_significant", "novel", "contentious")}
    nnc = NncAssessment.objects.create(
        issue=climb.issue,
        climb=climb.number,
        visit=climb.visit,
        stage=climb.stage,
        nationally_significant=inputs["nationally_significant"]["met"],
        nationally_significant_reason=inputs["nationally_significant"]["reason"],
        novel=inputs["novel"]["met"],
        novel_reason=inputs["novel"]["reason"],
        contentious=inputs["contentious"]["met"],
        contentious_reason=inputs["contentious"]["reason"],
        lead_authority=inputs["lead_authority"],
        confirms=confirmed,
        confirms_reason=why,
        made_by_id=by.user_id,
        made_as=by.label,
        made_at=now,
    )
    standing = selectors.nnc_standing(climb)
    if standing is not None:
        climb.issue.nnc = standing.is_met
        climb.issue.lead_authority = standing.lead_authority
    touch(climb, climb.issue, now)
    audit.record(
        IssueEvent.NNC_ASSESSED,
        chain=reference,
        by=by,
        version=climb.issue.version,
        stage=climb.stage,
        stands=standing == nnc,
        lead_authority=nnc.lead_authority,
        confirms=confirmed is not None,
        confirms_reason=why,
        **entered.standing.as_recorded(),
        **criteria,
    )
    tell_of_acting(
        entered.standing,
        what="NNC assessed",
        about=reference,
        url=climb.issue.get_absolute_url(),
        key=f"{reference}/{climb.issue.version}/{IssueEvent.NNC_ASSESSED}/acted_for",
    )
    return nnc


def _nnc_entered(
    climb: Escalation, standing: Standing, data: Mapping[str, Any]
) -> tuple[Entered, NncAssessment | None]:
    """The criteria and the lead: as they were sent, or those of the version that is confirmed, with that version."""
    if data.get("confirms") not in (True, "yes"):
        return enter(standing, NncForm, data), None
    last = selectors.nnc_last(climb)
    if last is None:
        form = json_adapter.bind(NncConfirmForm, data)
        message = "There is no earlier version to confirm: answer for each criterion instead"
        raise InvalidInput([FieldError("confirms", "nothing_to_confirm", message)], form=form)
    entered = enter(standing, NncConfirmForm, data)
    return replace(entered, inputs={**entered.inputs, **last.criteria, "lead_authority": last.lead_authority}), last


def _locked(reference: str, by: Actor) -> tuple[Escalation, IssueFacts]:
    climb = climb_lock(reference, by)
    return climb, selectors.facts_of(climb, by)


def impact_assessor_require(facts: IssueFacts) -> None:
    """Raise NotFromHere where the case has ended, NotAllowed unless who asks may assess its impact here."""
    _open_require(facts)
    refuse_unless(impact_assessors(facts), facts, facts.by)


def nnc_admit(facts: IssueFacts) -> Standing:
    """How who asks may assess NNC here: where it stands, a senior may in the place of who decides there.

    Raises NotFromHere where NNC is not assessed at this stage, NotAllowed where they may not.
    """
    _open_require(facts)
    assessors = nnc_assessors(facts)
    if assessors is None:
        stage = Stage(facts.stage).label
        raise NotFromHere(f"The NNC criteria are assessed before CAM, at CAM and at TTG; this case is at '{stage}'.")
    if facts.stage in NNC_STANDS:
        return admit(assessors, facts, facts.by)
    refuse_unless(assessors, facts, facts.by)
    return Standing(facts.by)


def _open_require(facts: IssueFacts) -> None:
    if facts.stage not in OPEN_STAGES:
        stage = Stage(facts.stage).label
        raise NotFromHere(f"{facts.reference} is at '{stage}': an ended case is not assessed again.")


def _reach_of(assessment: ImpactAssessment | None) -> dict[str, Any]:
    """What a confirmed assessment said that the case could reach; nothing where there is none."""
    if assessment is None:
        return {"level": "", "by": None, "why": ""}
    return {
        "level": assessment.could_reach,
        "by": assessment.could_reach_by,
        "why": assessment.could_reach_why,
    }


def _levels(ratings: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    rated = {name: given for name, given in ratings.items() if given}
    return {
        indicator.value: (
            (rated[indicator]["level"], rated[indicator]["reason"]) if indicator in rated else (Level.NOT_KNOWN_YET, "")
        )
        for indicator in Indicator
    }


def _overall(levels: Mapping[str, tuple[str, str]], inputs: Mapping[str, Any], form: GovukForm) -> str:
    """What was chosen, or what is proposed. A level that differs from the proposed one wants its reason (IMP-T1)."""
    proposed = rules.overall_proposed({indicator: level for indicator, (level, _) in levels.items()})
    chosen = inputs["overall"] or proposed
    if chosen != proposed and not inputs["overall_reason"]:
        message = f"The highest indicator gives '{proposed.label}': enter why the overall level differs"
        raise InvalidInput([FieldError("overall_reason", "required", message)], form=form)
    return ImpactLevel(chosen).value
