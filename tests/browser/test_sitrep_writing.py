"""Writing a report in a real browser: it is saved while one writes, and ready lines go into the text."""

from __future__ import annotations

import re

from django.urls import reverse
from playwright.sync_api import expect

from incidents.models import Evidence
from kernel import clock
from tests.browser.accessibility import Watched
from tests.factories.command import draft, incident
from tests.factories.ladder import Cast


def test_report_is_saved_while_it_is_written_and_ready_lines_are_taken_in(page_as, live_server):
    cast = Cast()
    sitrep = draft(cast, incident(cast), harm="One burn known")
    Evidence.objects.create(
        issue=sitrep.incident.issues.get(),
        kind="injury_report",
        title="Hand burnt at the hob",
        added_as="Officer",
        added_at=clock.now(),
    )
    page = page_as(cast.user("imt.officer"))
    page.clock.install()
    Watched(page).visit(reverse("command:sitrep-edit", args=[sitrep.path]))
    harm = page.get_by_label("Harm so far", exact=True)
    both = re.compile(r"^One burn known\n.*Hand burnt at the hob")

    page.get_by_label("Hand burnt at the hob").click()
    expect(harm).to_have_value(both)
    page.clock.fast_forward(21_000)
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    assert both.search(sitrep.sections.get(key="harm").body)

    harm.fill("Two burns known")
    page.clock.fast_forward(21_000)
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    page.get_by_role("button", name="Save and see it as it reads").click()

    expect(page.get_by_text("Two burns known")).to_be_visible()
