"""The kinds of answer that a form can ask for, beyond Django's own text, choice and whole number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from govuk import when
from govuk.bound import BoundGroup, BoundList
from govuk.sent import printable
from govuk.widgets import Checkboxes, DateBoxes, Lines, MomentBoxes, Radios, TypedDate

if TYPE_CHECKING:
    from govuk.forms import GovukForm


class _Nested(forms.Field):
    """A field whose answer is a form of its own."""

    widget = forms.Widget
    page_template = ""

    def __init__(self, form_class: type[GovukForm], **kwargs: Any) -> None:
        super().__init__(template_name=self.page_template, **kwargs)
        self.form_class = form_class

    def subform(self, bound: Any, *, prefix: str, initial: Any) -> GovukForm:
        form = bound.form
        data, files = (form.data, form.files) if form.is_bound else (None, None)
        return self.form_class(data=data, files=files, prefix=prefix, initial=initial, auto_id=form.auto_id)

    def _clean_bound_field(self, bound: Any) -> Any:
        return bound.clean()


class GroupField(_Nested):
    """Several questions that belong together: an object in JSON, a fieldset on a page. Cleans to a dict, or None."""

    bound_field_class = BoundGroup
    page_template = "govuk/fields/section.html"


class ListField(_Nested):
    """The same questions several times: a list of objects in JSON. Cleans to a list of dicts, perhaps empty.

    A page shows the rows given, at least one, and a button 'Add another' (see `govuk.forms.rows_changed`).
    """

    bound_field_class = BoundList
    page_template = "govuk/fields/list.html"

    def __init__(self, form_class: type[GovukForm], *, max_items: int = 50, row_label: str = "", **kwargs: Any) -> None:
        super().__init__(form_class, **kwargs)
        self.max_items, self.row_label = max_items, row_label


class YesNoField(forms.ChoiceField):
    """Yes or no, typed: true and false in JSON. Cleans to a bool, or None when it was left open.

    With `open_answer` a page also offers those words, such as ‘I do not know’, to whoever leaves it open on purpose.
    """

    widget = Radios(inline=True)

    def __init__(self, *, open_answer: str = "", **kwargs: Any) -> None:
        left_open = [("not_known", open_answer)] if open_answer else []
        super().__init__(choices=[("yes", "Yes"), ("no", "No"), *left_open], **kwargs)

    def clean(self, value: Any) -> bool | None:
        return {"yes": True, "no": False}.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class MultiChoiceField(forms.MultipleChoiceField):
    """Any of a vocabulary: a list of strings in JSON. Cleans to a list without doubles, in the order sent."""

    widget = Checkboxes

    def clean(self, value: Any) -> list[str]:
        return list(dict.fromkeys(super().clean(value)))


class DateField(forms.Field):
    """A day: `YYYY-MM-DD` in JSON, three boxes on a page."""

    widget = DateBoxes

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return (
                when.typed_date(value.day, value.month, value.year)
                if isinstance(value, TypedDate)
                else when.iso_date(value)
            )
        except when.TimeProblem as problem:
            raise _refused(self, value, problem) from None


class DateTimeField(forms.Field):
    """A time: ISO 8601 with its offset in JSON; date and 24-hour London time on a page. Cleans to UTC."""

    widget = MomentBoxes

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            if not isinstance(value, TypedDate):
                return when.iso_moment(value)
            day = when.typed_date(value.day, value.month, value.year)
            return when.typed_moment(day, value.time or "")
        except when.TimeProblem as problem:
            raise _refused(self, value, problem) from None


def _refused(field: forms.Field, value: Any, problem: when.TimeProblem) -> ValidationError:
    """What is wrong with a date or time; of typed ones a page may ask several, so it says which it means."""
    label = str(field.label or "") if isinstance(value, TypedDate) else ""
    named = f"{label}{'' if label.endswith('?') else ':'} " if label else ""
    return ValidationError(f"{named}{problem.message}", code=problem.code)


Lookup = Callable[[str], Any]


class ReferenceField(forms.CharField):
    """Something on record, named by its reference: a person by e-mail, a post, an incident.

    `lookup` answers the object or None, and must apply visibility itself. Cleans to the object, or None when left out.
    The schema never lists what there is; a page offers people in one list for all its fields (`GovukForm.names`).
    """

    def __init__(self, lookup: Lookup, *, kind: str, **kwargs: Any) -> None:
        # The kind first: Django asks for the attributes of the widget while it makes the field.
        self.lookup, self.kind = lookup, kind
        super().__init__(**{"max_length": 320, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        is_person = self.kind == "person" and isinstance(widget, forms.TextInput)
        return {**super().widget_attrs(widget), **({"list": "on-record-person"} if is_person else {})}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.found(text) if text else None

    def found(self, text: str, **params: Any) -> Any:
        found = self.lookup(text)
        if found is None:
            named = {"kind": self.kind, "given": printable(text, limit=80)}
            raise ValidationError(
                "No %(kind)s on record goes by ‘%(given)s’", code="unknown_reference", params={**params, **named}
            )
        return found


class ReferenceListField(ReferenceField):
    """Several of them: a list of strings in JSON, one a line on a page. Cleans to a list without doubles."""

    widget = Lines(attrs={"rows": 4})

    def __init__(self, lookup: Lookup, *, kind: str, max_items: int = 100, **kwargs: Any) -> None:
        super().__init__(lookup, kind=kind, **kwargs)
        self.max_items = max_items

    def clean(self, value: list[str]) -> list[Any]:
        if len(value) > self.max_items:
            raise ValidationError(f"Give {self.max_items} at most", code="too_many")
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        found, problems = [], []
        for index, text in enumerate(value):
            try:
                self.run_validators(text)
                found.append(self.found(text, index=index))
            except ValidationError as problem:
                problems.append(problem)
        if problems:
            raise ValidationError(problems)
        return list(dict.fromkeys(found))
