"""What holds for every page, seen from a real browser."""

from django.urls import reverse
from playwright.sync_api import expect

from tests.factories.accounts import person


def test_sign_in_page_asks_for_own_files_only_and_reports_nothing(page_as):
    page = page_as()
    asked, failed, complaints = [], [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    page.goto(reverse("accounts:sign-in"))

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    origin = page.evaluate("location.origin")
    assert [url for url in asked if not url.startswith((origin, "data:"))] == []
    assert (failed, complaints) == ([], [])


def test_person_who_is_signed_in_sees_who_they_act_as(page_as):
    page = page_as(person("imt.head"))

    page.goto(reverse("accounts:profile"))

    expect(page.get_by_text("Head of IMT").first).to_be_visible()
