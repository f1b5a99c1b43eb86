"""Stage by move by post: by right, in the place of a post with a reason, or not at all.

What is expected is a table written by hand (`tests.factories.authority`). Facts are those of a case of the Enforcement
team whose chairs and leads are other people; every stage, move and post is tried.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from accounts.models import Post, PostHolding
from desk.states.samples import ISSUE
from escalation import services
from escalation.enums import Stage
from escalation.models import Escalation
from incidents.models import Issue
from kernel.actors import Actor
from moves import mover
from moves.mover import Offer
from tests.factories.accounts import LONG_AGO, person
from tests.factories.authority import BY_RIGHT, NO, NOT_FROM_HERE, WITH_REASON, YES, expected


def answer(offer: Offer | None) -> str:
    if offer is None:
        return NOT_FROM_HERE
    if any(blocker.code == "not_your_move" for blocker in offer.blocked_by):
        return NO
    owes = any(need["code"] == "acting_reason_missing" for need in offer.needs)
    assert bool(offer.acting_for) == owes, "whoever stands in owes a reason, and nobody else does"
    return WITH_REASON if owes else YES


def offered(stage: str, post: Post) -> dict[str, Offer]:
    """What is offered to a holder of the post who is nobody on the case."""
    by = Actor(user_id=900, email="", name="", post=post.code, team=post.team, function=post.function, scs=post.scs)
    facts = replace(ISSUE, stage=stage, by=by)
    climb = Escalation(stage=stage, merged_from="ttg", issue=Issue())
    moves = mover.offers(replace(services.ISSUE_MACHINE, facts=lambda climb, by: facts), climb, by)
    return {offer.name: offer for offer in moves} | services.office_offers(climb, facts)


@pytest.mark.django_db
@pytest.mark.parametrize("covered", [True, False], ids=["every post held", "no post held"])
def test_every_stage_move_and_post_is_answered_as_the_ladder_says(covered, record_property):
    posts = list(Post.objects.all())
    if covered:
        everybody = person()
        PostHolding.objects.bulk_create(PostHolding(user=everybody, post=post, starts_on=LONG_AGO) for post in posts)
    unexpected, tried = [], 0
    for stage, post in product(Stage.values, posts):
        offers = offered(stage, post)
        assert offers.keys() <= BY_RIGHT.keys()
        for name in BY_RIGHT:
            tried += 1
            want, got = expected(stage, name, post.code, covered=covered), answer(offers.get(name))
            if want != got:
                unexpected.append((stage, name, post.code, want, got))
    record_property("tried", f"{tried} triples of stage, move and post: {len(unexpected)} unexpected")
    assert unexpected == []
    assert tried == len(Stage) * len(BY_RIGHT) * len(posts)
