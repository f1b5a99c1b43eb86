"""How many cases stand where, so that no page counts them. The database keeps it in step: a trigger forgets no door."""

from __future__ import annotations

import pgtrigger
from django.db import models

from accounts.enums import Team
from escalation.enums import Stage
from incidents.enums import Sensitivity
from kernel.models import known

# What of a climb the tallies count by; its `handling_team` is their `team`.
COUNTED_BY = ("stage", "handling_team", "sensitivity")


class StageTally(models.Model):
    """So many current climbs of this stage, team and sensitivity came (`count` above nought) or left (below).

    Every change adds rows and alters none, so that no move waits for another; their sum is how many there are. The tick
    `escalation.fold_tallies` makes one row of those of a kind. Written by the triggers of the climbs and by the two
    functions of the migration alone.
    """

    stage = models.CharField(max_length=30, choices=Stage)
    team = models.CharField(max_length=30, choices=Team)
    sensitivity = models.CharField(max_length=20, choices=Sensitivity)
    count = models.IntegerField()

    class Meta:
        constraints = [known("stage", Stage), known("team", Team), known("sensitivity", Sensitivity)]

    def __str__(self) -> str:
        return f"{self.count:+} at {self.stage}"


_INTO = "INSERT INTO escalation_stagetally (stage, team, sensitivity, count)"


def _one(row: str, count: int) -> str:
    values = ", ".join(f"{row}.{column}" for column in COUNTED_BY)
    return f"IF {row}.is_current THEN {_INTO} VALUES ({values}, {count}); END IF;"


def tallied() -> list[pgtrigger.Trigger]:
    """The triggers of the climbs that keep the tallies. Rows that come in together are counted together."""
    columns = ", ".join(COUNTED_BY)
    return [
        pgtrigger.Trigger(
            name="tally_added",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="added"),
            func=f"{_INTO} SELECT {columns}, count(*) FROM added WHERE is_current GROUP BY {columns}; RETURN NULL;",  # noqa: S608 (columns named above)
        ),
        pgtrigger.Trigger(
            name="tally_changed",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(*COUNTED_BY, "is_current"),
            func=f"{_one('OLD', -1)} {_one('NEW', 1)} RETURN NULL;",
        ),
        pgtrigger.Trigger(
            name="tally_removed",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            func=f"{_one('OLD', -1)} RETURN NULL;",
        ),
    ]
