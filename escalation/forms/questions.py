"""The kinds of question that the ladder's forms share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts import selectors as accounts
from govuk.forms import DateField, DateTimeField, GovukForm, ReferenceField
from incidents.enums import ResponseLevel
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


def chair_is_scs(chair: Any) -> Any:
    """The person, where one is named, who must hold a senior civil servant's post to chair a conference (IMP-2.16)."""
    if chair and not chair.scs:
        raise ValidationError("The chair must hold a senior civil servant's post", code="not_scs")
    return chair


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
    return text(label, missing=f"Answer ‘{label}’")


class ReviewField(DateField):
    """A day on which a parked case is looked at again: after today."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day <= clock.today():
            raise ValidationError("The day of the review must be after today", code="in_the_past")
        return day


def review() -> ReviewField:
    return ReviewField(
        label="When is it looked at again?", error_messages={"required": "Enter the day on which it is looked at again"}
    )


def justification() -> forms.CharField:
    return text("At high or above: what justifies slowing it down?", required=False)


def response_level() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="At which level will OPSS respond?",
        choices=ResponseLevel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the level of the response"},
    )


NAMED_HINT = "They may read the case from then on, and are asked to confirm"


def consulted_scs() -> ReferenceField:
    return person(
        "Which senior civil servant was consulted?",
        hint="E-mail address. Not needed when a Deputy Director or higher asks. " + NAMED_HINT,
    )


class ConsultedSenior(GovukForm):
    """What a deputy below the senior civil service adds to a move made with a senior post's power."""

    consulted_scs = person("Which senior civil servant was consulted?")
    consulted_how = text("How were they consulted?", required=False, rows=2)
    consulted_at = DateTimeField(label="When were they consulted?", required=False)

    def clean(self) -> dict[str, Any]:
        return consultation_complete(self, super().clean())


def consultation_complete(form: GovukForm, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Who was consulted goes with how and when, and lies in the past. Adds the errors to the form."""
    if cleaned.get("consulted_scs"):
        for name, message in (
            ("consulted_how", "Enter how they were consulted"),
            ("consulted_at", "Enter when they were consulted"),
        ):
            if not cleaned.get(name) and name not in form.errors:
                form.add_error(name, ValidationError(message, code="required"))
    if (consulted_at := cleaned.get("consulted_at")) and consulted_at > clock.now():
        form.add_error("consulted_at", ValidationError("The consultation must be in the past", code="in_the_future"))
    return cleaned
