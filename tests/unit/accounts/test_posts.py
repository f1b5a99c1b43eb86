from __future__ import annotations

import pytest

from accounts.enums import FUNCTION_OF, POST_TITLES, Function, Team, ftl_post
from accounts.models import Post


def test_every_team_belongs_to_a_function():
    assert FUNCTION_OF.keys() == set(Team.values)
    assert set(FUNCTION_OF.values()) == set(Function.values)


def test_each_team_is_led_by_a_post_that_exists():
    assert {ftl_post(team) for team in Team.values} <= POST_TITLES.keys()
    assert ftl_post(Team.INCIDENT_MANAGEMENT) == "imt.head"
    assert "ftl.incident_management" not in POST_TITLES


@pytest.mark.django_db
def test_rows_of_posts_say_what_the_code_says():
    assert dict(Post.objects.values_list("code", "title")) == POST_TITLES


@pytest.mark.django_db
def test_rows_of_posts_carry_team_function_and_grade():
    rows = {post.code: post for post in Post.objects.all()}
    senior = {code for code, post in rows.items() if post.scs}
    assert senior == {
        "ceo",
        "dceo.regulation",
        "dceo.evidence",
        "dd.enforcement",
        "dd.science",
        "dd.policy",
        "dd.targeting",
        "scs.science",
    }
    for code, post in rows.items():
        kind, _, rest = code.partition(".")
        if kind in {"ftl", "officer"}:
            assert (post.team, post.function) == (rest, FUNCTION_OF[rest])
        if kind == "dd":
            assert (post.team, post.function) == ("", rest)
        if kind == "imt":
            assert (post.team, post.function) == ("incident_management", "targeting")
