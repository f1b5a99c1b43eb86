"""The queues that somebody works: counted by tallies, however many cases wait, and the few at the head of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from heapq import nsmallest
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from desk.selectors import whose
from escalation import authority
from escalation import selectors as escalation
from escalation.enums import OPEN_STAGES, Stage
from escalation.models import Escalation
from escalation.selectors import agenda, tallies
from incidents import selectors as incidents
from incidents.enums import AgendaBody
from incidents.models import IssuePerson
from kernel import clock
from kernel.actors import Actor
from kernel.prepared import MOST_READERS, Given, OneOf, Prepared

MOST_PRESSING = 3
# What waits for a meeting is read, not tallied: what is this many or more is shown as 'or more'.
COUNTED = 100


@dataclass(frozen=True)
class Pressing:
    """One case at the head of a queue."""

    reference: str
    title: str
    due_at: datetime | None
    danger_now: bool

    @property
    def is_overdue(self) -> bool:
        return self.due_at is not None and self.due_at < clock.now()


@dataclass(frozen=True)
class Queue:
    """The cases at one stage that the reader may work on, or what waits for a meeting; `is_capped`: more may be."""

    stage: str
    label: str
    count: int
    oldest_at: datetime
    pressing: list[Pressing]
    url: str
    is_capped: bool = False


@dataclass
class _Found:
    """What is known of one queue so far: how many, the sort keys of those at its head, when they came in."""

    count: int = 0
    heads: list[tuple[int, int]] = field(default_factory=list)
    received: list[datetime] = field(default_factory=list)

    def first(self) -> list[int]:
        return [pk for _, pk in nsmallest(MOST_PRESSING, self.heads)]


def queues(actor: Actor) -> list[Queue]:
    """Each agenda that the person chairs and each stage where they have work: as many queries however much it is."""
    by_stage: dict[str, _Found] = {}
    for place in _places(actor).ask():
        found = by_stage.setdefault(place["stage"], _Found())
        found.count += place["number"]
        found.heads += map(tuple, place["first"])
        found.received.append(place["oldest_at"])
    for stage, pressing, pk, received_at in _besides(actor).ask():
        found = by_stage.setdefault(stage, _Found())
        found.count += 1
        found.heads.append((pressing, pk))
        found.received.append(received_at)
    shown = _shown(actor, [pk for found in by_stage.values() for pk in found.first()])
    return [*_agendas(actor), *(_queue(stage, by_stage[stage], shown) for stage in OPEN_STAGES if stage in by_stage)]


@lru_cache(maxsize=MOST_READERS)
def _places(actor: Actor) -> Prepared[dict[str, Any]]:
    return Prepared(places_worked(actor))


@lru_cache(maxsize=MOST_READERS)
def _besides(actor: Actor) -> Prepared[tuple[Any, ...]]:
    return Prepared(climbs_besides(actor))


def places_worked(actor: Actor) -> QuerySet:
    """Stage and team by stage and team: what the actor's post works and reads."""
    worked = whose.teams_by_stage(actor.post, OPEN_STAGES, whose.working)
    return tallies.places_read(actor, whose.standing(worked, team="team"), most=MOST_PRESSING)


def climbs_besides(actor: Actor) -> QuerySet:
    """What the actor works on and the tallies of their post leave out; few, so they are read one by one.

    That is what their post works and does not read where they are on the case, and what they lead or chair.
    """
    worked = whose.teams_by_stage(actor.post, OPEN_STAGES, whose.working)
    unread = Q(pk__in=[])
    for sensitivity, read in incidents.teams_read(actor).items():
        hidden = {stage: [team for team in teams if team not in read] for stage, teams in worked.items()}
        unread |= Q(sensitivity=sensitivity) & whose.standing(hidden)
    mine = Exists(IssuePerson.objects.filter(issue=OuterRef("issue"), user=actor.user_id))
    tallied = whose.standing(worked) & incidents.readable_by_post(actor, team="handling_team")
    led = whose.in_person(actor, OPEN_STAGES, whose.working)
    columns = ("stage", "pressing", "id", "received_at")
    named = Escalation.objects.filter(unread, mine, is_current=True)
    return named.values_list(*columns).union(
        escalation.climbs_visible_to(actor).filter(led).exclude(tallied).values_list(*columns)
    )


def _shown(actor: Actor, climbs: Iterable[int]) -> dict[int, Pressing]:
    """What is told of these climbs, by climb: asked of the one rule, as wherever a case is shown."""
    told = _lines(actor).ask(climbs=list(climbs))
    return {pk: Pressing(reference, title, due_at, danger) for pk, reference, title, due_at, danger in told}


@lru_cache(maxsize=MOST_READERS)
def _lines(actor: Actor) -> Prepared[tuple[Any, ...]]:
    rows = escalation.climbs_visible_to(actor).filter(OneOf("pk", Given("climbs")))
    return Prepared(rows.values_list("pk", "issue__reference", "issue__title", "due_at", "danger_now"))


def _queue(stage: Stage, found: _Found, shown: dict[int, Pressing]) -> Queue:
    return Queue(
        stage=stage.value,
        label=stage.label,
        count=found.count,
        oldest_at=min(found.received),
        pressing=[shown[pk] for pk in found.first() if pk in shown],
        url=f"{reverse('escalation:issue-list')}?stage={stage.value}",
    )


def _agendas(actor: Actor) -> list[Queue]:
    """What waits for the next meeting of the body whose chair this is; no query for anybody else."""
    chairs = {AgendaBody.CAM: authority.cam_chair, AgendaBody.TTG: authority.ttg_chair}
    bodies = [body for body, chair in chairs.items() if chair.holders(None).include(actor)]
    waiting = {body: list(agenda.marks_waiting(actor, body).order_by(*agenda.WAITING)[:COUNTED]) for body in bodies}
    return [_meeting(body, marks) for body, marks in waiting.items() if marks]


def _meeting(body: AgendaBody, marks: list[Any]) -> Queue:
    heads = [Pressing(mark.issue.reference, mark.issue.title, None, mark.issue.danger_now) for mark in marks]
    return Queue(
        stage=body.value,
        label=f"For the next {body.label}",
        count=len(marks),
        oldest_at=marks[0].raised_at,
        pressing=heads[:MOST_PRESSING],
        url=f"{reverse('escalation:agenda')}?body={body.value}",
        is_capped=len(marks) >= COUNTED,
    )
