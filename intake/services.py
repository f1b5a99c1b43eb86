"""The door that everything new comes through: a person's report, or another regulator's notice."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import shorten
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from accounts import selectors as accounts
from accounts.enums import IMT_DUTY_POST, IMT_POSTS, Team, ftl_post
from accounts.models import User
from audit import SERVICE_CHAIN
from audit import services as audit
from escalation import services as escalation
from escalation.models import Escalation
from govuk import json_adapter, when
from incidents import hooks
from incidents import selectors as incidents
from incidents.enums import PersonRole, RegulatoryArea, Sensitivity, Source
from incidents.models import Business, ForeignNotice, Issue, IssuePerson, Originator, Product
from intake import selectors
from intake.enums import NoticeOutcome
from intake.events import IntakeEvent
from intake.forms import ReportForm, column_limit
from kernel import clock
from kernel.actors import SYSTEM, Actor
from kernel.errors import TooSoon
from kernel.references import reference_next
from notify import services as notify

# So much of what happened stands in the notice of a report, which is read on a telephone too.
MOST_OF_SUMMARY = 400
# Who hears of every report, the duty officer first (IMP-2.2).
TOLD_POSTS = tuple(sorted(IMT_POSTS, key=lambda post: post != IMT_DUTY_POST))


@transaction.atomic
def issue_report(*, by: Actor, data: Mapping[str, Any]) -> Issue:
    """Put an issue on record, open its climb of the ladder and tell IMT, all or nothing (IMP-2.1, 2.2).

    Anyone signed in may. Text is kept as sent. A person with a post is put on the case as its reporter, so that they
    can still read what they reported when it is restricted. Raises InvalidInput, and TooSoon `too_many_reports` when
    somebody without a post has reported as many in the last hour as are taken (`settings.STRANGER_REPORTS_AN_HOUR`).
    """
    inputs = json_adapter.bind(ReportForm, data).cleaned_data
    if by.is_stranger and by.user_id is not None:
        _require_not_too_many(by.user_id)
    climb = _issue_open(inputs, by=by, at=clock.now())
    told = _told(climb.issue)
    _record_report(climb.issue, inputs, by=by, told=list(told))
    _report_tell(climb, [user for users in told.values() for user in users], by=by)
    return climb.issue


def _require_not_too_many(user_id: int) -> None:
    """Their row is locked first, so that two reports sent at once are counted one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    free_at = selectors.stranger_reports_again_at(user_id)
    if free_at is None:
        return
    raise TooSoon(
        f"You have reported {settings.STRANGER_REPORTS_AN_HOUR} issues within an hour, as many as are taken from "
        f"somebody without a post. Send this one again after {when.london(free_at)}.",
        code="too_many_reports",
        retry_after=math.ceil((free_at - clock.now()).total_seconds()),
    )


def _issue_open(inputs: Mapping[str, Any], *, by: Actor, at: datetime) -> Escalation:
    """Write the issue and what belongs to it; the answer is its climb.

    The reference is taken first here, and its counter held to the end.
    """
    issue = Issue.objects.create(
        reference=reference_next("ISS", digits=5),
        title=inputs["title"],
        summary=inputs["summary"],
        source=inputs["source"],
        received_at=inputs["received_at"] or at,
        reported_by_id=by.user_id,
        reported_as=by.label[: column_limit(Issue, "reported_as")],
        functional_team=inputs["functional_team"] or by.team or Team.INCIDENT_MANAGEMENT,
        regulatory_area=inputs["regulatory_area"] or RegulatoryArea.CONSUMER_PRODUCTS,
        is_product_safety=inputs["is_product_safety"] is not False,
        sensitivity=inputs["sensitivity"] or Sensitivity.OFFICIAL,
        danger_now=inputs["danger_now"],
        nations=inputs["nations"],
        created_at=at,
        updated_at=at,
    )
    if inputs["originator"]:
        Originator.objects.create(issue=issue, **inputs["originator"])
    if inputs["products"]:
        Product.objects.bulk_create(Product(issue=issue, **product) for product in inputs["products"])
    if inputs["businesses"]:
        Business.objects.bulk_create(Business(issue=issue, **business) for business in inputs["businesses"])
    if by.user_id is not None and not by.is_stranger:
        IssuePerson.objects.create(issue=issue, user_id=by.user_id, role=PersonRole.REPORTER, since=at)
    return escalation.climb_open(issue=issue, at=at)


def _record_report(issue: Issue, inputs: Mapping[str, Any], *, by: Actor, **more: Any) -> None:
    audit.record(
        IntakeEvent.REPORTED,
        chain=issue.reference,
        opens=True,
        by=by,
        at=issue.created_at,
        version=issue.version,
        title=issue.title,
        source=issue.source,
        team=issue.functional_team,
        danger_now=issue.danger_now,
        sensitivity=issue.sensitivity,
        received_at=issue.received_at,
        products=len(inputs["products"]),
        businesses=len(inputs["businesses"]),
        originator=inputs["originator"] or {},
        **more,
    )


def _told(issue: Issue) -> dict[str, list[User]]:
    """Whom to tell, by post: IMT and the leader of the team that has to act; of a restricted case who may know it."""
    posts = dict.fromkeys((*TOLD_POSTS, ftl_post(issue.functional_team)))
    held = accounts.holders_by_post(*posts)
    holders = {post: held[post] for post in posts if post in held}
    if issue.sensitivity == Sensitivity.RESTRICTED:
        holders = {
            post: [user for user in users if incidents.issues_seen(user, [issue.reference])]
            for post, users in holders.items()
        }
    return {post: users for post, users in holders.items() if users}


def _report_tell(climb: Escalation, to: Sequence[User], *, by: Actor) -> None:
    issue = climb.issue
    opening = "Someone could be hurt now" if issue.danger_now else "New issue"
    unanswered = " Whether someone could be hurt now was not answered: ask." if issue.danger_now is None else ""
    notify.notice_queue(
        IntakeEvent.REPORTED,
        to=to,
        about=issue.reference,
        title=f"{opening}: {issue.title}",
        body=f"{issue.reference}. Known from: {Source(issue.source).label}. "
        f"Handled by: {Team(issue.functional_team).label}.{unanswered}\n\n{shorten(issue.summary, MOST_OF_SUMMARY)}",
        url=issue.get_absolute_url(),
        key=f"{IntakeEvent.REPORTED}:{issue.reference}",
        done_as=by.label,
        due=climb.due_at,
        urgent=bool(issue.danger_now),
    )


@transaction.atomic
def notice_take(
    *,
    source: str,
    external_id: str,
    content: Mapping[str, Any],
    report: Mapping[str, Any],
    flags: Sequence[str],
    readings: Mapping[str, Any],
    by: Actor = SYSTEM,
    keep: bool = True,
) -> NoticeOutcome:
    """Take one notice of another regulator: a new one becomes an issue, a changed one updates the notice.

    `content` is the row as it was read, `report` what it says in the words of a report, `readings` the dates, numbers
    and codes read out of it beside their originals, `flags` what a reader should check. A changed notice flags its
    issue and overwrites nothing that people wrote. The same content again changes nothing. With `keep` false
    everything is tried and nothing kept. Raises InvalidInput.
    """
    inputs = json_adapter.bind(ReportForm, report).cleaned_data
    _notice_lock(source, external_id)
    now, digest = clock.now(), content_digest(content)
    notice = ForeignNotice.objects.filter(source=source, external_id=external_id).first()
    if notice is None:
        issue = _issue_open(inputs, by=by, at=now).issue
        ForeignNotice.objects.create(
            source=source,
            external_id=external_id,
            issue=issue,
            content=content,
            digest=digest,
            first_read_at=now,
            updated_at=now,
        )
        named = {"source": source, "external_id": external_id}
        _record_report(issue, inputs, by=by, notice=named, readings=readings, flags=list(flags))
        outcome = NoticeOutcome.IMPORTED
    elif notice.digest == digest:
        outcome = NoticeOutcome.UNCHANGED
    else:
        _notice_change(notice, content, digest, readings=readings, flags=flags, by=by, at=now)
        outcome = NoticeOutcome.UPDATED
    if not keep:
        transaction.set_rollback(True)
    return outcome


def _notice_change(
    notice: ForeignNotice,
    content: Mapping[str, Any],
    digest: str,
    *,
    readings: Mapping[str, Any],
    flags: Sequence[str],
    by: Actor,
    at: datetime,
) -> None:
    issue = Issue.objects.select_for_update(no_key=True).get(pk=notice.issue_id)
    before, notice.content, notice.digest, notice.updated_at = notice.content, content, digest, at
    notice.save(update_fields=["content", "digest", "updated_at"])
    hooks.issue_changed(issue, at)
    changed = sorted(name for name in {*before, *content} if before.get(name) != content.get(name))
    audit.record(
        IntakeEvent.NOTICE_CHANGED,
        chain=issue.reference,
        by=by,
        at=at,
        version=issue.version,
        source=notice.source,
        external_id=notice.external_id,
        changed=changed,
        before={name: before.get(name) for name in changed},
        after={name: content.get(name) for name in changed},
        readings=readings,
        flags=list(flags),
    )


def content_digest(content: Mapping[str, Any]) -> str:
    """What tells one content of a notice from another, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _notice_lock(source: str, external_id: str) -> None:
    """Let one import at a time work on one notice, also while it has no row to lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"notice:{source}:{external_id}"])


@transaction.atomic
def import_finish(*, source: str, title: str, kind: Source, tally: Mapping[str, int], by: Actor = SYSTEM) -> None:
    """Record that an import ran to its end, and tell IMT once of what it brought (IMP-2.2).

    `kind` is what the publisher is to OPSS: the source of its issues.

    Told by the state of the notices on record: a run that changed nothing is no news, and a run that was killed
    before it could tell is told of by the next.
    """
    audit.record(IntakeEvent.NOTICES_IMPORTED, chain=SERVICE_CHAIN, by=by, source=source, tally=dict(tally))
    total, latest = selectors.notices_on_record(source)
    if latest is None:
        return
    notify.notice_queue(
        IntakeEvent.NOTICES_IMPORTED,
        to=accounts.holders_of(*TOLD_POSTS),
        about="",
        title=f"Notices imported: {title}",
        body=f"{tally['imported']} new issues, {tally['updated']} changed notices, {tally['rejected']} rejected rows. "
        f"{total} notices from there are now on record.",
        url=f"{reverse('escalation:issue-list')}?source={kind}",
        key=f"{IntakeEvent.NOTICES_IMPORTED}:{source}:{total}:{latest.isoformat()}",
    )
