"""Who acts as the chair of a group, who may read what a group works on, and who may issue what they wrote."""

from __future__ import annotations

import pytest

from accounts.selectors import actor_for
from audit.selectors import events_for
from command import selectors, services
from command.models import Sitrep
from desk.selectors import home
from incidents.models import Incident
from incidents.selectors import incidents_visible_to
from kernel.errors import Blocked, NotAllowed
from moves import mover
from tests.factories.accounts import person
from tests.factories.command import at_status, draft, incident, incident_inputs, incident_move, move
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


# Deputies


def test_a_deputy_acts_as_the_chair_of_the_post_and_is_recorded_as_one(cast):
    case = incident(cast)
    deputy = actor_for(person(deputises=("dceo.evidence",)), "dceo.evidence")
    agreed = services.rhythm_agree(incident_reference=case.reference, by=deputy, data={})
    assert {event.agreed_as for event in agreed} == {"Deputy Chief Executive, Evidence (deputy acting)"}
    assert events_for(case.reference)[0].actor["as_deputy"] is True
    assert selectors.picture_of(case, deputy).doors.keys() == {"group", "rhythm_agree"}


def test_a_deputy_of_another_deputy_director_is_no_chair(cast):
    case = incident(cast)
    other = actor_for(person(deputises=("dd.targeting",)), "dd.targeting")
    with pytest.raises(NotAllowed) as refusal:
        services.rhythm_agree(incident_reference=case.reference, by=other, data={})
    assert refusal.value.posts == ["dceo.evidence"]


def test_the_deputy_of_the_tcg_chair_speaks_for_that_party(cast):
    case = incident(cast)
    incident_move(cast, case, "propose_de_escalation", "imt.officer")
    incident_move(cast, case, "agree_de_escalation", "imt.officer")
    deputy = actor_for(person(deputises=("dd.enforcement",)), "dd.enforcement")
    version = Incident.objects.get(pk=case.pk).version
    moved = services.incident_move(
        reference=case.reference, name="agree_de_escalation", version=version, by=deputy,
        data=incident_inputs("agree_de_escalation"),
    )  # fmt: skip
    assert moved.status == "de_escalating"


def test_the_deputy_of_a_chair_may_approve_a_report_and_finds_it_at_home(cast):
    sitrep = at_status(cast, "in_review")
    deputy = person(deputises=("dceo.evidence",))
    actor = actor_for(deputy, "dceo.evidence")
    assert [task.title for task in home(deputy, actor).tasks] == [f"Approve {sitrep.reference}"]
    moved = services.sitrep_move(
        reference=sitrep.reference, name="approve", version=sitrep.version, by=actor, data={"second_check": "done"}
    )
    assert moved.approved_as == "Deputy Chief Executive, Evidence (deputy acting)"


# Who may read


def test_chair_and_members_of_a_group_may_read_an_official_sensitive_incident(cast):
    case = incident(cast, report={"sensitivity": "official_sensitive"})
    chair, member = cast("ftl.science"), cast("officer.risk")
    assert not incidents_visible_to(chair).exists()
    data = {
        "kind": "working_group", "level": "operational", "name": "Cells", "chair": chair.email, "purpose": "Cells",
        "exit_strategy": "When the tests are in", "members": [{"person": member.email, "role": "member"}],
    }  # fmt: skip
    services.group_stand_up(incident_reference=case.reference, by=cast("imt.officer"), data=data)
    assert [incidents_visible_to(actor).get() for actor in (chair, member)] == [case, case]
    assert set(case.issues.get().people.filter(role__in=["chair", "observer"]).values_list("user", "role")) == {
        (chair.user_id, "chair"),
        (member.user_id, "observer"),
    }


# Issuing


def test_who_wrote_in_a_report_does_not_issue_it(cast):
    sitrep = at_status(cast, "approved")
    author = person("imt.officer", "imt.head")
    sitrep.authors.create(user=author, wrote_as="IMT Officer", since=sitrep.opened_at)
    with pytest.raises(Blocked) as refusal:
        services.sitrep_move(
            reference=sitrep.reference, name="issue", version=sitrep.version, by=actor_for(author, "imt.head"), data={}
        )
    assert [blocker.code for blocker in refusal.value.blocked_by] == ["author_may_not_issue"]
    assert home(author, actor_for(author, "imt.head")).tasks == []
    assert move(cast, sitrep, "issue", "imt.head").second_check == "done"


def test_the_duty_head_issues_their_own_report_and_it_is_marked_not_second_checked(cast):
    sitrep = draft(cast, incident(cast), by="imt.duty")
    move(cast, sitrep, "submit", "imt.duty")
    move(cast, sitrep, "approve", "imt.head")
    offer = mover.offer(services.SITREP_MACHINE, Sitrep.objects.get(pk=sitrep.pk), "issue", cast("imt.duty"))
    assert (offer.allowed, [warning.code for warning in offer.warnings]) == (True, ["not_second_checked"])
    issued = move(cast, sitrep, "issue", "imt.duty")
    assert selectors.content_of(issued)["second_check"] == "due"
    assert issued.second_check == "due"
