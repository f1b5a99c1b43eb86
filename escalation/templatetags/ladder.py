"""How a case looks wherever it is named: its stage, impact and sensitivity. The text says all, colour repeats it."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from escalation.enums import ENDS, Stage
from govuk import when
from incidents.enums import ImpactLevel, Level, Sensitivity
from incidents.models import Decision, ImpactAssessment, NncAssessment
from kernel import clock

register = template.Library()

NOT_ASSESSED = "Not yet assessed"
_IMPACT_COLOURS = {
    "": "purple",
    ImpactLevel.NOT_KNOWN_YET: "grey",
    Level.NOT_APPLICABLE: "grey",
    ImpactLevel.LOW: "green",
    ImpactLevel.MEDIUM: "yellow",
    ImpactLevel.HIGH: "orange",
    ImpactLevel.CRITICAL: "red",
}
_SENSITIVITY_COLOURS = {Sensitivity.OFFICIAL_SENSITIVE: "yellow", Sensitivity.RESTRICTED: "red"}


def _tag(text: str, colour: str) -> SafeString:
    return format_html('<strong class="govuk-tag govuk-tag--{} app-tag">{}</strong>', colour, text)


@register.simple_tag
def stage_tag(stage: str) -> SafeString:
    """Where a case stands; an end is grey."""
    return _tag(Stage(stage).label, "grey" if stage in ENDS else "blue")


@register.simple_tag
def impact_tag(level: str, prefix: str = "") -> SafeString:
    """The level of impact. 'Not yet assessed' stands out, because the plan wants every case assessed."""
    return _tag(prefix + (Level(level).label if level else NOT_ASSESSED), _IMPACT_COLOURS[level])


@register.simple_tag
def danger_tag() -> SafeString:
    return _tag("Danger now", "red")


@register.simple_tag
def stage_time(entered: datetime, due: datetime | None, is_ended: bool) -> SafeString | str:
    """'2 days, due in 3 hours' or '5 days' with a tag '2 days overdue'; of an end '3 days ago'."""
    if is_ended:
        return when.ago(entered)
    spent = when.span(clock.now() - entered)
    if due is None:
        return spent
    if due < clock.now():
        return format_html("{}, {}", spent, _tag(when.due(due), "red"))
    return f"{spent}, {when.due(due)}"


@register.simple_tag
def sensitivity_tag(sensitivity: str) -> SafeString | str:
    """The marking of a case in a list; nothing for official."""
    if sensitivity not in _SENSITIVITY_COLOURS:
        return ""
    text = "Restricted" if sensitivity == Sensitivity.RESTRICTED else Sensitivity(sensitivity).label
    return _tag(text, _SENSITIVITY_COLOURS[Sensitivity(sensitivity)])


@register.filter
def stage_of(made: ImpactAssessment | NncAssessment) -> str:
    """The stage at which an assessment was made."""
    return Stage(made.stage).label


@register.filter
def from_to(decision: Decision) -> str:
    """'From CAM to TTG'; 'At CAM' where a decision left the case where it was."""
    source, target = (_stage_label(stage) for stage in (decision.stage_from, decision.stage_to))
    return f"At {target}" if source == target else f"From {source} to {target}"


@register.filter
def impact_label(decision: Decision) -> str:
    return ImpactLevel(decision.impact_level).label


def _stage_label(stage: str) -> str:
    """Decisions of an incident stand in the same list; their states are not ours to name."""
    return Stage(stage).label if stage in Stage.values else stage.replace("_", " ").capitalize()
