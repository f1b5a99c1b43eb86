"""The accounts of the demonstration: one for each post that it needs, named by the post. They are nobody."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import services
from accounts.enums import POST_TITLES
from accounts.models import PostDeputy, PostHolding, PostTelephones, User
from accounts.rules import DEMONSTRATION_DOMAIN
from kernel.actors import SYSTEM
from kernel.errors import NotAllowed

# Published, so it opens nothing in production: `accounts.backends` refuses every account of this domain there.
PASSWORD = "demonstration-only"  # noqa: S105 (see above)

# Early enough for whatever the clock is held at.
HELD_SINCE = date(2020, 1, 1)

POSTS = (
    *(code for code in POST_TITLES if not code.startswith("officer.")),
    "officer.enforcement",
    "officer.intelligence",
    "officer.science",
)

DEPUTIES = {
    "dceo.regulation": ("dceo.evidence",),
    "dceo.evidence": ("dd.targeting",),
    "dd.enforcement": ("dd.science", "ftl.enforcement"),
    "dd.science": ("dd.enforcement",),
    "imt.head": ("imt.duty",),
    "imt.duty": ("imt.officer",),
}
# Of the ranges that are kept free for drama and never ring anywhere.
OFFICE_NUMBER, MOBILE_NUMBER = "020 7946 0{:03}", "07700 900{:03}"


def email_of(post: str) -> str:
    return f"{post}@{DEMONSTRATION_DOMAIN}"


@transaction.atomic
def seed() -> list[User]:
    """Make what is missing of the demonstration's accounts, their posts and numbers; a second run changes nothing."""
    if not settings.DEMONSTRATION:
        raise NotAllowed("Demonstration accounts share a published password and are not made in production.")
    users = _accounts()
    held = set(PostHolding.objects.filter(user__in=users.values()).values_list("post", "user"))
    for post, user in users.items():
        if (post, user.pk) not in held:
            services.holding_start(post=post, user_id=user.pk, by=SYSTEM, starts_on=HELD_SINCE)
    named = set(PostDeputy.objects.filter(user__in=users.values()).values_list("post", "user"))
    for post, deputies in DEPUTIES.items():
        for deputy in deputies:
            if (post, users[deputy].pk) not in named:
                services.deputy_name(post=post, user_id=users[deputy].pk, by=SYSTEM, starts_on=HELD_SINCE)
    known = set(PostTelephones.objects.values_list("post", flat=True))
    for number, post in enumerate(users, start=1):
        if post not in known:
            numbers = {"office": OFFICE_NUMBER.format(number), "out_of_hours": MOBILE_NUMBER.format(number)}
            services.telephones_give(post=post, by=SYSTEM, data=numbers)
    return list(users.values())


def _accounts() -> dict[str, User]:
    emails = {post: email_of(post) for post in POSTS}
    there = {user.email: user for user in User.objects.filter(email__in=emails.values())}
    if missing := [post for post in POSTS if emails[post] not in there]:
        password = make_password(PASSWORD)  # one slow digest for all: the password is published anyway
        for post in missing:
            user = services.account_open(email=emails[post], name=POST_TITLES[post], by=SYSTEM)
            user.password = password
            user.save(update_fields=["password"])
            there[user.email] = user
    return {post: there[emails[post]] for post in POSTS}
