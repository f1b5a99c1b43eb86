"""Who holds which office in an incident, and who should."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from accounts import selectors as accounts
from accounts.enums import FUNCTION_OF, IMT_POSTS, SCG_CHAIR_POSTS
from accounts.models import User
from command.enums import COORDINATION_GROUPS, GroupKind, GroupStatus, MemberRole
from command.models import Group, GroupMember
from command.rules import PLAN_POSTS, Offices
from incidents import selectors as incidents
from incidents.enums import LIVE_STATUSES
from incidents.models import Incident
from kernel.actors import Actor
from moves.machine import Warn


def offices_of(incident: Incident) -> Offices:
    """Who chairs, keeps the record of and sits on the standing groups; two queries."""
    groups = list(Group.objects.filter(incident=incident, status=GroupStatus.STANDING))
    members = list(GroupMember.objects.filter(group__in=groups).values_list("group__kind", "user_id", "role"))
    scg = next((group for group in groups if group.kind == GroupKind.SCG), None)
    return Offices(
        scg_chair=scg.chair_id if scg else None,
        scg_chair_posts=scg.chairing_post if scg else (),
        chairs=frozenset(group.chair_id for group in groups if group.kind in COORDINATION_GROUPS),
        chair_posts=tuple(post for group in groups for post in group.chairing_post),
        secretaries=frozenset(
            user for kind, user, role in members if role == MemberRole.SECRETARY and kind in COORDINATION_GROUPS
        ),
        everyone=frozenset(group.chair_id for group in groups) | frozenset(user for _, user, _ in members),
    )


def chaired_by(actor: Actor) -> Q:
    """The standing SCGs and TCGs that the actor chairs, or whose chair's post the actor acts as."""
    by_post = [
        Q(kind=kind, chair_as=accounts.post_title(actor.post))
        for kind, posts in PLAN_POSTS.items()
        if actor.post in posts
    ]
    return Q(status=GroupStatus.STANDING, kind__in=COORDINATION_GROUPS) & reduce(or_, by_post, Q(chair=actor.user_id))


def is_live_incident(incident: Incident) -> bool:
    """Whether OPSS still responds: groups, reports and further issues belong to live incidents only."""
    return incident.status in LIVE_STATUSES


def live_tcgs() -> QuerySet:
    """The TCG of each live incident: `incident__reference` and `chair_id`, one row a group."""
    standing = Group.objects.filter(kind=GroupKind.TCG, status=GroupStatus.STANDING, incident__status__in=LIVE_STATUSES)
    return standing.order_by("pk").values("incident__reference", "chair_id")


def proposed_chairs(team: str) -> tuple[User | None, User | None]:
    """Who chairs by the plan: the SCG (IMP-3.4), and the TCG of an incident that this team handles (IMP-3.8)."""
    scg = next((holder for post in SCG_CHAIR_POSTS if (holder := accounts.holder_of(post))), None)
    return scg, accounts.holder_of(f"dd.{FUNCTION_OF[team]}")


def chair_title(user: User, *, preferred: Iterable[str] = ()) -> str:
    """The post under which somebody chairs: one of the plan's where they have it, else their first."""
    hats = accounts.posts_of(user)
    wanted = tuple(preferred)
    hat = next((hat for hat in hats if hat.post in wanted), hats[0] if hats else None)
    return hat.label if hat else user.name


def chair_clashes(user_ids: Sequence[int | None], *, by: Actor, of: Incident | None = None) -> list[Warn]:
    """What `by` should know before these people chair the SCG and the TCG of one incident: two queries.

    An incident that `by` may not know of is not named, and that there is one is said only to those who may have to
    choose the chairs: IMT and the senior civil service. `of` is the incident that they are to chair where it is on
    record already: what they chair in it is no clash.
    """
    people = [user for user in user_ids if user is not None]
    warnings = []
    if len(set(people)) < len(people):
        warnings.append(
            Warn("chairs_both_groups", "One person would chair both the SCG and the TCG. Think of the deputy for one.")
        )
    busy = Group.objects.filter(
        chair__in=people,
        kind__in=COORDINATION_GROUPS,
        status=GroupStatus.STANDING,
        incident__status__in=LIVE_STATUSES,
    ).exclude(incident=of)
    chaired = sorted(set(busy.values_list("chair_as", "incident__reference")))
    if chaired:
        known = incidents.incidents_known(by, [reference for _, reference in chaired])
        unknown = ["another incident"] if by.scs or by.post in IMT_POSTS else []
        places: dict[str, list[str]] = {}
        for title, reference in chaired:
            for place in [reference] if reference in known else unknown:
                if place not in places.setdefault(title, []):
                    places[title].append(place)
        named = "; ".join(f"{title} already chairs in {' and '.join(where)}" for title, where in places.items())
        if named:
            warnings.append(Warn("chairs_two_incidents", f"{named}. Think of the deputy for one."))
    return warnings
