"""Who holds which post today, and as whom a person may act."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Replace

from accounts import rules
from accounts.enums import POST_TITLES
from accounts.models import ApiToken, Post, PostDeputy, PostHolding, PostTelephones, User
from kernel import clock
from kernel.actors import DEPUTY_ACTING, Actor
from kernel.errors import NotAllowed, NotFound
from kernel.prepared import Given, OneOf, Prepared
from kernel.together import together

Row = Mapping[str, Any]


def posts_of(user: User) -> list[Actor]:
    """Every hat that the person may wear today: posts held first, then those they deputise for.

    One query; none for the person who came in with this request, whose posts were read with them.
    """
    if user.hats_on_entry is not None:
        return user.hats_on_entry
    return _hats(user, _posts_of_user().ask(user=user.pk, today=clock.today()))


def actor_for(user: User, acting_as: str | None = None) -> Actor:
    """The person as the named post, by default the first that they hold; a stranger when they have none.

    Raises NotAllowed `not_your_post` when the named post is neither theirs nor theirs to deputise for today.
    """
    return choose_hat(user, posts_of(user), acting_as)


def choose_hat(user: User, hats: list[Actor], acting_as: str | None = None) -> Actor:
    """As `actor_for`, among hats that were already read."""
    if not acting_as:
        return hats[0] if hats else stranger(user)
    for hat in hats:
        if hat.post == acting_as:
            return hat
    title = POST_TITLES.get(acting_as, acting_as)
    raise NotAllowed(
        f"You neither hold the post '{title}' nor deputise for it today.", code="not_your_post", posts=[acting_as]
    )


def stranger(user: User) -> Actor:
    """The person without any post."""
    return Actor(user_id=user.pk, email=user.email, name=user.name)


def _posts(user: Given | Subquery) -> QuerySet[Post, Row]:
    """The posts that a person holds or deputises for on the day given as `today`, in the order of their hats."""
    mine, today = {"post": OuterRef("pk"), "user": user}, Given("today")
    return (
        Post.objects.annotate(
            held=Exists(PostHolding.objects.current(today).filter(**mine)),
            deputised=Exists(PostDeputy.objects.current(today).filter(**mine)),
        )
        .filter(Q(held=True) | Q(deputised=True))
        .order_by("-held", "order")
        .values("code", "title", "team", "function", "scs", "held")
    )


def _hats(user: User, posts: Iterable[Row]) -> list[Actor]:
    posts = list(posts)
    is_scs = any(post["held"] and post["scs"] for post in posts)
    return [
        Actor(
            user_id=user.pk,
            email=user.email,
            name=user.name,
            post=post["code"],
            post_title=post["title"],
            team=post["team"],
            function=post["function"],
            scs=post["scs"],
            as_deputy=not post["held"],
            is_scs=is_scs,
        )
        for post in posts
    ]


# --- who comes in: asked by every request, so that the person and their posts are one prepared query ------------------


@cache
def _posts_of_user() -> Prepared[Row]:
    return Prepared(_posts(Given("user")))


@cache
def _user() -> Prepared[User]:
    return Prepared(User.objects.filter(pk=Given("user")))


@cache
def _token() -> Prepared[ApiToken]:
    return Prepared(ApiToken.objects.select_related("user").filter(key_hash=Given("key")))


@cache
def _posts_of_token() -> Prepared[Row]:
    return Prepared(_posts(Subquery(ApiToken.objects.filter(key_hash=Given("key")).values("user"))))


def user_entering(user_id: int) -> User | None:
    """The person whose session it is, with their posts; one query. Whether they may enter is not asked here."""
    users, posts = together(_user().given(user=user_id), _posts_of_user().given(user=user_id, today=clock.today()))
    return _entering(users[0], posts) if users else None


def token_by_key(key: str) -> ApiToken | None:
    """The token of this key, with its person and their posts; none when it is unknown, revoked or refused. One query.

    Whether its time is over, `is_expired` says.
    """
    digest = key_digest(key)
    tokens, posts = together(_token().given(key=digest), _posts_of_token().given(key=digest, today=clock.today()))
    token = tokens[0] if tokens else None
    if token is None or token.revoked_at:
        return None
    _entering(token.user, posts)
    return token if rules.may_enter(token.user, demonstration=settings.DEMONSTRATION) else None


def key_digest(key: str) -> str:
    """What is kept of a key. Keys are long and random, so that a plain digest cannot be searched backwards."""
    return hashlib.sha256(key.encode()).hexdigest()


def _entering(user: User, posts: Iterable[Row]) -> User:
    user.hats_on_entry = _hats(user, posts)
    return user


# --- who holds what --------------------------------------------------------------------------------------------------


def holders_of(*post_codes: str) -> list[User]:
    """Active people who hold (not deputise for) any of the posts today."""
    return _holders().ask(posts=list(post_codes), today=clock.today())


def holders_by_post(*post_codes: str) -> dict[str, list[User]]:
    """Who holds each of the posts today; a post that nobody holds is left out. One query."""
    found: dict[str, list[User]] = {}
    for holding in _holdings().ask(posts=list(post_codes), today=clock.today()):
        found.setdefault(holding.post_id, []).append(holding.user)
    return found


@cache
def _holders() -> Prepared[User]:
    held = PostHolding.objects.current(Given("today")).filter(OneOf("post", Given("posts")), user=OuterRef("pk"))
    return Prepared(User.objects.filter(Exists(held), is_active=True))


@cache
def _holdings() -> Prepared[PostHolding]:
    held = holdings_today(Given("today")).filter(OneOf("post", Given("posts")))
    return Prepared(held.order_by("starts_on", "pk"))


def holdings_today(today: Given | None = None) -> QuerySet[PostHolding]:
    """Who holds which post today, with both of them: the highest post first, who holds it longest first."""
    held = PostHolding.objects.current(today).filter(user__is_active=True).select_related("user", "post")
    return held.order_by("post__order", "starts_on", "pk")


@dataclass(frozen=True)
class Contact:
    """A post with the people who hold it today and its numbers, if any are known: whom to call."""

    title: str
    people: list[User]
    telephones: PostTelephones | None


def contacts(*post_codes: str) -> list[Contact]:
    """Those of these posts that somebody holds today, in the order given; one query."""
    held = PostHolding.objects.current().filter(post__in=post_codes, user__is_active=True)
    by_post: dict[str, list[PostHolding]] = {}
    for holding in held.select_related("user", "post__telephones").order_by("starts_on", "pk"):
        by_post.setdefault(holding.post_id, []).append(holding)
    return [
        Contact(post_title(code), [holding.user for holding in by_post[code]], telephones_of(by_post[code][0].post))
        for code in post_codes
        if code in by_post
    ]


def telephones_of(post: Post) -> PostTelephones | None:
    """The numbers of the post; no query where they were selected with it."""
    return getattr(post, "telephones", None)


def telephones_held_by(user: User) -> PostTelephones | None:
    """The numbers of the highest post that the person holds today and that has any; one query."""
    held = PostHolding.objects.current().filter(user=user, post=OuterRef("post"))
    return PostTelephones.objects.filter(Exists(held)).order_by("post__order").first()


def telephones_under(label: OuterRef) -> dict[str, Subquery]:
    """For `annotate`: the numbers of the post under whose label a row names somebody, with the day they were verified.

    Null where there are none. What a deputy is called by leads to the post.
    """
    title = Replace(label, Value(DEPUTY_ACTING), Value(""))
    numbers = PostTelephones.objects.filter(post__title=title)
    return {f"chair_{name}": Subquery(numbers.values(name)) for name in ("office", "out_of_hours", "verified_on")}


def people_to_name() -> dict[str, str]:
    """Everybody who holds a post today, by e-mail address, with their posts: whom a form can be told of. One query."""
    found: dict[str, str] = {}
    held = PostHolding.objects.current().filter(user__is_active=True).select_related("user", "post")
    for holding in held.order_by("post__order", "pk"):
        before = found.get(holding.user.email)
        found[holding.user.email] = f"{before}; {holding.post.title}" if before else holding.post.title
    return found


def posts_covered() -> frozenset[str]:
    """The posts that somebody active holds or deputises for today. One query."""
    people = {"post": OuterRef("pk"), "user__is_active": True}
    held = Exists(PostHolding.objects.current().filter(**people))
    deputised = Exists(PostDeputy.objects.current().filter(**people))
    return frozenset(Post.objects.filter(held | deputised).values_list("pk", flat=True))


def holder_of(code: str) -> User | None:
    """The active person who holds the post today: the longest-serving one where there are several."""
    holding = (
        PostHolding.objects.current()
        .filter(post=code, user__is_active=True)
        .select_related("user")
        .order_by("starts_on", "pk")
        .first()
    )
    return holding.user if holding else None


def is_scs(user: User) -> bool:
    """Whether the person holds a senior civil servant's post today. Deputising for one does not make them one."""
    return PostHolding.objects.current().filter(user=user, post__scs=True).exists()


def user_by_email(email: str) -> User | None:
    """The active person with that address, whatever its capitals."""
    return User.objects.filter(email=email, is_active=True).first()


@dataclass(frozen=True)
class Person:
    """A person as an input names them, with the posts that they hold and those that they deputise for today."""

    user: User
    posts: tuple[str, ...]
    deputises: tuple[str, ...]
    scs: bool
    title: str

    @property
    def user_id(self) -> int:
        return self.user.pk

    def __str__(self) -> str:
        return f"{self.title} <{self.user.email}>"


def person_by_email(email: str) -> Person | None:
    """The active person with that address and their posts; two queries."""
    user = user_by_email(email)
    return person_of(user) if user else None


def person_of(user: User) -> Person:
    """The person with their posts of today; one query."""
    hats = posts_of(user)
    held = [hat for hat in hats if not hat.as_deputy]
    return Person(
        user=user,
        posts=tuple(hat.post for hat in held),
        deputises=tuple(hat.post for hat in hats if hat.as_deputy),
        scs=any(hat.scs for hat in held),
        title=held[0].post_title if held else user.name,
    )


def post_title(code: str) -> str:
    """What people call the post; no query."""
    return POST_TITLES.get(code, code)


def post_titles(codes: Iterable[str]) -> list[str]:
    """The titles in the order given, each once; no query."""
    return [post_title(code) for code in dict.fromkeys(codes)]


def post_by_code(code: str) -> Post:
    """The post, or NotFound."""
    post = Post.objects.filter(pk=code).first()
    if post is None:
        raise NotFound(f"There is no post '{code}'.")
    return post


@dataclass(frozen=True)
class PostRow:
    """One post with its numbers, who holds it and who deputises for it today."""

    post: Post
    telephones: PostTelephones | None = None
    holdings: list[PostHolding] = field(default_factory=list)
    deputies: list[PostDeputy] = field(default_factory=list)


def posts_with_people() -> list[PostRow]:
    """Every post in order of precedence with its people of today; three queries."""
    posts = Post.objects.select_related("telephones").prefetch_related(
        Prefetch("holdings", _people(PostHolding), to_attr="held_now"),
        Prefetch("deputies", _people(PostDeputy), to_attr="deputised_now"),
    )
    return [PostRow(post, telephones_of(post), post.held_now, post.deputised_now) for post in posts]


def _people(model: type[PostHolding | PostDeputy]) -> QuerySet:
    return model.objects.current().filter(user__is_active=True).select_related("user").order_by("user__name", "user_id")


def holdings_of(user: User) -> list[PostHolding]:
    """The person's present and coming holdings."""
    return list(user.holdings.unfinished().select_related("post").order_by("post__order", "starts_on"))


def deputising_of(user: User) -> list[PostDeputy]:
    """The posts that the person deputises for, now or to come, with who named them."""
    return list(user.deputising.unfinished().select_related("post", "named_by").order_by("post__order", "starts_on"))


def holding_get(holding_id: int) -> PostHolding:
    """A holding of a post that has not ended, or NotFound."""
    return _period(PostHolding.objects.unfinished(), holding_id, "There is no such holding of a post, or it has ended.")


def deputy_get(deputy_id: int) -> PostDeputy:
    """A deputising for a post that has not ended, or NotFound."""
    return _period(PostDeputy.objects.unfinished(), deputy_id, "There is no such deputy, or they deputise no more.")


def _period(periods: QuerySet[Any], pk: int, not_found: str) -> Any:
    period = periods.select_related("user", "post").filter(pk=pk).first()
    if period is None:
        raise NotFound(not_found)
    return period


def tokens_of(user: User) -> list[ApiToken]:
    """The person's tokens that were not revoked, expired ones among them, newest first."""
    return list(user.tokens.filter(revoked_at__isnull=True).select_related("post"))
