"""Whose time has come: cases that passed their target or whose review falls due, and commissions that are overdue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, QuerySet

from accounts import selectors as accounts
from accounts.enums import IMT_HEAD_POST, IMT_POSTS, ftl_post
from accounts.models import User
from escalation import authority
from escalation.models import Escalation
from escalation.rules import IssueFacts, at_least_high
from incidents import selectors as incidents
from incidents.enums import CommissionStatus, Sensitivity
from incidents.models import Commission
from kernel.calendar import OPENING
from kernel.clock import LONDON
from moves.machine import Authority, Holders
from notify.hooks import Due


def climbs_to_wake(now: datetime) -> QuerySet[Escalation]:
    """The climbs whose time has come, longest waiting first."""
    return Escalation.objects.filter(is_current=True, wakes_at__lte=now).order_by("wakes_at", "id")


def commissions_to_wake(now: datetime) -> QuerySet[Commission]:
    """The commissions that are overdue and of which nobody was told, longest waiting first."""
    return Commission.objects.filter(
        status=CommissionStatus.ASKED, overdue_told_at=None, due__isnull=False, due__lte=last_day_overdue(now)
    ).order_by("due", "id")


def cases_unwoken(now: datetime) -> Due:
    """For the watcher: what `climbs_to_wake` finds, and since when the oldest waits."""
    found = climbs_to_wake(now).order_by().aggregate(count=Count("pk"), oldest_at=Min("wakes_at"))
    return Due(found["count"], found["oldest_at"], "Cases past their target or their review, nobody told")


def commissions_unwoken(now: datetime) -> Due:
    """For the watcher: what `commissions_to_wake` finds, and since when the oldest should have been told of."""
    found = commissions_to_wake(now).order_by().aggregate(count=Count("pk"), oldest=Min("due"))
    return Due(found["count"], _morning_after(found["oldest"]), "Overdue commissions, nobody told")


def due_next_at() -> datetime | None:
    """When the next case or commission is to be told of; None where nothing waits."""
    case = Escalation.objects.filter(is_current=True, wakes_at__isnull=False).aggregate(at=Min("wakes_at"))["at"]
    owed = Commission.objects.filter(status=CommissionStatus.ASKED, overdue_told_at=None, due__isnull=False)
    moments = [case, _morning_after(owed.aggregate(due=Min("due"))["due"])]
    return min((moment for moment in moments if moment), default=None)


def _morning_after(due: date | None) -> datetime | None:
    return datetime.combine(due + timedelta(days=1), OPENING, LONDON) if due else None


def last_day_overdue(now: datetime) -> date:
    """The last day whose commissions count as overdue: a day's are told of at 09:00 in London on the day after."""
    local = now.astimezone(LONDON)
    return local.date() - timedelta(days=1 if local.time() >= OPENING else 2)


def told_of_target(facts: IssueFacts) -> list[User]:
    """Whom to tell that a case has passed its target: who decides there and the team's leader.

    The Head of IMT too at high or above, or while somebody could be hurt.
    """
    also = (IMT_HEAD_POST,) if is_grave(facts) else ()
    found = _holders(authority.DECIDERS.get(facts.stage), facts, facts.ftl_post, *also)
    return _who_may_know(found, facts.reference, facts.sensitivity)


def told_of_review(facts: IssueFacts) -> list[User]:
    """Whom to tell that the review of a case falls due: whoever answers for it where it rests."""
    return _who_may_know(_holders(authority.KEEPERS.get(facts.stage), facts), facts.reference, facts.sensitivity)


def told_of_overdue(commission: Commission) -> list[User]:
    """Whom to tell that a commission is overdue: the leader of the team that was asked, and whoever asked."""
    found = accounts.holders_of(ftl_post(commission.team))
    if commission.asked_by:
        found.append(commission.asked_by)
    return _who_may_know(found, commission.issue.reference, commission.issue.sensitivity)


def is_grave(facts: IssueFacts) -> bool:
    """Assessed as high or critical, or somebody could be hurt now."""
    return bool(facts.danger_now) or at_least_high(facts)


def _holders(who: Authority | None, facts: IssueFacts, *also: str) -> list[User]:
    holders = who.holders(facts) if who else Holders()
    return [
        *accounts.holders_of(*holders.posts, *also),
        *User.objects.filter(pk__in=holders.people, is_active=True),
    ]


def _who_may_know(people: Iterable[User], reference: str, sensitivity: str) -> list[User]:
    """Each once, but those from whom the case is hidden; IMT where nobody is left, so that no time passes unheard."""
    return _seeing(people, reference, sensitivity) or _seeing(accounts.holders_of(*IMT_POSTS), reference, sensitivity)


def _seeing(people: Iterable[User], reference: str, sensitivity: str) -> list[User]:
    each = dict.fromkeys(people)
    if sensitivity == Sensitivity.OFFICIAL:
        return list(each)
    return [person for person in each if incidents.issues_seen(person, [reference])]
