"""Who holds which office in an incident."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.enums import DD_POSTS, POST_TITLES, SCG_CHAIR_POSTS
from command.enums import GroupKind

# The posts by which the plan has a group chaired (IMP-3.4, 3.9).
PLAN_POSTS: dict[str, tuple[str, ...]] = {GroupKind.SCG: (*SCG_CHAIR_POSTS,), GroupKind.TCG: (*DD_POSTS,)}


def chairing_post(kind: str, chair_as: str) -> tuple[str, ...]:
    """The post by which the plan has this group chaired, where its chair was named under it; else nothing.

    A post's authority is that of its holder, or of a deputy who acts as it: either may then act as the chair.
    """
    return tuple(post for post in PLAN_POSTS.get(kind, ()) if POST_TITLES[post] == chair_as)


@dataclass(frozen=True)
class Offices:
    """The people of an incident's standing groups, as user ids. Secretaries and chairs are of the SCG and the TCGs.

    `scg_chair_posts` and `chair_posts` are the plan's posts under which they chair.
    """

    scg_chair: int | None
    scg_chair_posts: tuple[str, ...]
    chairs: frozenset[int]
    chair_posts: tuple[str, ...]
    secretaries: frozenset[int]
    everyone: frozenset[int]
