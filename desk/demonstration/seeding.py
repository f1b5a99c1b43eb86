"""The demonstration's cases, put on record in the order in which they came in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from accounts import demonstration as accounts
from command import services as rhythm
from desk.demonstration import past_responses, response
from desk.demonstration.buildings import BUILDINGS
from desk.demonstration.children import CHILDREN
from desk.demonstration.electrical import ELECTRICAL
from desk.demonstration.markets import MARKETS
from desk.demonstration.walk import Cast, Walk, emails_send, step_at
from incidents.models import Issue
from kernel import clock
from kernel.errors import NotAllowed

CASES = (*ELECTRICAL, *CHILDREN, *BUILDINGS, *MARKETS)


def seed() -> int:
    """Put accounts, cases and incidents on record, all or nothing; answers how many cases.

    Does nothing and answers 0 where there is any case already. Raises NotAllowed outside the demonstration.
    """
    if not settings.DEMONSTRATION:
        raise NotAllowed("The cases of the demonstration are invented: they never stand beside real ones.")
    with transaction.atomic():
        accounts.seed()
        if Issue.objects.exists():
            return 0
        now, cast = clock.now(), Cast()
        walks = [Walk(case, cast, now) for case in CASES]
        stories: list[tuple[datetime, Callable[[], object]]] = [(walk.reported_at, walk.go) for walk in walks]
        responses = (*past_responses.STORIES, (response.began, response.live_incident))
        stories += [(began(now), partial(tell, cast, now)) for began, tell in responses]
        for _, tell in sorted(stories, key=lambda story: story[0]):
            tell()
        with step_at(now):
            rhythm.occurrences_make_due()
        emails_send(now)
        return len(stories)
