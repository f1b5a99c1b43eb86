"""The page that one writes a report on: lines ready on record, what the last report said, and saving as one goes."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from command import services
from incidents.models import Evidence
from kernel import clock
from tests.factories.command import at_status, draft, incident
from tests.factories.ladder import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def officer(cast) -> Client:
    client = Client()
    client.force_login(cast.user("imt.officer"))
    return client


def sent_by(page: str) -> dict[str, str]:
    """What the form of the page sends when nobody touches it."""
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page)
    keys = dict(re.findall(r'name="(sections-\d+-key)" value="(\w+)"', page))
    return {**fields, **keys, **{name: unescape(text) for name, text in areas}}


def area_of(sent: dict[str, str], key: str) -> str:
    return next(name.replace("-key", "-body") for name, value in sent.items() if value == key and name.endswith("-key"))


def burn(sitrep, title: str) -> str:
    """An injury on record now; the words that a report would have for it."""
    Evidence.objects.create(
        issue=sitrep.incident.issues.get(),
        kind="injury_report",
        title=title,
        added_as="Officer",
        added_at=clock.now(),
    )
    return title


def sentence_with(page: str, words: str) -> str:
    offered = re.findall(r'name="take-harm" id="[^"]+" value="([^"]*)"', page)
    return next(unescape(line) for line in offered if words in line)


def test_what_came_on_record_since_the_draft_is_offered_and_taken_in_once(cast, officer):
    sitrep = draft(cast, incident(cast), harm="One burn known at 09:00")
    address = f"/sitreps/{sitrep.path}/edit/"
    assert "Hand burnt at the hob" not in officer.get(address).content.decode()
    burn(sitrep, "Hand burnt at the hob")
    page = officer.get(address).content.decode()
    line = sentence_with(page, "Hand burnt at the hob")

    officer.post(address, {**sent_by(page), "take-harm": [line]})

    assert sitrep.sections.get(key="harm").body == f"One burn known at 09:00\n{line}"
    assert "Hand burnt at the hob" not in "".join(
        re.findall(r'name="take-[^>]+>', officer.get(address).content.decode())
    )


def test_a_line_taken_in_takes_the_place_of_the_placeholder(cast, officer):
    sitrep = services.sitrep_open(incident_reference=incident(cast).reference, by=cast("imt.officer"))
    assert sitrep.sections.get(key="harm").body.startswith("[to complete")
    burn(sitrep, "Hand burnt at the hob")
    address = f"/sitreps/{sitrep.path}/edit/"
    page = officer.get(address).content.decode()
    line = sentence_with(page, "Hand burnt at the hob")
    officer.post(address, {**sent_by(page), "take-harm": [line]})
    assert sitrep.sections.get(key="harm").body == line


def test_a_line_taken_in_does_not_write_over_a_colleague(cast, officer):
    sitrep = draft(cast, incident(cast), harm="Mine")
    burn(sitrep, "Hand burnt at the hob")
    address = f"/sitreps/{sitrep.path}/edit/"
    page = officer.get(address).content.decode()
    services.sitrep_edit(
        reference=sitrep.reference,
        version=sitrep.version,
        by=cast("imt.duty"),
        data={"sections": [{"key": "harm", "body": "Theirs"}]},
    )
    answer = officer.post(address, {**sent_by(page), "take-harm": [sentence_with(page, "Hand burnt")]})
    assert answer.status_code == 412
    assert sitrep.sections.get(key="harm").body == "Theirs"
    shown = answer.content.decode()
    assert "Theirs" in shown
    assert "Mine\n" in shown


def test_the_last_report_stands_beside_where_it_said_something_else(cast, officer):
    first = at_status(cast, "issued", harm="Two burns in Leeds")
    second = draft(cast, first.incident, harm="Three burns", situation="As before")
    page = officer.get(f"/sitreps/{second.path}/edit/").content.decode()
    beside = re.search(rf"What {first.reference} said<[^§]*?under Harm[^§]*?</details>", page)
    assert beside is not None
    assert "Two burns in Leeds" in beside[0]


def test_saving_as_one_goes_answers_what_the_next_save_must_say(cast, officer):
    sitrep = draft(cast, incident(cast))
    address = f"/sitreps/{sitrep.path}/edit/"
    sent = sent_by(officer.get(address).content.decode())
    sent[area_of(sent, "harm")] = "First words"
    told = officer.post(address, {**sent, "then": "autosave"}).json()
    assert told["saved"].startswith("Saved ")

    sent["version"] = str(told["version"])
    sent.update({f"from-{key}": digest for key, digest in told["started_from"].items()})
    sent[area_of(sent, "harm")] = "First words and more"
    assert officer.post(address, {**sent, "then": "autosave"}).status_code == 200
    assert sitrep.sections.get(key="harm").body == "First words and more"


def test_saving_as_one_goes_never_writes_over_a_colleague_and_says_so(cast, officer):
    sitrep = draft(cast, incident(cast))
    address = f"/sitreps/{sitrep.path}/edit/"
    sent = sent_by(officer.get(address).content.decode())
    services.sitrep_edit(
        reference=sitrep.reference,
        version=sitrep.version,
        by=cast("imt.duty"),
        data={"sections": [{"key": "harm", "body": "Theirs"}]},
    )
    sent[area_of(sent, "harm")] = "Mine"
    answer = officer.post(address, {**sent, "then": "autosave"})
    assert answer.status_code == 412
    assert "version" in answer.json()["message"]
    assert sitrep.sections.get(key="harm").body == "Theirs"


def test_the_preview_shows_what_was_just_written(cast, officer):
    sitrep = draft(cast, incident(cast))
    address = f"/sitreps/{sitrep.path}/edit/"
    sent = sent_by(officer.get(address).content.decode())
    sent[area_of(sent, "harm")] = "Words for the preview"
    answer = officer.post(address, {**sent, "then": "preview"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/sitreps/{sitrep.path}/"
    assert "Words for the preview" in answer.content.decode()
