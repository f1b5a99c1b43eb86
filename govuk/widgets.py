"""GOV.UK inputs on Django's widgets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django import forms

from kernel.clock import LONDON


class TypedDate(NamedTuple):
    """The boxes of a date (and time) as somebody filled them in. `time` is None where only a date is asked."""

    day: str = ""
    month: str = ""
    year: str = ""
    time: str | None = None


class _Hints:
    """Options that carry a hint: `Radios(hints={"value": "hint"})`; `inline` puts them in a row."""

    def __init__(
        self, attrs: Any = None, choices: Any = (), *, hints: Mapping[str, str] | None = None, inline: bool = False
    ):
        super().__init__(attrs, choices)  # type: ignore[call-arg]
        self.hints, self.inline = dict(hints or {}), inline

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)  # type: ignore[misc]
        option["hint"] = self.hints.get(str(value), "")
        if option["hint"] and "id" in option["attrs"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option

    def get_context(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(*args, **kwargs)  # type: ignore[misc]
        context["widget"]["inline"] = self.inline
        return context

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """The first option has the field's own id, as GOV.UK asks, so that the error summary can link to it."""
        return id_ if index in (None, "0") else f"{id_}_{index}"


class Radios(_Hints, forms.RadioSelect):
    template_name = "govuk/widgets/radios.html"


class Checkboxes(_Hints, forms.CheckboxSelectMultiple):
    template_name = "govuk/widgets/checkboxes.html"


class Tick(forms.CheckboxInput):
    """One box for one statement; the label stands beside it."""

    template_name = "govuk/widgets/tick.html"


class DateBoxes(forms.Widget):
    """Three boxes: day, month, year. A whole ISO date under the plain name is taken too (that is how JSON comes)."""

    template_name = "govuk/widgets/date.html"
    use_fieldset = True
    parts: tuple[str, ...] = ("day", "month", "year")

    def input_names(self, name: str) -> list[str]:
        return [name, *(f"{name}-{part}" for part in self.parts)]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | TypedDate | None:
        if data.get(name):
            return data[name]
        texts = {part: data.get(f"{name}-{part}") or "" for part in self.parts}
        return TypedDate(**texts) if any(texts.values()) else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key in data for key in self.input_names(name))

    def typed(self, value: Any) -> TypedDate:
        if isinstance(value, TypedDate):
            return value
        if isinstance(value, datetime):
            value = value.astimezone(LONDON)
            return TypedDate(str(value.day), str(value.month), str(value.year), f"{value:%H:%M}")
        if isinstance(value, date):
            return TypedDate(str(value.day), str(value.month), str(value.year))
        return TypedDate()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        typed = self.typed(value)
        context["widget"]["boxes"] = [
            {"part": part, "name": f"{name}-{part}", "value": getattr(typed, part) or ""} for part in self.parts
        ]
        return context

    def format_value(self, value: Any) -> Any:
        return value

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-day" if id_ else id_


class MomentBoxes(DateBoxes):
    """The same with a fourth box for the time of day in London."""

    parts = ("day", "month", "year", "time")


class Lines(forms.Textarea):
    """One entry a line; JSON sends a list."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        texts = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return [line.strip() for text in texts for line in text.splitlines() if line.strip()]

    def format_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(str(entry) for entry in value or ())
