"""Who may make which move of the ladder, by post (`Authority` of `moves.machine`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from accounts.enums import (
    DD_OR_HIGHER_POSTS,
    IMT_DUTY_POST,
    IMT_HEAD_POST,
    IMT_POSTS,
    OPERATOR,
    TTG_CHAIR_POST,
    Team,
    ftl_post,
)
from escalation.enums import FUNCTIONAL_STAGES, IN_A_RESPONSE, Stage
from incidents.enums import AgendaBody
from moves.machine import Authority, Holders

if TYPE_CHECKING:
    from escalation.rules import IssueFacts
    from kernel.actors import Actor


def posts(title: str, *codes: str) -> Authority:
    return Authority(title, lambda facts: Holders(posts=codes))


def person(title: str, user_id: Callable[[IssueFacts], int | None]) -> Authority:
    """One person of the case, or the deputy who acts as the senior civil service post that this person holds."""

    def holders(facts: IssueFacts) -> Holders:
        found = user_id(facts)
        if found is None:
            return Holders()
        stands_in = facts.by.user_id if found in facts.acting_for else None
        return Holders(people=frozenset({found, stands_in or found}))

    return Authority(title, holders)


def _may_declare(by: Actor) -> bool:
    """Declaring has nobody to consult first, so a deputy below the senior civil service leaves it to the chair."""
    return by.is_scs or not by.as_deputy


imt = posts("the Incident Management Team", *IMT_POSTS)
cam_chair = posts("the chair of CAM", *IMT_POSTS)
imt_head = posts("the Head of IMT", IMT_HEAD_POST)
ttg_chair = posts("the chair of TTG", TTG_CHAIR_POST)
dd_or_higher = posts("a Deputy Director or higher", *DD_OR_HIGHER_POSTS)
handling_ftl = Authority("the handling team's leader", lambda facts: Holders(posts=(facts.ftl_post,)))
handling_dd = Authority(
    "the Deputy Director of the handling team's function",
    lambda facts: Holders(posts=(f"dd.{facts.team_function}",)),
)
scs_lead = person("the SCS lead of CAM-EP", lambda facts: facts.scs_lead)
conference_chair = person("the chair of the case conference", lambda facts: facts.conference_chair)
declaring_chair = person(
    "the chair of the case conference, who must be a Deputy Director or higher",
    lambda facts: facts.conference_chair if facts.chair_is_dd_or_higher and _may_declare(facts.by) else None,
)

# Who decides at a stage, where one authority answers for it (IMP-2.3, 2.9, 2.12, 2.13, 2.14).
DECIDERS: dict[str, Authority] = {
    **dict.fromkeys(FUNCTIONAL_STAGES, handling_ftl),
    Stage.REFERRED: handling_dd,
    Stage.CAM: cam_chair,
    Stage.TTG: ttg_chair,
    Stage.CAM_EP: scs_lead,
    Stage.CASE_CONFERENCE: conference_chair,
}

# Who answers for a case that rests until the day on which it is looked at again (IMP-2.3, 2.9, 2.10).
KEEPERS: dict[str, Authority] = {
    Stage.HANDLED_IN_FUNCTION: handling_ftl,
    **dict.fromkeys((Stage.MONITORING, Stage.LED_ELSEWHERE, Stage.COORDINATED), imt | handling_ftl),
}

people_on_the_case = Authority("people on the case", lambda facts: Holders(people=facts.people))
handling_team = Authority(
    "the handling team",
    lambda facts: Holders(
        posts=(facts.ftl_post, f"officer.{facts.team}", *(IMT_POSTS if facts.ftl_post == IMT_HEAD_POST else ()))
    ),
)

_FROM_CAM_UP: dict[str, Authority] = {
    Stage.CAM: imt,
    Stage.TTG: imt | ttg_chair,
    Stage.CAM_EP: imt | scs_lead,
    Stage.CASE_CONFERENCE: imt | conference_chair,
    **dict.fromkeys((Stage.MONITORING, Stage.LED_ELSEWHERE, Stage.COORDINATED), imt | handling_team),
    # The climb has ended there, the danger may not have: whoever knows better must be able to say so.
    **dict.fromkeys(IN_A_RESPONSE, imt | handling_team),
}
_NNC: dict[str, Authority] = {
    **dict.fromkeys(FUNCTIONAL_STAGES, handling_team),
    Stage.CAM: imt,
    Stage.TTG: ttg_chair,
}
# Where an NNC assessment stands and moves wait for it, so that a senior may make it in the place of who decides there.
NNC_STANDS = (Stage.CAM, Stage.TTG)


def assessors_at(stage: str) -> Authority:
    """Up to `referred` the handling team; from CAM up IMT, whoever leads there and people on the case."""
    above = _FROM_CAM_UP.get(stage)
    return above | people_on_the_case if above else handling_team


def impact_assessors(facts: IssueFacts) -> Authority:
    """Who may assess the impact of the case where it stands."""
    return assessors_at(facts.stage)


def nnc_assessors(facts: IssueFacts) -> Authority | None:
    """Who may assess NNC at this stage; None where it is not assessed."""
    return _NNC.get(facts.stage)


URGENT_CONVENER_POSTS = (IMT_HEAD_POST, IMT_DUTY_POST, *DD_OR_HIGHER_POSTS)
urgent_conveners = posts(
    "the Head of IMT, the duty deputy, or a Deputy Director or higher",
    *URGENT_CONVENER_POSTS,
)
# Whoever convenes chairs, and whoever chairs declares: so both at once is for those who may chair and declare.
declarers = Authority(
    "a Deputy Director or higher, in a post that they hold",
    lambda facts: Holders(posts=() if facts.by.as_deputy else DD_OR_HIGHER_POSTS),
)


def declarers_at(stage: str) -> Authority:
    """Who may go from this stage to a declared incident in one step (IMP-2.3, 2.16, 2.20)."""
    return declaring_chair if stage == Stage.CASE_CONFERENCE else declarers


def _live_tcg_chairs(facts: IssueFacts) -> Holders:
    """They, or the deputy who acts as the senior civil service post that one of them holds."""
    chairs = frozenset(chair for chairs in facts.tcg_chairs.values() for chair in chairs)
    stands_in = facts.by.user_id if chairs & facts.acting_for else None
    return Holders(people=chairs if stands_in is None else chairs | {stands_in})


live_tcg_chairs = Authority("the TCG chair of a live incident", _live_tcg_chairs)
merger = person("whoever merged it", lambda facts: facts.merged_by)
editors = handling_team | imt | people_on_the_case


def commissioners(stage: str) -> Authority:
    """Whoever decides at the stage, and IMT."""
    decider = DECIDERS.get(stage)
    return decider | imt if decider else imt


def settlers(stage: str, team: str) -> Authority:
    """The team that was asked, and whoever may ask at this stage."""
    asked = posts(f"the {Team(team).label} team", ftl_post(team), f"officer.{team}")
    return asked | commissioners(stage)


def takers_up(body: str) -> Authority:
    """Who says what came of what waited for a meeting: IMT, which keeps both agendas; for TTG its chair too."""
    return imt | ttg_chair if body == AgendaBody.TTG else imt


# A viewer writes nothing but a report, and the operator knows of no case.
WRITES_NOTHING = ("viewer", OPERATOR)
anyone_in_post = Authority(
    "anyone with a post, but for viewers",
    lambda facts: Holders(people=frozenset() if facts.by.post in WRITES_NOTHING else frozenset({facts.by.user_id})),
)
help_answerers = imt | handling_team


def the_named(user_id: int) -> Authority:
    """Whoever a decision names: nobody else can say what they were told."""
    return Authority("the person named in the decision", lambda facts: Holders(people=frozenset({user_id})))


def reviewer(user_id: int | None) -> Authority:
    """Whoever was named to look at a closure afresh; no deputy acts for them, who may be the one that closed it."""
    named = frozenset() if user_id is None else frozenset({user_id})
    return Authority("the reviewer whom IMT names", lambda facts: Holders(people=named))
