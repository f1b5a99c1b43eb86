"""The strict adapter in front of every form: one answer for what a browser posts and for what JSON says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms as django_forms
from django.utils.datastructures import MultiValueDict

from govuk.fields import (
    DateField,
    DateTimeField,
    GroupField,
    ListField,
    ReferenceField,
    ReferenceListField,
    YesNoField,
)
from govuk.forms import GovukForm, choice_values, integer_bounds, text_limit
from govuk.sent import Sent, is_blank
from kernel.errors import FieldError, InvalidInput


def bind(
    form_class: type[GovukForm],
    data: Mapping[str, Any],
    *,
    files: Any = None,
    partial: bool = False,
    **form_kwargs: Any,
) -> GovukForm:
    """The valid form, or InvalidInput with every error at once, in field order, and with the form to show again.

    `data` is a browser's QueryDict, or a plain dict (JSON) that is taken strictly: unknown names, wrong types and
    characters that cannot be stored are refused; null means left out. With `partial`, fields that were not sent at all
    are left out of the form, for an update of some of them. `form_kwargs` go to the form.
    """
    if not isinstance(data, Mapping):
        problem = FieldError("", "wrong_type", "Send an object with named fields")
        raise InvalidInput([problem], form=form_class(**form_kwargs))
    if isinstance(data, MultiValueDict):
        form = form_class(data=Sent.of(data), files=files, **form_kwargs)
    else:
        sent = Sent()
        form = form_class(data=sent, files=files, **form_kwargs)
        sent.names = frozenset(name for name in data if isinstance(name, str))
        _flatten(form.fields, data, form.prefix or "", sent)
    if partial:
        form.fields = {name: field for name, field in form.fields.items() if name in form.given}
    problems = form.problems()
    if problems:
        raise InvalidInput([FieldError(p.field, p.code, p.message) for p in problems], form=form)
    return form


def _flatten(fields: Mapping[str, django_forms.Field], data: Mapping[Any, Any], prefix: str, sent: Sent) -> None:
    unknown = [str(name) for name in data if name not in fields]
    if unknown:
        sent.unknown[prefix] = unknown
    for name, field in fields.items():
        if data.get(name) is not None:
            _put(field, data[name], f"{prefix}-{name}" if prefix else name, sent)


def _put(field: django_forms.Field, value: Any, key: str, sent: Sent) -> None:
    """Write one JSON value under its flat name, or refuse it there."""
    if isinstance(field, GroupField):
        _put_object(field.form_class().fields, value, key, sent)
    elif isinstance(field, ListField):
        if not isinstance(value, list):
            sent.refuse(key, "wrong_type", "Send a list of objects")
        elif len(value) > field.max_items:
            sent.refuse(key, "too_many", f"Give {field.max_items} at most")
        else:
            fields = field.form_class().fields
            for number, entry in enumerate(value):
                _put_object(fields, entry, f"{key}-{number}", sent)
    elif isinstance(field, ReferenceListField | django_forms.MultipleChoiceField):
        _put_texts(field, value, key, sent)
    elif isinstance(field, YesNoField | django_forms.BooleanField):
        _put_bool(field, value, key, sent)
    elif isinstance(field, django_forms.FileField):
        sent.refuse(key, "wrong_type", "A file cannot be sent as JSON: send the form as multipart/form-data")
    elif isinstance(field, django_forms.FloatField | django_forms.DecimalField):
        raise TypeError(f"{type(field).__name__} has no strict JSON form yet")
    elif isinstance(field, django_forms.IntegerField):
        _put_integer(field, value, key, sent)
    elif isinstance(field, django_forms.CharField | django_forms.ChoiceField | DateField | DateTimeField):
        if isinstance(value, str):
            sent.add(key, value)
        else:
            sent.refuse(key, "wrong_type", "Send text")
    else:
        raise TypeError(f"{type(field).__name__} has no strict JSON form")


def _put_object(fields: Mapping[str, django_forms.Field], value: Any, key: str, sent: Sent) -> None:
    if isinstance(value, Mapping):
        sent.mark(key)
        _flatten(fields, value, key, sent)
    else:
        sent.refuse(key, "wrong_type", "Send an object with named fields")


def _put_texts(field: django_forms.Field, value: Any, key: str, sent: Sent) -> None:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        sent.refuse(key, "wrong_type", "Send a list of texts")
        return
    limit = field.max_items if isinstance(field, ReferenceListField) else len(choice_values(field))
    if len(value) > limit:
        sent.refuse(key, "too_many", f"Give {limit} at most")
        return
    for entry in value:
        if isinstance(field, ReferenceListField) and (is_blank(entry) or len(entry.splitlines()) > 1):
            sent.refuse(key, "wrong_type", "Send each entry as one line of text")
        sent.add(key, entry)


def _put_bool(field: django_forms.Field, value: Any, key: str, sent: Sent) -> None:
    if not isinstance(value, bool):
        sent.refuse(key, "wrong_type", "Send true or false")
    elif isinstance(field, YesNoField):
        sent.add(key, "yes" if value else "no")
    elif value:
        sent.add(key, "on")


def _put_integer(field: django_forms.IntegerField, value: Any, key: str, sent: Sent) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        sent.refuse(key, "wrong_type", "Send a whole number")
        return
    low, high = integer_bounds(field)
    if low <= value <= high:
        sent.add(key, str(value))
    else:
        sent.refuse(key, "max_value" if value > high else "min_value", f"Send a whole number from {low} to {high}")


def to_schema(form: type[GovukForm] | GovukForm, *, partial: bool = False) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the body that `bind` takes: of a class, or of a form with its own choices.

    Optional fields may also be sent as null, which means the same as leaving them out.
    """
    fields = form.fields if isinstance(form, GovukForm) else form.base_fields
    sendable = {name: field for name, field in fields.items() if not isinstance(field, django_forms.FileField)}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _described(field, name) for name, field in sendable.items()},
        "additionalProperties": False,
    }
    required = [name for name, field in sendable.items() if field.required]
    if required and not partial:
        schema["required"] = required
    return schema


def _described(field: django_forms.Field, name: str) -> dict[str, Any]:
    schema = _schema_of(field)
    schema["title"] = str(field.label) if field.label else name.replace("_", " ").capitalize()
    if field.help_text:
        schema["description"] = str(field.help_text)
    return schema


def _schema_of(field: django_forms.Field) -> dict[str, Any]:
    if isinstance(field, GroupField):
        return to_schema(field.form_class)
    if isinstance(field, ListField):
        bounds = {"minItems": 1} if field.required else {}
        return {"type": "array", "items": to_schema(field.form_class), "maxItems": field.max_items, **bounds}
    if isinstance(field, ReferenceListField):
        items = {"type": "string", "maxLength": text_limit(field), "format": f"reference {field.kind}"}
        bounds = {"minItems": 1} if field.required else {}
        return {"type": "array", "items": items, "maxItems": field.max_items, **bounds}
    if isinstance(field, django_forms.MultipleChoiceField):
        values = choice_values(field)
        bounds = {"minItems": 1} if field.required else {}
        return {"type": "array", "items": {"type": "string", "enum": values}, "maxItems": len(values), **bounds}
    if isinstance(field, YesNoField):
        return {"type": "boolean"}
    if isinstance(field, django_forms.BooleanField):
        return {"type": "boolean", "const": True} if field.required else {"type": "boolean"}
    if isinstance(field, django_forms.IntegerField):
        low, high = integer_bounds(field)
        return {"type": "integer", "minimum": low, "maximum": high}
    if isinstance(field, django_forms.ChoiceField):
        return {"type": "string", "enum": choice_values(field)}
    if isinstance(field, DateField):
        return {"type": "string", "format": "date"}
    if isinstance(field, DateTimeField):
        return {"type": "string", "format": "date-time"}
    return _text_schema(field)


def _text_schema(field: django_forms.Field) -> dict[str, Any]:
    if not isinstance(field, django_forms.CharField):
        raise TypeError(f"{type(field).__name__} has no schema")
    schema: dict[str, Any] = {"type": "string", "maxLength": text_limit(field)}
    if field.min_length or field.required:
        schema["minLength"] = field.min_length or 1
    if isinstance(field, ReferenceField):
        schema["format"] = f"reference {field.kind}"
    elif isinstance(field, django_forms.EmailField):
        schema["format"] = "email"
    if field.required:
        schema["pattern"] = r"\S"
    return schema
