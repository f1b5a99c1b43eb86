"""The words of our templates: forms, tags, times, abbreviations, marking."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from govuk import when
from govuk.forms import GovukForm
from govuk.glossary import TERMS

register = template.Library()

COLOURS = ("grey", "green", "turquoise", "blue", "light-blue", "purple", "pink", "red", "orange", "yellow")
MARKINGS = {"official_sensitive": "Official-sensitive", "restricted": "Restricted"}
_CODES = re.compile(
    r"(?<![\w-])(" + "|".join(re.escape(code) for code in sorted(TERMS, key=len, reverse=True)) + r")(?![\w-])"
)


@register.inclusion_tag("govuk/components/form.html")
def govuk_form(form: GovukForm) -> dict[str, Any]:
    """The error summary and every field. The page adds `<form>`, the CSRF token and the button."""
    return {"form": form}


@register.inclusion_tag("govuk/components/error_summary.html")
def error_summary(form: GovukForm) -> dict[str, Any]:
    """The error summary alone, for a page that lays its fields out itself."""
    return {"problems": form.problems()}


@register.simple_tag
def tag(text: Any, colour: str = "grey") -> SafeString:
    """A GOV.UK tag. The text says all; the colour only repeats it."""
    if colour not in COLOURS:
        raise template.TemplateSyntaxError(f"{colour} is not a colour of a GOV.UK tag; those are {', '.join(COLOURS)}")
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, text)


@register.simple_tag
def abbr(code: str, focus: bool = True) -> SafeString:
    """An abbreviation that expands on hover, on focus and in print. Inside a link or a button give `focus=False`."""
    term = TERMS.get(code)
    if term is None:
        return conditional_escape(code)
    return format_html(
        '<abbr class="app-abbr" title="{}"{}>{}<span class="app-abbr__expansion"> ({})</span></abbr>',
        term.expansion,
        mark_safe(' tabindex="0"') if focus else "",
        code,
        term.expansion,
    )


@register.filter
def abbrs(text: Any) -> SafeString:
    """Our own wording with the first mention of each known abbreviation expanded. Not for what people typed."""
    seen: set[str] = set()

    def expand(match: re.Match[str]) -> str:
        if match[0] in seen:
            return match[0]
        seen.add(match[0])
        return abbr(match[0])

    return mark_safe(_CODES.sub(expand, conditional_escape(text)))  # noqa: S308 (escaped before anything is added)


@register.filter
def london(value: date | None) -> str:
    """'14:05 Tuesday 12 March 2026' for a time, '12 March 2026' for a day."""
    return _spoken(value, when.london)


@register.filter
def london_deadline(value: date | None) -> str:
    """'14:05 GMT Tuesday 12 March 2026', where a deadline is meant."""
    return _spoken(value, when.london_deadline)


def _spoken(value: date | None, spell: Any) -> str:
    if value is None or value == "":
        return ""
    return spell(value) if isinstance(value, datetime) else when.day(value)


@register.filter
def ago(value: datetime | None) -> str:
    """'2 hours ago', 'in 2 hours'."""
    return when.ago(value) if value else ""


@register.filter
def days_ago(value: date | None) -> str:
    """'today', '3 days ago', '2 months ago'."""
    return when.days_ago(value) if value else ""


@register.filter
def span(value: timedelta | None) -> str:
    """'5 hours', '1 hour 42 minutes': how long something took or is late."""
    return when.span(value) if value else ""


@register.filter
def due(value: date | None) -> str:
    """'due in 2 hours', '3 days overdue'; of a day 'due today'."""
    if not value:
        return ""
    return when.due(value) if isinstance(value, datetime) else when.days_due(value)


@register.simple_tag
def moment(value: datetime | None) -> SafeString | str:
    """A time with how long ago beside it, as `<time>`."""
    return _time(value, when.london, when.ago) if value else ""


@register.simple_tag
def deadline(value: datetime | None) -> SafeString | str:
    """A deadline with its zone and how long is left, as `<time>`."""
    return _time(value, when.london_deadline, when.due) if value else ""


def _time(value: datetime, spell: Any, distance: Any) -> SafeString:
    return format_html(
        '<time datetime="{}">{}</time> <span class="app-distance">({})</span>',
        value.isoformat(),
        spell(value),
        distance(value),
    )


@register.inclusion_tag("govuk/components/nav_item.html", takes_context=True)
def nav_item(context: Context, url: str, label: str, count: Any = 0) -> dict[str, Any]:
    """One entry of the primary navigation; nothing where the address does not exist."""
    path = getattr(context.get("request"), "path", "")
    return {
        "url": url,
        "label": label,
        "count": count,
        "is_current": bool(url) and path == url,
        "is_active": bool(url) and url != "/" and path.startswith(url),
    }


@register.inclusion_tag("govuk/components/marking.html")
def marking_band(marking: str = "", exercise: Any = "") -> dict[str, Any]:
    """The band of a marked case (code of the sensitivity), and of exercise material. Nothing for official."""
    return {"marking": MARKINGS.get(str(marking), ""), "exercise": exercise}
