"""The facts that somebody should look at before a move, in words."""

from __future__ import annotations

from escalation.enums import Stage
from escalation.models import Escalation
from escalation.rules import IssueFacts
from govuk import when
from incidents.enums import ImpactLevel, LeadAuthority

NOT_ANSWERED = "Not answered"


def danger_words(danger_now: bool | None) -> str:
    """Whether somebody could be hurt now, as it is on record."""
    return NOT_ANSWERED if danger_now is None else "Yes" if danger_now else "No"


def facts_to_check(climb: Escalation, facts: IssueFacts) -> list[dict[str, str]]:
    """The rows of a summary list, drawn from the facts that the guards look at."""
    rows: list[tuple[str, str]] = [("Stage", _stage(climb))]
    if facts.danger_now is not False:
        unanswered = f"{NOT_ANSWERED}: ask whoever reported it, or read the notice"
        danger = "Yes: somebody could be hurt now" if facts.danger_now else unanswered
        rows.append(("Danger now", danger))
    rows += [("Impact", _impact(facts)), ("NNC", _nnc(facts)), ("Lead", _lead(facts))]
    if facts.news_at:
        rows.append(("Last evidence or answer", when.london(facts.news_at)))
    rows.append(("Open commissions", str(facts.commissions_open) if facts.commissions_open else "None"))
    return [{"key": key, "value": value} for key, value in rows]


def _stage(climb: Escalation) -> str:
    stage = f"{Stage(climb.stage).label}, since {when.london(climb.entered_stage_at)}"
    return f"{stage}; {when.due(climb.due_at)}" if climb.due_at else stage


def _impact(facts: IssueFacts) -> str:
    if not facts.impact_level:
        return "Not yet assessed"
    level = ImpactLevel(facts.impact_level).label
    if facts.impact_at is None:
        return f"{level}, but not looked at since the case came to this stage"
    return f"{level}, assessed at this stage at {when.london(facts.impact_at)}"


def _nnc(facts: IssueFacts) -> str:
    if not facts.is_product_safety:
        return "Not needed: this is not about the safety of products"
    if not facts.nnc_stage:
        return "Not yet assessed"
    return f"{'Met' if facts.nnc_met else 'No criterion met'}, by {Stage(facts.nnc_stage).label}’s assessment"


def _lead(facts: IssueFacts) -> str:
    return LeadAuthority(facts.lead_authority or LeadAuthority.UNDETERMINED).label
