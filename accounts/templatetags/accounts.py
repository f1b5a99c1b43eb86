"""The words of templates about people and posts."""

from __future__ import annotations

from django import template

from accounts import telephone

register = template.Library()

register.filter("dialled", telephone.dialled)
