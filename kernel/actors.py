"""Who acts: a person as a post, or the product itself."""

from __future__ import annotations

from dataclasses import dataclass

DEPUTY_ACTING = " (deputy acting)"


@dataclass(frozen=True)
class Actor:
    """One person acting as one post, as it stood when the request came in.

    A person with no post is a stranger (`post` is empty). `as_deputy` is true when the post's deputy acts. `team` and
    `function` are the post's, empty where it has none; `scs` tells whether the post is a senior civil servant's, and
    `is_scs` whether the person is one by a post that they hold themselves. `in_place_of` is the title of the
    post that a senior stands in for, while they do.
    """

    user_id: int | None
    email: str
    name: str
    post: str = ""
    post_title: str = ""
    team: str = ""
    function: str = ""
    scs: bool = False
    as_deputy: bool = False
    is_scs: bool = False
    in_place_of: str = ""

    @property
    def is_stranger(self) -> bool:
        return not self.post and not self.is_system

    @property
    def is_system(self) -> bool:
        return self.user_id is None

    @property
    def label(self) -> str:
        """How the record names who acted: 'Head of IMT', 'Head of IMT (deputy acting)', '..., in place of ...'."""
        if not self.post:
            return self.name or self.email
        acted = f"{self.post_title}{DEPUTY_ACTING}" if self.as_deputy else self.post_title
        return f"{acted}, in place of {self.in_place_of}" if self.in_place_of else acted


SYSTEM = Actor(user_id=None, email="", name="The system")
