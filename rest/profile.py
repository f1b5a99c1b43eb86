"""What people choose for themselves, over REST. Their accounts belong to `accounts`, just below."""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.forms import KeyboardForm
from accounts.models import User
from govuk import json_adapter
from rest.views import GuardedApi


class KeyboardApi(GuardedApi):
    authority = "signed_in"

    @extend_schema(summary="Read what one's keys do on pages")
    def get(self, request: Request) -> Response:
        """`slash_searches` tells whether the key / leads the caller to the search box."""
        user = cast("User", request.user)  # never anonymous where one has to be signed in
        return self.answer({"slash_searches": user.slash_searches})

    @extend_schema(
        summary="Choose what one's keys do on pages",
        request={"application/json": json_adapter.to_schema(KeyboardForm)},
    )
    def put(self, request: Request) -> Response:
        """The key / can be turned off by whoever sends keys without meaning to, as with speech input."""
        return self.answer({"slash_searches": services.keyboard_choose(by=self.actor, data=self.body)})
