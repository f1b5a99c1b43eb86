from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.views import View

from accounts.doors import Door
from kernel.actors import Actor
from kernel.errors import NotAllowed

STRANGER = Actor(user_id=1, email="s@opss.example", name="S")
VIEWER = Actor(user_id=2, email="v@opss.example", name="V", post="viewer")
OPERATOR = Actor(user_id=3, email="o@opss.example", name="O", post="operator")


def door(authority):
    body = {"authority": authority, "get": lambda self, request: HttpResponse("come in")}
    return type("Page", (Door, View), body).as_view()


@pytest.mark.parametrize("authority", [None, "", "everybody"])
def test_door_without_a_known_authority_cannot_be_defined(authority):
    with pytest.raises(ImproperlyConfigured, match="must state its authority"):
        door(authority)


def test_door_that_says_nothing_cannot_be_defined():
    with pytest.raises(ImproperlyConfigured):
        type("Page", (Door, View), {})


@pytest.mark.parametrize(
    ("authority", "may_come"),
    [
        ("public", {None, STRANGER, VIEWER, OPERATOR}),
        ("signed_in", {STRANGER, VIEWER, OPERATOR}),
        ("post", {VIEWER, OPERATOR}),
        ("operator", {OPERATOR}),
    ],
)
def test_door_opens_to_whom_it_says(rf, authority, may_come):
    came = set()
    for actor in (None, STRANGER, VIEWER, OPERATOR):
        request = rf.get("/page/")
        request.actor = actor
        try:
            answer = door(authority)(request)
        except NotAllowed:
            continue
        if answer.content == b"come in":
            came.add(actor)
        else:
            assert answer.url == "/accounts/sign-in/?next=%2Fpage%2F"
    assert came == may_come
