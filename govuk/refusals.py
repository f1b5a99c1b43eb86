"""What a service refused, put where the person who typed will see it."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from govuk.forms import GovukForm
from kernel.errors import DomainError


def show_refusal(form: GovukForm, error: DomainError) -> GovukForm:
    """The bound form with every error of the refusal at its field, and those of no field in the error summary."""
    shown = {(problem.field, problem.code) for problem in form.problems()}
    for refused in error.errors:
        if (refused.field, refused.code) in shown:
            continue
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, ValidationError(refused.message, code=refused.code))
    return form
