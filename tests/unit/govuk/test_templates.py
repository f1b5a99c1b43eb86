from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory

from govuk.glossary import TERMS
from govuk.json_adapter import bind
from kernel import clock
from kernel.actors import Actor
from kernel.errors import InvalidInput
from tests.unit.govuk.sample_forms import Report

ROOT = Path(__file__).resolve().parents[3]
PLAN = ["CAM", "CAM-EP", "TTG", "NNC", "SCG", "TCG", "EG", "RCC", "CRIP", "COBR", "ERCO", "ERT", "FTL", "DD", "SCS"]
PLAN += ["DCEO", "IMT", "LA", "MSA", "PRISM", "PSD", "PA", "OPSS", "DBT"]


def render(source: str, **context: object) -> str:
    return Template("{% load govuk %}" + source).render(Context(context))


def test_every_abbreviation_of_the_plan_is_explained():
    assert [code for code in PLAN if code not in TERMS] == []
    assert [code for code, term in TERMS.items() if not term.meaning.endswith(".")] == []


def test_an_abbreviation_expands_on_focus():
    html = render('{% abbr "CAM" %}')
    assert 'title="Case Assessment and Monitoring" tabindex="0">CAM<span' in html
    assert "tabindex" not in render('{% abbr "CAM" focus=False %}')
    assert render("{% abbr code %}", code="X&Y") == "X&amp;Y"


def test_wording_expands_each_abbreviation_once_and_stays_escaped():
    html = render("{{ text|abbrs }}", text="Recommend CAM-EP to <TTG>, as CAM-EP is CAMERA-shy")
    assert html.count("<abbr") == 2
    assert "&lt;<abbr" in html
    assert "CAMERA-shy" in html


def test_tags_refuse_colours_that_do_not_exist():
    assert (
        render('{% tag text "red" %}', text="<High>")
        == '<strong class="govuk-tag govuk-tag--red">&lt;High&gt;</strong>'
    )
    with pytest.raises(TemplateSyntaxError):
        render('{% tag "High" "crimson" %}')


def test_times_carry_a_distance_and_deadlines_their_zone():
    at = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with clock.at(datetime(2026, 10, 25, 0, 0, tzinfo=UTC)):
        assert render("{% deadline at %}", at=at) == (
            '<time datetime="2026-10-25T01:30:00+00:00">01:30 GMT Sunday 25 October 2026</time>'
            ' <span class="app-distance">(due in 1 hour 30 minutes)</span>'
        )
        assert render("{{ at|london }}|{{ at|ago }}|{{ day|london }}|{{ day|due }}", at=at, day=date(2026, 10, 24)) == (
            "01:30 Sunday 25 October 2026|in 1 hour 30 minutes|24 October 2026|1 day overdue"
        )
        assert render("{{ at|london }}{{ at|due }}{{ at|ago }}{% moment at %}", at=None) == ""


def test_the_form_tag_puts_the_error_summary_first():
    with pytest.raises(InvalidInput) as caught:
        bind(Report, QueryDict("summary=s&source=media"))
    html = render("{% govuk_form form %}", form=caught.value.form)
    assert html.index("There is a problem") < html.index('name="title"')
    assert '<a href="#id_title">Enter title</a>' in html


def test_enter_does_not_press_add_another():
    html = render("{% govuk_form form %}", form=Report())
    assert html.index('<button type="submit" class="govuk-visually-hidden"') < html.index('name="add_row"')


def page(path: str = "/", **context: object) -> str:
    return render_to_string("base.html", context, RequestFactory().get(path))


def test_the_frame_names_the_person_and_the_post():
    actor = Actor(1, "a@demo.opss.example", "A Name", post="imt.head", post_title="Head of IMT", as_deputy=True)
    html = page(actor=actor, hats=[actor, actor])
    assert "A Name" in html
    assert "acting for Head of IMT" in html
    assert "Skip to main content" in html
    assert 'id="main-content"' in html


def test_the_frame_stands_without_a_request():
    assert "Incident management" in render_to_string("base.html", {})


def test_a_marking_stands_at_top_and_bottom():
    html = page(marking="restricted")
    assert html.count("app-marking--restricted") == 2
    assert html.index("app-marking") < html.index("<main") < html.rindex("app-marking")
    assert "app-marking" not in page(marking="official")


def test_a_success_is_one_banner_told_at_once():
    html = page(messages=[Message(constants.SUCCESS, "Reported <b>")])
    assert 'role="alert"' in html
    assert "Reported &lt;b&gt;" in html


def test_pages_carry_no_inline_script_or_style():
    for template in (ROOT / "templates" / "base.html", *(ROOT / "templates" / "govuk").rglob("*.html")):
        text = template.read_text()
        assert not [mark for mark in (" style=", "<style", " onclick=", " onload=") if mark in text], template
        assert text.count("<script") == text.count("<script src=") + text.count('<script type="module" src='), template


@pytest.mark.parametrize(
    ("name", "context", "expected"),
    [
        ("summary_list", {"rows": [{"key": "Lead", "value": ""}]}, "Not given"),
        ("summary_list", {"rows": [{"key": "Lead", "value": "<i>", "url": "/x/"}]}, "&lt;i&gt;"),
        ("task_list", {"items": [{"title": "Assess", "status": "Now", "colour": "red"}]}, "govuk-tag--red"),
        ("more", {"next": "/issues/?after=1", "what": "issues"}, 'href="/issues/?after=1" rel="next"'),
        ("table", {"caption": "Issues", "head": ["Reference"], "rows": []}, "Nothing here"),
        ("table", {"caption": "I", "head": ["R"], "rows": [[{"text": "ISS", "url": "/i/"}]]}, 'href="/i/">ISS</a>'),
        ("warning", {"text": "Late"}, "Late"),
        ("button", {"text": "Close", "kind": "warning"}, "govuk-button--warning"),
    ],
)
def test_components_show_what_they_are_given(name, context, expected):
    assert expected in render_to_string(f"govuk/components/{name}.html", context)


def test_the_timeline_shows_what_happened_when_and_by_whom():
    entry = {"title": "Reported", "at": datetime(2026, 3, 12, 14, 5, tzinfo=UTC), "by": "Head of IMT", "body": "a\n<b>"}
    with clock.at(datetime(2026, 3, 12, 16, 5, tzinfo=UTC)):
        html = render_to_string("govuk/components/timeline.html", {"entries": [entry]})
    assert "14:05 Thursday 12 March 2026" in html
    assert "2 hours ago" in html
    assert "by Head of IMT" in html
    assert "&lt;b&gt;" in html
