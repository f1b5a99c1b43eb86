"""The plan's paragraphs as people read them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def plan(cites: str | None) -> str:
    """'IMP-2.6' reads 'plan, paragraph 2.6' and 'IMP-T1' reads 'plan, table 1'; empty where nothing is cited."""
    if not cites:
        return ""
    place = cites.removeprefix("IMP-")
    return f"plan, table {place[1:]}" if place.startswith("T") else f"plan, paragraph {place}"
