"""How a case looks wherever it is named: its stage, its impact, its sensitivity. The text says all, colour repeats it."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from escalation.enums import ENDS, Stage
from incidents.enums import ImpactLevel, Level, Sensitivity

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
def sensitivity_tag(sensitivity: str) -> SafeString | str:
    """The marking of a case in a list; nothing for official."""
    if sensitivity not in _SENSITIVITY_COLOURS:
        return ""
    text = "Restricted" if sensitivity == Sensitivity.RESTRICTED else Sensitivity(sensitivity).label
    return _tag(text, _SENSITIVITY_COLOURS[Sensitivity(sensitivity)])
