"""Reviewing a closed incident: opened by closing, written by those who worked on it, completed by the Head of IMT."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from audit import presenters
from command import services as command
from incidents.models import Decision, Incident, Issue
from kernel import clock
from kernel.errors import Blocked, Conflict, InvalidInput, NotAllowed, NotFound
from notify.models import Notice
from readiness import selectors, services
from readiness.models import Finding, IncidentReview, Lesson
from tests.factories.accounts import person
from tests.factories.command import incident, incident_at, incident_move
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db

FINDING = {"element": "rhythm", "worked": "A report each morning", "did_not_work": "Nobody read the evening one"}
DUE = (clock.today() + timedelta(days=30)).isoformat()
LESSON = {"element": "rhythm", "lesson": "One report a day is enough", "recommendation": "Change the template"} | {
    "team": "policy",
    "due": DUE,
}


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def closed(cast) -> Incident:
    return incident_at(cast, "closed")


def finding(cast: Cast, case: Incident, post: str = "imt.officer", **given: str) -> Finding:
    return services.finding_record(incident_reference=case.reference, by=cast(post), data={**FINDING, **given})


def lesson(cast: Cast, case: Incident, post: str = "imt.officer", **given: str) -> Lesson:
    return services.lesson_add(incident_reference=case.reference, by=cast(post), data={**LESSON, **given})


def settle(cast: Cast, made: Lesson, post: str, **given: str) -> Lesson:
    data = {"outcome": "done", "answer": "The new template is in use", **given}
    reference = made.review.incident.reference
    return services.lesson_settle(incident_reference=reference, lesson_id=made.pk, by=cast(post), data=data)


def test_closing_opens_the_review_and_tells_who_leads_it(cast, closed):
    review = IncidentReview.objects.get(incident=closed)
    assert (review.phase, review.lead, review.lead_as) == (1, cast.user("imt.head"), "Head of IMT")
    assert Notice.objects.get(kind="review.opened").recipient == cast.user("imt.head")
    sentences = [told.sentence for told in presenters.history_of(closed.reference, cast("viewer"))]
    assert "Opened the review of the incident" in sentences


def test_incident_that_is_not_closed_has_no_review(cast):
    case = incident(cast)
    with pytest.raises(NotFound, match="only closed incidents"):
        finding(cast, case)


def test_incident_that_supported_others_is_not_reviewed(cast, closed):
    IncidentReview.objects.all().delete()
    Incident.objects.filter(pk=closed.pk).update(kind="supporting")
    with pytest.raises(NotFound):
        finding(cast, closed)
    with pytest.raises(Blocked) as refused:
        incident_move(cast, closed, "complete_review", "imt.head")
    assert [blocker.code for blocker in refused.value.blocked_by] == ["no_review_due"]


def test_review_is_not_complete_until_it_says_something_and_each_lesson_has_an_owner(cast, closed):
    made = lesson(cast, closed, recommendation="", team="", due="")
    with pytest.raises(Blocked) as refused:
        incident_move(cast, closed, "complete_review", "imt.head")
    (blocker,) = refused.value.blocked_by
    assert blocker.code == "review_incomplete"
    for missing in ("under any heading", "1 lesson has no recommendation", "no team that owns it", "no day by which"):
        assert missing in blocker.message
    finding(cast, closed)
    services.lesson_change(incident_reference=closed.reference, lesson_id=made.pk, by=cast("imt.officer"), data=LESSON)
    assert incident_move(cast, closed, "complete_review", "imt.head").status == "reviewed"
    review = IncidentReview.objects.get(incident=closed)
    assert (review.completed_as, review.completed_at is None) == ("Head of IMT", False)
    assert Decision.objects.filter(kind="incident.complete_review", incident=closed).count() == 1


def test_review_is_completed_by_the_head_of_imt_or_a_senior_of_the_line_with_a_reason(cast, closed):
    finding(cast, closed)
    for post in ("imt.duty", "imt.officer", "dd.enforcement"):
        with pytest.raises(NotAllowed):
            incident_move(cast, closed, "complete_review", post)
    with pytest.raises(Blocked, match="say why"):
        incident_move(cast, closed, "complete_review", "dd.targeting")
    moved = incident_move(cast, closed, "complete_review", "dd.targeting", acting_reason="The post is being filled")
    assert moved.status == "reviewed"


def test_completed_review_is_fixed_while_its_recommendations_are_still_settled(cast, closed):
    finding(cast, closed)
    made = lesson(cast, closed)
    incident_move(cast, closed, "complete_review", "imt.head")
    for door in (finding, lesson):
        with pytest.raises(Conflict) as refused:
            door(cast, closed)
        assert refused.value.code == "review_complete"
    assert settle(cast, made, "officer.policy").state == "done"
    told = Notice.objects.get(kind="review.lesson_settled")
    assert told.recipient == cast.user("imt.head")


def test_those_who_did_not_work_on_it_write_nothing_and_learn_who_may(cast, closed):
    for post in ("officer.policy", "dd.science", "viewer"):
        with pytest.raises(NotAllowed) as refused:
            finding(cast, closed, post)
        assert "imt.head" in refused.value.posts
    assert finding(cast, closed, "dd.enforcement").recorded_as == "Deputy Director, Enforcement"  # the TCG's chair


def test_recommendation_is_settled_once_by_its_owner_or_those_who_wrote_it(cast, closed):
    made = lesson(cast, closed)
    with pytest.raises(NotAllowed):
        settle(cast, made, "ftl.science")
    with pytest.raises(InvalidInput):
        settle(cast, made, "ftl.policy", answer=" ")
    assert settle(cast, made, "ftl.policy", outcome="not_taken_up", answer="It costs too much").state == "not_taken_up"
    with pytest.raises(Conflict) as refused:
        settle(cast, made, "ftl.policy")
    assert refused.value.code == "lesson_settled"
    with pytest.raises(Conflict):
        services.lesson_change(
            incident_reference=closed.reference, lesson_id=made.pk, by=cast("imt.officer"), data=LESSON
        )


def test_leader_of_the_team_that_owns_a_recommendation_is_told(cast, closed):
    leader = cast.user("ftl.policy")
    lesson(cast, closed)
    assert Notice.objects.get(kind="review.lesson_owned").recipient == leader


def test_finding_replaces_what_stood_under_its_heading_and_both_stay_in_the_history(cast, closed):
    finding(cast, closed)
    finding(cast, closed, worked="Two a day at first")
    assert Finding.objects.get().worked == "Two a day at first"
    told = [told for told in presenters.history_of(closed.reference, cast("viewer")) if "finding" in told.event.kind]
    assert [event.facts["worked"] for event in told] == ["Two a day at first", "A report each morning"]
    with pytest.raises(InvalidInput):
        finding(cast, closed, worked=" ", did_not_work="")


def test_incident_closed_before_there_were_reviews_gets_one_with_the_first_word(cast, closed):
    IncidentReview.objects.all().delete()
    assert selectors.gaps_of(closed) == ("nothing is said under any heading of the plan",)
    finding(cast, closed)
    assert selectors.gaps_of(closed) == ()


def test_second_phase_is_reviewed_by_itself(cast, closed):
    finding(cast, closed)
    Incident.objects.filter(pk=closed.pk).update(phase=2)
    assert selectors.gaps_of(Incident.objects.get(pk=closed.pk)) == ("nothing is said under any heading of the plan",)


def test_review_of_a_restricted_incident_is_not_found_by_outsiders(cast, closed):
    Issue.objects.filter(incident=closed).update(sensitivity="restricted")
    with pytest.raises(NotFound):
        finding(cast, closed, "officer.science")
    client = Client()
    client.force_login(cast.user("officer.science"))
    for address in (f"/incidents/{closed.reference}/review/", f"/api/v1/incidents/{closed.reference}/review/"):
        assert client.get(address).status_code == 404


def test_pages_lead_from_the_incident_through_the_review_to_its_end(cast, closed):
    client = Client()
    client.force_login(cast.user("imt.head"))
    review = f"/incidents/{closed.reference}/review/"
    assert f'href="{review}"' in client.get(closed.get_absolute_url()).content.decode()
    page = client.get(review).content.decode()
    assert "nothing is said under any heading of the plan" in page
    form = client.get(f"{review}findings/?element=rhythm").content.decode()
    assert '<option value="rhythm" selected>' in form
    assert client.post(f"{review}findings/", {**FINDING, "version": 0}).headers["Location"] == review
    due = clock.today() + timedelta(days=30)
    sent = {key: value for key, value in LESSON.items() if key != "due"}
    boxes = {"due-day": due.day, "due-month": due.month, "due-year": due.year}
    answer = client.post(f"{review}lessons/new/", {**sent, **boxes})
    assert answer.headers["Location"] == review
    page = client.get(review).content.decode()
    assert "Nothing is missing." in page
    assert "Nobody read the evening one" in page
    made = Lesson.objects.get()
    assert client.get(f"{review}lessons/{made.pk}/").status_code == 200
    refused = client.post(f"{review}lessons/{made.pk}/settle/", {"outcome": "done", "version": made.version})
    assert refused.status_code == 400
    assert "Enter what shows that it is done" in refused.content.decode()


def test_page_offers_nothing_to_those_who_may_not_write(cast, closed):
    made = lesson(cast, closed)
    client = Client()
    client.force_login(cast.user("viewer"))
    review = f"/incidents/{closed.reference}/review/"
    assert "Add a lesson" not in client.get(review).content.decode()
    for address in ("findings/", "lessons/new/", f"lessons/{made.pk}/", f"lessons/{made.pk}/settle/"):
        assert client.get(review + address).status_code == 403


def test_rest_writes_the_same_review_and_refuses_alike(cast, closed):
    client = Client()
    client.force_login(cast.user("imt.head"))
    review = f"/api/v1/incidents/{closed.reference}/review/"

    def send(path: str, body: dict, how: str = "post"):
        return getattr(client, how)(review + path, body, content_type="application/json")

    assert client.get(review).json()["missing"] == ["nothing is said under any heading of the plan"]
    assert send("findings/", FINDING).json()["element"] == "rhythm"
    bad = send("lessons/", {**LESSON, "owner": "policy"})
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (400, "unknown_field")
    added = send("lessons/", LESSON)
    assert (added.status_code, added.json()["due"]) == (201, DUE)
    number = added.json()["id"]
    assert send(f"lessons/{number}/", {**LESSON, "team": "science"}, "put").json()["team"] == "science"
    assert send(f"lessons/{number}/settle/", {"outcome": "done", "answer": "Seen"}).json()["state"] == "done"
    again = send(f"lessons/{number}/settle/", {"outcome": "done", "answer": "Seen"})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "lesson_settled")
    assert send("lessons/999/", LESSON, "put").status_code == 404
    document = client.get(review).json()
    assert (document["missing"], [row["state"] for row in document["lessons"]]) == ([], ["done"])
    client.force_login(person("viewer"))
    assert send("findings/", FINDING).status_code == 403


def client_of(cast: Cast, post: str) -> Client:
    client = Client()
    client.force_login(cast.user(post))
    return client


def test_later_of_two_who_write_under_one_heading_sees_both_texts_and_replaces_nothing(cast, closed):
    first, second = client_of(cast, "imt.head"), client_of(cast, "imt.officer")
    address = f"/incidents/{closed.reference}/review/findings/?element=rhythm"
    version = second.get(address).context["version"]
    assert version == 0
    assert first.post(address, {**FINDING, "worked": "The early call", "version": version}).status_code == 302
    late = second.post(address, {**FINDING, "worked": "The evening call", "version": version})
    page = late.content.decode()
    assert late.status_code == 412
    assert "This has changed since you saw it" in page
    assert "The early call" in page
    assert "The evening call</textarea>" in page
    assert Finding.objects.get().worked == "The early call"
    again = {**FINDING, "worked": "The evening call", "version": late.context["version"]}
    assert second.post(address, again).status_code == 302
    assert Finding.objects.get().worked == "The evening call"


def test_form_sent_back_for_an_error_keeps_the_version_that_its_reader_saw(cast, closed):
    made = lesson(cast, closed)
    address = f"/incidents/{closed.reference}/review/lessons/{made.pk}/"
    client = client_of(cast, "imt.officer")
    version = client.get(address).context["version"]
    data = {**LESSON, "lesson": "None at night"}
    services.lesson_change(incident_reference=closed.reference, lesson_id=made.pk, by=cast("imt.head"), data=data)
    sent = {key: value for key, value in LESSON.items() if key != "due"}
    refused = client.post(address, {**sent, "lesson": "", "version": version})
    assert (refused.status_code, refused.context["version"]) == (400, version)
    late = client.post(address, {**sent, "version": refused.context["version"]})
    assert (late.status_code, "None at night" in late.content.decode()) == (412, True)


def test_text_under_another_heading_is_not_replaced_by_choosing_it_in_the_form(cast, closed):
    finding(cast, closed)
    finding(cast, closed, element="command", worked="The TCG")
    client = client_of(cast, "imt.head")
    address = f"/incidents/{closed.reference}/review/findings/?element=rhythm"
    sent = {**FINDING, "element": "command", "version": client.get(address).context["version"]}
    late = client.post(address, sent)
    assert (late.status_code, "The TCG" in late.content.decode()) == (412, True)
    assert client.post(address, {**sent, "version": late.context["version"]}).status_code == 302


@pytest.mark.parametrize(
    ("path", "sent", "kept"),
    [
        ("", {**LESSON, "lesson": "Two a day"}, "Two a day</textarea>"),
        ("settle/", {"outcome": "done", "answer": "The template is out"}, "The template is out</textarea>"),
    ],
)
def test_later_of_two_who_change_a_lesson_sees_both_texts_and_replaces_nothing(path, sent, kept, cast, closed):
    made = lesson(cast, closed)
    address = f"/incidents/{closed.reference}/review/lessons/{made.pk}/{path}"
    sent = {key: value for key, value in sent.items() if key != "due"}
    second = client_of(cast, "imt.officer")
    version = second.get(address).context["version"]
    data = {**LESSON, "lesson": "None at night"}
    services.lesson_change(incident_reference=closed.reference, lesson_id=made.pk, by=cast("imt.head"), data=data)
    late = second.post(address, {**sent, "version": version})
    page = late.content.decode()
    assert (late.status_code, "None at night" in page, kept in page) == (412, True, True)
    made.refresh_from_db()
    assert (made.lesson, made.state) == ("None at night", "open")
    assert second.post(address, {**sent, "version": late.context["version"]}).status_code == 302


def test_rest_refuses_the_later_of_two_writers_too(cast, closed):
    client = client_of(cast, "imt.head")
    review = f"/api/v1/incidents/{closed.reference}/review/"

    def send(path: str, body: dict, tag: str, how: str = "post"):
        return getattr(client, how)(review + path, body, content_type="application/json", headers={"If-Match": tag})

    nothing, first = '"0"', {**FINDING, "worked": "First"}
    written = send("findings/", first, nothing)
    assert written.headers["ETag"].startswith(f'"{written.json()["version"]}-')
    late = send("findings/", FINDING, nothing)
    assert (late.status_code, "stale_version" in late.json()["type"]) == (412, True)
    assert send("findings/", FINDING, written.headers["ETag"]).status_code == 200
    added = client.post(f"{review}lessons/", LESSON, content_type="application/json")
    number, seen = added.json()["id"], added.headers["ETag"]
    changed = send(f"lessons/{number}/", {**LESSON, "team": "science"}, seen, "put")
    assert changed.status_code == 200
    assert send(f"lessons/{number}/", LESSON, seen, "put").status_code == 412
    assert send(f"lessons/{number}/settle/", {"outcome": "done", "answer": "Seen"}, seen).status_code == 412
    assert Lesson.objects.get().team == "science"


def test_page_takes_a_constant_number_of_queries(cast, closed, django_assert_max_num_queries):
    lesson(cast, closed)
    for number in range(20):
        lesson(cast, closed, lesson=f"Lesson {number}")
    with django_assert_max_num_queries(8):
        picture = selectors.picture_of(closed, cast("imt.head"))
    assert len(picture.lessons) == 21


def test_closing_tells_nobody_of_a_review_when_it_is_refused(cast):
    case = incident_at(cast, "monitoring")
    with pytest.raises(Blocked):
        command.incident_move(
            reference=case.reference, name="close", version=case.version, by=cast("imt.head"), data={"reason": "Over"}
        )
    assert not IncidentReview.objects.exists()


def test_lesson_is_due_today_or_later_but_a_day_that_has_passed_meanwhile_may_stay(cast, closed):
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    with pytest.raises(InvalidInput) as refused:
        lesson(cast, closed, due=yesterday)
    assert [(error.field, error.code) for error in refused.value.errors] == [("due", "in_the_past")]

    made = lesson(cast, closed)
    with clock.at(clock.now() + timedelta(days=40)):
        change = {"incident_reference": closed.reference, "lesson_id": made.pk, "by": cast("imt.officer")}
        kept = services.lesson_change(**change, data={**LESSON, "lesson": "Said better"}, expected_version=made.version)
        assert (kept.lesson, kept.due.isoformat()) == ("Said better", DUE)
        with pytest.raises(InvalidInput):
            services.lesson_change(**change, data={**LESSON, "due": yesterday}, expected_version=kept.version)
