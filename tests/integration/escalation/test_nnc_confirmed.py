"""The NNC assessment confirmed unchanged at the next stage: who may, what is recorded, what is refused."""

from __future__ import annotations

import pytest

from audit.presenters import sentence
from audit.selectors import events_for
from escalation import services
from incidents.models import NncAssessment
from kernel.errors import InvalidInput, NotAllowed
from tests.factories.ladder import NNC, Cast, assess, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

CONFIRM = {"confirms": True, "reason": "Nothing new was found"}


def confirm(cast: Cast, reference: str, post: str = "dceo.regulation", **data: object) -> NncAssessment:
    return services.nnc_assess(reference=reference, by=cast(post), data=CONFIRM | data)


def test_ttg_confirms_what_cam_said_and_may_go_on(cast):
    reference = at_stage(cast, "ttg")
    before = NncAssessment.objects.get(issue__reference=reference)
    made = confirm(cast, reference)

    assert (made.stage, made.confirms, made.confirms_reason) == ("ttg", before, "Nothing new was found")
    assert (made.criteria, made.lead_authority) == (before.criteria, before.lead_authority)
    assert made.made_as == "Deputy Chief Executive, Regulation"
    assert (
        sentence(events_for(reference, limit=1)[0]) == "Confirmed the NNC assessment unchanged: Nothing new was found"
    )
    assess(cast, reference)
    assert move(cast, reference, "activate_cam_ep", "dceo.regulation", **inputs_of(cast, "activate_cam_ep"))


def test_cam_confirms_what_the_team_proposed_and_it_then_stands(cast):
    reference = at_stage(cast, "assessing")
    services.nnc_assess(reference=reference, by=cast("ftl.enforcement"), data=NNC)
    assert climb_of(reference).issue.nnc is None
    move(cast, reference, "imt_escalate", "imt.head", reason="It cannot wait")
    confirm(cast, reference, "imt.officer")

    assert (climb_of(reference).issue.nnc, climb_of(reference).issue.lead_authority) == (True, "opss")


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        ({"reason": ""}, "reason", "required"),
        ({"lead_authority": "opss"}, "lead_authority", "unknown_field"),
    ],
)
def test_confirmation_without_its_reason_or_with_other_answers_is_refused(data, field, code, cast):
    reference = at_stage(cast, "ttg")

    with pytest.raises(InvalidInput) as refusal:
        confirm(cast, reference, **data)

    assert [(error.field, error.code) for error in refusal.value.errors] == [(field, code)]


def test_there_must_be_a_version_to_confirm_and_it_is_for_whoever_may_assess(cast):
    reference = at_stage(cast, "cam")

    with pytest.raises(InvalidInput) as refusal:
        confirm(cast, reference, "imt.head")
    assert [(error.field, error.code) for error in refusal.value.errors] == [("confirms", "nothing_to_confirm")]
    with pytest.raises(NotAllowed):
        confirm(cast, reference, "ftl.enforcement")


def test_page_offers_the_short_way_where_there_is_a_version_and_rest_takes_it(cast, browse, words):
    reference = at_stage(cast, "ttg")
    client, address = browse("dceo.regulation"), f"/issues/{reference}/nnc/new/"
    assert "Confirm the last version" in words(client.get(address))
    assert "Confirm the last version" not in words(browse("imt.head").get(f"/issues/{at_stage(cast, 'cam')}/nnc/new/"))
    refused = client.post(address, {"confirms": "yes", "reason": ""})
    assert (refused.status_code, "Enter why the last version stands unchanged" in words(refused)) == (400, True)
    assert client.post(address, {"confirms": "yes", "reason": "Nothing new"}).status_code == 302

    rest = f"/api/v1/issues/{reference}/nnc-assessments/"
    answer = client.post(rest, CONFIRM, content_type="application/json")
    assert answer.status_code == 201
    assert (answer.json()["met"], answer.json()["confirms_reason"]) == (True, "Nothing new was found")
    assert answer.json()["confirms"] == NncAssessment.objects.get(confirms_reason="Nothing new").pk
