"""Browsing as a post: `browse("imt.head")` is a signed-in client, `words(answer)` what a reader sees of the page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.factories.accounts import person
from tests.factories.ladder import Cast


@pytest.fixture
def cast(db) -> Cast:
    return Cast()


@pytest.fixture
def browse(cast) -> Callable[[str], Client]:
    def signed_in(post: str) -> Client:
        client = Client()
        client.force_login(cast.user(post) if post else person())
        return client

    return signed_in


@pytest.fixture
def words() -> Callable[[HttpResponse], str]:
    """The text of the page's main part, with every run of white space as one space."""

    def read(answer: HttpResponse) -> str:
        page = answer.content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())

    return read
