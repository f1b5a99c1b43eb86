"""The Sunday night: a Deputy Director declares from a telephone, by keyboard, without script, and within the rules."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import faults_of
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, climb_of

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def cast() -> Cast:
    found = Cast()
    for post in ("dceo.evidence", "dd.enforcement", "imt.head", "imt.duty"):
        found.user(post)
    return found


def fill(page: Page) -> None:
    """Everything that a declaration wants, for a case of one Deputy Director and the Head of IMT."""
    page.get_by_label("Why is a case conference needed?").fill("Two flats have burned tonight")
    page.get_by_label("There are grounds to think this could become an incident").check()
    page.get_by_label("Who took part in the conference besides the chair?").fill("imt.head@cast.example")
    page.locator("#id_ratings-public_safety-level_2").check()
    page.get_by_role("group", name="Is there a significant risk").get_by_label("Yes").check()
    page.get_by_label("What shows it?").fill("Two fires, one flat lost")
    page.get_by_role("group", name="Is action by OPSS likely").get_by_label("Yes").check()
    page.get_by_label("How?", exact=True).fill("A recall reaches the owners")
    page.get_by_label("Who could be affected differently").fill("Not known yet")
    page.get_by_label("Strategic", exact=True).check()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_incident_is_declared_from_a_phone(script, cast, page_as):
    reference = reported(cast("officer.enforcement"), danger_now=True).reference
    page = page_as(cast.user("dd.science"), java_script_enabled=script, **PHONE)
    page.goto(f"/issues/{reference}/")
    expect(page.get_by_role("button", name="Convene now")).to_be_visible()
    page.locator("a", has_text="Declare now").first.click()
    expect(page.get_by_role("heading", level=1, name="Declare now")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390 if script else True
    if script:
        assert faults_of(page) == []
        fill(page)
        expect(page.get_by_role("status").filter(has_text="So far: high")).to_be_visible()
    else:
        fill(page)
    page.get_by_role("button", name="Declare an incident now").click()
    expect(page.get_by_text(f"{reference} is now incident")).to_be_visible()
    assert climb_of(reference).stage == "incident_declared"


def test_refused_declaration_leads_to_the_field_and_keeps_the_text(cast, page_as):
    reference = reported(cast("officer.enforcement"), danger_now=True).reference
    page = page_as(cast.user("dd.science"), **PHONE)
    page.goto(f"/issues/{reference}/declare-now/")
    fill(page)
    page.get_by_label("Who took part in the conference besides the chair?").fill("")
    page.get_by_role("button", name="Declare an incident now").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    assert faults_of(page) == []
    page.get_by_role("link", name="Name at least one other person who took part").click()
    expect(page.locator("#id_took_part")).to_be_focused()
    expect(page.get_by_label("What shows it?")).to_have_value("Two fires, one flat lost")
    assert climb_of(reference).stage == "reported"


def test_everything_can_be_reached_and_sent_by_keyboard(cast, page_as):
    reference = reported(cast("officer.enforcement"), danger_now=True).reference
    page = page_as(cast.user("dd.science"), **PHONE)
    page.goto(f"/issues/{reference}/declare-now/")
    fill(page)
    page.get_by_label("Which department leads the response?").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Declare an incident now")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{reference} is now incident")).to_be_visible()


def test_who_may_not_declare_reads_why_on_a_phone(cast, page_as):
    reference = reported(cast("officer.enforcement"), danger_now=True).reference
    page = page_as(cast.user("imt.duty"), **PHONE)
    page.goto(f"/issues/{reference}/declare-now/")
    expect(page.get_by_role("heading", name="You cannot declare this")).to_be_visible()
    expect(page.get_by_role("button", name="Convene an urgent case conference")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults_of(page) == []
