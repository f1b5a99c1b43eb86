"""What the home page shows a person acting as a post, in a number of queries that does not grow with the work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from accounts.enums import Team, ftl_post
from accounts.models import User
from audit import references
from desk.selectors import response, whose
from desk.selectors.queues import Queue, queues
from desk.selectors.tasks import MOST_TASKS, Task
from escalation import authority
from escalation import selectors as escalation
from escalation.enums import Stage
from escalation.events import IssueEvent
from escalation.selectors import confirming
from govuk import when
from incidents import selectors as incidents
from incidents.enums import LIVE_STATUSES, CommissionStatus, NamedAs
from incidents.models import Commission, ImpactAssessment, Incident, NncAssessment
from intake.events import IntakeEvent
from kernel import clock
from kernel.actors import Actor
from kernel.prepared import MOST_READERS, Given, Prepared
from notify.models import Notice
from notify.selectors import notices_seen

# Work comes first, but however much there is, this many urgent notices keep a row.
KEPT_FOR_NOTICES = 2
MOST_CHANGES = 5
MOST_LIVE = 5
# Where a case rests until the day on which it is looked at again.
RESTING = tuple(authority.KEEPERS)
# What the clock tells waits for the person like what is urgent.
CLOCK = (IssueEvent.TARGET_PASSED, IssueEvent.REVIEW_DUE, IssueEvent.COMMISSION_OVERDUE)
DECIDING = tuple(stage for stage in authority.DECIDERS if stage not in RESTING)


@dataclass(frozen=True)
class Home:
    tasks: list[Task]
    more_tasks: bool
    changes: list[Notice]
    queues: list[Queue]
    live: list[Incident]


def home(user: User, actor: Actor) -> Home:
    """Everything on the home page of a person who holds a post."""
    urgent, unread = _notices(user)
    responding = [*response.reports_waiting(actor), *response.agreements_waiting(actor)]
    work = _one_a_case([*responding, *_to_decide(actor), *_to_answer(actor), *_to_confirm(actor)])
    standing = {task.case for task in work}
    told = [notice for notice in urgent if notice.about not in standing]
    danger = [notice for notice in told if notice.kind == IntakeEvent.REPORTED][:KEPT_FOR_NOTICES]
    told = [*danger, *(notice for notice in told if notice not in danger)]
    first = work[: MOST_TASKS - min(len(told), KEPT_FOR_NOTICES)]
    shown = {notice.pk for notice in told[: MOST_TASKS - len(first)]}
    return Home(
        tasks=[*_told(danger), *first, *_told(told[len(danger) :])][:MOST_TASKS],
        more_tasks=len(work) + len(told) > MOST_TASKS,
        changes=[notice for notice in unread if notice.pk not in shown][:MOST_CHANGES],
        queues=queues(actor),
        live=_live(actor).ask(),
    )


@lru_cache(maxsize=MOST_READERS)
def _live(actor: Actor) -> Prepared[Incident]:
    live = incidents.incidents_visible_to(actor).filter(status__in=LIVE_STATUSES)
    return Prepared(live.order_by("-declared_at")[:MOST_LIVE])


# --- needs you -------------------------------------------------------------------------------------------------------


def _notices(user: User) -> tuple[list[Notice], list[Notice]]:
    """The unread notices that wait, urgent or the clock's, whose case has not moved on since; and the newest unread.

    A case has moved on when the person was told something newer of it. What they may no longer see is left out.
    """
    delivered = Notice.objects.filter(recipient=user, delivered_at__isnull=False)
    newest = delivered.filter(read_at__isnull=True).order_by("-delivered_at", "-pk")
    newer = Exists(delivered.filter(about=OuterRef("about"), pk__gt=OuterRef("pk")))
    waiting = newest.filter(Q(urgent=True) | Q(kind__in=CLOCK)).filter(Q(about="") | ~newer)
    urgent = list(waiting.order_by("-urgent", *newest.query.order_by)[: MOST_TASKS + 1])
    unread = list(newest[: MOST_TASKS + MOST_CHANGES * 4])
    seen = {notice.pk: notice for notice in notices_seen(user, [*urgent, *unread])}
    return [seen[one.pk] for one in urgent if one.pk in seen], [seen[one.pk] for one in unread if one.pk in seen]


def _one_a_case(tasks: list[Task]) -> list[Task]:
    """The first task of each case; it says how many more things about the same case wait behind it."""
    by_case: dict[str, list[Task]] = {}
    for task in tasks:
        by_case.setdefault(task.case, []).append(task)
    return [
        replace(first, why=f"{first.why}; {len(rest)} more about this case {'wait' if rest[1:] else 'waits'}")
        if rest
        else first
        for first, *rest in by_case.values()
    ]


def _told(urgent: list[Notice]) -> list[Task]:
    return [
        Task(
            title=notice.title,
            url=notice.url,
            case=notice.about,
            why=f"{'You were told urgently' if notice.urgent else 'You were told'}, "
            + when.ago(notice.delivered_at or notice.created_at),
            urgent=notice.urgent,
        )
        for notice in urgent
    ]


def _to_decide(actor: Actor) -> list[Task]:
    """The cases that stand where this post decides, or that come back for review; most pressing first."""
    return [_decision(climb) for climb in _climbs_to_decide(actor).ask(today=clock.today())]


@lru_cache(maxsize=MOST_READERS)
def _climbs_to_decide(actor: Actor) -> Prepared[Any]:
    here = {"issue": OuterRef("issue"), "climb": OuterRef("number")}
    visit = {**here, "visit": OuterRef("visit"), "stage": OuterRef("stage")}
    climbs = (
        escalation.climbs_visible_to(actor)
        .filter(
            whose.climbs_of(actor, DECIDING, whose.deciding)
            | (Q(review_on__lte=Given("today")) & whose.climbs_of(actor, RESTING, whose.keeping))
        )
        .annotate(
            impact_here=_first_of(ImpactAssessment.objects.filter(**visit)),
            nnc_here=_first_of(NncAssessment.objects.filter(**visit)),
        )
        .order_by("pressing", "id")
    )
    return Prepared(climbs[: MOST_TASKS + 1])


def _first_of(rows: QuerySet) -> Subquery:
    """The key of one of these rows, null where there is none. PostgreSQL would rather read the whole table than ask
    `EXISTS` for the few rows that are shown."""
    return Subquery(rows.values("pk")[:1])


def _decision(climb: Any) -> Task:
    if climb.stage in RESTING:
        return Task(
            title=f"Look again: {climb.issue.title}",
            url=climb.issue.get_absolute_url(),
            case=climb.issue.reference,
            why=f"It rests at ‘{Stage(climb.stage).label}’ and comes back for review",
            due_on=climb.review_on,
        )
    verb, name, args = _next_step(climb)
    stage = Stage(climb.stage)
    return Task(
        title=f"{verb}: {climb.issue.title}",
        url=reverse(f"escalation:{name}", args=[climb.issue.reference, *args]),
        case=climb.issue.reference,
        why=f"It stands at ‘{stage.label}’, where you are {authority.DECIDERS[stage].title}",
        due_at=climb.due_at,
        danger_now=climb.danger_now,
    )


def _next_step(climb: Any) -> tuple[str, str, list[str]]:
    """What is missing first where the case stands: the start, the matrix, the NNC criteria, or the decision itself."""
    wants_nnc = climb.issue.is_product_safety and climb.stage in (Stage.CAM, Stage.TTG)
    if climb.stage == Stage.REPORTED:
        return "Begin the assessment", "issue-move", ["begin_assessment"]
    if not climb.impact_here and climb.stage != Stage.REFERRED:
        return "Assess the impact", "issue-impact", []
    if wants_nnc and not climb.nnc_here:
        return "Assess against the NNC criteria", "issue-nnc", []
    return "Decide what follows", "issue-detail", []


def _to_answer(actor: Actor) -> list[Task]:
    """What the person's team was asked for and has not yet answered, the earliest day first."""
    teams = [team for team in Team.values if actor.post in (ftl_post(team), f"officer.{team}")]
    if not teams:
        return []
    asked = Commission.objects.filter(
        status=CommissionStatus.ASKED, team__in=teams, issue__in=incidents.issues_visible_to(actor)
    ).select_related("issue")
    return [
        Task(
            title=f"Answer: {commission.what}",
            url=reverse("escalation:commission-settle", args=[commission.issue.reference, commission.pk]),
            case=commission.issue.reference,
            why=f"Your team was asked by the {commission.asked_as}",
            due_on=commission.due,
        )
        for commission in references.rows_veiled(actor, asked.order_by("due", "pk")[:MOST_TASKS], "what")
    ]


def _to_confirm(actor: Actor) -> list[Task]:
    """The decisions that name the person, as consulted or as second person, until they say whether it was so."""
    asked = confirming.to_confirm(actor).values_list("pk", "role", "decision__issue__reference", "decision__made_as")
    return [
        Task(
            title=f"Confirm: {NamedAs(role).label.lower()}",
            url=reverse("escalation:consultation-confirm", args=[reference, number]),
            case=reference,
            why=f"The {made_as} named you",
        )
        for number, role, reference, made_as in asked[:MOST_TASKS]
    ]
