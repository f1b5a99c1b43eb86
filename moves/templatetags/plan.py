"""The plan's paragraphs as people read them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def plan(cites: str | None) -> str:
    """'IMP-2.6' reads 'plan, paragraph 2.6' and 'IMP-T1' reads 'plan, table 1'; empty where nothing is cited.

    'IMP-2.3 IMP-2.20' reads 'plan, paragraphs 2.3 and 2.20'.
    """
    if not cites:
        return ""
    first, *others = (one.removeprefix("IMP-") for one in cites.split())
    if others:
        return f"plan, paragraphs {', '.join([first, *others[:-1]])} and {others[-1]}"
    return f"plan, table {first[1:]}" if first.startswith("T") else f"plan, paragraph {first}"
