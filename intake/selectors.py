"""What is on record about what came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Max

from accounts.selectors import Contact, post_title
from audit import selectors as audit
from escalation.enums import Stage
from escalation.selectors import urgent
from incidents import selectors as incidents
from incidents.models import ForeignNotice, Issue
from kernel import clock
from kernel.actors import Actor

# From here up two titles are likely to be about the same thing; below, people were offered too much that was not.
ALIKE = 0.4
OFFERED = 5
A_REPORT_COUNTS = timedelta(hours=1)


def offered_instead(title: str, actor: Actor, *, danger_now: bool) -> list[Issue]:
    """What a reporter may have meant: open issues that they may read with a title like theirs, most alike first.

    None where somebody could be hurt now: such a report is not held up by a question (IMP-2.2).
    """
    if danger_now:
        return []
    return list(
        incidents.issues_visible_to(actor)
        .filter(title__trigram_similar=title, climbs__is_current=True, climbs__ended_at__isnull=True)
        .annotate(likeness=TrigramSimilarity("title", title))
        .filter(likeness__gte=ALIKE)
        .order_by("-likeness", "-pk")[:OFFERED]
    )


def stranger_reports_again_at(user_id: int) -> datetime | None:
    """When somebody without a post may report again; None where they may now. One query.

    Every report of theirs counts for an hour, so they may again once the oldest of the last so many is an hour old.
    """
    limit = settings.STRANGER_REPORTS_AN_HOUR
    within = Issue.objects.filter(reported_by=user_id, created_at__gt=clock.now() - A_REPORT_COUNTS)
    oldest = within.order_by("-created_at").values_list("created_at", flat=True)[limit - 1 : limit].first()
    return oldest + A_REPORT_COUNTS if oldest else None


@dataclass(frozen=True)
class Receipt:
    """What a reporter is told of their report.

    `danger_now` is None where they left that open. `due_at` is when it should leave its first stage; `issue` only where
    they may read it. Where somebody could be hurt now, `may_convene` tells whether the reporter can act at once, and
    `call` whom to call if not.
    """

    reference: str
    danger_now: bool | None
    told: list[str]
    due_at: datetime | None
    stage: str
    team: str
    issue: Issue | None
    may_convene: bool
    call: list[Contact]


def receipt_of(reference: str, actor: Actor) -> Receipt:
    """The receipt of one's own report. Raises NotFound for everybody else's.

    A reporter without a post learns the reference and who was told, and no more.
    """
    issue = Issue.objects.filter(reference=reference, reported_by=actor.user_id).first() if actor.user_id else None
    if issue is None:
        raise incidents.no_such_issue(reference)
    readable = incidents.issues_visible_to(actor).filter(pk=issue.pk).exists()
    climb = issue.climbs.get(is_current=True)
    first = audit.events_for(reference, before=2, limit=1)
    waits = bool(issue.danger_now) and urgent.can_convene_now(climb)
    return Receipt(
        reference=reference,
        danger_now=issue.danger_now,
        told=[post_title(post) for event in first for post in event.facts.get("told", [])],
        due_at=climb.due_at if readable and climb.stage == Stage.REPORTED else None,
        stage=climb.get_stage_display() if readable else "",
        team=issue.get_functional_team_display() if readable else "",
        issue=issue if readable else None,
        may_convene=waits and readable and urgent.may_convene_now(climb, actor),
        call=urgent.duty_contacts() if waits else [],
    )


def notice_digests(source: str) -> dict[str, str]:
    """The digest of every notice of a source on record, by its number there."""
    return dict(ForeignNotice.objects.filter(source=source).values_list("external_id", "digest"))


def notices_on_record(source: str) -> tuple[int, datetime | None]:
    """How many notices of a source are on record, and when one of them last changed."""
    found = ForeignNotice.objects.filter(source=source).aggregate(total=Count("pk"), latest=Max("updated_at"))
    return found["total"], found["latest"]
