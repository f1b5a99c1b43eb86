"""Assessing a case in the browser: the matrix, the short way, NNC, and the work on a case."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from escalation import services
from incidents.enums import Indicator
from incidents.models import Commission, Evidence, ImpactAssessment, NncAssessment
from kernel import clock
from tests.factories.incidents import reported
from tests.factories.ladder import NNC, assess, at_stage, climb_of

pytestmark = pytest.mark.django_db

NNC_SENT = {
    **{f"{name}-met": "no" for name in ("novel", "contentious")},
    **{f"{name}-reason": "No sign of it" for name in ("novel", "contentious")},
    "nationally_significant-met": "yes",
    "nationally_significant-reason": "Sold everywhere",
    "lead_authority": "opss",
}


def radios(page: str) -> dict[str, list[str]]:
    """The values offered per radio name, in the order of the page."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', page):
        found.setdefault(name, []).append(value)
    return found


def checked(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"[^>]* checked', page))


# --- The matrix


def test_matrix_offers_the_levels_of_each_indicator_with_their_descriptors(cast, browse, words):
    reference = at_stage(cast, "assessing")
    answer = browse("ftl.enforcement").get(f"/issues/{reference}/impact/new/")
    levels = ["low", "medium", "high", "critical", "not_known_yet", "not_applicable"]
    expected = {f"ratings-{indicator}-level": levels for indicator in Indicator.values}
    expected["ratings-non_compliance-level"] = [level for level in levels if level != "critical"]
    page = answer.content.decode()
    assert radios(page) == expected
    assert checked(page) == {}
    said = words(answer)
    assert "Critical Large numbers of people have been badly hurt, or very probably will be." in said
    assert "There is no critical level" in said
    assert "Confirm the last one unchanged" not in said


def test_matrix_is_recorded_and_the_overall_proposed(cast, browse, words):
    reference = at_stage(cast, "assessing")
    sent = {
        "ratings-public_safety-level": "high",
        "ratings-public_safety-reason": "Two burns",
        "ratings-media_interest-level": "low",
        "overall": "",
        "could_reach-level": "critical",
        "could_reach-by-day": "31",
        "could_reach-by-month": "1",
        "could_reach-by-year": "2030",
        "could_reach-why": "Sold widely",
    }
    answer = browse("ftl.enforcement").post(f"/issues/{reference}/impact/new/", sent, follow=True)
    assert answer.redirect_chain == [(f"/issues/{reference}/", 302)]
    assert "The impact is assessed as high." in words(answer)
    made = ImpactAssessment.objects.get()
    assert (made.overall, made.could_reach, str(made.could_reach_by)) == ("high", "critical", "2030-01-31")
    assert made.ratings.get(indicator="public_safety").reason == "Two burns"
    assert made.ratings.get(indicator="financial_risk").level == "not_known_yet"


def test_last_choices_are_filled_in_and_stand_beside(cast, browse, words):
    reference = at_stage(cast, "cam")
    answer = browse("imt.officer").get(f"/issues/{reference}/impact/new/")
    chosen = checked(answer.content.decode())
    assert chosen["ratings-public_safety-level"] == "high"
    assert chosen["ratings-financial_risk-level"] == "not_known_yet"
    said = words(answer)
    assert "Safety of the public Last time: High. Two burns" in said
    assert "The last assessment, at Being assessed," in said


def test_short_way_confirms_the_last_assessment_with_one_reason(cast, browse, words):
    reference = at_stage(cast, "cam")
    client = browse("imt.officer")
    sent = {"confirms": "yes", "overall_reason": "Nothing new"}
    answer = client.post(f"/issues/{reference}/impact/new/", sent, follow=True)
    assert "The impact is confirmed as high." in words(answer)
    made = ImpactAssessment.objects.latest("pk")
    assert (made.stage, made.overall, made.overall_reason) == ("cam", "high", "Nothing new")
    assert made.confirms is not None


def test_short_way_without_a_reason_is_refused_at_its_own_field(cast, browse):
    reference = at_stage(cast, "cam")
    answer = browse("imt.officer").post(f"/issues/{reference}/impact/new/", {"confirms": "yes", "overall_reason": ""})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert '<a href="#confirm_overall_reason">Enter the reason why the last assessment stands unchanged</a>' in page
    assert 'id="confirm_overall_reason_error"' in page
    assert checked(page)["ratings-public_safety-level"] == "high"
    assert ImpactAssessment.objects.filter(stage="cam").count() == 0


@pytest.mark.parametrize(
    ("sent", "message", "target"),
    [
        ({}, "Rate at least one indicator", "id_ratings"),
        ({"ratings-media_interest-reason": "Papers"}, "Choose a level", "id_ratings-media_interest-level"),
        (
            {"ratings-non_compliance-level": "critical"},
            "Non-compliance without a safety issue cannot be critical",
            "id_ratings-non_compliance-level",
        ),
        (
            {"ratings-public_safety-level": "high", "overall": "low"},
            "The highest indicator gives 'High': enter why the overall level differs",
            "id_overall_reason",
        ),
        (
            {"ratings-public_safety-level": "high", "could_reach-level": "critical"},
            "Enter why it could reach that level",
            "id_could_reach-why",
        ),
    ],
)
def test_matrix_shows_what_is_wrong_where_it_is_and_keeps_the_rest(sent, message, target, cast, browse, words):
    reference = at_stage(cast, "assessing")
    kept = {"ratings-reputational_risk-reason": "Kept <text>", "ratings-reputational_risk-level": "medium"}
    sent = {**kept, **sent} if sent else sent
    answer = browse("ftl.enforcement").post(f"/issues/{reference}/impact/new/", sent)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert f'<a href="#{target}">' in page
    assert f'id="{target}"' in page
    assert words(answer).count(message) >= 2
    if sent:
        assert "Kept &lt;text&gt;</textarea>" in page
        assert checked(page)["ratings-reputational_risk-level"] == "medium"
    assert not ImpactAssessment.objects.exists()


def test_who_may_not_assess_is_told_which_posts_may(cast, browse, words):
    reference = at_stage(cast, "cam")
    for answer in (
        browse("viewer").get(f"/issues/{reference}/impact/new/"),
        browse("viewer").post(f"/issues/{reference}/impact/new/", {"confirms": "yes", "overall_reason": "Mine"}),
    ):
        assert answer.status_code == 403
        assert "Head of IMT" in words(answer)
    refused = browse("ftl.enforcement").get(f"/issues/{reference}/nnc/new/")
    assert refused.status_code == 403
    assert "IMT Officer" in words(refused)


def test_ended_case_is_not_assessed_again(cast, browse, words):
    reference = at_stage(cast, "closed")
    for page in ("impact/new/", "nnc/new/"):
        answer = browse("imt.head").get(f"/issues/{reference}/{page}")
        assert answer.status_code == 409
        assert "an ended case is not assessed again" in words(answer)


# --- NNC


def test_nnc_is_recorded_with_the_version_before_beside_it(cast, browse, words):
    reference = at_stage(cast, "ttg")
    client = browse("dceo.regulation")
    answer = client.get(f"/issues/{reference}/nnc/new/")
    assert "The last version, at CAM Nationally significant: yes Sold everywhere" in words(answer)
    assert checked(answer.content.decode())["novel-met"] == "no"
    sent = {**NNC_SENT, "novel-met": "yes", "novel-reason": "New chemistry"}
    answer = client.post(f"/issues/{reference}/nnc/new/", sent, follow=True)
    assert "The NNC assessment is recorded: at least one criterion is met." in words(answer)
    made = NncAssessment.objects.latest("pk")
    assert (made.stage, made.novel, made.novel_reason, made.contentious) == ("ttg", True, "New chemistry", False)


def test_nnc_before_cam_is_a_proposal_that_the_next_one_starts_from(cast, browse, words):
    reference = at_stage(cast, "assessing")
    client = browse("ftl.enforcement")
    assert "Before CAM this is a proposal" in words(client.get(f"/issues/{reference}/nnc/new/"))
    client.post(f"/issues/{reference}/nnc/new/", NNC_SENT)
    assert "The last version, at Being assessed" in words(client.get(f"/issues/{reference}/nnc/new/"))


def test_nnc_shows_what_is_missing_and_keeps_the_rest(cast, browse):
    reference = at_stage(cast, "cam")
    sent = {**NNC_SENT, "novel-met": "", "contentious-reason": "Kept text"}
    answer = browse("imt.head").post(f"/issues/{reference}/nnc/new/", sent)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert '<a href="#id_novel-met">Novel: Say whether it is met</a>' in page
    assert "Kept text</textarea>" in page
    assert not NncAssessment.objects.exists()


def test_nnc_beyond_ttg_is_not_from_here(cast, browse, words):
    reference = at_stage(cast, "case_conference")
    answer = browse("imt.head").get(f"/issues/{reference}/nnc/new/")
    assert answer.status_code == 409
    assert "this case is at 'Case conference'" in words(answer)


# --- Work


def test_evidence_is_added_and_shown(cast, browse, words):
    reference = reported(cast("officer.enforcement")).reference
    client = browse("officer.enforcement")
    url = f"/issues/{reference}/evidence/new/"
    wrong = client.post(url, {"kind": "other", "title": "", "body": "Kept text"})
    assert wrong.status_code == 400
    assert '<a href="#id_title">Enter a title</a>' in wrong.content.decode()
    assert "Kept text</textarea>" in wrong.content.decode()
    answer = client.post(url, {"kind": "test_result", "title": "Leak test", "body": "Fails"}, follow=True)
    assert answer.redirect_chain == [(f"/issues/{reference}/#evidence", 302)]
    assert "Leak test Test result, Officer, Enforcement" in words(answer)
    assert Evidence.objects.get().body == "Fails"


def test_commission_is_asked_and_delivered_by_the_team_asked(cast, browse, words):
    reference = at_stage(cast, "cam")
    due = clock.today() + timedelta(days=2)
    day = {"due-day": due.day, "due-month": due.month, "due-year": due.year}
    asked = {"kind": "advice", "what": "How many were sold?", "team": "intelligence", **day}
    browse("imt.officer").post(f"/issues/{reference}/commissions/new/", asked)
    commission = Commission.objects.get(team="intelligence")
    history = words(browse("imt.officer").get(f"/issues/{reference}/history/"))
    assert f"by {due.day} {due:%B %Y}: How many were sold?" in history
    url = f"/issues/{reference}/commissions/{commission.pk}/settle/"
    assert browse("officer.science").get(url).status_code == 403
    client = browse("officer.intelligence")
    assert "Advice of Intelligence, by" in words(client.get(url))
    answer = client.post(url, {"outcome": "delivered", "result": "About 700"}, follow=True)
    assert "Answer: About 700" in words(answer)
    again = client.post(url, {"outcome": "waived", "result": "Again"})
    assert again.status_code == 409
    assert "This commission is delivered already." in words(again)


@pytest.mark.parametrize("page", ["edit/", "evidence/new/", "commissions/new/"])
def test_work_on_a_case_is_not_for_viewers(page, cast, browse):
    reference = reported(cast("officer.enforcement")).reference
    assert browse("viewer").get(f"/issues/{reference}/{page}").status_code == 403
    assert browse("viewer").post(f"/issues/{reference}/{page}", {"version": 1}).status_code == 403


def test_facts_are_put_right_and_a_nation_can_be_unticked(cast, browse, words):
    issue = reported(cast("officer.enforcement"), nations=["wales"])
    client = browse("officer.enforcement")
    url = f"/issues/{issue.reference}/edit/"
    form = client.get(url).context["form"]
    assert form.initial["nations"] == ["wales"]
    sent = {"version": 1, "title": "Right title", "summary": "One\r\nTwo", "regulatory_area": "energy"}
    answer = client.post(url, sent, follow=True)
    assert "Right title" in words(answer)
    issue.refresh_from_db()
    assert (issue.summary, issue.regulatory_area, issue.nations, issue.version) == ("One\nTwo", "energy", [], 2)


def test_edit_of_what_somebody_else_changed_shows_both_texts(cast, browse, words):
    issue = reported(cast("officer.enforcement"))
    services.issue_edit(reference=issue.reference, by=cast("imt.head"), data={"title": "Their title"})
    sent = {"version": 1, "title": "My title", "summary": "Mine", "regulatory_area": "energy"}
    answer = browse("officer.enforcement").post(f"/issues/{issue.reference}/edit/", sent)
    assert answer.status_code == 412
    assert "This has changed since you saw it" in words(answer)
    assert "Title Their title" in words(answer)
    page = answer.content.decode()
    assert 'value="My title"' in page
    assert 'name="version" value="2"' in page
    assert climb_of(issue.reference).issue.title == "Their title"


def test_edit_without_a_version_saves_nothing_and_keeps_the_text(cast, browse):
    issue = reported(cast("officer.enforcement"))
    sent = {"title": "My title", "summary": "Mine", "regulatory_area": "energy"}
    answer = browse("officer.enforcement").post(f"/issues/{issue.reference}/edit/", sent)
    assert answer.status_code == 400
    assert 'value="My title"' in answer.content.decode()
    assert climb_of(issue.reference).issue.title == issue.title


def test_standing_nnc_is_what_the_form_starts_from(cast, browse):
    reference = at_stage(cast, "cam")
    services.nnc_assess(reference=reference, by=cast("imt.head"), data=NNC)
    assess(cast, reference)
    answer = browse("imt.head").get(f"/issues/{reference}/nnc/new/")
    assert answer.context["last"].stage == "cam"
    assert answer.context["form"].initial["lead_authority"] == "opss"


def test_error_summary_names_the_criterion_whose_reason_is_missing(cast, browse, words):
    reference = at_stage(cast, "cam")
    sent = {f"{name}-met": "no" for name in ("nationally_significant", "novel", "contentious")}
    said = words(browse("imt.head").post(f"/issues/{reference}/nnc/new/", {**sent, "lead_authority": "opss"}))
    for label in ("Nationally significant", "Novel", "Contentious"):
        assert f"{label}: Enter the reason" in said


def test_error_summary_names_the_indicator_whose_reason_is_too_long(cast, browse, words):
    reference = at_stage(cast, "cam")
    sent = {"ratings-media_interest-level": "high", "ratings-media_interest-reason": "x" * 20_001}
    said = words(browse("imt.head").post(f"/issues/{reference}/impact/new/", sent))
    assert "Media interest: Reason must be 20000 characters or fewer" in said
