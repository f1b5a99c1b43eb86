"""Signing in with e-mail and password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from accounts import rules


class PeopleBackend(ModelBackend):
    """Refuses closed accounts, and the demonstration's in production, at sign-in and on every request after it."""

    def user_can_authenticate(self, user: Any) -> bool:
        return user is not None and rules.may_enter(user, demonstration=settings.DEMONSTRATION)
