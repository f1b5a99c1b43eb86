"""Whoever a decision names is asked to confirm it: told, shown, answered once, and nobody answers for them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.enums import POST_TITLES
from audit.presenters import sentence
from audit.selectors import events_for
from desk import selectors as desk
from escalation import services
from incidents.models import Confirmation, Consultation
from kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from notify.models import Notice
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, assess, at_stage, climb_of, inputs_of, move

pytestmark = pytest.mark.django_db


def consulted(cast: Cast) -> tuple[str, Consultation]:
    """A conference that the Head of IMT asked for after a word with the Deputy Director, Science."""
    reference = at_stage(cast, "cam")
    assess(cast, reference)
    move(cast, reference, "request_case_conference", "imt.head", **inputs_of(cast, "request_case_conference"))
    return reference, Consultation.objects.get(decision__issue__reference=reference)


def closed_at_high(cast: Cast, **report: str) -> tuple[str, Consultation]:
    reference = at_stage(cast, "handled_in_function", **report)
    assess(cast, reference, "ftl.enforcement")
    inputs = inputs_of(cast, "close") | {
        "justification": "The batch was destroyed under supervision.",
        "second_person": cast.user("ftl.science").email,
    }
    move(cast, reference, "close", "ftl.enforcement", **inputs)
    return reference, Consultation.objects.get(decision__issue__reference=reference, role="second_person")


def confirm(cast: Cast, reference: str, named: Consultation, post: str = "dd.science", **data: object) -> Consultation:
    data = data or {"agrees": True}
    return services.consultation_confirm(reference=reference, consultation_id=named.pk, by=cast(post), data=data)


@pytest.mark.parametrize(
    ("arrange", "post", "role"),
    [(consulted, "dd.science", "consulted"), (closed_at_high, "ftl.science", "second_person")],
)
def test_whoever_is_named_is_told_and_has_it_on_their_home_page_until_they_answer(cast, arrange, post, role):
    reference, named = arrange(cast)
    assert (named.user, named.role) == (cast.user(post), role)
    door = reverse("escalation:consultation-confirm", args=[reference, named.pk])
    notice = Notice.objects.get(kind="issue.named", about=reference)
    assert (notice.recipient, notice.url) == (cast.user(post), door)

    def waits() -> bool:
        return door in [task.url for task in desk.home(cast.user(post), cast(post)).tasks]

    assert waits()
    assert door not in [task.url for task in desk.home(cast.user("dd.policy"), cast("dd.policy")).tasks]
    confirm(cast, reference, named, post)
    assert not waits()


def test_whoever_is_named_may_read_the_case_from_then_on(cast, browse):
    reference, named = closed_at_high(cast, sensitivity="official_sensitive")
    page = f"/issues/{reference}/"
    assert browse("ftl.intelligence").get(page).status_code == 404
    assert browse("ftl.science").get(page).status_code == 200
    confirm(cast, reference, named, "ftl.science")
    assert Confirmation.objects.get().agrees


def test_nobody_answers_for_the_person_named(cast):
    reference, named = consulted(cast)
    for post in POST_TITLES.keys() - {"dd.science", "operator"}:
        with pytest.raises(NotAllowed):
            confirm(cast, reference, named, post)
    with pytest.raises(NotFound):
        confirm(cast, reference, named, "operator")
    with pytest.raises(NotFound):
        confirm(cast, reported().reference, named)
    assert not Confirmation.objects.exists()


def test_an_answer_is_recorded_once_and_moves_nothing(cast):
    reference, named = consulted(cast)
    before = climb_of(reference)
    confirm(cast, reference, named)

    event, after = events_for(reference, limit=1)[0], climb_of(reference)
    assert (event.kind, event.version) == ("issue.confirmed", before.issue.version + 1)
    assert sentence(event) == "Confirmed: consulted before the decision"
    assert (after.stage, after.visit, after.due_at) == (before.stage, before.visit, before.due_at)
    with pytest.raises(Conflict) as refusal:
        confirm(cast, reference, named, agrees=False, said="On reflection, no")
    assert refusal.value.code == "confirmed_already"
    assert Confirmation.objects.get().agrees is True


def test_who_does_not_confirm_says_what_was_otherwise_and_the_decision_stands(cast):
    reference, named = consulted(cast)
    for data in ({"agrees": False}, {"agrees": False, "said": "  "}):
        with pytest.raises(InvalidInput) as refusal:
            confirm(cast, reference, named, **data)
        assert [error.field for error in refusal.value.errors] == ["said"]
    with pytest.raises(InvalidInput) as refusal:
        confirm(cast, reference, named, said="Nobody called")
    assert [error.field for error in refusal.value.errors] == ["agrees"]

    confirm(cast, reference, named, agrees=False, said="Nobody called me that night")
    said = "Did not confirm (consulted before the decision): Nobody called me that night"
    assert sentence(events_for(reference, limit=1)[0]) == said
    assert climb_of(reference).stage == "case_conference"


def test_page_shows_what_is_not_yet_confirmed_and_asks_only_the_person_named(cast, browse, words):
    reference, named = consulted(cast)
    door = reverse("escalation:consultation-confirm", args=[reference, named.pk])
    page = f"/issues/{reference}/"
    assert "Not yet confirmed" in words(browse("imt.head").get(page))
    assert door not in browse("imt.head").get(page).content.decode()
    assert browse("imt.head").get(door).status_code == 403

    client = browse("dd.science")
    assert door in client.get(page).content.decode()
    assert "By telephone" in words(client.get(door))
    assert "Choose whether it was as it is recorded" in words(client.post(door, {}))
    assert client.post(door, {"agrees": "no", "said": "It was <b>later</b>"}).headers["Location"] == f"{page}#decisions"
    shown = client.get(page)
    assert "Not as recorded" in words(shown)
    assert "It was &lt;b&gt;later&lt;/b&gt;" in shown.content.decode()
    assert client.get(door).status_code == 409


def test_over_rest_decisions_tell_who_is_named_and_the_person_answers(cast, browse):
    reference, named = consulted(cast)
    address = f"/api/v1/issues/{reference}/consultations/{named.pk}/confirm/"

    def told() -> object:
        results = browse("imt.head").get(f"/api/v1/issues/{reference}/decisions/").json()["results"]
        return [(item["id"], item["agrees"]) for decision in results for item in decision["named"]]

    assert told() == [(named.pk, None)]
    refused = browse("imt.head").post(address, {"agrees": True}, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "not_your_move")
    answer = browse("dd.science").post(address, {"agrees": True}, content_type="application/json")
    assert (answer.status_code, answer.json()["agrees"], answer.json()["role"]) == (200, True, "consulted")
    assert told() == [(named.pk, True)]
    again = browse("dd.science").post(address, {"agrees": True}, content_type="application/json")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "confirmed_already")
