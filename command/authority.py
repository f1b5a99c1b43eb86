"""Who may do what with an incident, its groups, rhythm and reports, by post and by office in the incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.enums import IMT_DUTY_POST, IMT_HEAD_POST, IMT_POSTS
from kernel.actors import Actor
from moves.machine import Authority, Holders

if TYPE_CHECKING:
    from command.models import Group
    from command.rules import IncidentFacts, Offices, SitrepFacts

APPROVING_POSTS = (IMT_HEAD_POST, IMT_DUTY_POST)


def imt_and(people: frozenset[int], posts: tuple[str, ...] = ()) -> Holders:
    """The Incident Management Team and these people: a group's chair for the groups, its secretary for the reports.

    `posts` are the plan's posts under which those people chair: a deputy who acts as such a post acts as the chair.
    """
    return Holders(posts=(*IMT_POSTS, *posts), people=people)


def may_read_drafts(actor: Actor) -> bool:
    """A viewer reads what was issued, and nothing of what is being written; others who may know of the case may."""
    return actor.post != "viewer"


def _scg_chair(offices: Offices) -> Holders:
    people = frozenset() if offices.scg_chair is None else frozenset({offices.scg_chair})
    return Holders(posts=offices.scg_chair_posts, people=people)


imt = Authority("the Incident Management Team", lambda facts: imt_and(frozenset()))
stander_up = Authority(
    "the Incident Management Team or the chair of the SCG or a TCG",
    lambda offices: imt_and(offices.chairs, offices.chair_posts),
)
sitrep_opener = Authority(
    "the Incident Management Team or a group's secretary", lambda offices: imt_and(offices.secretaries)
)
scg_chair = Authority("the chair of the SCG", _scg_chair)
imt_head = Authority("the Head of IMT", lambda facts: Holders(posts=(IMT_HEAD_POST,)))
imt_lead = Authority("the lead of the Incident Management Team", lambda facts: Holders(posts=APPROVING_POSTS))


def _tcg_chairs(facts: IncidentFacts) -> Holders:
    return Holders(posts=facts.tcg_chair_posts, people=facts.tcg_chairs)


def _group_chair(group: Group) -> Holders:
    return imt_and(frozenset({group.chair_id}), group.chairing_post)


tcg_chair = Authority("the chair of the TCG", _tcg_chairs)
either_party = imt | tcg_chair


def _awaited(facts: IncidentFacts) -> Holders:
    """Both parties; a senior who is neither acts for the one that is still to agree (IMP-3.26)."""
    both = either_party.holders(facts)
    if both.include(facts.by):
        return both
    return Holders(tuple(facts.posts_awaited), both.people)


agreeing_party = Authority(either_party.title, _awaited)
stander_down = Authority("the Incident Management Team or the group's chair", _group_chair)


def _writers(facts: SitrepFacts) -> Holders:
    return imt_and(facts.authors | facts.secretaries)


def _approvers(facts: SitrepFacts) -> Holders:
    return Holders(posts=(*APPROVING_POSTS, *facts.chair_posts), people=facts.chairs)


writer = Authority("an author of the report, the Incident Management Team or a group's secretary", _writers)
approver = Authority("the Head of IMT, the IMT Duty Deputy or the chair of the SCG or a TCG", _approvers)
