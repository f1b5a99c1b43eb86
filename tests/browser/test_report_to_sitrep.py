"""The main journey, as the people of a small OPSS take it: from a report to an issued situation report."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from kernel import clock
from tests.browser.accessibility import Watched
from tests.factories.ladder import Cast, climb_of

INDICATOR = "Safety of the public"


POSTS = (
    "imt.head",
    "imt.officer",
    "ftl.enforcement",
    "dceo.regulation",
    "dceo.evidence",
    "dd.enforcement",
    "scs.science",
)


@pytest.fixture
def cast(live_server) -> Cast:
    """Everybody who is told or named on the way is there from the start."""
    cast = Cast()
    for post in POSTS:
        cast.user(post)
    return cast


@pytest.fixture
def window_of(page_as, cast):
    """A window of whoever holds the post; each person keeps theirs."""
    windows: dict[str, Watched] = {}

    def window(post: str) -> Watched:
        if post not in windows:
            windows[post] = Watched(page_as(cast.user(post)))
        return windows[post]

    return window


def done(page: Page, words: str) -> None:
    expect(page.get_by_role("alert")).to_contain_text(words)


def assess_impact(window: Watched, reference: str, level: str = "High") -> None:
    window.visit(reverse("escalation:issue-detail", args=[reference]))
    page = window.press("button", "Assess the impact")
    row = page.get_by_role("radio", name=re.compile(f"^{INDICATOR} {level}"))
    row.check()
    page.get_by_label(f"Reason for {INDICATOR}").fill("An explosion in a kitchen")
    done(window.press("button", "Record the assessment"), "The impact is assessed as high")


def confirm_impact(window: Watched, reference: str) -> None:
    window.visit(reverse("escalation:issue-impact", args=[reference]))
    window.page.get_by_label("Why does it stand unchanged?").fill("Nothing new has come in")
    done(window.press("button", "Confirm the last one unchanged"), "The impact is confirmed as high")


def assess_nnc(window: Watched, reference: str) -> None:
    page = window.visit(reverse("escalation:issue-nnc", args=[reference]))
    for criterion, met in (("Nationally significant", "Yes"), ("Novel", "No"), ("Contentious", "No")):
        group = page.get_by_role("group", name=criterion, exact=True)
        group.get_by_role("radio", name=met, exact=True).check()
        group.get_by_label("Reason").fill("Looked at by the team")
    page.get_by_role("radio", name="OPSS", exact=True).check()
    done(window.press("button", "Record the assessment"), "at least one criterion is met")


def make_move(window: Watched, reference: str, label: str, fill) -> None:
    """From the page of the case through the page of the move, and on to where the case then stands."""
    window.visit(reverse("escalation:issue-detail", args=[reference]))
    page = window.press("button", label)
    fill(page)
    window.press("button", label)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).not_to_have_url(re.compile("/moves/"))


def fill_date(page: Page, question: str, days: int) -> None:
    day = clock.today() + timedelta(days=days)
    group = page.get_by_role("group", name=question)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part).fill(str(value))


def test_report_climbs_the_ladder_to_an_issued_situation_report(window_of, cast):
    reference = report(window_of("officer.enforcement"))
    climb_to_conference(window_of, cast, reference)
    incident = declare(window_of("dd.enforcement"), reference)
    sitrep = write_report(window_of("imt.officer"), incident)
    issue_report(window_of("imt.head"), sitrep)

    page = window_of("viewer").visit(reverse("command:sitrep-detail", args=[sitrep]))
    expect(page.get_by_role("region", name="Headline")).to_contain_text("Sales have stopped")
    expect(page.get_by_text("SHA-256 of the issued text")).to_be_visible()


def report(officer: Watched) -> str:
    officer.visit(reverse("desk:home"))
    page = officer.press("button", "Report an issue")
    page.get_by_label("What is it?").fill("Elbow joint of a gas hob leaks")
    page.get_by_label("What happened?").fill("An engineer found the same leak in five new kitchens.")
    page.get_by_label("Product name").first.fill("Gas hob 60 cm")
    page.get_by_label("How do you know?").select_option(label="Emergency service")
    officer.press("button", "Report it")
    expect(page.get_by_role("heading", name="Issue reported")).to_be_visible()
    reference = page.locator("strong", has_text="ISS-").first.inner_text()
    expect(page.get_by_text("Head of IMT")).to_be_visible()
    return reference


def climb_to_conference(window_of, cast: Cast, reference: str) -> None:
    leader, imt, chair = window_of("ftl.enforcement"), window_of("imt.head"), window_of("dceo.regulation")

    page = leader.visit(reverse("desk:home"))
    page.get_by_role("link", name="Begin the assessment: Elbow joint of a gas hob leaks").click()
    leader.check()
    done(leader.press("button", "Begin assessment"), "Done")
    assess_impact(leader, reference)
    make_move(leader, reference, "Submit to CAM", lambda page: page.get_by_label("Why should CAM").fill("Two teams"))

    confirm_impact(imt, reference)
    assess_nnc(imt, reference)

    def recommend(page: Page) -> None:
        page.get_by_role("radio", name=re.compile("Activate CAM-EP")).check()
        page.get_by_label("Why does CAM recommend this?").fill("Sold in three nations")

    make_move(imt, reference, "Recommend to TTG", recommend)

    confirm_impact(chair, reference)
    assess_nnc(chair, reference)

    def activate(page: Page) -> None:
        page.get_by_label("Who leads CAM-EP?").fill(cast.user("scs.science").email)
        page.get_by_label("What must be found out?").fill("How often does the joint fail?")
        fill_date(page, "By when?", days=5)

    make_move(chair, reference, "Activate CAM-EP", activate)

    confirm_impact(imt, reference)

    def confer(page: Page) -> None:
        page.get_by_role("checkbox", name=re.compile("could become an incident")).check()
        page.get_by_label("Why is a case conference needed?").fill("A second explosion")

    make_move(window_of("dd.enforcement"), reference, "Request a case conference", confer)
    confirm_impact(imt, reference)


def declare(chair: Watched, reference: str) -> str:
    def grounds(page: Page) -> None:
        page.get_by_label("What shall the incident be called?").fill("Gas hob joints that leak")
        risk = page.get_by_role("group", name=re.compile("^Is there a significant risk"))
        risk.get_by_role("radio", name="Yes").check()
        page.get_by_label("What shows it?").fill("Two explosions, thousands in use")
        page.get_by_role("group", name=re.compile("^Is action by OPSS likely")).get_by_role("radio", name="Yes").check()
        page.get_by_label("How?", exact=True).fill("A recall with visits")
        page.get_by_label("Who took part in the conference").fill("imt.head@cast.example")
        page.get_by_role("radio", name="Strategic").check()
        page.get_by_label("Which department owns the policy?").fill("Department for Business and Trade")
        page.get_by_label("Which department leads the response?").fill("Department for Business and Trade")
        page.get_by_label("Who could be affected differently").fill("Not known yet")

    make_move(chair, reference, "Declare an incident", grounds)
    incident = climb_of(reference).issue.incident
    assert incident is not None
    return incident.reference


def write_report(officer: Watched, incident: str) -> str:
    page = officer.visit(reverse("command:incident-detail", args=[incident]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Gas hob joints that leak")
    officer.press("button", "Open a situation report")
    for box in page.get_by_role("textbox").all():
        if "to complete" in box.input_value() or not box.input_value().strip():
            box.fill("Nothing to report.")
    page.get_by_label("Headline").fill("One explosion. Sales have stopped.")
    officer.press("button", "Save and submit for review")
    done(officer.press("button", "Submit for review"), "Submitted for review")
    return f"{incident}-SR-001"


def issue_report(head: Watched, sitrep: str) -> None:
    page = head.visit(reverse("desk:home"))
    page.get_by_role("link", name=re.compile("^Approve INC-")).click()
    head.check()
    head.press("button", "Approve")
    page.get_by_role("radio", name=re.compile("^Done")).check()
    done(head.press("button", "Approve"), "Approved")
    head.press("button", "Issue")
    done(head.press("button", "Issue"), "Issued")
    expect(page).to_have_url(re.compile(sitrep))
