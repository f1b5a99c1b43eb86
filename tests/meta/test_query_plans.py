"""Every list of the product is served by an index made for it, however long it grows: the plans say so.

With sorting and scanning whole tables switched off, PostgreSQL does either only where no index gives the rows.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts import demonstration
from accounts import selectors as accounts
from accounts.models import User
from audit import presenters
from bench import dataset, words
from command import selectors as command
from command.models import SitrepSection
from command.selectors import SitrepFilters
from desk.selectors import queues
from escalation import selectors as escalation
from escalation.models import HAS_ENDED
from escalation.selectors import IssueFilters, agenda
from incidents import selectors as incidents
from incidents.models import SearchText
from kernel import clock
from kernel.actors import Actor
from kernel.models import WORDS
from notify import selectors as notices
from tests.meta.code import modules, text_of

pytestmark = pytest.mark.django_db
ROWS = 400
CASE = dataset.REFERENCE.format(0)
NEWEST, MADE, ASKED = ("-received_at", "-id"), ("-made_at", "-id"), ("-asked_at", "-id")
HISTORIES = (
    "escalation.api.views.EventsApi",
    "command.api.views.IncidentEventsApi",
    "command.views.incidents.IncidentHistory",
)


@dataclass(frozen=True)
class Listed:
    """A list as a page asks for it, and the index that gives its rows in order; `at` is where it is paged."""

    name: str
    at: str
    rows: Callable[[Actor], QuerySet]
    order: tuple[str, ...]
    index: str


ISSUES_API = "escalation.api.views.IssueListApi"
ISSUES_PAGE = "escalation.selectors.pages.issue_rows"
PARTS = "escalation.api.views.IssuePartApi"


def issues(**filters: object) -> Callable[[Actor], QuerySet]:
    return lambda actor: escalation.climbs_filtered(actor, IssueFilters(**filters)).annotate(is_ended=HAS_ENDED)


def inbox(*, unread_only: bool) -> Callable[[Actor], QuerySet]:
    return lambda actor: notices.notices_of(User(pk=actor.user_id), unread_only=unread_only)


def part(of: Callable[[str, Actor], QuerySet]) -> Callable[[Actor], QuerySet]:
    return lambda actor: of(CASE, actor)


def by(sort: str, **filters: object) -> tuple[str, ...]:
    return escalation.order_of(sort, IssueFilters(**filters))


LISTS = [
    Listed("issues", ISSUES_API, issues(), NEWEST, "escalation_newest"),
    Listed("at a stage", ISSUES_API, issues(stage="assessing"), NEWEST, "escalation_stage_received"),
    Listed(
        "at a stage of a team",
        ISSUES_API,
        issues(stage="assessing", team="enforcement"),
        NEWEST,
        "escalation_stage_team_received",
    ),
    *(
        Listed(f"by {name}", ISSUES_API, issues(**{name: value}), NEWEST, "escalation_newest")
        for name, value in (
            ("team", "enforcement"), ("impact", "high"), ("lead", "opss"), ("source", "media"),
            ("updated_since", clock.now()), ("q", words.FILLERS[3]), ("age", "week"), ("age", "older"),
        )
    ),
    *(
        Listed(f"{sort} {at}", at, issues(**filters), by(sort, **filters), index)
        for at in (ISSUES_API, ISSUES_PAGE)
        for sort, filters, index in (
            ("age", {}, "escalation_age"),
            ("age", {"team": "enforcement"}, "escalation_age"),
            ("age", {"stage": "assessing"}, "escalation_stage_received"),
            ("age", {"stage": "assessing", "team": "enforcement"}, "escalation_stage_team_received"),
            ("pressing", {"age": "older"}, "escalation_pressing"),
        )
    ),
    Listed("pressing", ISSUES_PAGE, issues(), by("pressing"), "escalation_pressing"),
    Listed("pressing, newest", ISSUES_PAGE, issues(), by("newest"), "escalation_newest"),
    Listed("pressing at a stage", ISSUES_PAGE, issues(stage="cam"), by("pressing"), "escalation_stage_pressing"),
    Listed(
        "pressing of a team",
        ISSUES_PAGE,
        issues(stage="cam", team="science"),
        by("pressing"),
        "escalation_team_stage",
    ),
    Listed("impact assessments", PARTS, part(escalation.impact_assessments), MADE, "incidents_impact_newest"),
    Listed("NNC assessments", PARTS, part(escalation.nnc_assessments), MADE, "incidents_nnc_newest"),
    Listed("evidence", PARTS, part(escalation.evidence), ("-added_at", "-id"), "incidents_evidence_newest"),
    Listed("commissions", PARTS, part(escalation.commissions), ASKED, "incidents_commission_newest"),
    Listed("decisions", PARTS, part(escalation.decisions), MADE, "incidents_decision_issue"),
    Listed("challenges", PARTS, part(escalation.closure_challenges), ASKED, "incidents_challenge_newest"),
    Listed("help", PARTS, part(escalation.help_requests), ASKED, "incidents_help_newest"),
    Listed("reopening", PARTS, part(escalation.reopen_requests), ASKED, "incidents_reopen_ask_newest"),
    *(
        Listed("history", at, lambda actor: presenters.history_in(CASE, actor), ("-position",), "audit_auditevent_one")
        for at in HISTORIES
    ),
    *(
        Listed("incidents", at, command.incidents_filtered, ("-declared_at", "-id"), "incidents_incident_newest")
        for at in ("command.api.views.IncidentListApi", "command.views.incidents.IncidentList")
    ),
    Listed(
        "situation reports",
        "command.api.sitreps.SitrepsApi",
        lambda actor: command.sitreps_filtered(actor, SitrepFilters()),
        ("-id",),
        "command_sitrep_pkey",
    ),
    *(
        Listed(name, at, inbox(unread_only=name == "unread"), notices.ORDER, f"notify_notice_{name}")
        for at in ("notify.selectors.notices.inbox", "notify.api.views.InboxApi")
        for name in ("inbox", "unread")
    ),
    *(
        Listed("agenda", at, lambda actor: agenda.marks_waiting(actor, "cam"), agenda.WAITING, "agendamark_waiting")
        for at in ("escalation.api.agenda.AgendaApi", "escalation.views.agenda.Agenda")
    ),
]  # fmt: skip
# As long as an incident has groups and events of its rhythm: a handful, each list by the incident's own index.
SHORT = {
    "command.api.views.GroupsApi",
    "command.api.rhythm.RhythmApi",
    "command.api.rhythm.OccurrencesApi",
    "rest.views.GuardedApi",
}


@pytest.fixture(scope="module")
def reader(django_db_setup, django_db_blocker) -> Iterator[Actor]:
    """A reader of a few hundred cases; whatever the module does is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        dataset.grow_to(ROWS)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")
        yield accounts.actor_for(User.objects.get(email=demonstration.email_of("imt.duty")))
        transaction.set_rollback(True)


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: f"{listed.at}: {listed.name}")
def test_list_is_read_from_its_index_in_its_order(listed, reader):
    plan = listed.rows(reader).order_by(*listed.order)[:51].explain()
    assert listed.index in plan, plan
    assert "Sort" not in plan, plan


def test_words_and_parts_are_looked_up_and_not_looked_for(reader):
    plan = SearchText.objects.filter(incidents._speaks_of("battery"))[:2001].explain()
    assert "incidents_searchtext_words" in plan, plan
    assert "incidents_searchtext_said" in plan, plan


def test_titles_and_reports_are_looked_up_by_word(reader):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")
    assert "incidents_incident_words" in incidents.incidents_found("battery", reader).explain()
    said = SitrepSection.objects.annotate(said=SearchVector("body", config=WORDS))
    assert "command_sitrepsection_words" in said.filter(said=incidents.words_of("battery")).explain()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = on")


def test_queues_of_home_are_counted_by_tallies_and_their_heads_read_in_order(reader):
    plan = queues.places_worked(reader).explain()
    assert "on escalation_stagetally" in plan, plan
    for index in ("escalation_team_stage", "escalation_stage_team_received"):
        head = plan[plan.rindex("Limit", 0, plan.index(index)) : plan.index(index)]
        assert "Sort" not in head, plan


def test_cases_besides_those_that_are_tallied_are_found_by_who_is_on_them_or_leads_them(reader):
    plan = queues.climbs_besides(reader).explain()
    assert "Seq Scan" not in plan, plan
    for index in ("escalation_restricted", "conference_chair_id"):
        assert index in plan, plan


def test_every_list_stands_in_the_table():
    assert set(_paging()) == {listed.at for listed in LISTS} | SHORT


def _paging() -> Iterator[str]:
    """Every class or function of the product that pages something."""
    for module in modules():
        for node in ast.parse(text_of(module)).body:
            calls = (call.func for call in ast.walk(node) if isinstance(call, ast.Call))
            if any(isinstance(called, ast.Attribute) and _pages(called) for called in calls):
                yield f"{'.'.join(module.with_suffix('').parts)}.{getattr(node, 'name', '')}"


def _pages(called: ast.Attribute) -> bool:
    return called.attr == "paged" or (called.attr == "page" and getattr(called.value, "id", "") == "keyset")
