"""What the moves of an incident must know, and the plan by which it is wound down."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS
from command import hooks
from command.enums import COORDINATION_GROUPS, GroupKind, GroupStatus, Party, SitrepStatus
from command.models import DeEscalationPlan, Group, Sitrep
from command.rules import Consent, IncidentFacts, posts_awaited
from command.selectors.sitreps import draft_named
from incidents import selectors as incidents
from incidents.enums import CommissionStatus, IncidentKind, IncidentStatus
from incidents.models import Commission, Incident
from incidents.models.work import FEEDBACK_MOVES
from kernel.actors import Actor
from moves.machine import Holders
from moves.standing import stood_in_for

# What leaves telling an originator as a task: see `Commission.is_feedback`.
_FEEDBACK = Q(origin_kind="move", origin__in=FEEDBACK_MOVES) | Q(origin_kind="challenge")


def incident_facts(incident: Incident, by: Actor) -> IncidentFacts:
    """All that guards and authorities may know of an incident; seven queries at most."""
    of_this_phase = Q(status=GroupStatus.STANDING) | Q(stood_up_at__gte=incident.phase_began_at)
    groups = list(Group.objects.filter(of_this_phase, incident=incident))
    standing = [group for group in groups if group.status == GroupStatus.STANDING]
    tcgs = [group for group in groups if group.kind == GroupKind.TCG]
    asked = [tcg for tcg in tcgs if tcg in standing] or tcgs
    tcg_chairs = frozenset(group.chair_id for group in asked)
    tcg_chair_posts = tuple(post for group in asked for post in group.chairing_post)
    plan = plan_of(incident)
    consents = tuple(
        Consent(consent.party, consent.user_id, consent.agreed_as) for consent in (plan.consents.all() if plan else ())
    )
    work = _open_work(incident).aggregate(
        actions=Count("pk", filter=~_FEEDBACK), feedback=Count("pk", filter=_FEEDBACK)
    )
    return IncidentFacts(
        by=by,
        party=_party(by, tcg_chairs, tcg_chair_posts, consents),
        response_level=incident.response_level,
        tcg_chairs=tcg_chairs,
        chairs=tcg_chairs | {group.chair_id for group in standing if group.kind in COORDINATION_GROUPS},
        plan_stands=plan is not None,
        scg_consulted=plan is not None and plan.is_consulted,
        consents=consents,
        actions_open=work["actions"],
        feedback_open=work["feedback"],
        groups_standing=tuple(group.name for group in standing),
        last_sitrep=Sitrep.objects.filter(
            incident=incident,
            status=SitrepStatus.ISSUED,
            issued_at__gte=incident.winding_down_since or incident.phase_began_at,
        ).exists(),
        open_report=draft_named(incident, by),
        tcg_chair_posts=tcg_chair_posts,
        is_opss_led=incident.kind == IncidentKind.OPSS_LED,
        review_gaps=_review_gaps(incident),
        in_danger=tuple(incidents.issues_in_danger(incident)),
    )


def _review_gaps(incident: Incident) -> tuple[str, ...]:
    is_due = incident.kind == IncidentKind.OPSS_LED and incident.status == IncidentStatus.CLOSED
    return hooks.review_gaps(incident) if is_due else ()


def open_actions(incident: Incident) -> QuerySet[Commission]:
    """What was asked for on its issues and is neither delivered nor waived, besides telling originators."""
    return _open_work(incident).exclude(_FEEDBACK)


def open_feedback(incident: Incident) -> QuerySet[Commission]:
    """The open tasks to tell an originator how it ended."""
    return _open_work(incident).filter(_FEEDBACK)


def plan_of(incident: Incident) -> DeEscalationPlan | None:
    """The plan by which the incident is wound down, or is proposed to be; no query where plans were fetched with it."""
    return next((plan for plan in incident.de_escalation_plans.all() if plan.is_standing), None)


@dataclass(frozen=True)
class Resumable:
    """What a declaration names as the incident that comes back; `incident` is None where that cannot be."""

    reference: str
    incident: Incident | None

    def __str__(self) -> str:
        return self.reference


def resumable_incident(reference: str, actor: Actor) -> Resumable:
    """The incident under that reference, where OPSS leads it, it is not active and the actor may know of it."""
    reference = reference.strip().upper()
    found = incidents.incidents_visible_to(actor).filter(reference=reference, kind=IncidentKind.OPSS_LED)
    return Resumable(reference, found.exclude(status=IncidentStatus.ACTIVE).first())


def _open_work(incident: Incident) -> QuerySet[Commission]:
    return Commission.objects.filter(issue__incident=incident, status=CommissionStatus.ASKED)


def _party(
    by: Actor, tcg_chairs: frozenset[int], tcg_chair_posts: tuple[str, ...], consents: tuple[Consent, ...]
) -> Party | None:
    """The party that somebody speaks for; who stands in for a post speaks for the party of that post."""
    if by.post in IMT_POSTS:
        return Party.IMT
    if by.user_id in tcg_chairs or by.post in tcg_chair_posts:
        return Party.TCG_CHAIR
    awaited = posts_awaited(consents, tcg_chair_posts)
    return awaited.get(stood_in_for(Holders(posts=tuple(awaited)), by, accounts.posts_covered))
