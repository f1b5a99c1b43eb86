"""Who writes in the review of an incident, by post and by person."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.enums import IMT_POSTS, Team, ftl_post
from moves.machine import Authority, Holders


@dataclass(frozen=True)
class ReviewFacts:
    """Who works on the issues of the incident, or chaired one of its groups, as user ids."""

    people: frozenset[int]


editor = Authority(
    "the Incident Management Team or people on the case", lambda facts: Holders(posts=IMT_POSTS, people=facts.people)
)


def settler(team: str) -> Authority:
    """The team that owns a recommendation, and whoever writes in the review."""
    if not team:
        return editor
    posts = (ftl_post(team), f"officer.{team}")
    return Authority(f"the {Team(team).label} team", lambda facts: Holders(posts=posts)) | editor
