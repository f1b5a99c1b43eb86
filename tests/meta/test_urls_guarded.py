"""Every address refuses whom it does not expect. A new one is refused to strangers, or is added here on purpose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.doors import AUTHORITIES
from accounts.models import PostDeputy, PostHolding
from accounts.selectors import actor_for
from accounts.services import token_create
from audit.models import AuditEvent
from command import services as command
from command.models import Group, RhythmEvent
from escalation import services as escalation
from incidents.models import AgendaMark, ClosureChallenge, Consultation, Decision, HelpRequest, ReopenRequest
from kernel import clock
from kernel.actors import Actor
from tests.factories.accounts import person
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, at_stage, climb_of
from tests.meta.routes import Route, all_routes

pytestmark = pytest.mark.django_db

HEALTH = {"healthz", "readyz"}
PUBLIC = {
    "desk:help",
    "desk:help-error",
    "accounts:sign-in",
    "accounts:sign-out",
    "api:schema",
    "api:docs",
}
# What somebody who is signed in and holds no post may come to: what is their own, and reporting.
STRANGER = {
    "desk:home",
    "accounts:hat",
    "accounts:profile",
    "accounts:keyboard",
    "api:posts_api:keyboard",
    "accounts:token-create",
    "accounts:token-revoke",
    "api:intake_api:issue-list",
    "intake:issue-new",
    "intake:issue-reported",
    "intake:issue-similar",
    "notify:inbox",
    "notify:inbox-read",
    "notify:choices",
    "api:notify_api:choices",
    "api:notify_api:inbox",
    "api:notify_api:inbox-read",
}
# What a viewer may write: a report, and what is their own.
VIEWER_WRITES = STRANGER | PUBLIC
WRITES = ("post", "put", "patch", "delete")


NO_REQUESTS = {"consultation_id": 1, "mark_id": 1, "challenge_id": 1, "help_id": 1, "reopening_id": 1}


def requests_on(reference: str, by: Actor) -> dict[str, int]:
    """A challenge and requests that wait on a case, wherever it stands, and somebody whom a decision names."""
    asked = {"issue": climb_of(reference).issue, "climb": 1, "asked_by_id": by.user_id, "asked_at": clock.now()}
    waits = {"body": "cam", "why": "A test result", "raised_at": clock.now(), "raised_as": by.label}
    decision = Decision.objects.create(issue=asked["issue"], kind="close", title="Closed", made_at=clock.now())
    return {
        "consultation_id": Consultation.objects.create(
            decision=decision, user=person(), role="second_person", consulted_as="Somebody"
        ).pk,
        "mark_id": AgendaMark.objects.create(issue=asked["issue"], **waits).pk,
        "challenge_id": ClosureChallenge.objects.create(**asked, raised_by="staff", points="It was not looked at").pk,
        "help_id": HelpRequest.objects.create(**asked, authority="A council", what="A test").pk,
        "reopening_id": ReopenRequest.objects.create(**asked, ground="new_evidence", what_changed="A fire").pk,
    }


def ids(routes: list[Route]) -> list[str]:
    return [route.name or route.pattern for route in routes]


def guarded(*but: str) -> list[Route]:
    return [route for route in all_routes() if route.name not in PUBLIC | HEALTH | set(but)]


@pytest.fixture
def values():
    """What addresses lead to: one declared case with everything on it, and somebody else's post and token."""
    cast = Cast()
    reference = at_stage(cast, "incident_declared")
    incident = climb_of(reference).issue.incident.reference
    sitrep = command.sitrep_open(incident_reference=incident, by=cast("imt.officer"))
    asked = {"kind": "advice", "what": "Test it", "team": "science", "due": clock.today() + timedelta(days=1)}
    commission = escalation.commission_ask(
        reference=reference, by=cast("imt.head"), data={**asked, "due": asked["due"].isoformat()}
    )
    head = cast.user("imt.head")
    token, _ = token_create(user_id=head.pk, by=actor_for(head), name="Mine", post="imt.head")
    return {
        "issues.reference": reference,
        "incidents.reference": incident,
        "sitreps.reference": sitrep.path,
        "issues.name": "reopen",
        "incidents.name": "lower_level",
        "sitreps.name": "submit",
        "commission_id": commission.pk,
        **requests_on(reference, cast("imt.officer")),
        "holding_id": PostHolding.objects.get(user=head).pk,
        "deputy_id": PostDeputy.objects.create(
            user=cast.user("imt.officer"), post_id="imt.head", starts_on=clock.today()
        ).pk,
        "token_id": token.pk,
        "event_id": RhythmEvent.objects.filter(incident__reference=incident).first().pk,
        "lesson_id": 1,
        "group_id": Group.objects.filter(incident__reference=incident).first().pk,
        "code": "imt.head",
        "channel": "email",
        "number": 1,
    }


def test_every_view_states_who_may_come():
    assert [
        route.pattern for route in all_routes() if route.name not in HEALTH and route.authority not in AUTHORITIES
    ] == []


def test_what_is_public_and_what_is_for_strangers_is_on_the_short_lists():
    by_authority = {kind: set(ids([r for r in all_routes() if r.authority == kind])) for kind in AUTHORITIES}

    assert by_authority["public"] == PUBLIC
    assert by_authority["signed_in"] == STRANGER


@pytest.mark.parametrize("method", ["get", *WRITES])
def test_visitor_is_sent_to_sign_in_or_told_to(method, values, client):
    let_in = []
    for route in guarded():
        answer = getattr(client, method)(route.sample(values))
        to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(reverse("accounts:sign-in"))
        if not (answer.status_code == 401 if route.is_api else to_sign_in):
            let_in.append((route.pattern, answer.status_code))

    assert let_in == []


@pytest.mark.parametrize("method", ["get", *WRITES])
def test_stranger_is_refused_all_but_their_own(method, values, client):
    client.force_login(person())
    let_in = []
    for route in guarded(*STRANGER):
        answer = getattr(client, method)(route.sample(values))
        if answer.status_code not in (403, 404):
            let_in.append((route.pattern, answer.status_code))

    assert let_in == []


def test_stranger_reads_no_list_of_issues_where_they_may_report(values, client):
    client.force_login(person())

    answer = client.get(reverse("api:intake_api:issue-list"))

    assert answer.status_code == 403 or answer.json()["results"] == []


@pytest.mark.parametrize("method", WRITES)
def test_viewer_changes_nothing(method, values, client):
    client.force_login(person("viewer"))
    issue = climb_of(values["issues.reference"]).issue
    versions = {"sitreps/": 1, "issues/": issue.version, "incidents/": issue.incident.version}
    before = AuditEvent.objects.count()
    let_in = []
    for route in guarded(*VIEWER_WRITES):
        sent = {"version": next((seen for kind, seen in versions.items() if kind in route.pattern), "")}
        kind = {"content_type": "application/json"} if route.is_api or method != "post" else {}
        answer = getattr(client, method)(route.sample(values), sent, **kind)
        if answer.status_code not in (403, 404, 405, 409):
            let_in.append((route.pattern, answer.status_code))

    assert let_in == []
    assert AuditEvent.objects.count() == before
    assert climb_of(values["issues.reference"]).issue.version == issue.version


@pytest.mark.parametrize("method", ["get", "post"])
def test_restricted_case_is_not_found_by_outsiders_at_any_address(method, client):
    cast = Cast()
    reference = reported(cast("officer.enforcement"), sensitivity="restricted").reference
    answers = {}
    client.force_login(person("dd.enforcement"))
    values = {"reference": reference, "name": "begin_assessment", "commission_id": 1, **NO_REQUESTS}
    for route in guarded():
        if route.pattern.removeprefix("api/v1/").startswith("issues/<str:reference>"):
            sent = {"version": 1} if method == "post" else {}
            kind = {"content_type": "application/json"} if route.is_api and sent else {}
            answers[route.pattern] = getattr(client, method)(route.sample(values), sent, **kind).status_code

    assert len(answers) > 20
    assert {path: status for path, status in answers.items() if status not in (404, 405)} == {}


def test_page_that_changes_something_wants_its_token_besides_the_right():
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("imt.head"))

    assert client.post(reverse("intake:issue-new"), {"title": "x"}).status_code == 403
