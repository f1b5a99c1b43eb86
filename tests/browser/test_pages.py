"""Pages that everybody meets: on a phone and on a screen, by keyboard, without JavaScript."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts import services as people
from tests.browser.accessibility import Watched
from tests.factories.accounts import person
from tests.factories.ladder import Cast, at_stage, climb_of

PHONE = {"width": 360, "height": 740}
SCREEN = {"width": 1280, "height": 900}
PAGES = (
    "desk:home",
    "desk:help",
    "escalation:issue-list",
    "command:incident-list",
    "notify:inbox",
    "accounts:profile",
    "accounts:keyboard",
    "accounts:posts",
    "intake:issue-new",
)


@pytest.mark.parametrize("viewport", [PHONE, SCREEN], ids=["phone", "screen"])
def test_pages_meet_the_automatic_rules_and_never_scroll_sideways(viewport, page_as, live_server):
    cast = Cast()
    head = cast.user("imt.head")
    case = at_stage(cast, "cam")
    at_stage(cast, "referred")  # the longest name of a stage, in the list
    incident = at_stage(cast, "incident_declared")
    people.telephones_give(post="imt.head", by=cast("imt.head"), data={"out_of_hours": "+44 7700 900001"})
    people.token_create(user_id=head.pk, by=cast("imt.head"), name="Nightly export")
    window = Watched(page_as(head, viewport=viewport))
    paths = [reverse(name) for name in PAGES]
    paths += [reverse("accounts:telephones-give", args=["imt.head"])]
    paths += [reverse(f"escalation:{name}", args=[case]) for name in ("issue-detail", "issue-impact", "issue-history")]
    paths += [reverse("escalation:issue-detail", args=[incident])]
    response = climb_of(incident).issue.incident.reference
    paths += [reverse(f"command:{name}", args=[response]) for name in ("incident-rhythm", "rhythm-new")]
    wide = []
    for path in paths:
        page = window.visit(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)

    assert wide == []


def test_issue_is_reported_by_keyboard_alone_without_javascript(page_as, live_server):
    page = page_as(person("officer.enforcement"), java_script_enabled=False)
    page.goto(reverse("intake:issue-new"))

    tab_to(page, page.get_by_label("What is it?"))
    page.keyboard.type("Novelty lighter shaped like a car")
    tab_to(page, page.get_by_label("What happened?"))
    page.keyboard.type("Sold at a child's height.")
    tab_to(page, page.get_by_label("How do you know?"))
    page.keyboard.type("Local")
    tab_to(page, page.get_by_role("button", name="Report it"))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Issue reported")


def test_case_is_taken_further_without_javascript(page_as, live_server):
    cast = Cast()
    reference = at_stage(cast, "reported")
    page = page_as(cast.user("ftl.enforcement"), java_script_enabled=False)

    page.goto(reverse("escalation:issue-detail", args=[reference]))
    page.get_by_role("button", name="Begin assessment").click()
    page.get_by_role("button", name="Begin assessment").click()

    expect(page.get_by_role("alert")).to_contain_text("Done")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there; a page where it never gets there fails."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("found => found.includes(document.activeElement)"):
            return
    pytest.fail(f"The keyboard does not reach {wanted}")
