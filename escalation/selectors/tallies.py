"""How many cases stand where, and at the head of each place, without reading the cases."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import JSONArray

from escalation.models import Escalation, StageTally
from incidents import selectors as incidents
from kernel.actors import Actor


def places_read(actor: Actor, where: Q, *, most: int) -> QuerySet:
    """Each stage and team among `where` (tallies) with cases that the actor's post lets them read; one query.

    A row has `stage`, `team`, the `number` of cases, the `[pressing, id]` of the `most` most pressing climbs as `first`
    and when the oldest was received as `oldest_at`. Cases that the actor reads as a person on them are not counted.
    """
    here = Escalation.objects.filter(
        incidents.readable_by_post(actor, team="handling_team"),
        is_current=True,
        stage=OuterRef("stage"),
        handling_team=OuterRef("team"),
    )
    first = here.order_by("pressing", "id").values(key=JSONArray("pressing", "id"))[:most]
    oldest = here.order_by("received_at", "id").values("received_at")[:1]
    tallies = StageTally.objects.filter(where, incidents.readable_by_post(actor, team="team"))
    places = tallies.values("stage", "team").annotate(number=Sum("count")).filter(number__gt=0)
    # Annotated by themselves, so that Django does not group by them and each place is looked up once.
    return places.annotate(first=ArraySubquery(first), oldest_at=Subquery(oldest))
