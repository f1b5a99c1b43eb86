"""The posts over REST: who holds them, and how they are reached by telephone. They belong to `accounts`, just below."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import selectors, services
from accounts.forms import TelephonesForm
from accounts.models import PostTelephones, User
from accounts.selectors import PostRow
from govuk import json_adapter
from rest.views import GuardedApi


class PostsApi(GuardedApi):
    authority = "post"

    @extend_schema(summary="List the posts with their people and telephone numbers")
    def get(self, request: Request) -> Response:
        """Every post in order of precedence, all at once; `telephones` is null where no number is known."""
        return self.answer({"results": [_post(row) for row in selectors.posts_with_people()]})


class TelephonesApi(GuardedApi):
    authority = "post"

    @extend_schema(
        summary="Give the telephone numbers of a post",
        request={"application/json": json_adapter.to_schema(TelephonesForm)},
    )
    def put(self, request: Request, code: str) -> Response:
        """By its own holder or the operator. Sent numbers count as verified today; an empty object removes them."""
        return self.answer(
            {"telephones": _telephones(services.telephones_give(post=code, by=self.actor, data=self.body))}
        )


def _post(row: PostRow) -> dict[str, Any]:
    return {
        "code": row.post.code,
        "title": row.post.title,
        "team": row.post.team or None,
        "function": row.post.function or None,
        "senior_civil_servant": row.post.scs,
        "holders": [_person(holding.user) for holding in row.holdings],
        "deputies": [_person(deputy.user) for deputy in row.deputies],
        "telephones": _telephones(row.telephones),
    }


def _person(user: User) -> dict[str, str]:
    return {"name": user.name, "email": user.email}


def _telephones(known: PostTelephones | None) -> dict[str, Any] | None:
    if known is None:
        return None
    return {
        "office": known.office or None,
        "out_of_hours": known.out_of_hours or None,
        "verified_on": known.verified_on,
    }
