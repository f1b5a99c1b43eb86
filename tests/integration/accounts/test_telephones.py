"""The telephone numbers of posts: who gives them, what is taken, and where they are shown."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import selectors, services
from accounts.models import PostTelephones
from audit import SERVICE_CHAIN, presenters
from audit import selectors as audit
from audit.models import AuditEvent
from kernel import clock
from kernel.actors import SYSTEM
from kernel.errors import InvalidInput, NotAllowed, NotFound
from tests.factories.accounts import acting, person
from tests.factories.ladder import Cast, at_stage, climb_of
from tests.queries import asked

pytestmark = pytest.mark.django_db

NUMBERS = {"office": "020 7946 0001", "out_of_hours": "+44 7700 900001"}
PAGE = "/accounts/posts/imt.duty/telephones/"
ADDRESS = "/api/v1/posts/imt.duty/telephones/"
JSON = {"content_type": "application/json"}
SHOWN = (
    'office <a class="govuk-link" href="tel:02079460001">020 7946 0001</a>, '
    'out of hours <a class="govuk-link" href="tel:+447700900001">+44 7700 900001</a> '
    '<span class="app-secondary">(last verified 3 months ago)</span>'
)


def give(post: str = "imt.duty", **numbers: str) -> PostTelephones | None:
    return services.telephones_give(post=post, by=SYSTEM, data=numbers or NUMBERS)


@pytest.fixture
def three_months_old():
    """The duty deputy's numbers as somebody verified them three months ago."""
    with clock.at(clock.now().replace(year=2026, month=3, day=1)):
        give()
    with clock.at(clock.now().replace(year=2026, month=6, day=2)):
        yield


def recorded() -> list[tuple[str, str]]:
    events = audit.events_for(SERVICE_CHAIN)
    return [(event.kind, presenters.sentence(event)) for event in events if event.kind.startswith("telephones.")]


# Who gives them


@pytest.mark.parametrize("post", ["imt.duty", "operator"])
def test_holder_and_operator_give_numbers_and_the_record_tells(post):
    given = services.telephones_give(post="imt.duty", by=acting(post), data=NUMBERS)

    assert (given.office, given.out_of_hours, given.verified_on) == (*NUMBERS.values(), clock.today())
    told = "Gave the telephone numbers of IMT Duty Deputy: office 020 7946 0001; out of hours +44 7700 900001"
    assert recorded() == [("telephones.given", told)]


@pytest.mark.parametrize("by", ["imt.head", "viewer", "deputy", "stranger"])
def test_nobody_else_gives_them_by_page_or_rest(by, client):
    give()
    posts = () if by in ("deputy", "stranger") else (by,)
    client.force_login(person(*posts, deputises=("imt.duty",) if by == "deputy" else ()))
    before = AuditEvent.objects.count()

    answers = [
        client.get(PAGE),
        client.post(PAGE, {"office": "020 7946 0002"}),
        client.put(ADDRESS, {"office": "020 7946 0002"}, **JSON),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert PostTelephones.objects.get().office == NUMBERS["office"]
    assert AuditEvent.objects.count() == before


def test_refusal_names_who_may():
    with pytest.raises(NotAllowed) as refused:
        services.telephones_give(post="imt.duty", by=acting("imt.head"), data={"office": "nonsense"})
    assert refused.value.posts == ["imt.duty", "operator"]


def test_post_that_does_not_exist_is_not_found(client):
    client.force_login(person("operator"))
    with pytest.raises(NotFound):
        give("no.such.post")
    assert client.get("/accounts/posts/no.such.post/telephones/").status_code == 404
    assert client.put("/api/v1/posts/no.such.post/telephones/", NUMBERS, **JSON).status_code == 404


# What is taken


def test_bad_number_is_refused_at_its_field_and_what_was_typed_is_kept(client):
    client.force_login(person("imt.duty"))

    page = client.post(PAGE, {"office": "020 7946 0001", "out_of_hours": "ring the bell"})
    rest = client.put(ADDRESS, {"out_of_hours": "ring the bell"}, **JSON)

    said = page.content.decode()
    assert page.status_code == rest.status_code == 400
    assert "Enter a telephone number like 020 7946 0000 or +44 7700 900000" in said
    assert 'value="ring the bell"' in said
    assert 'value="020 7946 0001"' in said
    assert [(e["field"], e["code"]) for e in rest.json()["errors"]] == [("out_of_hours", "bad_telephone")]
    assert not PostTelephones.objects.exists()


def test_same_numbers_again_are_verified_afresh(three_months_old):
    assert give().verified_on == clock.today() == date(2026, 6, 2)
    assert PostTelephones.objects.get().verified_on == date(2026, 6, 2)
    assert len(recorded()) == 2


def test_one_number_is_enough_and_none_removes_them(client):
    give()
    client.force_login(person("imt.duty"))

    one = client.put(ADDRESS, {"out_of_hours": "07700 900009"}, **JSON).json()
    none = client.put(ADDRESS, {}, **JSON).json()
    client.put(ADDRESS, {}, **JSON)

    verified = clock.today().isoformat()
    assert one == {"telephones": {"office": None, "out_of_hours": "07700 900009", "verified_on": verified}}
    assert none == {"telephones": None}
    removed = ("telephones.removed", "Removed the telephone numbers of IMT Duty Deputy")
    assert [event for event in recorded() if event[0] == "telephones.removed"] == [removed]


def test_unknown_input_is_refused_by_name():
    with pytest.raises(InvalidInput) as refused:
        give(mobile="07700 900001")
    assert [(error.field, error.code) for error in refused.value.errors] == [("mobile", "unknown_field")]


# Where they are shown


def test_holder_saves_from_the_page_of_posts(client, three_months_old):
    client.force_login(person("imt.duty"))
    posts = client.get("/accounts/posts/").content.decode()
    form = client.get(PAGE).content.decode()
    saved = client.post(PAGE, NUMBERS, follow=True).content.decode()

    assert SHOWN in posts
    assert posts.count("Give or verify numbers") == 1
    assert 'value="+44 7700 900001"' in form
    assert "they were last verified 3 months ago" in form
    assert "The telephone numbers of the IMT Duty Deputy have been verified today" in saved
    assert "(last verified today)" in saved


def test_posts_over_rest_are_those_of_the_page_in_three_questions(client):
    duty = person("imt.duty")
    deputy = person(deputises=("imt.duty",))
    give()
    client.force_login(duty)

    with asked() as questions:
        results = client.get("/api/v1/posts/").json()["results"]

    by_code = {post["code"]: post for post in results}
    assert list(by_code) == [row.post.code for row in selectors.posts_with_people()]
    assert by_code["imt.duty"] == {
        "code": "imt.duty",
        "title": "IMT Duty Deputy",
        "team": "incident_management",
        "function": "targeting",
        "senior_civil_servant": False,
        "holders": [{"name": duty.name, "email": duty.email}],
        "deputies": [{"name": deputy.name, "email": deputy.email}],
        "telephones": {**NUMBERS, "verified_on": clock.today().isoformat()},
    }
    assert by_code["ceo"]["telephones"] is None
    assert len(questions) == 3, questions


def test_contacts_have_people_and_numbers_in_one_question(django_assert_num_queries):
    person("imt.duty")
    person("imt.duty")
    person("imt.head")
    give()

    with django_assert_num_queries(1):
        found = selectors.contacts("imt.duty", "ceo", "imt.head")
        numbers = [contact.telephones and contact.telephones.office for contact in found]

    assert [(contact.title, len(contact.people)) for contact in found] == [("IMT Duty Deputy", 2), ("Head of IMT", 1)]
    assert numbers == ["020 7946 0001", None]


def test_case_with_danger_now_shows_what_to_dial(client, three_months_old):
    cast = Cast()
    reference = at_stage(cast, "reported", danger_now=True)
    cast.user("imt.duty")
    client.force_login(cast.user("officer.enforcement"))

    assert SHOWN in client.get(f"/issues/{reference}/").content.decode()


def test_receipt_shows_a_stranger_what_to_dial(client, three_months_old):
    person("imt.duty")
    client.force_login(person())
    report = {"title": "Hob", "summary": "It leaks", "source": "public", "danger_now": "yes"}

    assert SHOWN in client.post("/issues/new/", report, follow=True).content.decode()


def test_whoever_cannot_declare_sees_what_to_dial(client, three_months_old):
    cast = Cast()
    reference = at_stage(cast, "reported")
    cast.user("dd.science")
    give("dd.science", office="020 7946 0009")
    client.force_login(cast.user("officer.enforcement"))

    said = client.get(f"/issues/{reference}/declare-now/").content.decode()

    assert '<a class="govuk-link" href="tel:02079460009">020 7946 0009</a>' in said


def test_chair_of_a_conference_can_be_called_while_it_sits(client):
    cast = Cast()
    reference = at_stage(cast, "case_conference", danger_now=True)
    chair = climb_of(reference).conference_chair
    give(selectors.actor_for(chair).post, out_of_hours="07700 900007")
    client.force_login(cast.user("officer.enforcement"))

    for address in (f"/issues/{reference}/", f"/issues/{reference}/declare-now/"):
        said = client.get(address).content.decode()
        assert 'out of hours <a class="govuk-link" href="tel:07700900007">07700 900007</a>' in said, address


def test_incident_shows_how_to_reach_each_chair_without_a_further_question(client):
    cast = Cast()
    reference = at_stage(cast, "incident_declared")
    incident = climb_of(reference).issue.incident
    client.force_login(cast.user("imt.officer"))

    def page() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            said = client.get(incident.get_absolute_url()).content.decode()
        return said, len(queries)

    _, before = page()
    for number, group in enumerate(incident.groups.all()):
        post = selectors.actor_for(group.chair).post
        give(post, out_of_hours=f"07700 90001{number}")
        incident.groups.filter(pk=group.pk).update(chair_as=f"{selectors.post_title(post)} (deputy acting)")
    said, after = page()

    assert 'href="tel:07700900010"' in said
    assert 'href="tel:07700900011"' in said
    assert after == before
