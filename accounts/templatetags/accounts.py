"""The words of templates about people and posts."""

from __future__ import annotations

from django import template

from accounts import rules, telephone

register = template.Library()

register.filter("dialled", telephone.dialled)
register.filter("may_watch_service", rules.may_watch_service)
