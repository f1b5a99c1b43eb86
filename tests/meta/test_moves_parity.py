"""Every move of every machine has a page and a REST address, made of the same machine and the same service.

A machine that only one of the two knows, or a move that the record cannot tell, fails here.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.urls import resolve

from audit import presenters
from command import services as command
from desk.states.samples import SUBJECTS
from desk.states.telling import moves_told
from moves.api import MoveApi, OffersApi
from moves.machine import Machine
from moves.views import MovePage
from tests.factories.ladder import Cast, at_stage, climb_of
from tests.meta.routes import all_routes

# Where the machine of that name has its pages and its REST room.
ROOMS = {"issue": "issues", "incident": "incidents", "sitrep": "sitreps"}
MOVES = [(name, move) for name, subject in SUBJECTS.items() for move in subject.machine.moves]
STATES = settings.BASE_DIR / "docs" / "states"


def page_of(name: str, move: str, reference: str = "REFERENCE") -> str:
    return f"/{ROOMS[name]}/{reference}/moves/{move}/"


def api_of(name: str, move: str, reference: str = "REFERENCE") -> str:
    return f"/api/v1/{ROOMS[name]}/{reference}/transitions/{move}/"


def is_told(kind: str) -> bool:
    """Whether the record has a sentence for events of this kind: it then takes no second one."""
    try:
        presenters.register(kind, lambda event: "")
    except ValueError:
        return True
    return False


def machine_of(view: type[MovePage] | type[MoveApi] | type[OffersApi]) -> Machine:
    """The machine behind a view. A page may remember the facts of its own request: the rest is the machine's own."""
    machine = getattr(view, "machine", None)
    if machine is None:
        page = view()
        page.setup(RequestFactory().get("/"))
        machine = page.machine
    return replace(machine, facts=SUBJECTS[machine.name].machine.facts)


@pytest.mark.parametrize("kind", [MovePage, MoveApi, OffersApi])
def test_pages_and_rest_know_the_same_machines(kind):
    views = [route.view for route in all_routes() if isinstance(route.view, type) and issubclass(route.view, kind)]

    assert {machine_of(view).name for view in views} == SUBJECTS.keys() == ROOMS.keys()


@pytest.mark.parametrize(("name", "move"), MOVES)
def test_page_and_rest_make_a_move_by_the_same_machine_and_service(name, move):
    page, api = resolve(page_of(name, move)).func.view_class, resolve(api_of(name, move)).func.cls

    assert issubclass(page, MovePage)
    assert issubclass(api, MoveApi)
    assert machine_of(page) == machine_of(api) == SUBJECTS[name].machine
    assert page.service is api.service
    assert api.move == move, "OpenAPI describes each move by a route of its own"
    assert page.authority == api.authority == "post"


@pytest.mark.parametrize(("name", "move"), MOVES)
def test_every_move_says_what_it_means_and_who_may_wherever_it_begins(name, move):
    told = next(told for told in moves_told(SUBJECTS[name]) if told.name == move)

    assert told.move.meaning.endswith(".")
    assert told.label
    assert told.sources
    assert told.move.authority.keys() == set(told.sources)
    assert all(authority.title for authority in told.move.authority.values())


@pytest.mark.parametrize(("name", "move"), MOVES)
def test_every_move_is_told_by_the_record_and_by_the_documents(name, move):
    assert is_told(f"{SUBJECTS[name].machine.name}.{move}")
    assert f"(`{move}`)\n" in (STATES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.django_db
def test_page_and_rest_answer_alike_to_who_saw_an_old_version_and_to_a_move_that_is_none(client):
    cast = Cast()
    reference = at_stage(cast, "incident_declared")
    incident = climb_of(reference).issue.incident.reference
    sitrep = command.sitrep_open(incident_reference=incident, by=cast("imt.officer"))
    references = {"issue": reference, "incident": incident, "sitrep": sitrep.path}
    client.force_login(cast.user("imt.head"))
    answers = {}
    for name, move in [*MOVES, *((name, "no_such_move") for name in ROOMS)]:
        where = references[name]
        page = client.post(page_of(name, move, where), {"version": 9999})
        api = client.post(api_of(name, move, where), {"version": 9999}, content_type="application/json")
        answers[name, move] = (page.status_code, api.status_code, api.json()["type"].rpartition("/")[2])

    assert answers == {
        **dict.fromkeys(MOVES, (409, 409, "changed_since_seen")),
        **{(name, "no_such_move"): (404, 404, "not_found") for name in ROOMS},
    }
