"""Fields as they stand on a page: a field, a group of fields, a list of such groups."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property

NESTED = "nested"


@dataclass(frozen=True)
class Problem:
    """One error of a bound form: its path, its code and message, and the id of the input that it stands at.

    `within` is the label of the group or row that it stands in, because a form may ask the same question in several.
    """

    field: str
    code: str
    message: str
    target: str
    within: str = ""

    @property
    def summary(self) -> str:
        """The message as the error summary says it: 'Novel: Enter the reason'."""
        return f"{self.within}: {self.message}" if self.within else self.message


class GovukBoundField(BoundField):
    """Keeps Django's ids (`<id>_helptext`, `<id>_error`) and adds the GOV.UK classes of the input."""

    field: Any
    form: Any

    @property
    def input_names(self) -> list[str]:
        names = getattr(self.field.widget, "input_names", None)
        return names(self.html_name) if names else [self.html_name]

    @property
    def first_id(self) -> str:
        """The id of the first input, which labels and the error summary point at."""
        return self.id_for_label or self.auto_id

    @property
    def is_tick(self) -> bool:
        return getattr(self.field.widget, "input_type", "") == "checkbox" and not self.use_fieldset

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        base = widget_class(widget)
        if base and self.errors:
            base += f" {base}--error"
        if base:
            built["class"] = f"{base} {widget.attrs.get('class', '')}".strip()
        return built

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if described and not self.own_errors:
            return described.replace(f"{self.auto_id}_error", "").strip()
        return described

    @property
    def own_errors(self) -> list[ValidationError]:
        """The errors of this field itself, without the mark that a form inside it has some."""
        return [error for error in self.errors.as_data() if error.code != NESTED]

    @property
    def own_messages(self) -> list[str]:
        return [str(error.messages[0]) for error in self.own_errors]

    @property
    def has_nested_problems(self) -> bool:
        return any(error.code == NESTED for error in self.errors.as_data())

    def problems(self, path: str) -> list[Problem]:
        return [_problem(error, path, self.first_id) for error in self.own_errors]


def widget_class(widget: Any) -> str:
    """The GOV.UK class of an input, empty for what draws itself."""
    kind = getattr(widget, "input_type", None)
    if kind in ("hidden", "radio", "checkbox"):
        return ""
    if kind == "select":
        return "govuk-select"
    if kind == "file":
        return "govuk-file-upload"
    if kind:
        return "govuk-input"
    return "govuk-textarea" if "textarea" in (widget.template_name or "") else ""


class BoundGroup(GovukBoundField):
    """`form["originator"]`: its fields are `form["originator"].subform["name"]`."""

    @cached_property
    def subform(self) -> Any:
        subform = self.field.subform(self, prefix=self.html_name, initial=self.initial)
        subform.is_skipped = self.form.is_bound and not self.is_given and not self.field.required
        return subform

    @property
    def is_given(self) -> bool:
        return self.html_name in self.form.data.given

    def clean(self) -> dict[str, Any] | None:
        """The cleaned values; None when an optional group was left empty."""
        if not self.is_given:
            if not self.field.required:
                return None
            if not self.subform.errors:
                raise ValidationError(self.field.error_messages["required"], code="required")
        return cleaned_or_nested(self.subform)

    def problems(self, path: str) -> list[Problem]:
        found = super().problems(path)
        return found + _within(str(self.label), self.subform.problems(path)) if self.has_nested_problems else found


class BoundList(GovukBoundField):
    """`form["products"]`: its rows are `form["products"].subforms`, at least one, so that there is one to fill in."""

    @cached_property
    def subforms(self) -> list[Any]:
        return [self._row(number) for number in self.row_numbers or [0]]

    @cached_property
    def row_numbers(self) -> list[int]:
        if self.form.is_bound:
            return self.form.data.rows(self.html_name)[: self.field.max_items]
        return list(range(len(self.initial or ())))

    def _row(self, number: int) -> Any:
        initial = self.initial or ()
        subform = self.field.subform(
            self,
            prefix=f"{self.html_name}-{number}",
            initial=initial[number] if not self.form.is_bound and number < len(initial) else None,
        )
        subform.is_skipped = self.form.is_bound and subform.prefix not in self.form.data.given
        return subform

    def clean(self) -> list[dict[str, Any]]:
        """The cleaned rows in the order sent; rows left empty in a browser are dropped."""
        if len(self.form.data.rows(self.html_name)) > self.field.max_items:
            raise ValidationError(f"Give {self.field.max_items} at most", code="too_many")
        rows, wrong = [], False
        for subform in self._given_rows:
            if subform.prefix in self.form.data.refused or subform.errors:
                wrong = True
            else:
                rows.append(subform.cleaned_data)
        if wrong:
            raise ValidationError("Check each of these", code=NESTED)
        if self.field.required and not rows:
            raise ValidationError(self.field.error_messages["required"], code="required")
        return rows

    @property
    def _given_rows(self) -> list[Any]:
        return [subform for subform in self.subforms if not subform.is_skipped]

    @property
    def can_add(self) -> bool:
        return len(self.subforms) < self.field.max_items

    @property
    def can_remove(self) -> bool:
        return len(self.subforms) > 1

    def problems(self, path: str) -> list[Problem]:
        found = super().problems(path)
        if not self.has_nested_problems:
            return found
        for place, (number, subform) in enumerate(zip(self.row_numbers, self.subforms, strict=True), start=1):
            row_path = f"{path}[{number}]"
            title = subform.row_title or f"{self.field.row_label or self.label} {place}"
            refusal = self.form.data.refused.get(subform.prefix)
            if refusal is not None:
                found += _within(title, [_problem(refusal, row_path, f"{self.auto_id}-{number}")])
            elif not subform.is_skipped:
                found += _within(title, subform.problems(row_path))
        return found


def cleaned_or_nested(subform: Any) -> dict[str, Any]:
    if subform.errors:
        raise ValidationError("Check these", code=NESTED)
    return subform.cleaned_data


def _within(label: str, problems: list[Problem]) -> list[Problem]:
    """The problems of what stands inside a group or row; the innermost label says enough."""
    return [problem if problem.within else replace(problem, within=label) for problem in problems]


def _problem(error: ValidationError, path: str, target: str) -> Problem:
    index = (error.params or {}).get("index") if isinstance(error.params, dict) else None
    place = path if index is None else f"{path}[{index}]"
    return Problem(place, error.code or "invalid", str(error.messages[0]), target)
