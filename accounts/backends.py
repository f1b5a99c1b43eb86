"""Signing in with e-mail and password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from accounts import rules, selectors


class PeopleBackend(ModelBackend):
    """Refuses closed accounts, programs, and in production the demonstration's: at sign-in and on every request."""

    def user_can_authenticate(self, user: Any) -> bool:
        if user is None or user.is_service:
            return False
        return rules.may_enter(user, demonstration=settings.DEMONSTRATION)

    def get_user(self, user_id: int) -> Any:
        """The person of a session, with their posts in the same query."""
        user = selectors.user_entering(user_id)
        return user if self.user_can_authenticate(user) else None
