from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict

from govuk import forms
from govuk.json_adapter import bind
from kernel.errors import InvalidInput
from tests.unit.govuk.sample_forms import Report, good


def page_of(query: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        bind(Report, QueryDict(query))
    return str(caught.value.form)


def test_hint_and_error_are_tied_to_their_input():
    page = page_of("title=&summary=s&source=media")
    title = re.search(r'<input[^>]*name="title"[^>]*>', page)[0]
    assert 'aria-describedby="id_title_helptext id_title_error"' in title
    assert 'aria-invalid="true"' in title
    assert 'class="govuk-input govuk-input--error"' in title
    assert 'id="id_title_helptext"' in page
    assert 'id="id_title_error"' in page


def test_nothing_that_is_typed_is_cut_by_the_browser():
    page = str(Report())
    assert "maxlength" not in page
    assert " required" not in page


def test_every_input_has_a_label_and_every_id_is_used_once():
    page = str(Report())
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
    inputs = re.findall(r'<(?:input|textarea|select)\b[^>]*\bid="([^"]+)"', page)
    labels = re.findall(r'<label[^>]*\bfor="([^"]+)"', page)
    assert sorted(inputs) == sorted(labels)


def test_the_error_summary_points_at_inputs_that_exist():
    with pytest.raises(InvalidInput) as caught:
        bind(Report, QueryDict("products-0-units=x&received_at-day=1&ratings-public_safety-level=low&danger_now=maybe"))
    form = caught.value.form
    page = str(form)
    targets = [problem.target for problem in form.problems()]
    assert targets == [
        "id_title",
        "id_summary",
        "id_source",
        "id_danger_now",
        "id_received_at-day",
        "id_products-0-name",
        "id_products-0-units",
        "id_ratings-public_safety-reason",
    ]
    assert [target for target in targets if f'id="{target}"' not in page] == []


def test_what_nobody_filled_in_shows_no_error():
    page = page_of("title=&products-0-name=&products-1-name=B&ratings-public_safety-level=low")
    for name in ("products-0-name", "ratings-financial_risk-reason"):
        assert "aria-invalid" not in re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
    assert 'id="id_ratings-public_safety-reason_error"' in page


def test_a_list_to_choose_from_starts_with_nothing_chosen():
    assert '<option value="" selected>Choose one</option>' in str(Report())


def test_typed_markup_is_shown_escaped():
    page = page_of("title=<script>&summary=&source=media")
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_an_unfilled_list_shows_one_row():
    assert len(Report()["products"].subforms) == 1


def test_initial_values_fill_boxes_groups_and_rows():
    form = Report(
        initial={
            "received_at": datetime(2026, 6, 1, 9, 0, tzinfo=UTC),
            "review_on": date(2026, 3, 1),
            "danger_now": False,
            "products": [{"name": "Charger"}, {"name": "Plug"}],
            "ratings": {"public_safety": {"level": "high", "reason": "burns"}},
        }
    )
    page = str(form)
    assert 'name="received_at-time" type="text" value="10:00"' in page
    assert 'name="review_on-month" type="text" value="3"' in page
    assert re.search(r'name="danger_now" value="no"[^>]*checked', page)
    assert 'name="products-1-name" value="Plug"' in page
    assert re.search(r'name="ratings-public_safety-level" value="high"[^>]*checked|<option value="high" selected', page)


def test_add_another_keeps_the_text_and_judges_nothing():
    form = forms.rows_changed(Report, QueryDict("title=&summary=Half+written&products-0-name=Plug&add_row=products"))
    page = str(form)
    assert [row["name"].value() for row in form["products"].subforms] == ["Plug", None]
    assert "Half written" in page
    assert "govuk-error-message" not in page


def test_add_another_on_an_empty_list_shows_two_rows():
    form = forms.rows_changed(Report, QueryDict("title=x&add_row=products"))
    assert len(form["products"].subforms) == 2


def test_remove_takes_one_row_and_no_other():
    query = QueryDict("products-0-name=A&products-1-name=B&products-10-name=C&remove_row=products-1")
    form = forms.rows_changed(Report, query)
    assert [row["name"].value() for row in form["products"].subforms] == ["A", "C"]


def test_a_full_list_offers_no_further_row():
    form = forms.rows_changed(Report, QueryDict("products-0-name=A&products-1-name=B&add_row=products"))
    assert not form["products"].can_add
    assert 'name="add_row"' not in str(form)


def test_other_buttons_leave_rows_alone():
    assert forms.rows_changed(Report, QueryDict("title=x")) is None


def test_a_required_group_left_empty_asks_for_what_it_needs():
    class Wrapper(forms.GovukForm):
        report = forms.GroupField(Report, label="Report")

    with pytest.raises(InvalidInput) as caught:
        bind(Wrapper, {})
    assert [error.field for error in caught.value.errors] == ["report.title", "report.summary", "report.source"]


def test_a_form_may_know_who_asks():
    class Choosy(forms.GovukForm):
        team = forms.ChoiceField(label="Team", choices=[])

        def __init__(self, *args, teams, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["team"].choices = [(team, team) for team in teams]

    assert bind(Choosy, {"team": "science"}, teams=["science"]).cleaned_data == {"team": "science"}
    with pytest.raises(InvalidInput, match="Choose one of: legal"):
        bind(Choosy, {"team": "science"}, teams=["legal"])


def test_a_single_box_is_true_false_in_json_and_a_box_on_the_page():
    class Confirm(forms.GovukForm):
        sure = forms.BooleanField(label="I have checked this")

    assert bind(Confirm, {"sure": True}).cleaned_data == bind(Confirm, QueryDict("sure=on")).cleaned_data
    with pytest.raises(InvalidInput, match="Confirm I have checked this"):
        bind(Confirm, {"sure": False})
    assert 'class="govuk-checkboxes__input"' in str(Confirm())


def test_given_tells_left_out_from_emptied():
    assert bind(Report, QueryDict("title=t&summary=s&source=media&lead=")).given == {
        "title",
        "summary",
        "source",
        "lead",
    }
    assert bind(Report, good(lead=None)).given == {"title", "summary", "source", "lead"}


def test_the_error_summary_says_which_of_several_alike_fields_is_meant():
    sent = "title=T&summary=S&source=media&products-0-units=1&products-1-units=x&ratings-public_safety-level=low"
    with pytest.raises(InvalidInput) as caught:
        bind(Report, QueryDict(sent))

    assert [problem.summary for problem in caught.value.form.problems()] == [
        "Product 1: Enter product name",
        "Product 2: Enter product name",
        "Product 2: Units must be a whole number",
        "Public safety: Enter reason",
    ]
    assert [error.message for error in caught.value.errors][:2] == ["Enter product name"] * 2


def said_of(query: str) -> set[str]:
    """The lines of the error summary, each of which must say by itself which question it is about."""
    with pytest.raises(InvalidInput) as caught:
        bind(Report, QueryDict(query))
    return {problem.summary for problem in caught.value.form.problems()}


def test_error_of_a_date_says_which_date():
    day = "received_at-day=31&received_at-month=2&received_at-year=2026&received_at-time=14:05"
    query = f"title=t&summary=s&source=media&{day}&review_on-day=31&review_on-month=2&review_on-year=2026"
    assert said_of(query) == {
        "Received: Enter a real date, such as 27 3 2026",
        "Review on: Enter a real date, such as 27 3 2026",
    }


def test_error_of_a_name_says_which_of_them_nobody_goes_by():
    query = "title=t&summary=s&source=media&took_part=imt.duty@demo.opss.example%0D%0A100%25+Nobody&lead=no%3Cone"
    assert said_of(query) == {"No person on record goes by ‘100% Nobody’", "No person on record goes by ‘no<one’"}


def test_error_of_an_e_mail_address_shows_one():
    class Asked(forms.GovukForm):
        email = forms.EmailField(label="E-mail address")

    with pytest.raises(InvalidInput) as caught:
        bind(Asked, {"email": "nobody@@x"})
    assert [problem.summary for problem in caught.value.form.problems()] == [
        "Enter an e-mail address, such as name@example.com"
    ]
