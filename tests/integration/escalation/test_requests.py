"""Challenges of closures, requests for help and requests to reopen: who may, what is refused, who is told of what."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import POST_TITLES
from accounts.models import PostDeputy
from audit.presenters import sentence
from audit.selectors import events_for
from escalation import services
from escalation.enums import Stage
from escalation.ladder import MOVES
from escalation.selectors.requests import ASKED_AT
from incidents.models import ClosureChallenge, Commission, HelpRequest, ReopenRequest
from kernel import clock
from kernel.errors import Blocked, ChangedSinceSeen, Conflict, InvalidInput, NotAllowed, NotFound, NotFromHere
from notify.models import Notice
from tests.factories.ladder import Cast, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db

IMT = {"imt.head", "imt.duty", "imt.officer"}
HANDLING = {"ftl.enforcement", "officer.enforcement"}
ANYONE = POST_TITLES.keys() - {"viewer", "operator"}

CHALLENGE = {"raised_by": "staff", "points": "Two fires were left out"}
HELP = {"authority": "Leeds City Council", "what": "Test the battery"}
REOPEN = {"ground": "changed_circumstances", "what_changed": "Another fire", "evidence": "A photograph"}
# Each kind: where it is asked, the door, its inputs, who may; then the door of its answer and who may.
ASK = {
    "challenge": ("closed", services.closure_challenge, CHALLENGE, ANYONE),
    "help": ("led_elsewhere", services.help_ask, HELP, IMT | HANDLING),
    "reopening": ("closed", services.reopening_ask, REOPEN, ANYONE),
}


def challenged(cast: Cast, post: str = "officer.science", **more: Any) -> tuple[str, ClosureChallenge]:
    reference = at_stage(cast, "closed")
    return reference, services.closure_challenge(reference=reference, by=cast(post), data=CHALLENGE | more)


def reviewed_by(cast: Cast, challenge: ClosureChallenge, post: str, by: str = "imt.duty") -> ClosureChallenge:
    return services.reviewer_name(
        reference=challenge.issue.reference,
        request_id=challenge.pk,
        by=cast(by),
        data={"reviewer": cast.user(post).email},
    )


def answer(cast: Cast, challenge: ClosureChallenge, post: str, outcome: str = "upheld") -> ClosureChallenge:
    return services.challenge_answer(
        reference=challenge.issue.reference,
        request_id=challenge.pk,
        by=cast(post),
        data={"outcome": outcome, "reply": "The fires count"},
    )


def asked_to_reopen(cast: Cast) -> tuple[str, ReopenRequest]:
    reference = at_stage(cast, "closed")
    return reference, services.reopening_ask(reference=reference, by=cast("officer.science"), data=REOPEN)


def reopening_answered(cast: Cast, asked: ReopenRequest, post: str = "imt.head", **data: Any) -> ReopenRequest:
    reference = asked.issue.reference
    return services.reopening_answer(
        reference=reference,
        request_id=asked.pk,
        version=climb_of(reference).issue.version,
        by=cast(post),
        data={"outcome": "accepted"} | data,
    )


def told(reference: str, event: str) -> set[str]:
    return set(Notice.objects.filter(about=reference, kind=event).values_list("recipient__email", flat=True))


def emails(cast: Cast, *posts: str) -> set[str]:
    return {cast.user(post).email for post in posts}


# --- asking -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ASK)
def test_asking_is_for_exactly_those_who_may(kind, cast):
    stage, door, _, posts = ASK[kind]
    reference, got = at_stage(cast, stage), set()
    for post in POST_TITLES.keys() - {"operator"}:
        with pytest.raises((NotAllowed, InvalidInput)) as refusal:
            door(reference=reference, by=cast(post), data={"x": 1})
        if isinstance(refusal.value, InvalidInput):
            got.add(post)

    assert got == posts
    with pytest.raises(NotFound):
        door(reference=reference, by=cast("operator"), data={})


@pytest.mark.parametrize(("kind", "elsewhere"), [("challenge", "cam"), ("help", "closed"), ("reopening", "merged")])
def test_asking_where_the_case_does_not_stand_so_is_refused(kind, elsewhere, cast):
    reference = at_stage(cast, elsewhere)

    with pytest.raises(NotFromHere, match=f"This case is at ‘{Stage(elsewhere).label}’"):
        ASK[kind][1](reference=reference, by=cast("imt.head"), data=ASK[kind][2])


def test_reopening_is_asked_for_where_the_move_starts():
    assert set(ASKED_AT[ReopenRequest][1]) == set(MOVES["reopen"].authority)


def test_reopening_is_not_asked_of_imt_while_the_incident_acts(cast):
    reference = at_stage(cast, "incident_declared")

    with pytest.raises(Blocked) as refusal:
        services.reopening_ask(reference=reference, by=cast("officer.science"), data=REOPEN)

    assert [blocker.code for blocker in refusal.value.blocked_by] == ["incident_active"]
    assert not ReopenRequest.objects.exists()


@pytest.mark.parametrize("kind", ASK)
def test_asking_moves_nothing_is_recorded_once_and_told_to_imt(kind, cast):
    stage, door, data, _ = ASK[kind]
    reference = at_stage(cast, stage)
    cast.user("imt.duty")
    before, events = climb_of(reference), len(events_for(reference, limit=500))
    asked = door(reference=reference, by=cast("ftl.enforcement"), data=data)
    after = climb_of(reference)

    assert (after.pk, after.stage, after.visit) == (before.pk, before.stage, before.visit)
    assert after.issue.version == before.issue.version + 1
    written = events_for(reference, limit=500)[: -events or None]
    assert [(event.version, event.facts["request"]) for event in written] == [(after.issue.version, asked.pk)]
    assert data.get("points", data.get("what", data.get("what_changed"))) in sentence(written[0])
    assert emails(cast, "imt.head", "imt.duty") <= told(reference, written[0].kind)
    assert cast.user("ftl.enforcement").email not in told(reference, written[0].kind)


# --- a challenge is reviewed ------------------------------------------------------------------------------------------


def test_only_imt_names_the_reviewer(cast):
    reference, challenge = challenged(cast)
    got = set()
    for post in POST_TITLES.keys() - {"operator"}:
        with pytest.raises((NotAllowed, InvalidInput)) as refusal:
            services.reviewer_name(reference=reference, request_id=challenge.pk, by=cast(post), data={})
        if isinstance(refusal.value, InvalidInput):
            got.add(post)

    assert got == IMT


@pytest.mark.parametrize(
    ("post", "code"),
    [("imt.head", "not_independent"), ("officer.science", "not_independent"), ("viewer", "not_in_post")],
)
def test_reviewer_is_neither_who_closed_nor_who_challenges_nor_without_a_say(post, code, cast):
    _, challenge = challenged(cast)  # imt.head closed it, officer.science challenges

    with pytest.raises(InvalidInput) as refusal:
        reviewed_by(cast, challenge, post)

    assert [(error.field, error.code) for error in refusal.value.errors] == [("reviewer", code)]


def test_nobody_answers_before_a_reviewer_is_named_and_then_only_they(cast):
    _, challenge = challenged(cast)
    with pytest.raises(NotAllowed):
        answer(cast, challenge, "imt.duty")
    reviewed_by(cast, challenge, "imt.duty")
    with pytest.raises(NotAllowed):
        answer(cast, challenge, "imt.head")

    assert answer(cast, challenge, "imt.duty").outcome == "upheld"


def test_deputy_of_the_reviewer_does_not_answer_for_them(cast):
    """Whoever closed the case may deputise for the reviewer's post."""
    reference, challenge = challenged(cast)
    reviewed_by(cast, challenge, "dd.policy")
    closer = cast.user("imt.head")
    PostDeputy.objects.create(user=closer, post_id="dd.policy", starts_on=clock.today())

    with pytest.raises(NotAllowed):
        services.challenge_answer(
            reference=reference,
            request_id=challenge.pk,
            by=cast.acting(closer, "dd.policy"),
            data={"outcome": "not_upheld", "reply": "It stands"},
        )


def test_reviewer_may_read_a_restricted_case_from_then_on(cast):
    reference = at_stage(cast, "closed", sensitivity="restricted")
    challenge = services.closure_challenge(reference=reference, by=cast("officer.enforcement"), data=CHALLENGE)
    with pytest.raises(NotFound):
        answer(cast, challenge, "dd.science")
    reviewed_by(cast, challenge, "dd.science", by="imt.head")

    assert answer(cast, challenge, "dd.science", "not_upheld").reply == "The fires count"


@pytest.mark.parametrize(
    ("raised_by", "begins"), [("staff", "The fires"), ("originator", "The handling team gives the originator")]
)
def test_answer_leaves_the_case_closed_and_reaches_who_challenged_who_closed_and_imt(raised_by, begins, cast):
    cast.user("imt.officer")
    reference, challenge = challenged(cast, raised_by=raised_by)
    reviewed_by(cast, challenge, "dd.policy")
    answer(cast, challenge, "dd.policy")

    assert climb_of(reference).stage == "closed"
    assert told(reference, "issue.reviewer_named") == emails(cast, "dd.policy")
    assert told(reference, "issue.challenge_answered") == emails(
        cast, "officer.science", "imt.head", "imt.duty", "imt.officer"
    )
    assert Notice.objects.filter(kind="issue.challenge_answered").first().body.startswith(begins)
    assert sentence(events_for(reference)[0]) == "The challenge of the closure: upheld. The fires count"


def test_reply_to_an_originator_is_a_task_of_the_handling_team_until_it_is_done(cast, browse, words):
    cast.user("ftl.enforcement")
    reference, challenge = challenged(cast, raised_by="originator")
    reviewed_by(cast, challenge, "dd.policy")
    answer(cast, challenge, "dd.policy")
    (task,) = Commission.objects.filter(origin_kind="challenge")

    assert (task.origin, task.team, task.status) == (str(challenge.pk), "enforcement", "asked")
    assert task.what == "Give the originator the reply to their challenge: The fires count"
    assert cast.user("ftl.enforcement").email in told(reference, "issue.challenge_answered")
    assert [event.kind for event in events_for(reference, limit=2)] == [
        "issue.challenge_answered",
        "issue.commissioned",
    ]
    page = f"/issues/{reference}/commissions/{task.pk}/settle/"
    client = browse("officer.enforcement")
    assert "in the words that were sent" in words(client.get(page))
    client.post(page, {"outcome": "delivered", "result": "We looked again: the fires count."})
    task.refresh_from_db()
    assert (task.status, task.result) == ("delivered", "We looked again: the fires count.")


def test_reply_to_a_colleague_is_no_task(cast):
    _, challenge = challenged(cast)
    reviewed_by(cast, challenge, "dd.policy")
    answer(cast, challenge, "dd.policy")

    assert not Commission.objects.filter(origin_kind="challenge").exists()


def test_answer_is_given_once(cast):
    _, challenge = challenged(cast)
    reviewed_by(cast, challenge, "dd.policy")
    answer(cast, challenge, "dd.policy", "not_upheld")

    with pytest.raises(Conflict) as refusal:
        answer(cast, challenge, "dd.policy")
    with pytest.raises(Conflict):
        reviewed_by(cast, challenge, "dd.science")

    assert refusal.value.code == "request_answered"
    challenge.refresh_from_db()
    assert challenge.outcome == "not_upheld"


def test_request_of_another_case_is_not_found(cast):
    _, challenge = challenged(cast)
    other = at_stage(cast, "closed")

    with pytest.raises(NotFound):
        services.reviewer_name(reference=other, request_id=challenge.pk, by=cast("imt.head"), data={})


# --- help for the authority in the lead -------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["given", "refused"])
def test_help_is_answered_by_imt_or_the_handling_team(outcome, cast):
    reference = at_stage(cast, "led_elsewhere")
    asked = services.help_ask(reference=reference, by=cast("officer.enforcement"), data=HELP)
    sent = {"reference": reference, "request_id": asked.pk}
    got = set()
    for post in POST_TITLES.keys() - {"operator"}:
        with pytest.raises((NotAllowed, InvalidInput)) as refusal:
            services.help_answer(**sent, by=cast(post), data={"outcome": outcome})
        if isinstance(refusal.value, InvalidInput):
            got.add(post)
    assert got == IMT | HANDLING

    services.help_answer(**sent, by=cast("ftl.enforcement"), data={"outcome": outcome, "reply": "Two days of a lab"})

    assert climb_of(reference).stage == "led_elsewhere"
    assert HelpRequest.objects.get().outcome == outcome
    assert sentence(events_for(reference)[0]) == f"The request for help: {outcome}. Two days of a lab"
    assert told(reference, "issue.help_answered") == emails(cast, "officer.enforcement")


def test_help_is_answered_also_after_the_case_went_on(cast):
    reference = at_stage(cast, "led_elsewhere")
    asked = services.help_ask(reference=reference, by=cast("imt.head"), data=HELP)
    move(cast, reference, "imt_escalate", "imt.head", **inputs_of(cast, "imt_escalate"))
    data = {"outcome": "refused", "reply": "OPSS leads again"}
    services.help_answer(reference=reference, request_id=asked.pk, by=cast("imt.head"), data=data)

    assert HelpRequest.objects.get().outcome == "refused"


# --- a case comes back ------------------------------------------------------------------------------------------------


def test_accepting_reopens_the_case_on_the_ground_given_and_tells_the_asker(cast):
    reference, asked = asked_to_reopen(cast)
    reopening_answered(cast, asked)

    climb = climb_of(reference)
    assert (climb.stage, climb.number) == ("cam", 2)
    moved, accepted = events_for(reference)[:2]
    assert (moved.kind, accepted.kind) == ("issue.reopen", "issue.reopening_answered")
    assert moved.facts["inputs"] == REOPEN
    assert told(reference, "issue.reopening_answered") == emails(cast, "officer.science")


def test_declining_wants_a_reason_and_leaves_the_case(cast):
    reference, asked = asked_to_reopen(cast)
    with pytest.raises(InvalidInput) as refusal:
        reopening_answered(cast, asked, outcome="declined")
    assert [(error.field, error.code) for error in refusal.value.errors] == [("reply", "required")]

    reopening_answered(cast, asked, outcome="declined", reply="It was another model")

    assert climb_of(reference).stage == "closed"
    assert told(reference, "issue.reopening_answered") == emails(cast, "officer.science")
    assert sentence(events_for(reference)[0]) == "The request to reopen: declined. It was another model"


def test_acceptance_that_the_move_refuses_leaves_nothing_behind(cast):
    reference, asked = asked_to_reopen(cast)
    move(cast, reference, "reopen", "imt.head", **inputs_of(cast, "reopen"))
    ReopenRequest.objects.filter(pk=asked.pk).update(outcome="", answered_at=None)
    events = len(events_for(reference, limit=500))

    with pytest.raises(NotFromHere):
        reopening_answered(cast, asked)

    asked.refresh_from_db()
    assert asked.is_waiting
    assert len(events_for(reference, limit=500)) == events


@pytest.mark.parametrize("post", ["officer.science", "ftl.enforcement", "dd.enforcement", "viewer"])
def test_only_imt_answers_a_request_to_reopen(post, cast):
    _, asked = asked_to_reopen(cast)

    with pytest.raises(NotAllowed):
        reopening_answered(cast, asked, post)


def test_answer_on_a_stale_version_is_refused_with_what_happened(cast):
    reference, asked = asked_to_reopen(cast)
    seen = climb_of(reference).issue.version
    services.closure_challenge(reference=reference, by=cast("dd.policy"), data=CHALLENGE)

    with pytest.raises(ChangedSinceSeen) as refusal:
        services.reopening_answer(
            reference=reference, request_id=asked.pk, version=seen, by=cast("imt.head"), data={"outcome": "accepted"}
        )

    assert [change["kind"] for change in refusal.value.changes] == ["issue.closure_challenged"]


# --- on pages and over REST -------------------------------------------------------------------------------------------


def test_challenge_goes_its_way_on_pages(cast, browse, words):
    reference = at_stage(cast, "closed")
    case = reverse("escalation:issue-detail", args=[reference])
    science = browse("officer.science")
    assert "Challenge the closure" in words(science.get(case))
    assert "Challenge the closure" not in words(browse("viewer").get(case))
    science.post(reverse("escalation:closure-challenge", args=[reference]), CHALLENGE)
    number = ClosureChallenge.objects.get().pk
    imt = browse("imt.duty")
    assert "Name a reviewer" in words(imt.get(case))
    naming = reverse("escalation:reviewer-name", args=[reference, number])
    assert "Two fires were left out" in words(imt.get(naming))
    refused = imt.post(naming, {"reviewer": cast.user("imt.head").email})
    assert refused.status_code == 400
    assert "name somebody else to look at it afresh" in words(refused)
    imt.post(naming, {"reviewer": cast.user("dd.policy").email})
    answering = reverse("escalation:challenge-answer", args=[reference, number])
    assert imt.get(answering).status_code == 403
    reply = browse("dd.policy").post(answering, {"outcome": "upheld", "reply": "They count"})
    assert reply.headers["Location"] == f"{case}#requests"
    shown = imt.get(case)
    assert "Upheld" in words(shown)
    again = reverse("escalation:issue-move", args=[reference, "reopen"]) + "?ground=decision_reviewed"
    assert f'href="{again}"' in shown.content.decode()
    assert 'value="decision_reviewed" selected' in imt.get(again).content.decode()


def test_stale_answer_on_a_page_shows_what_happened_and_keeps_the_text(cast, browse, words):
    reference, asked = asked_to_reopen(cast)
    page = reverse("escalation:reopening-answer", args=[reference, asked.pk])
    imt = browse("imt.head")
    seen = climb_of(reference).issue.version
    assert f'name="version" value="{seen}"' in imt.get(page).content.decode()
    services.closure_challenge(reference=reference, by=cast("dd.policy"), data=CHALLENGE)
    stale = imt.post(page, {"outcome": "declined", "reply": "Another model", "version": seen})

    assert stale.status_code == 409
    assert "Challenged the closure (by a colleague)" in words(stale)
    assert "Another model" in words(stale)
    imt.post(page, {"outcome": "accepted", "reply": "", "version": seen + 1})
    assert climb_of(reference).stage == "cam"


def test_answer_on_a_page_that_says_no_version_is_asked_for_one(cast, browse):
    reference, asked = asked_to_reopen(cast)
    answered = browse("imt.head").post(
        reverse("escalation:reopening-answer", args=[reference, asked.pk]), {"outcome": "accepted"}
    )

    assert answered.status_code == 400
    assert climb_of(reference).stage == "closed"


def test_help_is_asked_and_given_on_pages(cast, browse, words):
    reference = at_stage(cast, "led_elsewhere")
    case = reverse("escalation:issue-detail", args=[reference])
    officer = browse("officer.enforcement")
    assert "Record a request for help" in words(officer.get(case))
    assert "Record a request for help" not in words(browse("officer.science").get(case))
    officer.post(reverse("escalation:help-ask", args=[reference]), HELP)
    page = reverse("escalation:help-answer", args=[reference, HelpRequest.objects.get().pk])
    assert "Leeds City Council asks" in words(officer.get(page))
    officer.post(page, {"outcome": "given", "reply": "A test next week"})

    assert "Given" in words(officer.get(case))
    assert "A test next week" in words(officer.get(case))


def test_form_is_not_shown_where_it_could_not_be_sent(cast, browse):
    reference = at_stage(cast, "cam")
    imt = browse("imt.head")

    for name in ("closure-challenge", "help-ask", "reopening-ask"):
        assert imt.get(reverse(f"escalation:{name}", args=[reference])).status_code == 409, name


def test_requests_are_written_and_read_over_rest(cast, client):
    reference = at_stage(cast, "closed")
    at = f"/api/v1/issues/{reference}"
    json = {"content_type": "application/json"}
    client.force_login(cast.user("imt.duty"))
    made = client.post(f"{at}/challenges/", CHALLENGE, **json)
    assert (made.status_code, made.json()["closed_by"]) == (201, "Head of IMT")
    challenge = f"{at}/challenges/{made.json()['id']}"
    reviewer = cast.user("dd.policy")
    named = client.post(f"{challenge}/reviewer/", {"reviewer": reviewer.email}, **json)
    assert named.json()["reviewer"] == POST_TITLES["dd.policy"]
    refused = client.post(f"{challenge}/answer/", {"outcome": "upheld", "reply": "Yes"}, **json)
    assert refused.status_code == 403
    assert refused.json()["type"].endswith("/not_your_move")
    client.force_login(reviewer)
    upheld = client.post(f"{challenge}/answer/", {"outcome": "upheld", "reply": "Yes"}, **json)
    assert (upheld.json()["outcome"], upheld.json()["answered_by"]) == ("upheld", POST_TITLES["dd.policy"])
    asked = client.post(f"{at}/reopen-requests/", REOPEN, **json)
    assert asked.status_code == 201
    client.force_login(cast.user("imt.duty"))
    answering = f"{at}/reopen-requests/{asked.json()['id']}/answer/"
    assert client.post(answering, {"outcome": "accepted"}, **json).status_code == 400
    version = climb_of(reference).issue.version
    accepted = client.post(answering, {"outcome": "accepted", "version": version}, **json)
    assert (accepted.status_code, accepted.json()["outcome"]) == (200, "accepted")
    assert climb_of(reference).stage == "cam"
    assert [row["outcome"] for row in client.get(f"{at}/challenges/").json()["results"]] == ["upheld"]
    assert [row["outcome"] for row in client.get(f"{at}/reopen-requests/").json()["results"]] == ["accepted"]


def test_help_over_rest(cast, client):
    reference = at_stage(cast, "led_elsewhere")
    at = f"/api/v1/issues/{reference}/help-requests/"
    client.force_login(cast.user("imt.duty"))
    asked = client.post(at, HELP, content_type="application/json").json()
    answered = client.post(
        f"{at}{asked['id']}/answer/", {"outcome": "refused", "reply": "No lab"}, content_type="application/json"
    )

    assert (asked["outcome"], answered.json()["outcome"]) == (None, "refused")
    assert [row["reply"] for row in client.get(at).json()["results"]] == ["No lab"]


def test_another_case_in_a_request_is_not_named_to_who_may_not_know_of_it(cast, browse, words):
    hidden = at_stage(cast, "closed", sensitivity="restricted")
    reference = at_stage(cast, "closed")
    services.closure_challenge(
        reference=reference, by=cast("officer.enforcement"), data=CHALLENGE | {"points": f"As in {hidden}"}
    )

    page = words(browse("dd.policy").get(reverse("escalation:issue-detail", args=[reference])))

    assert "As in another case" in page
    assert hidden not in page


@pytest.mark.parametrize("way", ["accepted", "moved"])
def test_reopening_answers_every_request_that_waits_and_tells_each_who_asked(way, cast):
    reference, first = asked_to_reopen(cast)
    others = [services.reopening_ask(reference=reference, by=cast(p), data=REOPEN) for p in ("ftl.science", "imt.head")]
    if way == "accepted":
        reopening_answered(cast, first)
    else:
        move(cast, reference, "reopen", "imt.head", **inputs_of(cast, "reopen"))

    for asked in (first, *others):
        asked.refresh_from_db()
        assert (asked.outcome, asked.answered_as) == ("accepted", "Head of IMT")
    assert told(reference, "issue.reopening_answered") == emails(cast, "officer.science", "ftl.science")
    events = [event for event in events_for(reference, limit=500) if event.kind == "issue.reopening_answered"]
    assert sorted(event.facts["request"] for event in events) == sorted(asked.pk for asked in (first, *others))
