"""The report form in a browser, without script: five questions, and what a reporter sees after."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from incidents.models import Issue
from intake import selectors
from kernel import clock
from notify.models import Notice
from tests.factories.accounts import acting, person
from tests.factories.incidents import reported

pytestmark = pytest.mark.django_db

NEW = "/issues/new/"
ANSWERS = {
    "title": "Scooter catches fire while charging",
    "summary": "Two fires in flats.",
    "source": "local_authority",
    "danger_now": "no",
}


@pytest.fixture
def officer(client):
    user = person("officer.science")
    client.force_login(user)
    return user


def test_form_asks_the_five_questions_and_folds_the_rest_away(client, officer):
    page = client.get(NEW).content.decode()
    for question in (
        "What is it?",
        "What happened?",
        "What product?",
        "How do you know?",
        "Could someone be hurt now?",
    ):
        assert question in page
    assert '<details class="govuk-details">' in page
    assert page.index("Could someone be hurt now?") < page.index("Add more") < page.index("Who told us")


def test_report_leads_to_its_receipt(client, officer):
    person("imt.duty")
    person("imt.head")
    with clock.at(datetime(2026, 3, 12, 12, 0, tzinfo=UTC)):
        answer = client.post(NEW, ANSWERS | {"products-0-name": "Zoomline X", "originator-name": "A reader"})
        issue = Issue.objects.get()
        assert answer.headers["Location"] == f"/issues/{issue.reference}/reported/"
        page = client.get(answer.headers["Location"]).content.decode()
    assert (issue.products.get().name, issue.originator.name) == ("Zoomline X", "A reader")
    for words in ("ISS-2026-00001", "IMT Duty Deputy", "Head of IMT", "12:00 GMT Monday 16 March 2026"):
        assert words in page
    assert issue.get_absolute_url() in page


def test_receipt_says_when_nobody_could_be_told(client, officer):
    client.post(NEW, ANSWERS)
    page = client.get(f"/issues/{Issue.objects.get().reference}/reported/").content.decode()
    assert "Nobody in the Incident Management Team could be told" in page


def test_strangers_receipt_has_the_reference_and_no_more(client):
    person("imt.head")
    client.force_login(person(name="A Visitor"))
    answer = client.post(NEW, ANSWERS)
    issue = Issue.objects.get()
    page = client.get(answer.headers["Location"]).content.decode()
    assert issue.reference in page
    assert "Head of IMT" in page
    assert issue.title not in page
    assert "is due by" not in page
    assert f'href="{issue.get_absolute_url()}"' not in page


def test_receipt_is_its_reporters_only(client, officer):
    issue = reported()
    assert client.get(f"/issues/{issue.reference}/reported/").status_code == 404
    assert client.get("/issues/ISS-2026-99999/reported/").status_code == 404


def test_reporting_needs_signing_in(client):
    for method in (client.get, client.post):
        assert method(NEW).headers["Location"] == f"{reverse('accounts:sign-in')}?next=%2Fissues%2Fnew%2F"
    assert not Issue.objects.exists()


def test_wrong_answers_come_back_with_every_text_kept(client, officer):
    answer = client.post(
        NEW,
        {
            "title": "",
            "summary": "Nobody types this twice",
            "source": "nobody",
            "products-0-brand": "Zoomline",
            "businesses-0-name": "Importer Ltd",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Nobody types this twice" in page
    assert "Importer Ltd" in page
    assert '<details class="govuk-details" open>' in page
    for target in ("#id_title", "#id_source", "#id_products-0-name", "#id_businesses-0-role"):
        assert f'href="{target}"' in page
        assert f'id="{target[1:]}"' in page
    assert not Issue.objects.exists()


def is_folded(page: str) -> bool:
    return '<details class="govuk-details">' in page


def test_empty_report_shows_its_errors_and_keeps_the_rest_folded_away(client, officer):
    # What a browser sends of a form that nobody touched: every text empty, and the answer that is chosen for them.
    untouched = dict.fromkeys(("title", "summary", "source", "products-0-name", "businesses-0-name", "sensitivity"), "")
    answer = client.post(NEW, untouched | {"is_product_safety": "yes"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert [f'href="#id_{name}"' in page for name in ("title", "summary", "source")] == [True] * 3
    assert is_folded(page)


@pytest.mark.parametrize(
    "more",
    [
        {"sensitivity": "restricted"},
        {"received_at-day": "44"},
        {"is_product_safety": "no"},
        {"nations": ["wales"]},
        {"originator-name": "A reader"},
        {"products-0-barcode": "0123"},
        {"products-0-name": "One", "add_row": "products"},
        {"products-0-name": "One", "products-1-name": "Two", "remove_row": "products-1"},
    ],
)
def test_what_was_filled_in_beyond_the_five_questions_is_never_folded_away(more, client, officer):
    assert not is_folded(client.post(NEW, {**ANSWERS, "title": "", **more}).content.decode())


def test_the_rest_stays_as_it_was_when_similar_issues_are_offered(client, officer):
    reported(title=ANSWERS["title"])
    assert is_folded(client.post(NEW, ANSWERS).content.decode())
    assert not is_folded(client.post(NEW, ANSWERS | {"originator-name": "A reader"}).content.decode())


@pytest.mark.parametrize("answer", ["", "not_known"])
def test_danger_that_nobody_answered_is_not_a_no_and_the_reporter_is_told_so(answer, client, officer):
    page = receipt_for(client, officer, danger_now=answer)
    assert Issue.objects.get().danger_now is None
    assert "You did not say whether someone could be hurt now." in page


def test_whoever_does_not_know_can_say_so_and_nothing_is_chosen_for_them(client, officer):
    page = client.get(NEW).content.decode()
    assert re.search(r'name="danger_now" value="not_known"[^>]*>\s*<label[^>]*>I do not know', page)
    assert not re.search(r'name="danger_now"[^>]*checked', page)
    assert re.search(
        r'name="danger_now" value="not_known"[^>]*checked',
        client.post(NEW, ANSWERS | {"title": "", "danger_now": "not_known"}).content.decode(),
    )


def test_another_product_can_be_added_and_removed_without_script(client, officer):
    sent = ANSWERS | {"products-0-name": "One", "products-0-units": "7"}
    page = client.post(NEW, sent | {"add_row": "products"}).content.decode()
    assert 'name="products-1-name"' in page
    assert 'value="One"' in page
    page = client.post(NEW, sent | {"products-1-name": "Two", "remove_row": "products-1"}).content.decode()
    assert 'name="products-1-name"' not in page
    assert not Issue.objects.exists()
    client.post(NEW, sent | {"products-1-name": "Two"})
    assert [product.name for product in Issue.objects.get().products.all()] == ["One", "Two"]


def test_similar_open_issues_are_offered_once_before_anything_is_kept(client, officer):
    first = reported(title="Scooter catches fire when charging")
    reported(title="Paint with too much lead")
    page = client.post(NEW, ANSWERS).content.decode()
    assert "Is it one of these?" in page
    assert first.reference in page
    assert "Paint with too much lead" not in page
    assert Issue.objects.count() == 2
    client.post(NEW, ANSWERS | {"report_anyway": "yes"})
    assert Issue.objects.count() == 3


def test_similar_issues_that_the_reporter_may_not_read_are_not_offered(client, officer):
    reported(acting("imt.head"), title=ANSWERS["title"], sensitivity="restricted")
    assert client.post(NEW, ANSWERS).status_code == 302


def test_nothing_is_offered_instead_where_somebody_could_be_hurt_now():
    issue, reader = reported(title=ANSWERS["title"]), acting("imt.head")
    assert selectors.offered_instead(ANSWERS["title"], reader, danger_now=False) == [issue]
    assert selectors.offered_instead(ANSWERS["title"], reader, danger_now=True) == []


def test_danger_now_is_not_held_up_by_a_question(client, officer):
    person("imt.duty")
    reported(title=ANSWERS["title"])
    assert client.post(NEW, ANSWERS | {"danger_now": "yes"}).status_code == 302
    assert Notice.objects.filter(urgent=True).count() == 1


def test_markup_is_shown_as_text(client, officer):
    text = "<script>alert(1)</script> \u202eabc"
    page = client.post(NEW, ANSWERS | {"title": text, "source": ""}).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \u202eabc" in page
    client.post(NEW, ANSWERS | {"title": text})
    assert Issue.objects.get().title == text


def receipt_for(client, user, **more) -> str:
    client.force_login(user)
    return client.post(NEW, ANSWERS | more, follow=True).content.decode()


def test_danger_now_offers_the_reporter_who_may_to_convene_at_once(client):
    page = receipt_for(client, person("dd.science"), danger_now="yes")
    issue = Issue.objects.get()
    assert f'href="/issues/{issue.reference}/moves/convene_urgent_conference/"' in page
    assert "Convene now" in page
    assert f'href="/issues/{issue.reference}/declare-now/"' in page


@pytest.mark.parametrize("post", ["officer.science", ""])
def test_danger_now_tells_everybody_else_whom_to_call(post, client):
    person("imt.duty", name="The Duty Deputy", email="duty@opss.example")
    page = receipt_for(client, person(*filter(None, [post])), danger_now="yes")
    assert "tell somebody" in page
    assert '<bdi>The Duty Deputy</bdi>, <a class="govuk-link" href="mailto:duty@opss.example">' in page
    assert "Convene now" not in page


def test_danger_now_tells_the_duty_officer_at_once_and_stands_on_top_of_every_queue(client):
    duty = person("imt.duty")
    earlier = reported()
    receipt_for(client, person("officer.science"), danger_now="yes")
    issue = Issue.objects.exclude(pk=earlier.pk).get()
    notice = Notice.objects.get(recipient=duty, about=issue.reference)
    assert (notice.urgent, notice.title) == (True, f"Someone could be hurt now: {issue.title}")
    assert issue.climbs.get().pressing < earlier.climbs.get().pressing


def test_calm_report_alarms_nobody(client, officer):
    person("imt.duty")
    page = receipt_for(client, officer)
    assert "Convene now" not in page
    assert "call somebody" not in page


def similar_to(client, title: str) -> str:
    return client.get(reverse("intake:issue-similar"), {"title": title}).content.decode()


def test_similar_issues_are_offered_for_a_title_that_is_being_typed(client, officer):
    first = reported(title="Scooter catches fire when charging")
    reported(acting("imt.head"), title="Scooter catches fire when charged", sensitivity="restricted")
    offered = similar_to(client, "Scooter catches fire charging")
    assert re.findall(r"ISS-\d{4}-\d+", offered) == [first.reference, first.reference]
    assert similar_to(client, "Paint with lead\x00").strip() == ""


def test_a_stranger_is_offered_nothing(client):
    reported(title="Scooter catches fire when charging")
    client.force_login(person())
    assert similar_to(client, "Scooter catches fire when charging").strip() == ""
