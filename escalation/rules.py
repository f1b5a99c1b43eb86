"""The rules of the ladder over facts: no queries, no writes, no request.

`IssueFacts` is all that guards and authorities may know; `selectors.facts_of` fetches it. A guard answers with a
`Blocker` or None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from escalation.enums import ENDS, Stage
from incidents.enums import ImpactLevel, IncidentStatus, LeadAuthority, Sensitivity
from kernel.actors import Actor
from kernel.calendar import opening_on, working_days_after
from moves.machine import Blocker, Warn

RANK = {
    ImpactLevel.NOT_KNOWN_YET: 0,
    ImpactLevel.LOW: 1,
    ImpactLevel.MEDIUM: 2,
    ImpactLevel.HIGH: 3,
    ImpactLevel.CRITICAL: 4,
}


# The parts of the key that queues sort by: ended and danger, then impact, then seconds since 1970.
RANK_STEP = 10**10
DANGER_STEP = 10 * RANK_STEP
UNASSESSED = RANK_STEP * RANK[ImpactLevel.CRITICAL]
RAISED_TO_HIGH = RANK_STEP * RANK[ImpactLevel.HIGH]


@dataclass(frozen=True)
class IssueFacts:
    """What is known of an issue, and of who asks (`by`), when a move is considered.

    `danger_now` is None where nobody has said whether someone could be hurt now. `impact_level` is the level last
    assessed in this climb, empty when none; `impact_at` when it was assessed *at this stage*, None when it was not.
    `nnc_*` is the standing NNC assessment: TTG's where TTG made one, else CAM's. `news_at` is when evidence or a
    delivered commission last arrived. People are user ids. `chair_warnings` are of the chairs that the plan proposes
    for an incident. `tcg_chairs` gives the chairs by live incident; `furthest_review` is the last day that a review may
    be put off to at this level; `incident_status` is that of the issue's incident; `merged_into` names the issue that
    carries this one. `acting_for` are the people whose senior civil service post `by` acts as in their stead.
    """

    by: Actor
    reference: str
    sensitivity: str
    stage: str
    team: str
    team_function: str
    ftl_post: str
    is_product_safety: bool
    danger_now: bool | None
    impact_level: str
    impact_at: datetime | None
    nnc_stage: str
    nnc_at_stage: bool
    nnc_met: bool
    lead_authority: str
    news_at: datetime | None
    conference_chair: int | None
    chair_is_dd_or_higher: bool
    scs_lead: int | None
    commissions_open: int
    people: frozenset[int]
    chair_warnings: tuple[Warn, ...]
    tcg_chairs: Mapping[str, frozenset[int]]
    furthest_review: date
    incident_status: str
    merged_by: int | None
    merged_into: str = ""
    acting_for: frozenset[int] = frozenset()

    @property
    def rank(self) -> int:
        return RANK.get(ImpactLevel(self.impact_level), 0) if self.impact_level else 0


# --- guards ---------------------------------------------------------------------------------------------------------


def impact_assessed(facts: IssueFacts) -> Blocker | None:
    """Each upward or closing move wants the matrix looked at since the case entered this stage (IMP-2.4)."""
    if facts.impact_at is None:
        return Blocker(
            "impact_not_assessed",
            "The impact has not been assessed since the case came to this stage. Assess it, or confirm it unchanged.",
            "IMP-2.4",
            mend="impact",
        )
    return None


def impact_fresh(facts: IssueFacts) -> Blocker | None:
    """At a case conference the assessment must take in what has arrived since (IMP-2.9)."""
    if facts.impact_at and facts.news_at and facts.news_at > facts.impact_at:
        return Blocker(
            "impact_stale",
            "Evidence or an answer to a commission arrived after the impact was assessed. Assess again, or confirm it.",
            "IMP-2.9",
            mend="impact",
        )
    return None


def nnc_assessed(facts: IssueFacts) -> Blocker | None:
    """CAM decides on product safety by three criteria (IMP-2.10, 2.11)."""
    if facts.is_product_safety and not facts.nnc_stage:
        return Blocker(
            "nnc_not_assessed",
            "CAM has not yet said whether this is nationally significant, novel or contentious.",
            "IMP-2.10",
            mend="nnc",
        )
    return None


def nnc_confirmed_by_ttg(facts: IssueFacts) -> Blocker | None:
    """TTG oversees the NNC assessment, so it makes its own version at its stage (IMP-2.12)."""
    if facts.is_product_safety and not facts.nnc_at_stage:
        return Blocker(
            "nnc_not_confirmed",
            "TTG has not yet confirmed or varied CAM's assessment against the NNC criteria.",
            "IMP-2.12",
            mend="nnc",
        )
    return None


def nnc_met(facts: IssueFacts) -> Blocker | None:
    """Product safety goes up only where a criterion is met, unless incident triggers are likely (IMP-2.6, 2.11)."""
    if facts.is_product_safety and facts.nnc_stage and not facts.nnc_met:
        return Blocker(
            "nnc_not_met",
            "No NNC criterion is met. Say why incident triggers are likely all the same, or leave it where it is.",
            "IMP-2.11",
            override="exception_reason",
            mend="nnc",
        )
    return None


def opss_leads(facts: IssueFacts) -> Blocker | None:
    """What goes up is for OPSS to lead (IMP-2.6)."""
    if facts.is_product_safety and facts.nnc_stage and facts.lead_authority != LeadAuthority.OPSS:
        return Blocker(
            "not_opss_lead",
            "The NNC assessment does not give OPSS the lead. Say why it should go up all the same, or assess again.",
            "IMP-2.6",
            override="exception_reason",
            mend="nnc",
        )
    return None


def commissions_done(facts: IssueFacts) -> Blocker | None:
    """A case conference does not close over questions that it has asked (IMP-2.19)."""
    if facts.stage == Stage.CASE_CONFERENCE and facts.commissions_open:
        number = facts.commissions_open
        counted = "1 commission is" if number == 1 else f"{number} commissions are"
        return Blocker(
            "commissions_open",
            f"{counted} still open. Deliver or waive what was asked for first.",
            "IMP-2.19",
            mend="commissions",
        )
    return None


def assessed_before_closing(facts: IssueFacts) -> Blocker | None:
    """The matrix is looked at before closing, save at `reported`, where only 'out of scope' can be said."""
    return None if is_out_of_scope_only(facts) else impact_assessed(facts)


def assessed_before_hand_over(facts: IssueFacts) -> Blocker | None:
    """CAM and TTG look at the matrix before they let a case go (IMP-2.11)."""
    return impact_assessed(facts) if facts.stage in (Stage.CAM, Stage.TTG) else None


def nnc_before_hand_over(facts: IssueFacts) -> Blocker | None:
    """CAM and TTG say whose the case is before they let it go (IMP-2.10)."""
    return nnc_assessed(facts) if facts.stage in (Stage.CAM, Stage.TTG) else None


def nnc_speaks_for_opss(facts: IssueFacts) -> Blocker | None:
    """A met criterion means that OPSS leads, unless the chair overrides that with a reason (IMP-2.10)."""
    if facts.is_product_safety and facts.nnc_met:
        return Blocker(
            "nnc_met",
            "An NNC criterion is met, so OPSS should lead. Say why another authority should lead all the same.",
            "IMP-2.10",
            override="exception_reason",
            mend="nnc",
        )
    return None


def incident_winding_down(facts: IssueFacts) -> Blocker | None:
    """While the incident is active the matter belongs to it; afterwards it comes back through the ladder (IMP-3.27)."""
    if facts.stage != Stage.CLOSED and facts.incident_status == IncidentStatus.ACTIVE:
        return Blocker("incident_active", "The incident is still active: take this up with its groups.", "IMP-3.27")
    return None


def narrows_readers(facts: IssueFacts) -> tuple[Warn, ...]:
    """An incident is read by those from whom none of its issues is hidden: a restricted one shuts others out."""
    if facts.sensitivity != Sensitivity.RESTRICTED:
        return ()
    text = "This issue is restricted: whoever may not read it can no longer read the incident that it joins."
    return (Warn("narrows_readers", text),)


# --- what inputs must add ---------------------------------------------------------------------------------------------


def at_least_medium(facts: IssueFacts) -> bool:
    return facts.rank >= RANK[ImpactLevel.MEDIUM]


def at_least_high(facts: IssueFacts) -> bool:
    return facts.rank >= RANK[ImpactLevel.HIGH]


def is_out_of_scope_only(facts: IssueFacts) -> bool:
    """Nobody has looked at it yet, so all that can be said is that it is not ours."""
    return facts.stage == Stage.REPORTED


# --- levels, clocks and the order of the queues -----------------------------------------------------------------------


def overall_proposed(levels: Mapping[str, str]) -> ImpactLevel:
    """The highest level of any indicator (IMP-T1); not known yet when no indicator is known."""
    known = [ImpactLevel(level) for level in levels.values() if level in RANK]
    return max(known, key=RANK.__getitem__, default=ImpactLevel.NOT_KNOWN_YET)


def due_at(
    *, stage: str, entered: datetime, rank: int, danger_now: bool, targets: Mapping[str, Any]
) -> datetime | None:
    """When the stage should be left. `targets[stage]` lists (unit, amount) for low, medium, high, critical.

    Units are `working_days` and `hours`. None for stages without a target. A case that nobody has rated yet runs on
    the medium clock; danger now runs on the critical one.
    """
    if stage not in targets:
        return None
    column = 3 if danger_now else max(rank, 1) - 1 if rank else 1
    unit, amount = targets[stage][column]
    return working_days_after(entered, amount) if unit == "working_days" else entered + timedelta(hours=amount)


def target_wakes_at(*, due: datetime | None, visit: int, told_visit: int) -> datetime | None:
    """When somebody is told that the target has passed: once a visit, however often the target moves meanwhile."""
    return due if told_visit != visit else None


def review_wakes_at(*, review_on: date | None, told: date | None) -> datetime | None:
    """When somebody is told that a review falls due: at 09:00 in London on a working day, once for each date."""
    return opening_on(review_on) if review_on and review_on != told else None


def pressing_key(
    *, stage: str, danger_now: bool, rank: int, due: datetime | None, opened: datetime, at: datetime
) -> int:
    """One number by which queues sort, smallest first: open before ended, danger now, impact, due time.

    An issue that nobody has assessed counts as high once its target has passed.
    """
    if not rank and due and due < at:
        rank = RANK[ImpactLevel.HIGH]
    ended = 2 if stage in ENDS else 0
    weight = RANK_STEP * (RANK[ImpactLevel.CRITICAL] - rank)
    return DANGER_STEP * (ended + (0 if danger_now else 1)) + weight + int((due or opened).timestamp())
