"""Who calls: the holder of a token, or the person whose browser session it is."""

from __future__ import annotations

from typing import Any

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from accounts import services


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token KEY`. `request.auth` is then the post that the token was made for, or empty text.

    Stands first in the list, so that whoever is unknown is answered 401 with a challenge, and not 403.
    """

    scheme = "Token"

    def authenticate(self, request: Request) -> tuple[Any, str] | None:
        scheme, _, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme.lower() != self.scheme.lower():
            return None
        key = key.strip()
        token = services.token_authenticate(key=key) if key.isascii() and key.isprintable() else None
        if token is None:
            raise exceptions.AuthenticationFailed("This token is not known, or no longer")
        return token.user, token.post_id or ""

    def authenticate_header(self, request: Request) -> str:
        return self.scheme


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with Django's check against forged requests on everything that writes."""
