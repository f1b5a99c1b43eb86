"""Doors of the response that rest on a post and are no moves: a senior passes them in its place, with a reason."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import PostHolding
from audit import presenters
from command import selectors, services
from command.models import Group, Sitrep
from incidents.models import Incident
from kernel import clock
from kernel.errors import Blocked, NotAllowed
from notify.models import Notice
from tests.factories.accounts import person
from tests.factories.command import draft, incident, move
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db

WHY = "The chair is in the air until noon"
GROUP = {"kind": "working_group", "level": "operational", "name": "Cells", "purpose": "Cells"} | {
    "exit_strategy": "When the tests are in"
}
DOWN = {"longer_term_owner": "Enforcement", "reason": "Its work is done"}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def case(cast) -> Incident:
    cast("imt.head")
    return incident(cast)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def unchecked_report(cast: Cast, case: Incident) -> Sitrep:
    sitrep = draft(cast, case, by="imt.duty")
    move(cast, sitrep, "submit", "imt.duty")
    move(cast, sitrep, "approve", "imt.head")
    return move(cast, sitrep, "issue", "imt.duty")


def pass_door(door: str, cast: Cast, case: Incident, post: str, **more: Any) -> Any:
    """Agree to the rhythm, stand a group up or down, or check a report afterwards, as `post`."""
    by, reference = cast(post), case.reference
    if door == "agree":
        return services.rhythm_agree(incident_reference=reference, by=by, data=more)
    if door == "up":
        data = {**GROUP, "chair": cast.user("officer.risk").email, **more}
        return services.group_stand_up(incident_reference=reference, by=by, data=data)
    if door == "down":
        group = case.groups.get(kind="tcg").pk
        return services.group_stand_down(incident_reference=reference, group_id=group, by=by, data={**DOWN, **more})
    report = Sitrep.objects.filter(incident=case).first() or unchecked_report(cast, case)
    return services.sitrep_second_check(reference=report.reference, by=by, data={"finding": "Nothing", **more})


DOORS = [
    ("agree", "ceo", "dceo.evidence"),
    ("up", "dd.targeting", "imt.head"),
    ("up", "dceo.regulation", "dd.enforcement"),
    ("down", "dceo.regulation", "dd.enforcement"),
    ("check", "dd.targeting", "imt.head"),
]


@pytest.mark.parametrize(("door", "senior", "place"), DOORS)
def test_senior_of_the_line_owes_a_reason_which_is_on_record_and_told(door, senior, place, cast, case):
    with pytest.raises(Blocked) as owed:
        pass_door(door, cast, case, senior)
    assert [blocker.code for blocker in owed.value.blocked_by] == ["acting_reason_missing"]
    pass_door(door, cast, case, senior, acting_reason=WHY)
    told = next(told for told in presenters.history_of(case.reference, cast("viewer")) if "acting_for" in told.facts)
    assert (told.facts["acting_for"], told.facts["acting_reason"]) == (place, WHY)
    assert told.sentence.endswith(WHY)
    notice = Notice.objects.get(kind="post.acted_for")
    assert notice.recipient == cast.user(place)
    assert WHY in notice.body


@pytest.mark.parametrize(("door", "other"), [("agree", "dd.science"), ("up", "dd.policy"), ("down", "ftl.science")])
def test_refusal_names_the_posts_that_may_and_says_that_a_senior_owes_a_reason(door, other, cast, case):
    with pytest.raises(NotAllowed) as refused:
        pass_door(door, cast, case, other, acting_reason=WHY)
    assert refused.value.code == "not_your_move"
    assert refused.value.posts
    assert refused.value.detail.endswith("A senior of their line may act in their place, with a reason.")


def test_other_deputy_chief_executive_agrees_only_while_the_chairs_post_is_uncovered(cast, case):
    with pytest.raises(NotAllowed):
        pass_door("agree", cast, case, "dceo.regulation", acting_reason=WHY)
    PostHolding.objects.filter(post="dceo.evidence").update(ends_on=clock.today())
    agreed = pass_door("agree", cast, case, "dceo.regulation", acting_reason=WHY)
    assert {event.agreed_as for event in agreed} == {
        "Deputy Chief Executive, Regulation, in place of Deputy Chief Executive, Evidence"
    }


def test_reason_of_the_chair_is_not_recorded(cast, case):
    pass_door("agree", cast, case, "dceo.evidence", acting_reason=WHY)
    assert "acting_for" not in presenters.history_of(case.reference, cast("viewer"))[0].facts
    assert not Notice.objects.filter(kind="post.acted_for").exists()


def test_chair_who_does_not_chair_under_a_post_of_the_plan_is_not_stood_in_for(cast):
    case = incident(cast, scg_chair=person("scs.science"))
    with pytest.raises(NotAllowed) as refused:
        pass_door("agree", cast, case, "ceo", acting_reason=WHY)
    assert "with a reason" not in refused.value.detail


def test_pages_say_in_whose_place_and_ask_why(cast, case):
    chief, chair = browser(cast.user("ceo")), browser(cast.user("dceo.evidence"))
    page = words(chief.get(case.get_absolute_url()))
    assert "Agree to the rhythm in place of the Deputy Chief Executive, Evidence" in page
    assert "Stand up a group in place of the" in page
    assert "Stand down Strategic Coordination Group in place of the" in page
    address = f"/incidents/{case.reference}/rhythm/agree/"
    asked = words(chief.get(address))
    assert "This is for the Deputy Chief Executive, Evidence. You may act in their place: say why." in asked
    assert "Why do you act in their place?" in asked
    assert "Why do you act in their place?" not in words(chair.get(address))
    refused = chief.post(address, {"version": case.version})
    assert (refused.status_code, "You may act in their place: say why" in words(refused)) == (409, True)
    agreed = chief.post(address, {"version": case.version, "acting_reason": WHY}, follow=True)
    assert "You have agreed to the rhythm as it stands." in words(agreed)
    assert "Chief Executive, in place of Deputy Chief Executive, Evidence" in words(agreed)


def test_page_of_a_group_keeps_what_was_typed_when_the_reason_is_missing(cast, case):
    data = {**GROUP, "chair": cast.user("officer.risk").email}
    refused = browser(cast.user("dd.targeting")).post(f"/incidents/{case.reference}/groups/new/", data)
    assert refused.status_code == 409
    assert "When the tests are in" in refused.content.decode()
    assert not Group.objects.filter(name="Cells").exists()


def test_rest_passes_the_same_doors_with_the_same_reason(cast, case):
    chief = browser(cast.user("ceo"))
    address = f"/api/v1/incidents/{case.reference}/rhythm/agree/"
    refused = chief.post(address, {}, content_type="application/json")
    assert refused.status_code == 409
    assert [blocker["code"] for blocker in refused.json()["blocked_by"]] == ["acting_reason_missing"]
    agreed = chief.post(address, {"acting_reason": WHY}, content_type="application/json")
    assert {line["agreed_by"] for line in agreed.json()["agreed"]} == {
        "Chief Executive, in place of Deputy Chief Executive, Evidence"
    }
    other = browser(cast.user("dd.science")).post(address, {}, content_type="application/json")
    assert (other.status_code, other.json()["posts"]) == (403, ["dceo.evidence"])


def test_pages_offer_nobody_else_a_door_in_anothers_place(cast, case):
    picture = selectors.picture_of(case, cast("ftl.science"))
    assert (picture.doors, picture.stands_down) == ({}, {})
