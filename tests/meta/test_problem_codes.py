"""That every code in a refusal leads to a page which explains it: `/help/errors/<code>` is part of the answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from django import forms
from django.urls import reverse

from desk import problem_codes
from desk.problems import PROBLEMS, explained
from govuk.fields import DateField, DateTimeField, ReferenceField
from rest import problems as rest_problems
from tests.meta.code import modules, text_of

# Where the code stands among the arguments of what raises, refuses or warns.
PLACE = {
    "Blocker": 0,
    "Warn": 0,
    "TimeProblem": 0,
    "FieldError": 1,
    "Problem": 1,
    "refuse": 1,
    "_refuse": 0,
    "_wrong": 1,
    "_either": 2,
}
FORMS_OF_DJANGO = (
    forms.CharField(max_length=1, min_length=1),
    forms.ChoiceField(),
    forms.MultipleChoiceField(),
    forms.IntegerField(min_value=1, max_value=2),
    forms.EmailField(),
    DateField(),
    DateTimeField(),
    ReferenceField(lambda name: None, kind="person"),
)


def named(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def texts(node: ast.AST) -> Iterator[str]:
    """The literal texts that an argument can be: itself, or either side of a condition."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp():
            yield from texts(node.body)
            yield from texts(node.orelse)


def raised_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call():
                given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                given += node.args[PLACE[named(node)] :][:1] if named(node) in PLACE else []
            case ast.ClassDef():
                given = [value for line in node.body for name, value in assigned(line) if name == "code"]
            case _:
                continue
        for argument in given:
            yield from texts(argument)


def assigned(line: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """The names and values of `code = ...` and of `status, code = ..., ...`."""
    match line:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            yield from ((name.id, value) for name, value in zip(names, values, strict=True) if hasattr(name, "id"))


def codes() -> set[str]:
    """Every code that the rooms, the frame of the interface and Django's own fields put into an answer."""
    of_rooms = {code for module in modules() for code in raised_in(text_of(module))}
    of_frame = {code for code, _ in rest_problems._TITLES.values()} | {"refused"}
    of_fields = {code for field in FORMS_OF_DJANGO for code in field.error_messages}
    of_fields |= {validator.code for field in FORMS_OF_DJANGO for validator in field.validators}
    return of_rooms | of_frame | of_fields


@pytest.mark.parametrize(
    "source",
    [
        'raise Conflict("no", code="found_me")',
        'class Twice(Conflict):\n    status, code, title = 422, "found_me", "No"',
        'Blocker("found_me", "no", "IMP-2.4")',
        'InputGuard(code="found_me", field="reason")',
        'raise InvalidInput([FieldError("reason", "found_me", "no")])',
        'sent.refuse(key, "found_me" if low else "or_me", "no")',
    ],
)
def test_the_collector_sees_each_way_of_refusing(source):
    assert "found_me" in set(raised_in(source))


def test_every_code_that_is_raised_has_a_page():
    assert sorted(code for code in codes() if explained(code) is None) == []


def test_no_page_explains_a_code_that_nothing_raises():
    known = {*PROBLEMS, *problem_codes.BLOCKERS, *problem_codes.INPUTS, *problem_codes.WARNINGS}

    assert sorted(known - codes()) == []


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("conference_of_one", "Name who else took part"),
        ("unknown_reference", "Check the reference"),
        ("chairs_both_groups", "It stops nothing"),
        ("still_working", "you then get the answer of the first"),
    ],
)
def test_a_code_inside_an_answer_leads_to_what_it_means(client, code, says):
    assert says in client.get(reverse("desk:help-error", args=[code])).content.decode()
