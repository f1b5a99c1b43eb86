"""What somebody who is woken learns from the e-mail alone, on a telephone; and of a marked case next to nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from kernel import clock
from notify import services, tasks
from notify.models import Notice
from tests.factories.accounts import person
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 3, 15, 2, 0, tzinfo=UTC)


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture(autouse=True)
def address(settings):
    settings.BASE_URL = "https://incidents.example"


def letters_for(user) -> list:
    mail.outbox.clear()
    tasks.deliver_due()
    tasks.send_due()
    return [letter for letter in mail.outbox if letter.to == [user.email]]


def test_report_of_danger_tells_all_that_the_duty_officer_needs():
    duty = person("imt.duty")
    with clock.at(NIGHT):
        issue = reported(
            title="Scooters burn", summary="Two fires in flats.", danger_now=True, functional_team="enforcement"
        )
        (letter,) = letters_for(duty)
    assert letter.subject == "Urgent: Someone could be hurt now: Scooters burn"
    for part in (
        f"Case: {issue.reference} Scooters burn\n",
        "Known from: Local authority. Handled by: Enforcement.",
        "Two fires in flats.",
        "Recorded by: Officer, Enforcement\n",
        "What you are asked to do: If you lead the handling team: begin the assessment, or give the case",
        "By when: 03:00 GMT Sunday 15 March 2026\n",
        f"https://incidents.example/issues/{issue.reference}/\n",
    ):
        assert part in letter.body


def test_urgent_conference_tells_who_convened_it_who_chairs_and_by_when_to_decide(cast):
    duty = cast.user("imt.duty")
    with clock.at(NIGHT):
        reference = at_stage(cast, "assessing", title="Scooters burn")
        letters_for(duty)
        inputs = inputs_of(cast, "request_case_conference") | {"reason": "Two more fires tonight"}
        climb = move(cast, reference, "convene_urgent_conference", "imt.head", **inputs)
        (letter,) = letters_for(duty)
    assert letter.subject == f"Urgent: An urgent case conference meets now: {reference} Scooters burn"
    assert "Case:" not in letter.body  # the title says both already
    for part in (
        "What happened: Two more fires tonight",
        f"Chaired by {climb.conference_chair}.",
        "Recorded by: Head of IMT\n",
        "What you are asked to do: If you chair it: bring the people together now and decide.",
        f"By when: {climb.due_at:%H:%M} GMT",
    ):
        assert part in letter.body


@pytest.mark.parametrize("sensitivity", ["official_sensitive", "restricted"])
def test_marked_case_is_told_by_reference_and_address_alone(sensitivity):
    head = person("imt.head")
    issue = reported(title="Secret scooter", summary="Secret fires", danger_now=True, sensitivity=sensitivity)
    (letter,) = letters_for(head)
    whole = str(letter.message())
    assert letter.subject == f"Urgent: There is something for you about {issue.reference}"
    assert f"https://incidents.example/issues/{issue.reference}/" in letter.body
    for part in ("Secret", "Enforcement", "asked to do", "By when", "Recorded by"):
        assert part not in whole


def test_declared_incident_tells_why_who_chairs_and_when_each_group_first_meets(cast):
    duty, chair = cast.user("imt.duty"), cast.user("dceo.evidence")
    reference = at_stage(cast, "incident_declared", title="Scooters burn")
    incident = climb_of(reference).issue.incident
    (told,) = Notice.objects.filter(kind="incident.opened", recipient=duty)
    assert incident.significant_risk in told.body
    assert f"Strategic Coordination Group: chaired by {chair}." in told.body
    assert told.done_as == "Deputy Director, Enforcement"
    (named,) = Notice.objects.filter(kind="incident.you_chair", recipient=chair)
    meetings = incident.rhythm.filter(group__chair=chair).order_by("starts_at")
    assert named.due_at == meetings.first().starts_at


def test_what_a_team_is_asked_for_is_due_when_the_conference_said(cast):
    leader = cast.user("ftl.science")
    reference = at_stage(cast, "case_conference")
    inputs = inputs_of(cast, "request_information")
    move(cast, reference, "request_information", "dd.enforcement", **inputs)
    notice = Notice.objects.get(kind="issue.request_information", recipient=leader)
    assert (notice.due_at, notice.due_on) == (None, clock.today() + timedelta(days=7))
    (letter,) = [letter for letter in letters_for(leader) if "asks your team" in letter.subject]
    assert "What you are asked to do: Have your team answer by the day given.\n" in letter.body


def test_inbox_says_what_is_asked_by_when_and_who_did_it(cast, client):
    head = cast.user("imt.head")
    reference = at_stage(cast, "assessing")
    letters_for(head)
    client.force_login(head)
    page = client.get("/inbox/").content.decode()
    assert "<strong>For you to do:</strong> If you lead the handling team: begin the assessment" in page
    assert "by Officer, Enforcement</span>" in page
    told = client.get("/api/v1/inbox/").json()["results"][0]
    assert (told["about"], told["done_as"], told["due_on"]) == (reference, "Officer, Enforcement", None)
    assert told["due_at"] is not None


def test_no_other_case_is_named_to_whoever_may_not_know_of_it_nor_outside_the_product(cast, client):
    """A reason may name any case. The inbox veils those that its reader may not know of, the e-mail marked ones too."""
    hidden = reported(sensitivity="restricted").reference
    marked = reported(sensitivity="official_sensitive", functional_team="science").reference
    reference, reader = at_stage(cast, "cam"), cast.user("dd.science")
    services.notice_queue(
        "issue.named",
        to=[reader],
        about=reference,
        title=f"Please confirm: {reference}",
        body=f"As in {hidden} and {marked}.",
        url="/",
        key="one",
    )
    (letter,) = letters_for(reader)
    assert "As in another case and another case." in letter.body
    assert reference in letter.subject
    client.force_login(reader)
    inbox = client.get("/inbox/").content.decode()
    assert f"As in another case and {marked}." in inbox
    assert f"As in another case and {marked}." in client.get("/api/v1/inbox/").json()["results"][0]["body"]
    assert Notice.objects.get(key="one").body == f"As in {hidden} and {marked}."
