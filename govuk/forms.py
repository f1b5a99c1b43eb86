"""The form that every page, API body and service input is declared with, and the words to declare it in.

from govuk import forms

class CloseForm(forms.GovukForm):
    reason = forms.CharField(label="Why is this being closed?", widget=forms.Textarea)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms import BooleanField, CharField, ChoiceField, EmailField, FileField, IntegerField
from django.forms.utils import ErrorDict
from django.forms.widgets import EmailInput, HiddenInput, PasswordInput, Select, Textarea, TextInput

from govuk import when
from govuk.bound import Problem
from govuk.fields import (
    DateField,
    DateTimeField,
    GroupField,
    ListField,
    MultiChoiceField,
    ReferenceField,
    ReferenceListField,
    YesNoField,
)
from govuk.renderer import GovukRenderer
from govuk.sent import Sent, printable
from govuk.widgets import Checkboxes, DateBoxes, MomentBoxes, Radios, Tick

__all__ = [
    "MAX_INTEGER",
    "MAX_TEXT",
    "BooleanField",
    "CharField",
    "Checkboxes",
    "ChoiceField",
    "DateBoxes",
    "DateField",
    "DateTimeField",
    "EmailField",
    "EmailInput",
    "FileField",
    "GovukForm",
    "GroupField",
    "HiddenInput",
    "IntegerField",
    "ListField",
    "MomentBoxes",
    "MultiChoiceField",
    "PasswordInput",
    "Radios",
    "ReferenceField",
    "ReferenceListField",
    "Select",
    "TextInput",
    "Textarea",
    "Tick",
    "ValidationError",
    "YesNoField",
    "answers",
    "choice_values",
    "integer_bounds",
    "rows_changed",
    "text_limit",
    "unchecked",
]

MAX_TEXT = 20_000
MAX_INTEGER = 2_147_483_647
FEW_CHOICES = 15

# Django's widgets that GOV.UK draws otherwise.
_GOVUK_WIDGETS: dict[type, type] = {
    forms.CheckboxInput: Tick,
    forms.RadioSelect: Radios,
    forms.CheckboxSelectMultiple: Checkboxes,
}


class GovukForm(forms.Form):
    """A form that is the single definition of a command's inputs. Bind it with `govuk.json_adapter.bind`.

    Text is kept as sent; text of nothing but white space counts as left out. `given` names the fields that were sent at
    all, so that an update can tell 'left out' from 'emptied'.
    """

    use_required_attribute = False
    default_renderer = GovukRenderer
    data: Any  # a Sent when the form is bound
    is_skipped = False  # an optional group or a row that nobody filled in: it has no errors and no values

    def __init__(self, data: Mapping[str, Any] | None = None, files: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(data=None if data is None else Sent.of(data), files=files, **kwargs)
        self._prepared: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        if name in self.fields and name not in self._prepared:
            self._prepared.add(name)
            _prepare(self.fields[name], name)
        return super().__getitem__(name)

    def _bound(self) -> list[tuple[str, Any]]:
        return [(name, self[name]) for name in self.fields]

    @property
    def row_title(self) -> str:
        """What the error summary calls this form as a row of a list; empty for the list's label and a number."""
        return ""

    @property
    def has_rows(self) -> bool:
        """Whether the page of this form has buttons beside the one that sends it."""
        return not self.prefix and any(isinstance(field, ListField) for field in self.fields.values())

    @property
    def names(self) -> set[str]:
        """The kinds of things on record that this form asks for by name: `person`, `incident`."""
        found: set[str] = set()
        for field in self.fields.values():
            if isinstance(field, ReferenceField):
                found.add(field.kind)
            elif isinstance(field, GroupField | ListField):
                found |= field.form_class().names
        return found

    @property
    def given(self) -> frozenset[str]:
        if self.data.names is not None:
            return self.data.names & self.fields.keys()
        sent = [*self.data]
        return frozenset(
            name
            for name, bound in self._bound()
            if any(key == bound.html_name or key.startswith(f"{bound.html_name}-") for key in sent)
        )

    def full_clean(self) -> None:
        if self.is_skipped or (self.is_bound and self.data.silent):
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
            return
        super().full_clean()
        if self.is_bound and self.data.unknown.get(self.prefix or ""):
            self._errors.setdefault(NON_FIELD_ERRORS, self.error_class(renderer=self.renderer))

    def clean(self) -> dict[str, Any]:
        """What was made of the fields. A subclass adds what it refuses about them together, and answers the same."""
        super().clean()
        return self.cleaned_data

    def _clean_fields(self) -> None:
        for name, bound in self._bound():
            try:
                if refusal := self.data.refusal(bound.input_names):
                    raise refusal
                self.cleaned_data[name] = bound.field._clean_bound_field(bound)
                if hasattr(self, f"clean_{name}"):
                    self.cleaned_data[name] = getattr(self, f"clean_{name}")()
            except ValidationError as error:
                self.add_error(name, error)

    def problems(self, path: str = "") -> list[Problem]:
        """Every error of the form and the forms inside it: in field order, then of the whole, then unknown names."""
        found: list[Problem] = []
        if not self.is_bound:
            return found
        for name, bound in self._bound():
            found += bound.problems(f"{path}.{name}" if path else name)
        for error in self.non_field_errors().as_data():
            found.append(Problem(path, error.code or "invalid", str(error.messages[0]), ""))
        return found + self._unknown_problems(path)

    def _unknown_problems(self, path: str) -> list[Problem]:
        names = self.data.unknown.get(self.prefix or "", [])
        found = []
        for name in names[:20]:
            shown = printable(name, limit=80)
            message = f"There is no field called {shown}"
            found.append(Problem(f"{path}.{shown}" if path else shown, "unknown_field", message, ""))
        if len(names) > 20:
            found.append(Problem(path, "unknown_field", f"{len(names) - 20} more fields are unknown", ""))
        return found


def rows_changed(form_class: type[GovukForm], data: Mapping[str, Any], **form_kwargs: Any) -> GovukForm | None:
    """The form again with a row more or less, when 'Add another' or 'Remove' was pressed; else None.

    Nothing is validated and nothing typed is lost. A view asks this first:

        if (form := forms.rows_changed(ReportForm, request.POST)) is not None:
            return render(request, "intake/issue_new.html", {"form": form})
    """
    add, remove = data.get("add_row"), data.get("remove_row")
    if not add and not remove:
        return None
    sent = Sent.of(data)
    sent.silent = True
    if add:
        rows = sent.rows(add)
        if not rows:
            sent.mark(f"{add}-0")
        sent.mark(f"{add}-{rows[-1] + 1 if rows else 1}")
    elif remove:
        for key in [key for key in sent if key == remove or key.startswith(f"{remove}-")]:
            del sent[key]
    return form_class(data=sent, **form_kwargs)


def unchecked(form_class: type[GovukForm], data: Mapping[str, Any], **form_kwargs: Any) -> GovukForm:
    """The form with what was typed and no errors, for a page that first has something else to say."""
    sent = Sent.of(data)
    sent.silent = True
    return form_class(data=sent, **form_kwargs)


def answers(form: GovukForm) -> list[dict[str, str]]:
    """What is on record, as the rows of a summary list: what a form asks that starts from it, and its answers."""
    return [
        {"key": str(form.fields[name].label), "value": _spoken(form.fields[name], value)}
        for name, value in form.initial.items()
        if name in form.fields
    ]


def _spoken(field: forms.Field, value: Any) -> str:
    if value in (None, "", []):
        return "Nothing"
    if isinstance(value, datetime):
        return when.london(value)
    if isinstance(value, date):
        return when.day(value)
    labels = {str(code): str(label) for code, label in getattr(field, "choices", ())}
    said = value if isinstance(value, list | tuple) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in said)


def choice_values(field: forms.Field) -> list[str]:
    """The vocabulary of a choice field, without the empty choice and with groups opened."""
    values: list[str] = []
    for value, label in field.choices:  # type: ignore[attr-defined]
        inner = [pair[0] for pair in label] if isinstance(label, list | tuple) else [value]
        values += [str(entry) for entry in inner if entry not in ("", None)]
    return values


def integer_bounds(field: forms.IntegerField) -> tuple[int, int]:
    """The smallest and largest number taken: the field's own, else those of an integer column of PostgreSQL."""
    low, high = (bound() if callable(bound) else bound for bound in (field.min_value, field.max_value))
    return -MAX_INTEGER - 1 if low is None else low, MAX_INTEGER if high is None else high


def text_limit(field: forms.CharField) -> int:
    return field.max_length or MAX_TEXT


def _prepare(field: forms.Field, name: str) -> None:
    """Give a field what every form of ours has: bounds, wording, and text kept as sent."""
    label = str(field.label) if field.label else name.replace("_", " ").capitalize()
    messages, widget = field.error_messages, field.widget
    if messages.get("required") == forms.Field.default_error_messages["required"]:
        messages["required"] = _required_message(field, label)
    if isinstance(field, forms.CharField):
        if not isinstance(field, forms.EmailField | ReferenceField):
            field.strip = False
        if isinstance(field, forms.EmailField):
            messages["invalid"] = "Enter an e-mail address, such as name@example.com"
        if field.max_length is None:
            field.max_length = MAX_TEXT
            field.validators.append(MaxLengthValidator(MAX_TEXT))
        for validator in field.validators:
            if isinstance(validator, MaxLengthValidator):
                shown = label.replace("%", "%%")
                validator.message = f"{shown} must be %(limit_value)s characters or fewer (you have %(show_value)s)"
    elif isinstance(field, forms.IntegerField):
        low, high = integer_bounds(field)
        if field.min_value is None:
            field.validators.append(MinValueValidator(low))
        if field.max_value is None:
            field.validators.append(MaxValueValidator(high))
        field.min_value, field.max_value = low, high
        messages["invalid"] = f"{label} must be a whole number"
        if getattr(widget, "input_type", "") == "number":
            widget.input_type = "text"
            widget.attrs.update({"inputmode": "numeric", "class": "govuk-input--width-10"})
    elif isinstance(field, forms.ChoiceField):
        if messages["invalid_choice"] == type(field).default_error_messages["invalid_choice"]:
            messages["invalid_choice"] = _choice_message(field)
        choices: Any = field.choices
        if type(widget) is Select and not any(value in ("", None) for value, _ in choices):
            # A browser would send the first choice for somebody who chose nothing.
            widget.choices = [("", "Choose one"), *choices]
    if kind := _GOVUK_WIDGETS.get(type(widget)):
        field.widget = kind(attrs=widget.attrs)
        if isinstance(field, forms.ChoiceField):
            field.widget.choices = field.choices
    # Browsers cut pasted text at these attributes without a word.
    widget.attrs.pop("maxlength", None)
    widget.attrs.pop("minlength", None)


def _required_message(field: forms.Field, label: str) -> str:
    if label.endswith("?"):
        return f"Answer ‘{label}’"
    verb = "Choose" if isinstance(field, forms.ChoiceField | forms.FileField) else "Enter"
    verb = "Confirm" if isinstance(field, forms.BooleanField) else verb
    keeps_capital = label[1:2].isupper() or label.startswith("I ")
    return f"{verb} {label if keeps_capital else label[:1].lower() + label[1:]}"


def _choice_message(field: forms.ChoiceField) -> str:
    values = choice_values(field)
    return f"Choose one of: {', '.join(values)}" if len(values) <= FEW_CHOICES else "Choose one of the values offered"
