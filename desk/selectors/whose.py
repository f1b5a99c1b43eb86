"""Whose cases are whose: who decides, who looks after what rests and who works where, asked of the ladder's table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q

from accounts.enums import FUNCTION_OF, Team, ftl_post
from escalation import authority, ladder
from kernel.actors import Actor
from moves.machine import Authority, Holders


@dataclass(frozen=True)
class _Place:
    """As much of a case's facts as the authorities of the ladder look at: where it stands and whose it is."""

    stage: str
    team: str
    scs_lead: int | None = None
    conference_chair: int | None = None
    people: frozenset[int] = frozenset()
    acting_for: frozenset[int] = frozenset()

    @property
    def ftl_post(self) -> str:
        return ftl_post(self.team)

    @property
    def team_function(self) -> str:
        return FUNCTION_OF[self.team]


Who = Callable[[Any], Holders]


def deciding(place: Any) -> Holders:
    """Who decides at a stage that one authority answers for."""
    return authority.DECIDERS[place.stage].holders(place)


def keeping(place: Any) -> Holders:
    """Who looks after a case that rests: whoever the clock tells when its review falls due."""
    return authority.KEEPERS[place.stage].holders(place)


def working(place: Any) -> Holders:
    """Whoever may end a case at a stage or assess it there works that queue."""
    return (_closers(place) | authority.impact_assessors(place)).holders(place)


def _closers(place: Any) -> Authority:
    return ladder.MOVES["close"].authority[place.stage]


@cache
def teams_by_stage(post: str, stages: tuple[str, ...], who: Who) -> Mapping[str, list[str]]:
    """At which of the stages a post is among the holders, by `who`, and for which teams' cases there."""
    return {str(stage): [team for team in Team.values if post in who(_Place(stage, team)).posts] for stage in stages}


def standing(teams: Mapping[str, list[str]], *, team: str = "handling_team") -> Q:
    """The condition on rows with a `stage` and a `team` that they stand at these stages with these teams."""
    found = Q(pk__in=[])
    for stage, named in teams.items():
        if len(named) == len(Team.values):
            found |= Q(stage=stage)
        elif named:
            found |= Q(stage=stage, **{f"{team}__in": named})
    return found


def in_person(actor: Actor, stages: Iterable[str], who: Who) -> Q:
    """The condition on climbs that the actor is among the holders as their lead or as their chair."""
    me = actor.user_id
    found = Q(pk__in=[])
    for stage in stages:
        if me in who(_Place(stage, Team.ENFORCEMENT, scs_lead=me)).people:
            found |= Q(stage=stage, scs_lead=me)
        if me in who(_Place(stage, Team.ENFORCEMENT, conference_chair=me)).people:
            found |= Q(stage=stage, conference_chair=me)
    return found


def climbs_of(actor: Actor, stages: tuple[str, ...], who: Who) -> Q:
    """The climbs at these stages whose holders, by `who`, include the actor: by post, as lead or as chair."""
    return standing(teams_by_stage(actor.post, stages, who)) | in_person(actor, stages, who)
