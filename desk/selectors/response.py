"""What live incidents want of a person: reports to approve, issue and check, and what waits for their agreement."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.enums import IMT_DUTY_POST, IMT_POSTS
from command import authority
from command import selectors as command
from command.enums import GroupKind, Party, RhythmStatus, SecondCheck, SitrepStatus
from command.models import DeEscalationConsent, DeEscalationPlan, Group, RhythmEvent, Sitrep, SitrepAuthor
from desk.selectors.tasks import MOST_TASKS, Task
from incidents import selectors as incidents
from incidents.enums import LIVE_STATUSES, IncidentStatus
from incidents.models import Incident
from kernel.actors import Actor
from kernel.prepared import MOST_READERS, Prepared

_UNCHECKED = Q(second_check=SecondCheck.DUE, second_checked_at__isnull=True, issued_at__isnull=False)


def reports_waiting(actor: Actor) -> list[Task]:
    """The situation reports that wait for this person: to be approved, to go out, or to be checked after they did."""
    return [_report(sitrep) for sitrep in _reports_waiting(actor).ask()]


@lru_cache(maxsize=MOST_READERS)
def _reports_waiting(actor: Actor) -> Prepared[Sitrep]:
    waiting: QuerySet[Sitrep] = command.sitreps_visible_to(actor).filter(
        Q(status__in=[SitrepStatus.IN_REVIEW, SitrepStatus.APPROVED]) | _UNCHECKED
    )
    if actor.post not in authority.APPROVING_POSTS:
        waiting = waiting.filter(_chairs(actor))
    of_others = ~Exists(SitrepAuthor.objects.filter(sitrep=OuterRef("pk"), user=actor.user_id))
    issuing = Q(status=SitrepStatus.APPROVED) if actor.post == IMT_DUTY_POST else Q(pk__in=[])
    waiting = waiting.filter(of_others | issuing)
    return Prepared(waiting.order_by("updated_at", "pk")[:MOST_TASKS])


def _report(sitrep: Sitrep) -> Task:
    why = f"You may approve reports on {sitrep.incident.title}"
    title, url = f"Issue {sitrep.reference}", sitrep.get_absolute_url()
    if sitrep.is_issued:
        title = f"Check {sitrep.reference}, which went out without a second check"
        url = reverse("command:sitrep-check", args=[sitrep.reference.replace("/", "-")])
    elif sitrep.status == SitrepStatus.IN_REVIEW:
        title = f"Approve {sitrep.reference}"
    return Task(title=title, url=url, case=sitrep.incident.reference, why=why, urgent=True)


def agreements_waiting(actor: Actor) -> list[Task]:
    """What is in force or proposed until this person agrees: the end of a response, and the rhythm of one."""
    return [*_de_escalations(actor), *_rhythms(actor)]


def _de_escalations(actor: Actor) -> list[Task]:
    """The plans to wind down to which this person's party has not agreed yet (IMP-3.26)."""
    return [
        Task(
            title=f"Agree to de-escalate, or say why not: {plan.incident.title}",
            url=reverse("command:incident-move", args=[plan.incident.reference, "agree_de_escalation"]),
            case=plan.incident.reference,
            why=f"Proposed by the {plan.proposed_as}. {_party(actor).label} has to agree",
        )
        for plan in _plans_to_agree(actor).ask()
    ]


def _party(actor: Actor) -> Party:
    return Party.IMT if actor.post in IMT_POSTS else Party.TCG_CHAIR


@lru_cache(maxsize=MOST_READERS)
def _plans_to_agree(actor: Actor) -> Prepared[DeEscalationPlan]:
    party = _party(actor)
    agreed = DeEscalationConsent.objects.filter(Q(party=party) | Q(user=actor.user_id), plan=OuterRef("pk"))
    plans = DeEscalationPlan.objects.filter(
        ~Exists(agreed),
        is_standing=True,
        incident__status=IncidentStatus.ACTIVE,
        incident__in=incidents.incidents_visible_to(actor),
    )
    if party == Party.TCG_CHAIR:
        plans = plans.filter(_chairs(actor, GroupKind.TCG, of="incident"))
    return Prepared(plans.select_related("incident").order_by("proposed_at", "pk")[:MOST_TASKS])


def _rhythms(actor: Actor) -> list[Task]:
    """The live incidents with a line in force that the chair of the SCG has not agreed to yet (IMP-3.22)."""
    return [
        Task(
            title=f"Agree to the rhythm: {incident.title}",
            url=command.rhythm_url(incident),
            case=incident.reference,
            why="You chair its SCG; what you have not agreed to is in force as provisional",
        )
        for incident in _rhythms_to_agree(actor).ask()
    ]


@lru_cache(maxsize=MOST_READERS)
def _rhythms_to_agree(actor: Actor) -> Prepared[Incident]:
    unagreed = RhythmEvent.objects.filter(
        incident=OuterRef("pk"), status=RhythmStatus.PROVISIONAL, ended_at__isnull=True
    )
    found: QuerySet[Incident] = incidents.incidents_visible_to(actor).filter(
        _chairs(actor, GroupKind.SCG, of="pk"), Exists(unagreed), status__in=LIVE_STATUSES
    )
    return Prepared(found.order_by("declared_at", "pk")[:MOST_TASKS])


def _chairs(actor: Actor, *kinds: str, of: str = "incident") -> Exists:
    """That this person chairs a standing group of the incident which the outer query has under `of`."""
    chaired = Group.objects.filter(command.chaired_by(actor), incident=OuterRef(of))
    return Exists(chaired.filter(kind__in=kinds) if kinds else chaired)
