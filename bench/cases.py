"""What is measured: for each case one request to the product and the same work by bare psycopg2."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from accounts import demonstration
from accounts import selectors as accounts
from accounts import services as people
from accounts.enums import Team
from accounts.models import User
from bench import dataset, words
from bench.client import Client
from bench.floor import NEWEST, Floor
from escalation import services as escalation
from escalation.enums import OPEN_STAGES, Stage
from incidents.enums import Sensitivity
from incidents.models import Issue, Product
from intake import services as intake
from kernel.actors import Actor

TEAM = Team.ENFORCEMENT
READ_BY, MOVED_BY = "imt.duty", f"ftl.{TEAM}"
PRESSING = "e.pressing, e.id"
_VISIBLE = "i.sensitivity IN ('official', 'official_sensitive')"
MANY = 200


@dataclass(frozen=True)
class Case:
    name: str
    ask: Callable[[], object]
    floor: Callable[[], object]


@dataclass
class Clients:
    """Who asks: programs with a token, a person with a session."""

    reader: Client
    mover: Client
    browser: Client

    def close(self) -> None:
        for client in (self.reader, self.mover, self.browser):
            client.close()


def clients_for(address: str) -> Clients:
    """A token each for the reader and for who moves, a session for the reader."""
    reader = _user(READ_BY)
    session = SessionStore()
    session["_auth_user_id"] = str(reader.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[-1]
    session["_auth_user_hash"] = reader.get_session_auth_hash()
    session.create()
    return Clients(
        reader=Client(address, {"Authorization": f"Token {_key(READ_BY)}"}),
        mover=Client(address, {"Authorization": f"Token {_key(MOVED_BY)}"}),
        browser=Client(address, {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}),
    )


def reader_id() -> int:
    """The person whom the floor's rows name."""
    return _user(READ_BY).pk


def _user(post: str) -> User:
    return User.objects.get(email=demonstration.email_of(post))


def _actor(post: str) -> Actor:
    return accounts.actor_for(_user(post), post)


def _key(post: str) -> str:
    actor = _actor(post)
    return people.token_create(user_id=_user(post).pk, by=actor, name="bench")[1]


def cases_for(clients: Clients, floor: Floor, *, size: int, writes: int) -> list[Case]:
    """Every case over this data set. Reads walk over many different rows, so that none is asked for twice in a row.

    `writes` is how many cases will be moved at most.
    """
    narrowed = f"stage={Stage.ASSESSING}&team={TEAM}"
    where, values = f"e.stage = %s AND e.handling_team = %s AND {_VISIBLE}", [Stage.ASSESSING.value, TEAM.value]
    reads, read_below = _twice(_references(size))
    pages, page_below = _twice(_references(size))
    busy, busy_below = _twice(_busy(size))
    rare, rare_below = _twice(_rare_words())
    deep = _deep_cursor(clients.reader, narrowed)
    moves = iter(list(_movable(writes)))
    moved_below = cycle(_references(size))
    get = clients.reader.get
    return [
        Case(
            "list",
            lambda: get(f"/api/v1/issues/?{narrowed}&limit=50"),
            lambda: floor.listed(where, values, NEWEST),
        ),
        Case("list_deep", lambda: get(deep), lambda: floor.listed(where, values, NEWEST)),
        Case(
            "list_page",
            lambda: clients.browser.get(f"/issues/?{narrowed}"),
            lambda: floor.rows_listed(where, values, PRESSING),
        ),
        Case("detail", lambda: get(f"/api/v1/issues/{next(reads)}/"), lambda: floor.detail(next(read_below))),
        Case(
            "detail_events",
            lambda: get(f"/api/v1/issues/{next(busy)}/events/"),
            lambda: floor.history(next(busy_below)),
        ),
        Case(
            "detail_page",
            lambda: clients.browser.get(f"/issues/{next(pages)}/"),
            lambda: floor.panels(next(page_below)),
        ),
        Case(
            "search",
            lambda: get(f"/api/v1/issues/?q={next(rare)}"),
            lambda: floor.searched(next(rare_below), _VISIBLE),
        ),
        Case(
            "search_common",
            lambda: get(f"/api/v1/issues/?q={words.COMMON_WORD}"),
            lambda: floor.searched(words.COMMON_WORD, _VISIBLE),
        ),
        Case("home", lambda: clients.browser.get("/"), lambda: floor.home(OPEN_STAGES, Stage.CAM)),
        Case("create", lambda: clients.reader.post("/api/v1/issues/", REPORT, expect=201), floor.created),
        Case("transition", lambda: _move(clients.mover, next(moves)), lambda: floor.moved(next(moved_below))),
    ]


REPORT = {
    "title": "Kettle gives an electric shock",
    "summary": "A customer touched the handle and was thrown back. The listing is still up.",
    "source": "public",
    "products": [{"name": "Rapid kettle", "brand": "Bench", "model": "RK-1"}],
    "businesses": [{"name": "Bench Trading Ltd", "role": "importer"}],
}

ASSESSMENT = {
    "ratings": {"public_safety": {"level": "high", "reason": "Two burns"}, "media_interest": {"level": "low"}}
}


def _move(client: Client, case: tuple[str, int]) -> None:
    reference, version = case
    client.post(
        f"/api/v1/issues/{reference}/transitions/submit_to_cam/",
        {"version": version, "reason": "More than one team has to act"},
        expect=200,
    )


def _movable(number: int) -> Iterator[tuple[str, int]]:
    """So many cases that were reported and assessed through the doors, for the team's leader to take to CAM."""
    officer, leader = _actor(f"officer.{TEAM}"), _actor(MOVED_BY)
    for _ in range(number):
        reference = intake.issue_report(by=officer, data=REPORT).reference
        escalation.impact_assess(reference=reference, by=leader, data=ASSESSMENT)
        yield reference, Issue.objects.values_list("version", flat=True).get(reference=reference)


def _twice(items: Sequence[str]) -> tuple[Iterator[str], Iterator[str]]:
    """The same items for the product and for the floor, each going round by itself."""
    return cycle(items), cycle(items)


def _references(size: int) -> list[str]:
    """Cases spread over the whole data set, none restricted."""
    step = max(1, size // MANY)
    spread = [dataset.REFERENCE.format(number) for number in range(1, size, step)]
    return list(
        Issue.objects.filter(reference__in=spread)
        .exclude(sensitivity=Sensitivity.RESTRICTED)
        .values_list("reference", flat=True)
    )


def _busy(size: int) -> list[str]:
    spread = [dataset.REFERENCE.format(number) for number in range(0, size, dataset.BUSY_EVERY)]
    found = Issue.objects.filter(reference__in=spread).exclude(sensitivity=Sensitivity.RESTRICTED)
    return list(found.values_list("reference", flat=True)[:MANY])


def _rare_words() -> list[str]:
    """Brands of the newest products: most of them are on a handful of issues."""
    newest = Product.objects.order_by("-pk").values_list("brand", flat=True)[: MANY * 5]
    return [brand.lower() for brand in dict.fromkeys(newest) if len(brand) > 7][:MANY]


def _deep_cursor(client: Client, narrowed: str) -> str:
    """The address of a page some way down the list."""
    address = f"/api/v1/issues/?{narrowed}&limit=50"
    for _ in range(5):
        following = json.loads(client.get(address))["next"]
        if not following:
            break
        address = "/" + following.split("/", 3)[3]
    return address
