"""The page of a move: what it says, what it asks, and that nothing typed is lost whatever goes wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from escalation import services
from incidents.enums import POLICY_OWNERS, RegulatoryArea
from incidents.models import Decision, Incident
from kernel import clock
from tests.factories.incidents import reported
from tests.factories.ladder import NNC, assess, at_stage, climb_of, move

pytestmark = pytest.mark.django_db


def page_of(reference: str, name: str) -> str:
    return f"/issues/{reference}/moves/{name}/"


def version_of(reference: str) -> int:
    return climb_of(reference).issue.version


def test_move_page_says_what_it_means_what_to_check_and_what_will_happen(cast, browse, words):
    reference = at_stage(cast, "assessing", title="Leaking hob")
    assess(cast, reference, "ftl.enforcement")
    answer = browse("ftl.enforcement").get(page_of(reference, "submit_to_cam"))
    said = words(answer)
    assert f"{reference} Leaking hob Submit to CAM CAM considers whether OPSS should intervene" in said
    assert "(plan, paragraph 2.5)" in said
    assert "Stage Being assessed, since" in said
    assert "Impact High, assessed at this stage at" in said
    assert "NNC Not yet assessed" in said
    assert "Open commissions None" in said
    assert "What will happen IMT, which chairs CAM, is told at once." in said
    page = answer.content.decode()
    assert f'<input type="hidden" name="version" value="{version_of(reference)}">' in page
    assert '<button type="submit" class="govuk-button" data-module="govuk-button"' in page
    assert said.endswith("Submit to CAM Cancel")


def test_move_goes_through_and_says_so_on_the_case(cast, browse, words):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    client = browse("ftl.enforcement")
    sent = {"version": version_of(reference), "reason": "More than one team"}
    answer = client.post(page_of(reference, "submit_to_cam"), sent, follow=True)
    assert answer.redirect_chain == [(f"/issues/{reference}/", 302)]
    assert climb_of(reference).stage == "cam"
    assert f"Done {reference} is now at ‘CAM’." in words(answer)
    assert f"{reference} is now at ‘CAM’." not in words(client.get(f"/issues/{reference}/"))


def test_blocked_move_still_has_its_page_with_paragraph_and_mend_but_no_button(cast, browse, words):
    reference = at_stage(cast, "cam")
    answer = browse("imt.head").get(page_of(reference, "recommend_to_ttg"))
    said = words(answer)
    assert answer.status_code == 200
    assert "This cannot be done yet The impact has not been assessed since the case came to this stage" in said
    assert "(plan, paragraph 2.4) Assess the impact at this stage" in said
    assert "(plan, paragraph 2.10) Assess against the NNC criteria" in said
    page = answer.content.decode()
    assert f'href="/issues/{reference}/impact/new/"' in page
    assert f'href="/issues/{reference}/nnc/new/"' in page
    assert 'name="version"' not in page
    assert said.endswith(f"Back to {reference}")


def test_blocker_that_a_reason_lifts_leaves_the_form_open(cast, browse, words):
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    unmet = {**NNC, "nationally_significant": {"met": False, "reason": "One town only"}}
    services.nnc_assess(reference=reference, by=cast("imt.head"), data=unmet)
    client = browse("imt.head")
    said = words(client.get(page_of(reference, "recommend_to_ttg")))
    assert "Only with a reason No NNC criterion is met." in said
    assert said.endswith("Recommend to TTG Cancel")

    sent = {"version": version_of(reference), "recommendation": "oversight", "reason": "Watch it with us"}
    refused = client.post(page_of(reference, "recommend_to_ttg"), sent)
    assert refused.status_code == 409
    assert "There is a problem No NNC criterion is met." in words(refused)
    assert "Watch it with us</textarea>" in refused.content.decode()
    assert climb_of(reference).stage == "cam"

    client.post(page_of(reference, "recommend_to_ttg"), {**sent, "exception_reason": "Likely to spread"})
    assert climb_of(reference).stage == "ttg"


def test_move_that_is_for_others_names_the_posts(cast, browse, words):
    reference = at_stage(cast, "assessing")
    answer = browse("viewer").get(page_of(reference, "submit_to_cam"))
    said = words(answer)
    assert "This is for the handling team's leader or" in said
    assert "Functional Team Leader, Enforcement" in said
    assert 'name="version"' not in answer.content.decode()
    refused = browse("viewer").post(
        page_of(reference, "submit_to_cam"), {"version": version_of(reference), "reason": "Let me"}
    )
    assert refused.status_code == 403
    assert "Functional Team Leader, Enforcement" in refused.content.decode()
    assert "Let me</textarea>" in refused.content.decode()


def test_errors_stand_in_a_summary_with_links_and_at_the_field(cast, browse, words):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    answer = browse("ftl.enforcement").post(page_of(reference, "submit_to_cam"), {"version": version_of(reference)})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert '<a href="#id_reason">Answer ‘Why should CAM look at this?’</a>' in page
    assert 'id="id_reason_error"' in page
    assert "<title>Error: Submit to CAM" in page


def test_missing_inputs_with_a_code_stand_at_their_fields_and_keep_the_rest(cast, browse):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    sent = {"version": version_of(reference), "reason": "Two explosions"}
    answer = browse("ftl.enforcement").post(page_of(reference, "request_case_conference"), sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert '<a href="#id_grounds">Say on which of the three grounds' in page
    assert '<a href="#id_consulted_scs">Name the senior civil servant' in page
    assert 'id="id_consulted_scs_error"' in page
    assert "Two explosions</textarea>" in page


def test_stale_page_shows_what_happened_meanwhile_and_keeps_what_was_typed(cast, browse, words):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    seen = version_of(reference)
    services.evidence_add(
        reference=reference, by=cast("officer.enforcement"), data={"kind": "other", "title": "A second fire"}
    )
    client = browse("ftl.enforcement")
    answer = client.post(page_of(reference, "submit_to_cam"), {"version": seen, "reason": "My long reason"})
    assert answer.status_code == 409
    said = words(answer)
    assert "This has changed since you saw it Nothing was saved." in said
    assert "Added evidence: A second fire Officer, Enforcement," in said
    page = answer.content.decode()
    assert "My long reason</textarea>" in page
    assert f'name="version" value="{version_of(reference)}"' in page
    assert climb_of(reference).stage == "assessing"

    again = {"version": version_of(reference), "reason": "My long reason"}
    client.post(page_of(reference, "submit_to_cam"), again)
    assert climb_of(reference).stage == "cam"


def test_stale_page_of_a_move_no_longer_possible_shows_both(cast, browse, words):
    reference = at_stage(cast, "assessing")
    assess(cast, reference, "ftl.enforcement")
    seen = version_of(reference)
    move(cast, reference, "submit_to_cam", "imt.head", reason="I was faster")
    answer = browse("ftl.enforcement").post(
        page_of(reference, "submit_to_cam"), {"version": seen, "reason": "My long reason"}
    )
    assert answer.status_code == 409
    said = words(answer)
    assert "Moved from Being assessed to CAM: I was faster" in said
    assert "My long reason" in said


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "99999999999"])
def test_page_without_a_version_that_counts_saves_nothing(version, cast, browse):
    reference = reported(cast("officer.enforcement")).reference
    answer = browse("ftl.enforcement").post(page_of(reference, "begin_assessment"), {"version": version, "note": "N"})
    assert answer.status_code == 400
    assert "N</textarea>" in answer.content.decode()
    assert climb_of(reference).stage == "reported"


def test_unknown_move_and_move_of_another_stage(cast, browse, words):
    reference = reported(cast("officer.enforcement")).reference
    client = browse("imt.head")
    assert client.get(page_of(reference, "promote")).status_code == 404
    assert client.post(page_of(reference, "promote"), {"version": 1}).status_code == 404
    answer = client.get(page_of(reference, "declare_incident"))
    assert answer.status_code == 409
    assert "'Declare an incident' is not possible from 'Reported'." in words(answer)


def test_declaration_starts_from_the_record_and_leads_to_the_incident(cast, browse):
    with clock.at(clock.now() - timedelta(minutes=5)):
        reference = at_stage(cast, "case_conference", title="Cladding", regulatory_area="construction_products")
        chairs = [cast.user("dceo.evidence").email, cast.user("dd.enforcement").email]
    assess(cast, reference)
    client = browse("dd.enforcement")
    page = client.get(page_of(reference, "declare_incident"))
    initial = page.context["form"].initial
    owner = POLICY_OWNERS[RegulatoryArea.CONSTRUCTION_PRODUCTS]
    assert initial["title"] == "Cladding"
    assert initial["policy_owner"] == owner == "Ministry of Housing, Communities and Local Government"
    assert [initial["scg_chair"], initial["tcg_chair"]] == chairs

    sent = {
        **initial,
        "version": page.context["version"],
        "significant_risk": "yes",
        "significant_risk_reason": "Panels burn",
        "mitigation_likely": "yes",
        "mitigation_reason": "Removal",
        "took_part": cast.user("imt.head").email,
        "response_level": "tactical",
        "equality": "Residents who cannot move quickly",
    }
    answer = client.post(page_of(reference, "declare_incident"), sent)
    incident = Incident.objects.get()
    assert answer.headers["Location"] == f"/incidents/{incident.reference}/"
    assert incident.title == "Cladding"
    assert Decision.objects.filter(issue__reference=reference, kind="declare_incident").count() == 1


def test_a_blocker_that_the_reader_cannot_mend_says_who_can(cast, browse, words):
    reference = at_stage(cast, "cam_ep")
    page = words(browse("dd.enforcement").get(page_of(reference, "request_case_conference")))
    assert "This is for the Incident Management Team or the SCS lead of CAM-EP or people on the case." in page
    assert "Assess the impact at this stage" not in page
