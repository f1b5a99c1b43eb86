"""Reporting in a real browser: open issues like the one being typed are offered at once and in the way of nobody."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.accessibility import Watched
from tests.factories.accounts import person
from tests.factories.incidents import reported


def test_similar_issue_is_offered_while_the_title_is_typed(page_as, live_server):
    first = reported(title="Scooter catches fire when charging")
    page = page_as(person("officer.enforcement"))
    window = Watched(page)
    window.visit(reverse("intake:issue-new"))
    offer = page.get_by_role("link", name=first.reference)

    page.get_by_label("What is it?").press_sequentially("Scooter catches fire")
    expect(offer).to_be_visible()
    window.check()
    page.get_by_label("What is it?").fill("Paint with too much lead in it")
    expect(offer).to_be_hidden()
