"""That who holds which kind of power, and which incidents are live, is written down in one place each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts import enums
from incidents.enums import LIVE_STATUSES
from tests.meta.code import modules, text_of

POSTS = {
    "IMT_POSTS": enums.IMT_POSTS,
    "SCG_CHAIR_POSTS": enums.SCG_CHAIR_POSTS,
    "DD_POSTS": enums.DD_POSTS,
    "DD_OR_HIGHER_POSTS": enums.DD_OR_HIGHER_POSTS,
}
# The demonstration casts people in posts one by one.
CASTS = {Path("accounts/demonstration.py"), *(module for module in modules() if "demonstration" in module.parts)}


def listed_in(source: str) -> Iterator[set[str]]:
    """What each literal tuple, list or set holds: texts, and the names of members of enums."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield {
                str(item.value) if isinstance(item, ast.Constant) else item.attr
                for item in node.elts
                if isinstance(item, ast.Constant | ast.Attribute)
            }


def places(values: set[str]) -> list[str]:
    """The modules that list at least these."""
    return sorted(
        str(module)
        for module in modules()
        if module not in CASTS and any(values <= listed for listed in listed_in(text_of(module)))
    )


def test_the_search_sees_a_list_of_posts_and_one_of_statuses():
    assert {"imt.head", "imt.duty"} in listed_in('WHO = ("imt.duty", "imt.head")')
    assert {"ACTIVE", "MONITORING"} in listed_in("LIVE = [IncidentStatus.ACTIVE, Status.MONITORING]")


@pytest.mark.parametrize("name", POSTS)
def test_a_group_of_posts_is_spelt_out_nowhere_but_where_it_is_defined(name):
    assert places({*POSTS[name]}) in ([], ["accounts/enums.py"])


def test_which_incidents_are_live_is_spelt_out_once():
    assert places({status.name for status in LIVE_STATUSES}) == ["incidents/enums/__init__.py"]


def test_every_post_that_is_named_in_a_group_exists():
    named = {enums.TTG_CHAIR_POST, *(post for posts in POSTS.values() for post in posts)}

    assert named - {*enums.POST_TITLES} == set()
