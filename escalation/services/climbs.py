"""Opening a climb, and keeping its sort keys and the version of the issue in step with what happens."""

from __future__ import annotations

from datetime import datetime
from functools import cache, lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Mod

from escalation import rules
from escalation.enums import ENDS, Stage
from escalation.models import Escalation
from incidents import selectors as incidents
from incidents.enums import ImpactLevel
from incidents.models import Issue
from kernel import clock
from kernel.actors import Actor
from kernel.prepared import MOST_READERS, Given, Prepared


def climb_open(*, issue: Issue, at: datetime, stage: Stage = Stage.REPORTED, number: int = 1) -> Escalation:
    """Start a climb for an issue that has no current one. The caller writes the event and tells IMT (IMP-2.2)."""
    climb = Escalation(
        issue=issue,
        number=number,
        stage=stage,
        opened_at=at,
        entered_stage_at=at,
        handling_team=issue.functional_team,
        sensitivity=issue.sensitivity,
        source=issue.source,
        danger_now=bool(issue.danger_now),
        received_at=issue.received_at,
        last_event_at=at,
        pressing=0,
    )
    sort_keys_set(climb, issue)
    climb.save()
    return climb


def sort_keys_set(climb: Escalation, issue: Issue) -> None:
    """Work out what lists sort and filter by from the issue and the stage. The caller saves the climb."""
    climb.handling_team = issue.functional_team
    climb.sensitivity = issue.sensitivity
    climb.source = issue.source
    climb.danger_now = bool(issue.danger_now)
    climb.impact_rank = rules.RANK[ImpactLevel(issue.impact_level)] if issue.impact_level else 0
    climb.due_at = rules.due_at(
        stage=climb.stage,
        entered=climb.entered_stage_at,
        rank=climb.impact_rank,
        danger_now=climb.danger_now,
        targets=settings.STAGE_TARGETS,
    )
    climb.pressing = rules.pressing_key(
        stage=climb.stage,
        danger_now=climb.danger_now,
        rank=climb.impact_rank,
        due=climb.due_at,
        opened=climb.opened_at,
        at=clock.now(),
    )
    waking_set(climb)


def waking_times(climb: Escalation) -> tuple[datetime | None, datetime | None]:
    """When the clock tells that the target has passed, and when that a review falls due; never once a case has ended.

    None for what does not come, or was told already.
    """
    if climb.stage in ENDS:
        return None, None
    return (
        rules.target_wakes_at(due=climb.due_at, visit=climb.visit, told_visit=climb.target_told_visit),
        rules.review_wakes_at(review_on=climb.review_on, told=climb.review_told),
    )


def waking_set(climb: Escalation) -> None:
    """Put down when the clock next tells somebody of the case. The caller saves the climb."""
    climb.wakes_at = min((moment for moment in waking_times(climb) if moment), default=None)


def touch(climb: Escalation, issue: Issue, at: datetime) -> None:
    """Save a climb and its issue after a change: the version rises, sort keys and times follow."""
    issue.version += 1
    issue.updated_at = at
    issue.save()
    sort_keys_set(climb, issue)
    climb.last_event_at = at
    climb.save()


def issue_changed(issue: Issue, at: datetime) -> None:
    """Something of the issue's record changed in a lower room: raise the version and keep the sort keys in step."""
    climb = Escalation.objects.select_for_update(no_key=True).get(issue=issue, is_current=True)
    touch(climb, issue, at)


@transaction.atomic
def overdue_unassessed_raise() -> int:
    """Let open cases whose target has passed without an assessment press as if they were high; how many did.

    The key is stored, so the clock has to turn it: one statement, and a second run changes nothing. A case that
    somebody works on at this moment is left for the next tick.
    """
    late = Escalation.objects.filter(is_current=True, ended_at=None, impact_rank=0, due_at__lt=clock.now())
    unraised = late.annotate(weight=Mod("pressing", Value(rules.DANGER_STEP))).filter(weight__gte=rules.UNASSESSED)
    free = unraised.select_for_update(no_key=True, skip_locked=True).values("pk")
    return Escalation.objects.filter(pk__in=free).update(pressing=F("pressing") - rules.RAISED_TO_HIGH)


def tallies_fold() -> None:
    """Make one row of the tallies of a kind, so that they stay few. The sums that readers see do not change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT escalation_tallies_fold()")


def climb_lock(reference: str, by: Actor) -> Escalation:
    """Lock the issue, then its current climb, and answer the climb as it now stands: reopening may have begun one.

    Raises NotFound also where `by` may not know of the issue.
    """
    found = _issue_to_lock(by).ask(reference=reference)
    if not found:
        raise incidents.no_such_issue(reference)
    # What hangs on the issue is read by a second statement: the first began before it had to wait for its lock.
    [climb] = _climb_to_lock().ask(issue=found[0].pk)
    return climb


@lru_cache(maxsize=MOST_READERS)
def _issue_to_lock(by: Actor) -> Prepared[Issue]:
    visible = incidents.issues_visible_to(by).filter(reference=Given("reference"))
    return Prepared(visible.select_for_update(no_key=True, of=("self",)))


@cache
def _climb_to_lock() -> Prepared[Escalation]:
    climbs = Escalation.objects.filter(issue=Given("issue"), is_current=True).select_related("issue__incident")
    return Prepared(climbs.select_for_update(no_key=True, of=("self",)))
