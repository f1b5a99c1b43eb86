from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts import selectors, services


@pytest.fixture
def probe(settings, db):
    """The probe addresses of `tests.unit.rest.probe` instead of the product's."""
    settings.ROOT_URLCONF = "tests.unit.rest.probe"


@pytest.fixture
def client_of(probe):
    """A client that comes with a fresh token of the person."""

    def make(user, post: str | None = None) -> APIClient:
        _, key = services.token_create(user_id=user.pk, by=selectors.actor_for(user), post=post)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
        return client

    return make
