"""What the tallies say, and what they should say."""

from __future__ import annotations

from django.db.models import Count, Sum

from escalation.models import Escalation, StageTally


def tallied() -> dict[tuple[str, ...], int]:
    """How many current climbs the tallies tell of, by stage, team and sensitivity."""
    rows = StageTally.objects.values_list("stage", "team", "sensitivity").annotate(Sum("count")).order_by()
    return {tuple(key): number for *key, number in rows if number}


def counted() -> dict[tuple[str, ...], int]:
    """The same, counted afresh."""
    current = Escalation.objects.filter(is_current=True)
    rows = current.values_list("stage", "handling_team", "sensitivity").annotate(Count("pk")).order_by()
    return {tuple(key): number for *key, number in rows}
