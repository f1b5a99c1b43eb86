"""The kinds of question that the ladder's forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import selectors as accounts
from govuk.forms import DateField, ReferenceField
from kernel import clock

TEXT = 20_000


def text(label: str, *, required: bool = True, rows: int = 4, hint: str = "", missing: str = "") -> forms.CharField:
    """A plain-text answer of up to 20,000 characters."""
    return forms.CharField(
        label=label,
        required=required,
        strip=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=hint,
        error_messages={"required": missing or f"Enter an answer to '{label}'"},
    )


def person(label: str, *, required: bool = False, hint: str = "") -> ReferenceField:
    """A person, named by e-mail address."""
    return ReferenceField(
        accounts.person_by_email, kind="person", label=label, required=required, help_text=hint or "E-mail address"
    )


class DueField(DateField):
    """A day by which something is wanted: today or later."""

    def clean(self, value: Any) -> Any:
        due = super().clean(value)
        if due and due < clock.today():
            raise ValidationError("The day by which it is wanted must be today or later", code="in_the_past")
        return due


def due(label: str = "By when?") -> DueField:
    return DueField(label=label, error_messages={"required": "Enter the day by which it is wanted"})


def reason(label: str = "Why?") -> forms.CharField:
    return text(label, missing="Enter the reason for this move")
