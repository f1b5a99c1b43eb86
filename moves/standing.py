"""Who may make a move or pass another door that decides, and who stands in for them (ladder.md, 'Authority').

A senior of the same line may act for a post, with a reason; so may another Deputy Chief Executive or the Chief
Executive when nobody holds any of the posts or deputises for one. People who are named by person are not stood in for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from accounts import rules, selectors
from accounts.enums import COVERING_POSTS
from govuk.forms import GovukForm
from kernel.actors import Actor
from kernel.errors import NotAllowed
from moves.machine import Authority, Blocker, Holders

ACTING_REASON = "acting_reason"


class Cover:
    """Which posts have somebody today: asked once, and only when a Deputy Chief Executive of another line asks."""

    @cached_property
    def posts(self) -> frozenset[str]:
        return selectors.posts_covered()


@dataclass(frozen=True)
class Standing:
    """How somebody may act: by right, or in place of the post `acting_for`, for the `reason` that they gave."""

    by: Actor
    acting_for: str = ""
    reason: str = ""

    @property
    def acting_for_title(self) -> str:
        return selectors.post_title(self.acting_for) if self.acting_for else ""

    @property
    def actor(self) -> Actor:
        """Who acts, as the record names them."""
        return replace(self.by, in_place_of=self.acting_for_title) if self.acting_for else self.by

    @property
    def wanted(self) -> Blocker | None:
        """The reason that a stand-in owes, as something that is missing."""
        if not self.acting_for:
            return None
        message = f"This is for the {self.acting_for_title}. You may act in their place: say why."
        return Blocker("acting_reason_missing", message, field=ACTING_REASON)

    def owes(self, inputs: Mapping[str, Any]) -> list[Blocker]:
        """The reason, where they stand in for somebody and gave none."""
        return [self.wanted] if self.wanted and not inputs.get(ACTING_REASON) else []

    def asked(self, form: GovukForm) -> GovukForm:
        """The form of a door as they are asked: why they act in another's place only where they do."""
        if not self.acting_for:
            form.fields.pop(ACTING_REASON, None)
        return form

    def with_reason(self, given: str) -> Standing:
        """The same, for the reason that they gave; whoever acts by right gives none."""
        return replace(self, reason=given) if self.acting_for else self

    def as_recorded(self) -> dict[str, Any]:
        """What the event says of it; nothing where they acted by right."""
        return {"acting_for": self.acting_for, "acting_reason": self.reason} if self.acting_for else {}


def standing_of(authority: Authority, facts: Any, by: Actor, cover: Cover) -> Standing | NotAllowed:
    """How this person may act now, or the refusal `not_your_move` that names the posts that may."""
    holders = authority.holders(facts)
    if holders.include(by):
        return Standing(by)
    if post := stood_in_for(holders, by, lambda: cover.posts):
        return Standing(by, acting_for=post)
    return refusal(authority, holders)


def stood_in_for(holders: Holders, by: Actor, covered: Callable[[], frozenset[str]]) -> str:
    """The post in whose place this senior may act: the nearest below them, else one that is uncovered; or nothing."""
    if not by.post:
        return ""
    if post := rules.nearest_below(by.post, holders.posts):
        return post
    if by.post in COVERING_POSTS and holders.posts and covered().isdisjoint(holders.posts):
        return holders.posts[0]
    return ""


def way_in(authority: Authority, facts: Any, by: Actor, cover: Cover) -> Standing | None:
    """How a door stands open to this person, for a page that offers no others; None where it is shut."""
    standing = standing_of(authority, facts, by, cover)
    return None if isinstance(standing, NotAllowed) else standing


def refusal(authority: Authority, holders: Holders) -> NotAllowed:
    """That this is for others, by their titles and by the codes of their posts."""
    posts = [*holders.posts]
    named = ", ".join(selectors.post_titles(posts))
    who = f"{authority.title}: {named}" if named else authority.title
    return NotAllowed(f"This is for {who}.", code="not_your_move", posts=posts)


def with_seniors(refused: NotAllowed) -> NotAllowed:
    """The refusal of a door at which a senior of the line may stand in: it says so, and that they owe a reason."""
    if not any(rules.seniors_of(post) for post in refused.posts):
        return refused
    message = f"{refused.detail} A senior of their line may act in their place, with a reason."
    return NotAllowed(message, code=refused.code, posts=refused.posts)
