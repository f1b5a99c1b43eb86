"""Waking those who answer for a date: an incident to be looked at again, a report whose second check is still due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS
from audit import services as audit
from command import authority, forms, selectors
from command.events import CommandEvent
from command.models import ReviewReminder, Sitrep
from command.selectors import due
from command.services.incidents import incident_lock
from govuk import when
from incidents.models import Incident
from kernel import clock
from kernel.actors import SYSTEM, Actor
from kernel.errors import Blocked, Conflict
from moves import mover
from moves.machine import Blocker
from notify import services as notify


def reviews_wake() -> int:
    """Tell IMT of each incident that is to be looked at again, once per date; how many there were. For the clock."""
    return notify.do_each("command.review", due.to_review, _review_remind, about=lambda incident: incident.reference)


def checks_wake() -> int:
    """Ask again, once a day, for each second check that is still due; how many there were. For the clock."""
    return notify.do_each(
        "command.check",
        lambda now: due.to_check(now).select_related("incident"),
        _check_ask,
        of=("self", "incident"),
        about=lambda sitrep: sitrep.incident.reference,
    )


def _review_remind(incident: Incident, now: datetime) -> None:
    day = incident.review_on
    if day is None:
        return
    _, is_first = ReviewReminder.objects.get_or_create(incident=incident, review_on=day, defaults={"reminded_at": now})
    if not is_first:  # another worker told of it between our look and our lock
        return
    notify.notice_queue(
        "incident.review_due",
        to=accounts.holders_of(*IMT_POSTS),
        about=incident.reference,
        title=f"{incident.reference} is to be looked at again: {when.day(day)}",
        body=f"{incident.title}. Watched by {incident.watched_by}.",
        url=incident.get_absolute_url(),
        key=f"{incident.reference}:review:{day}",
        due=day,
    )
    audit.record(
        CommandEvent.REVIEW_REMINDED,
        chain=incident.reference,
        by=SYSTEM,
        at=now,
        version=incident.version,
        review_on=day,
    )


def _check_ask(sitrep: Sitrep, now: datetime) -> None:
    today = now.astimezone(clock.LONDON).date()
    sitrep.second_check_asked_on = today
    sitrep.save(update_fields=["second_check_asked_on"])
    notify.notice_queue(
        "sitrep.check",
        to=sorted(_checkers(sitrep)),
        about=sitrep.incident.reference,
        title=f"{sitrep.reference} still waits for its second check",
        body=f"It was issued {when.london(sitrep.issued_at or now)} by somebody who wrote in it.",
        url=sitrep.get_absolute_url(),
        key=f"{sitrep.reference}:check:{today}",
    )


def _checkers(sitrep: Sitrep) -> set[int]:
    """Who may approve and did not write: the same as are asked when the report goes out."""
    authors = set(sitrep.authors.values_list("user_id", flat=True))
    held = {user.pk for user in accounts.holders_of(*authority.APPROVING_POSTS)}
    return (held | selectors.offices_of(sitrep.incident).chairs) - authors


@transaction.atomic
def sitrep_second_check(*, reference: str, by: Actor, data: Mapping[str, Any]) -> Sitrep:
    """Record that somebody who did not write the report has checked it after it went out (IMP-3.23).

    What was issued stays as it is; an error that the check finds is corrected by a correction. For those who approve,
    or in their place with a reason. Raises NotFound, NotAllowed, InvalidInput, Conflict (`check_not_due`), Blocked
    (`acting_reason_missing`, `author_may_not_check`).
    """
    seen = selectors.sitrep_get(reference, by)
    incident = incident_lock(seen.incident.reference, by)
    sitrep = Sitrep.objects.select_for_update(no_key=True).get(pk=seen.pk)
    sitrep.incident = incident
    facts = selectors.sitrep_facts(sitrep, by)
    entered = mover.enter(mover.admit(authority.approver, facts, by), forms.SecondCheckDone, data)
    by = entered.by
    if not sitrep.is_unchecked:
        raise Conflict(f"{sitrep.reference} waits for no second check.", code="check_not_due")
    if facts.asked_by_author:
        message = "You wrote in this report, so somebody else must check it."
        raise Blocked([Blocker("author_may_not_check", message, "IMP-3.23")])
    now = clock.now()
    sitrep.second_checked_at, sitrep.second_checked_by_id, sitrep.second_checked_as = now, by.user_id, by.label
    sitrep.version += 1
    sitrep.updated_at = now
    sitrep.save()
    audit.record(
        CommandEvent.SITREP_CHECKED,
        chain=incident.reference,
        by=by,
        at=now,
        version=sitrep.version,
        sitrep=sitrep.reference,
        finding=entered.inputs["finding"],
        **entered.standing.as_recorded(),
    )
    mover.tell_of_acting(
        entered.standing,
        what=f"{sitrep.reference} checked",
        about=incident.reference,
        url=sitrep.get_absolute_url(),
        key=f"{sitrep.reference}:checked:acted_for",
    )
    return sitrep
