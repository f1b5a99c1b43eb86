"""Declaring in one step: the same moves and guards as one after the other, and all of them or none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict

from audit.selectors import events_for
from command.models import Group
from escalation import services
from escalation.enums import OPEN_STAGES
from escalation.models import Escalation
from incidents.models import Commission, Decision, ImpactAssessment, Incident
from kernel.errors import Blocked, ChangedSinceSeen, InvalidInput, NotAllowed, NotFound, NotFromHere
from notify.models import Notice
from tests.factories.accounts import person
from tests.factories.ladder import RATINGS, Cast, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

CONVENING = {"reason": "Two flats have burned tonight", "grounds": ["could_become_incident"]}


def inputs(cast: Cast, **more: Any) -> dict[str, Any]:
    """What a Deputy Director sends from any stage below a conference."""
    return {**inputs_of(cast, "declare_incident"), "ratings": RATINGS, **CONVENING, **more}


def declare(cast: Cast, reference: str, post: str = "dd.science", **more: Any) -> Escalation:
    version = climb_of(reference).issue.version
    return services.declare_now(reference=reference, version=version, by=cast(post), data=inputs(cast, **more))


def record_of(reference: str) -> tuple:
    """Everything that a declaration writes, to tell whether anything was written."""
    climb = climb_of(reference)
    return (
        climb.stage,
        climb.visit,
        climb.conference_chair_id,
        climb.issue.version,
        len(events_for(reference, limit=500)),
        *(model.objects.count() for model in (Decision, ImpactAssessment, Incident, Group, Commission, Notice)),
    )


@pytest.mark.parametrize("stage", [stage for stage in OPEN_STAGES if stage != "case_conference"])
def test_from_every_open_stage_a_deputy_director_declares_with_one_event_a_step(stage, cast):
    reference = at_stage(cast, stage)
    before = len(events_for(reference, limit=500))
    climb = declare(cast, reference)
    assert climb.stage == "incident_declared"
    assert climb.issue.incident.title == "Gas hob joints that leak"
    assert climb.issue.impact_level == "high"
    assert climb.conference_chair == cast.user("dd.science")
    assert climb.conference_urgent is True
    written = list(reversed(events_for(reference, limit=500)))[before:]
    assert [event.kind for event in written] == [
        "issue.convene_urgent_conference",
        "issue.impact_assessed",
        "issue.commissioned",  # the equality question, answered with 'not known yet'
        "issue.declare_incident",
    ]
    decided = Decision.objects.filter(issue=climb.issue).order_by("pk")
    assert [decision.kind for decision in decided][-2:] == ["convene_urgent_conference", "declare_incident"]
    assert ImpactAssessment.objects.filter(issue=climb.issue).latest("pk").stage == "case_conference"


def test_at_a_conference_its_chair_assesses_and_declares_without_convening_again(cast):
    reference = at_stage(cast, "case_conference")
    version, visit = climb_of(reference).issue.version, climb_of(reference).visit
    data = {**inputs_of(cast, "declare_incident"), "ratings": RATINGS}
    climb = services.declare_now(reference=reference, version=version, by=cast("dd.enforcement"), data=data)
    assert (climb.stage, climb.visit) == ("incident_declared", visit + 1)
    assert "issue.convene_urgent_conference" not in {event.kind for event in events_for(reference, limit=500)}


def test_at_a_conference_that_sits_already_its_grounds_are_not_asked_again(cast):
    reference = at_stage(cast, "case_conference")
    with pytest.raises(InvalidInput) as refusal:
        declare(cast, reference, "dd.enforcement")
    assert {(error.field, error.code) for error in refusal.value.errors} == {
        ("grounds", "unknown_field"),
        ("reason", "unknown_field"),
    }


def test_all_that_is_missing_is_said_at_once_and_nothing_is_written(cast):
    reference = at_stage(cast, "reported")
    before = record_of(reference)
    with pytest.raises(Blocked) as refusal:
        declare(cast, reference, grounds=[], significant_risk=False, mitigation_reason="", took_part=[], equality=None)
    assert [(found.code, found.cites) for found in refusal.value.blocked_by] == [
        ("grounds_missing", "IMP-2.15"),
        ("significant_risk_not_shown", "IMP-1.5"),
        ("mitigation_not_shown", "IMP-1.5"),
        ("conference_of_one", "IMP-2.17"),
        ("equality_not_considered", "IMP-1.7"),
    ]
    assert record_of(reference) == before


def test_what_the_last_step_refuses_undoes_the_steps_before_it(cast):
    """Nobody holds the post that chairs the TCG: the last step finds that out, after the first two."""
    reference = at_stage(cast, "reported")
    before = record_of(reference)
    data = inputs(cast, tcg_chair="")
    cast.user("dd.enforcement").holdings.update(ends_on="2021-01-01")
    version = climb_of(reference).issue.version
    with pytest.raises(InvalidInput) as refusal:
        services.declare_now(reference=reference, version=version, by=cast("dd.science"), data=data)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("tcg_chair", "required")]
    assert refusal.value.form["title"].value() == "Gas hob joints that leak"
    assert record_of(reference) == before


def test_what_the_assessment_refuses_undoes_the_conference(cast):
    reference = at_stage(cast, "assessing")
    before = record_of(reference)
    with pytest.raises(InvalidInput) as refusal:
        declare(cast, reference, overall="low")
    assert [error.field for error in refusal.value.errors] == ["overall_reason"]
    assert refusal.value.form["took_part"].value() == [cast.user("imt.head").email]
    assert record_of(reference) == before


def test_nothing_known_yet_is_an_assessment(cast):
    reference = at_stage(cast, "reported")
    climb = declare(cast, reference, ratings={"public_safety": {"level": "not_known_yet"}})
    assert climb.issue.incident.impact_level == "not_known_yet"


def test_no_rating_at_all_is_refused_by_field(cast):
    reference = at_stage(cast, "reported")
    with pytest.raises(InvalidInput) as refusal:
        declare(cast, reference, ratings=None)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("ratings", "required")]


@pytest.mark.parametrize(
    "post", ["imt.head", "imt.duty", "imt.officer", "ftl.enforcement", "scs.science", "officer.enforcement", "viewer"]
)
def test_who_is_no_deputy_director_may_not_declare_whatever_else_they_may(post, cast):
    reference = at_stage(cast, "reported")
    before = record_of(reference)
    with pytest.raises(NotAllowed) as refusal:
        declare(cast, reference, post)
    assert refusal.value.code == "not_your_move"
    assert refusal.value.posts[0] == "dd.enforcement"
    assert record_of(reference) == before


def test_a_deputy_who_acts_for_a_deputy_director_may_not_chair_and_declare(cast):
    reference = at_stage(cast, "reported")
    deputy = Cast.acting(person("ftl.science", deputises=("dd.science",)), "dd.science")
    version = climb_of(reference).issue.version
    with pytest.raises(NotAllowed) as refusal:
        services.declare_now(reference=reference, version=version, by=deputy, data=inputs(cast))
    assert refusal.value.detail == "This is for a Deputy Director or higher, in a post that they hold."


def test_at_a_conference_another_deputy_director_is_not_its_chair(cast):
    reference = at_stage(cast, "case_conference")
    with pytest.raises(NotAllowed):
        declare(cast, reference, "dd.science")


@pytest.mark.parametrize("stage", ["closed", "incident_declared", "merged"])
def test_a_case_that_has_ended_is_not_declared(stage, cast):
    reference = at_stage(cast, stage)
    with pytest.raises(NotFromHere):
        declare(cast, reference)


def test_refusals_keep_their_order_unknown_case_version_authority_inputs(cast):
    reference = at_stage(cast, "reported")
    version, dd, viewer = climb_of(reference).issue.version, cast("dd.science"), cast("viewer")
    with pytest.raises(NotFound):
        services.declare_now(reference="ISS-2026-99999", version=None, by=dd, data={})
    with pytest.raises(InvalidInput) as missing:
        services.declare_now(reference=reference, version=None, by=viewer, data={})
    assert [error.field for error in missing.value.errors] == ["version"]
    with pytest.raises(ChangedSinceSeen):
        services.declare_now(reference=reference, version=version - 1, by=viewer, data={})
    with pytest.raises(NotAllowed):
        services.declare_now(reference=reference, version=version, by=viewer, data={})
    with pytest.raises(InvalidInput) as wrong:
        services.declare_now(reference=reference, version=version, by=dd, data={})
    assert {error.field for error in wrong.value.errors} == {
        "title",
        "response_level",
        "policy_owner",
        "lead_department",
        "ratings",
        "reason",
    }


def test_a_stale_declaration_is_answered_with_what_happened_meanwhile(cast):
    reference = at_stage(cast, "reported")
    seen = climb_of(reference).issue.version
    move(cast, reference, "begin_assessment", "ftl.enforcement")
    with pytest.raises(ChangedSinceSeen) as stale:
        services.declare_now(reference=reference, version=seen, by=cast("dd.science"), data=inputs(cast))
    assert [change["kind"] for change in stale.value.changes] == ["issue.begin_assessment"]


def test_a_posted_form_is_taken_apart_by_step_and_cannot_name_another_chair(cast):
    reference = at_stage(cast, "reported")
    sent = QueryDict(mutable=True)
    for name, value in inputs(cast).items():
        if name == "ratings":
            for indicator, rating in value.items():
                for part, text in rating.items():
                    sent[f"ratings-{indicator}-{part}"] = text
        elif isinstance(value, list):
            sent.setlist(name, value)
        else:
            sent[name] = {True: "yes", False: "no"}.get(value, value)
    sent["chair"] = cast.user("scs.science").email
    sent["confirms"] = "yes"
    version = climb_of(reference).issue.version
    climb = services.declare_now(reference=reference, version=version, by=cast("dd.science"), data=sent)
    assert climb.conference_chair == cast.user("dd.science")
    assert climb.issue.incident.impact_level == "high"


# --- the page -------------------------------------------------------------------------------------------------------


def page_of(reference: str) -> str:
    return f"/issues/{reference}/declare-now/"


def posted(cast: Cast, reference: str, **more: Any) -> dict[str, Any]:
    """What a browser sends from the page."""
    data = inputs(cast)
    ratings = data.pop("ratings")
    flat = {
        f"ratings-{indicator}-{part}": text for indicator, rating in ratings.items() for part, text in rating.items()
    }
    data["took_part"] = "\n".join(data["took_part"])
    plain = {name: "yes" if value is True else value for name, value in data.items()}
    return {**plain, **flat, "version": climb_of(reference).issue.version, **more}


def test_page_starts_with_what_is_on_record_and_who_holds_the_posts(cast, browse, words):
    reference = at_stage(cast, "reported", title="Scooters that burn", danger_now=True)
    for post in ("dceo.evidence", "dd.enforcement"):
        cast.user(post)
    answer = browse("dd.science").get(page_of(reference))
    page, said = answer.content.decode(), words(answer)
    assert "You convene an urgent case conference, chair it, rate the impact and declare an incident" in said
    assert 'value="Scooters that burn"' in page
    assert 'name="scg_chair" value="dceo.evidence@cast.example"' in page
    assert 'name="tcg_chair" value="dd.enforcement@cast.example"' in page
    assert 'name="policy_owner" value="Department for Business and Trade"' in page
    assert len(re.findall(r'value="not_known_yet" id="[^"]+" [^>]* checked>', page)) == 8
    assert "(plan, paragraphs 2.3 and 2.20)" in said
    assert said.endswith("Declare an incident now Cancel")


def test_page_declares_and_goes_to_the_incident(cast, browse, words):
    reference = at_stage(cast, "reported")
    answer = browse("dd.science").post(page_of(reference), posted(cast, reference), follow=True)
    incident = climb_of(reference).issue.incident
    assert answer.redirect_chain == [(incident.get_absolute_url(), 302)]
    assert f"{reference} is now incident {incident.reference}." in words(answer)


def test_refused_page_keeps_every_word_and_says_all_that_is_missing(cast, browse, words):
    reference = at_stage(cast, "reported")
    sent = posted(cast, reference, grounds=[], took_part="", mitigation_reason="My long reason")
    answer = browse("dd.science").post(page_of(reference), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert '<a href="#id_grounds">Say on which of the three grounds' in page
    assert '<a href="#id_took_part">Name at least one other person' in page
    assert "My long reason</textarea>" in page
    assert "Two flats have burned tonight</textarea>" in page
    assert 'value="high" id="id_ratings-public_safety-level_2" aria-labelledby' in page
    assert climb_of(reference).stage == "reported"


def test_stale_page_says_what_happened_and_keeps_what_was_typed(cast, browse, words):
    reference = at_stage(cast, "reported")
    sent = posted(cast, reference)
    move(cast, reference, "begin_assessment", "ftl.enforcement")
    answer = browse("dd.science").post(page_of(reference), sent)
    assert answer.status_code == 409
    assert "This has changed since you saw it Nothing was saved." in words(answer)
    assert "Moved from Reported to Being assessed" in words(answer)
    assert "Two flats have burned tonight</textarea>" in answer.content.decode()


def test_head_of_imt_is_told_why_not_and_given_the_conference(cast, browse, words):
    reference = at_stage(cast, "reported")
    cast.user("dd.science")
    answer = browse("imt.head").get(page_of(reference))
    said = words(answer)
    assert "You cannot declare this Whoever declares chairs the case conference, and must be a Deputy Director" in said
    assert "Deputy Director, Science: Person" in said
    assert f'href="/issues/{reference}/moves/convene_urgent_conference/"' in answer.content.decode()
    assert 'name="version"' not in answer.content.decode()
    assert browse("imt.head").post(page_of(reference), posted(cast, reference)).status_code == 403


def test_officer_is_told_who_can_declare_and_offered_no_conference(cast, browse, words):
    reference = at_stage(cast, "reported")
    cast.user("dd.science")
    answer = browse("officer.enforcement").get(page_of(reference))
    assert "Who can declare Deputy Director, Science: Person" in words(answer)
    assert "convene_urgent_conference" not in answer.content.decode()


def test_at_a_conference_others_are_told_its_chair(cast, browse, words):
    reference = at_stage(cast, "case_conference")
    said = words(browse("dd.science").get(page_of(reference)))
    assert "The chair of the case conference declares." in said
    assert "dd.enforcement@cast.example ) chairs it." in said


# --- somebody could be hurt now -------------------------------------------------------------------------------------


def test_case_with_danger_now_offers_to_convene_and_to_declare(cast, browse, words):
    reference = at_stage(cast, "reported", danger_now=True)
    page = browse("dd.science").get(f"/issues/{reference}/").content.decode()
    assert f'href="/issues/{reference}/moves/convene_urgent_conference/" role="button"' in page
    assert f'href="{page_of(reference)}" role="button"' in page
    page = browse("imt.duty").get(f"/issues/{reference}/").content.decode()
    assert "Convene now</a>" in page
    assert f'href="{page_of(reference)}" role="button"' not in page
    assert f'href="{page_of(reference)}">who can declare an incident at once, and their telephones</a>' in page


def test_page_that_was_sent_empty_says_in_one_round_all_that_is_missing(cast, browse):
    reference = at_stage(cast, "reported")
    answer = browse("dd.science").post(page_of(reference), {"version": climb_of(reference).issue.version})
    assert answer.status_code == 400
    page = answer.content.decode()
    summary = page.partition('class="govuk-error-summary"')[2].partition("<form")[0]
    named = re.findall(r'<a href="#id_(\w+)"', summary)
    assert {"reason", "response_level"} < set(named)
    assert {"grounds", "took_part", "significant_risk_reason", "mitigation_reason", "equality"} < set(named)
    places = [page.index(f'id="id_{name}"') for name in named]
    assert places == sorted(places)


def test_case_that_came_back_offers_the_incident_that_it_was_part_of(cast, browse):
    reference = at_stage(cast, "incident_declared")
    earlier = Incident.objects.get()
    Incident.objects.update(status="reviewed")
    move(cast, reference, "reopen", "imt.head", **inputs_of(cast, "reopen"))
    page = browse("dd.enforcement").get(page_of(reference)).content.decode()
    assert f'name="resume" value="{earlier.reference}"' in page
    fresh = at_stage(cast, "cam")
    assert 'name="resume" value' not in browse("dd.enforcement").get(page_of(fresh)).content.decode()


def test_case_with_danger_now_tells_everybody_else_whom_to_call(cast, browse, words):
    reference = at_stage(cast, "reported", danger_now=True)
    for post in ("imt.duty", "imt.head"):
        cast.user(post)
    said = words(browse("officer.enforcement").get(f"/issues/{reference}/"))
    assert "Someone could be hurt now Tell one of these people now" in said
    assert said.index("IMT Duty Deputy: Person") < said.index("Head of IMT: Person")
    assert "Convene now" not in said


def test_calm_case_has_no_alarm_but_lets_those_who_may_declare(cast, browse, words):
    reference = at_stage(cast, "reported")
    assert "Someone could be hurt now" not in words(browse("officer.enforcement").get(f"/issues/{reference}/"))
    assert page_of(reference) in browse("dd.science").get(f"/issues/{reference}/").content.decode()


def test_rest_declares_in_one_call_and_answers_the_issue(cast, browse):
    reference = at_stage(cast, "reported")
    body = inputs(cast) | {"version": climb_of(reference).issue.version}
    address = f"/api/v1/issues/{reference}/declare-now/"
    answer = browse("dd.science").post(address, body, content_type="application/json")
    assert answer.status_code == 200
    assert (answer.json()["stage"], answer.json()["impact_level"]) == ("incident_declared", "high")
    assert answer.json()["incident"] == climb_of(reference).issue.incident.reference
    again = browse("dd.science").post(address, body, content_type="application/json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "changed_since_seen")


def test_rest_refuses_by_code_and_field(cast, browse):
    reference = at_stage(cast, "reported")
    version = climb_of(reference).issue.version
    address = f"/api/v1/issues/{reference}/declare-now/"
    client = browse("dd.science")
    blocked = client.post(address, inputs(cast, took_part=[]) | {"version": version}, content_type="application/json")
    assert (blocked.status_code, [b["code"] for b in blocked.json()["blocked_by"]]) == (409, ["conference_of_one"])
    unknown = client.post(address, inputs(cast, chair="x") | {"version": version}, content_type="application/json")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (400, "unknown_field")
    refused = browse("imt.duty").post(address, inputs(cast) | {"version": version}, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "not_your_move")
