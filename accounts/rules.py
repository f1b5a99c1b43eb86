"""Who may do what with accounts, posts and tokens: one person, one thing, no queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from accounts.enums import ANSWERS_TO, IMT_POSTS, OPERATOR
from kernel.actors import Actor

if TYPE_CHECKING:
    from accounts.models import User

DEMONSTRATION_DOMAIN = "demo.opss.example"


def is_demonstration(email: str) -> bool:
    return email.lower().endswith(f"@{DEMONSTRATION_DOMAIN}")


def may_enter(user: User, *, demonstration: bool) -> bool:
    """Whether the account works at all here. Demonstration accounts share a published password: never in production."""
    return user.is_active and (demonstration or not is_demonstration(user.email))


def is_operator(actor: Actor) -> bool:
    return actor.is_system or actor.post == OPERATOR


def may_watch_service(actor: Actor) -> bool:
    """The operator, who mends what stands still, and IMT, who must know that it does."""
    return is_operator(actor) or actor.post in IMT_POSTS


def keeps_post(post: str, actor: Actor) -> bool:
    """Whether they name the deputies of a post and give its telephone numbers: the operator, or its own holder acting
    as that post. A deputy does neither."""
    return is_operator(actor) or (actor.post == post and not actor.as_deputy)


def may_manage_tokens(user: User, actor: Actor) -> bool:
    """One's own; those of a service account are the operator's."""
    if user.is_service:
        return is_operator(actor)
    return actor.is_system or actor.user_id == user.pk


def seniors_of(post: str) -> tuple[str, ...]:
    """The posts above a post in its line, the nearest first."""
    above: list[str] = []
    while post := ANSWERS_TO.get(post, ""):
        above.append(post)
    return tuple(above)


def nearest_below(senior: str, posts: Iterable[str]) -> str:
    """Of these posts the one that stands nearest below `senior` in its line; empty where none does."""
    below = [(seniors_of(post).index(senior), post) for post in posts if senior in seniors_of(post)]
    return min(below, key=lambda found: found[0])[1] if below else ""
