from __future__ import annotations

import pytest

from accounts import rules
from accounts.models import User
from kernel.actors import SYSTEM, Actor

OPERATOR = Actor(user_id=1, email="o@opss.example", name="O", post="operator")
HEAD = Actor(user_id=2, email="h@opss.example", name="H", post="imt.head")
DEPUTY = Actor(user_id=3, email="d@opss.example", name="D", post="imt.head", as_deputy=True)
VIEWER = Actor(user_id=4, email="v@opss.example", name="V", post="viewer")
STRANGER = Actor(user_id=5, email="s@opss.example", name="S")


@pytest.mark.parametrize(
    ("actor", "may"),
    [(SYSTEM, True), (OPERATOR, True), (HEAD, True), (DEPUTY, False), (VIEWER, False), (STRANGER, False)],
)
def test_post_is_kept_by_its_holder_and_the_operator(actor, may):
    assert rules.keeps_post("imt.head", actor) is may


def test_holder_of_one_post_keeps_no_other():
    assert not rules.keeps_post("imt.duty", HEAD)


@pytest.mark.parametrize(
    ("is_service", "actor", "may"),
    [
        (False, HEAD, True),
        (False, OPERATOR, False),
        (False, SYSTEM, True),
        (True, OPERATOR, True),
        (True, HEAD, False),
    ],
)
def test_tokens_are_ones_own_and_those_of_programs_the_operators(is_service, actor, may):
    user = User(pk=HEAD.user_id, email="h@opss.example", is_service=is_service)
    assert rules.may_manage_tokens(user, actor) is may


@pytest.mark.parametrize(
    ("email", "is_active", "demonstration", "may"),
    [
        ("a@opss.example", True, False, True),
        ("a@opss.example", False, True, False),
        ("imt.head@demo.opss.example", True, True, True),
        ("imt.head@demo.opss.example", True, False, False),
        ("IMT.HEAD@DEMO.OPSS.EXAMPLE", True, False, False),
    ],
)
def test_who_may_enter(email, is_active, demonstration, may):
    assert rules.may_enter(User(email=email, is_active=is_active), demonstration=demonstration) is may
