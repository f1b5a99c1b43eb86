"""Every change of accounts, posts, deputies and tokens. Each is recorded on the service's own chain."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts import rules, selectors
from accounts.enums import OPERATOR, POST_TITLES
from accounts.events import AccountEvent, DeputyEvent, HoldingEvent, TelephonesEvent, TokenEvent
from accounts.forms import KeyboardForm, TelephonesForm
from accounts.models import ApiToken, Post, PostDeputy, PostHolding, PostTelephones, User
from audit import SERVICE_CHAIN
from audit import services as audit
from govuk import json_adapter, when
from kernel import clock
from kernel.actors import Actor
from kernel.errors import Conflict, FieldError, InvalidInput, NotAllowed, NotFound, NotSignedIn

USE_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def account_open(*, email: str, name: str, by: Actor, is_service: bool = False, password: str | None = None) -> User:
    """A new account without any post. A service account never has a password."""
    _require_operator(by, "open accounts")
    if rules.is_demonstration(email) and not settings.DEMONSTRATION:
        raise _wrong("email", "demonstration_only", "Enter an address outside the demonstration's domain")
    if User.objects.filter(email=email).exists():
        raise Conflict(f"There is already an account for {email}.", code="already_there")
    user = User.objects.create_user(email, name, None if is_service else password, is_service=is_service)
    audit.record(
        AccountEvent.OPENED, chain=SERVICE_CHAIN, by=by, user_id=user.pk, email=user.email, is_service=is_service
    )
    return user


@transaction.atomic
def account_deactivate(*, user_id: int, by: Actor) -> User:
    """Nobody enters as this person any more: no session, no token. What they did stays theirs."""
    _require_operator(by, "close accounts")
    user = _locked_user(user_id)
    if by.user_id == user.pk:
        raise Conflict("You cannot close the account that you are using.", code="own_account")
    user.is_active = False
    user.save(update_fields=["is_active"])
    revoked = user.tokens.filter(revoked_at__isnull=True).update(revoked_at=clock.now())
    audit.record(
        AccountEvent.DEACTIVATED,
        chain=SERVICE_CHAIN,
        by=by,
        user_id=user.pk,
        email=user.email,
        tokens_revoked=revoked,
    )
    return user


@transaction.atomic
def signed_in(*, by: Actor) -> None:
    """Record that somebody signed in."""
    audit.record(AccountEvent.SIGNED_IN, chain=SERVICE_CHAIN, by=by)


@transaction.atomic
def signed_out(*, by: Actor) -> None:
    """Record that somebody signed out."""
    audit.record(AccountEvent.SIGNED_OUT, chain=SERVICE_CHAIN, by=by)


@transaction.atomic
def token_create(*, user_id: int, by: Actor, name: str = "", post: str | None = None) -> tuple[ApiToken, str]:
    """A new key for the person, answered in the clear this once. It acts as `post`, by default their first.

    It works for `settings.TOKEN_LIFETIME`.
    """
    user = _locked_user(user_id)
    if not rules.may_manage_tokens(user, by):
        raise _not_theirs(user)
    hat = selectors.actor_for(user, post)
    key = f"opss_{secrets.token_urlsafe(32)}"
    now = clock.now()
    token = ApiToken.objects.create(
        user=user,
        post_id=hat.post or None,
        name=name,
        prefix=key[:9],
        key_hash=selectors.key_digest(key),
        created_at=now,
        expires_at=now + settings.TOKEN_LIFETIME,
    )
    audit.record(
        TokenEvent.CREATED,
        chain=SERVICE_CHAIN,
        by=by,
        token_id=token.pk,
        prefix=token.prefix,
        email=user.email,
        post=hat.post,
        expires_at=token.expires_at,
    )
    return token, key


@transaction.atomic
def token_revoke(*, token_id: int, by: Actor) -> ApiToken:
    """The key stops working at once. A second call changes nothing."""
    token = (
        ApiToken.objects.select_for_update(no_key=True, of=("self",)).select_related("user").filter(pk=token_id).first()
    )
    if token is None or not rules.may_manage_tokens(token.user, by):
        raise NotFound("There is no such token of yours.")
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit.record(
            TokenEvent.REVOKED,
            chain=SERVICE_CHAIN,
            by=by,
            token_id=token.pk,
            prefix=token.prefix,
            email=token.user.email,
        )
    return token


def token_authenticate(*, key: str) -> ApiToken | None:
    """The token behind a key that came with a request, or none. Its last use is noted to the minute.

    Raises NotSignedIn `token_expired` when its time is over: only whoever has the key learns that.
    """
    token = selectors.token_by_key(key)
    if token and token.is_expired:
        raise NotSignedIn(
            f"This token expired at {when.london(token.expires_at)}. Make a new one on your profile page "
            "(/accounts/profile/), or let whoever runs the service make one with the api_token command.",
            code="token_expired",
        )
    now = clock.now()
    if token and (token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        token.last_used_at = now
    return token


@transaction.atomic
def holding_start(
    *, post: str, user_id: int, by: Actor, starts_on: date | None = None, ends_on: date | None = None
) -> PostHolding:
    """The person holds the post from `starts_on` (today) until `ends_on`, the first day without it."""
    _require_operator(by, "say who holds a post")
    holding = PostHolding(
        post=_locked_post(post), user=_active_user(user_id), starts_on=starts_on or clock.today(), ends_on=ends_on
    )
    _require_sound(holding)
    holding.save()
    audit.record(HoldingEvent.STARTED, chain=SERVICE_CHAIN, by=by, **_facts(holding))
    return holding


@transaction.atomic
def holding_end(*, holding_id: int, by: Actor, ends_on: date | None = None) -> PostHolding:
    """The post is no longer theirs from `ends_on` (today)."""
    _require_operator(by, "say who holds a post")
    holding = (
        PostHolding.objects.select_for_update(no_key=True, of=("self",))
        .select_related("user")
        .filter(pk=holding_id)
        .first()
    )
    if holding is None:
        raise NotFound("There is no such holding of a post.")
    _end(holding, ends_on)
    audit.record(HoldingEvent.ENDED, chain=SERVICE_CHAIN, by=by, **_facts(holding))
    return holding


@transaction.atomic
def deputy_name(
    *, post: str, user_id: int, by: Actor, starts_on: date | None = None, ends_on: date | None = None
) -> PostDeputy:
    """The person may act as the post from `starts_on` (today) until `ends_on`, and the record says so when they do."""
    require_keeps_post(post, by)
    deputy = PostDeputy(
        post=_locked_post(post),
        user=_active_user(user_id),
        starts_on=starts_on or clock.today(),
        ends_on=ends_on,
        named_by_id=by.user_id,
    )
    _require_sound(deputy)
    deputy.save()
    audit.record(DeputyEvent.NAMED, chain=SERVICE_CHAIN, by=by, **_facts(deputy))
    return deputy


@transaction.atomic
def deputy_end(*, deputy_id: int, by: Actor, ends_on: date | None = None) -> PostDeputy:
    """The person no longer deputises from `ends_on` (today)."""
    deputy = (
        PostDeputy.objects.select_for_update(no_key=True, of=("self",))
        .select_related("user")
        .filter(pk=deputy_id)
        .first()
    )
    if deputy is None:
        raise NotFound("There is no such deputy.")
    require_keeps_post(deputy.post_id, by)
    _end(deputy, ends_on)
    audit.record(DeputyEvent.ENDED, chain=SERVICE_CHAIN, by=by, **_facts(deputy))
    return deputy


@transaction.atomic
def keyboard_choose(*, by: Actor, data: Mapping[str, Any]) -> bool:
    """Choose whether the key / leads one to the search box; the answer is the choice. Raises InvalidInput."""
    if by.user_id is None:
        raise NotSignedIn("Only a person chooses what their keys do")
    choice = bool(json_adapter.bind(KeyboardForm, data).cleaned_data["slash_searches"])
    User.objects.filter(pk=by.user_id).update(slash_searches=choice)
    audit.record(AccountEvent.KEYBOARD_CHOSEN, chain=SERVICE_CHAIN, by=by, slash_searches=choice)
    return choice


@transaction.atomic
def telephones_give(*, post: str, by: Actor, data: Mapping[str, Any]) -> PostTelephones | None:
    """The post has these numbers, verified today; sent again unchanged they are verified afresh. Without any the post
    has none, and None is the answer. Raises InvalidInput `bad_telephone` at the number that cannot be dialled."""
    require_keeps_post(post, by)
    inputs = json_adapter.bind(TelephonesForm, data).cleaned_data
    numbers = {"office": inputs["office"], "out_of_hours": inputs["out_of_hours"]}
    _locked_post(post)
    if not any(numbers.values()):
        removed, _ = PostTelephones.objects.filter(post=post).delete()
        if removed:
            audit.record(TelephonesEvent.REMOVED, chain=SERVICE_CHAIN, by=by, post=post)
        return None
    given, _ = PostTelephones.objects.update_or_create(post_id=post, defaults={**numbers, "verified_on": clock.today()})
    audit.record(TelephonesEvent.GIVEN, chain=SERVICE_CHAIN, by=by, post=post, verified_on=given.verified_on, **numbers)
    return given


def require_keeps_post(post: str, by: Actor) -> None:
    """Raise NotAllowed unless the actor may name deputies of the post and give its telephone numbers."""
    if not rules.keeps_post(post, by):
        title = selectors.post_title(post)
        raise NotAllowed(
            f"Deputies and telephone numbers of this post are given by its holder ({title}) or the "
            f"{POST_TITLES[OPERATOR]}.",
            posts=[post, OPERATOR],
        )


def _facts(period: PostHolding | PostDeputy) -> dict[str, Any]:
    return {
        "post": period.post_id,
        "user_id": period.user_id,
        "email": period.user.email,
        "name": period.user.name,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
    }


def _end(period: PostHolding | PostDeputy, ends_on: date | None) -> None:
    """Let it end earlier than it would. What has ended stays as it was: who held a post then is on record."""
    end = ends_on or max(clock.today(), period.starts_on)
    if end < period.starts_on:
        raise _ends_first()
    if period.ends_on is not None and period.ends_on <= end:
        raise Conflict(f"This ends on {period.ends_on} in any case.", code="already_ended")
    period.ends_on = end
    period.save(update_fields=["ends_on"])


def _require_sound(period: PostHolding | PostDeputy) -> None:
    """What the table's constraints would refuse, said in words. The post's row is locked, so nobody slips between."""
    if period.ends_on and period.ends_on <= period.starts_on:
        raise _ends_first()
    same = type(period).objects.filter(post=period.post_id, user=period.user_id)
    same = same.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=period.starts_on))
    if period.ends_on:
        same = same.filter(starts_on__lt=period.ends_on)
    if same.exists():
        raise Conflict(
            f"{period.user.name} already has the post '{period.post.title}' in that time.", code="already_there"
        )


def _ends_first() -> InvalidInput:
    return _wrong("ends_on", "ends_before_start", "The end must be after the start")


def _wrong(name: str, code: str, message: str) -> InvalidInput:
    return InvalidInput([FieldError(name, code, message)])


def _locked_post(code: str) -> Post:
    post = Post.objects.select_for_update(no_key=True).filter(pk=code).first()
    if post is None:
        raise NotFound(f"There is no post '{code}'.")
    return post


def _locked_user(user_id: int) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
    if user is None:
        raise NotFound("There is no such account.")
    return user


def _active_user(user_id: int) -> User:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound("There is no such account.")
    if not user.is_active:
        raise Conflict(f"The account of {user.name} is closed.", code="account_closed")
    return user


def _require_operator(by: Actor, what: str) -> None:
    if not rules.is_operator(by):
        raise _not_operator(what)


def _not_operator(what: str) -> NotAllowed:
    return NotAllowed(f"Only the {POST_TITLES[OPERATOR]} may {what}.", posts=[OPERATOR])


def _not_theirs(user: User) -> NotAllowed:
    if user.is_service:
        return _not_operator("make tokens of service accounts")
    return NotAllowed("Tokens are made by the person themselves.")
