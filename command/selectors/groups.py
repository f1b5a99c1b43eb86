"""Who holds which office in an incident, and who should."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from accounts import selectors as accounts
from accounts.enums import FUNCTION_OF, SCG_CHAIR_POSTS
from accounts.models import User
from command.enums import COORDINATION_GROUPS, GroupKind, GroupStatus, MemberRole
from command.models import Group, GroupMember
from command.rules import Offices
from incidents.enums import LIVE_STATUSES
from incidents.models import Incident
from moves.machine import Warn


def offices_of(incident: Incident) -> Offices:
    """Who chairs, keeps the record of and sits on the standing groups; two queries."""
    groups = list(
        Group.objects.filter(incident=incident, status=GroupStatus.STANDING).values_list("pk", "kind", "chair_id")
    )
    members = list(
        GroupMember.objects.filter(group__in=[pk for pk, _, _ in groups]).values_list("group__kind", "user_id", "role")
    )
    chairs = frozenset(chair for _, kind, chair in groups if kind in COORDINATION_GROUPS)
    return Offices(
        scg_chair=next((chair for _, kind, chair in groups if kind == GroupKind.SCG), None),
        chairs=chairs,
        secretaries=frozenset(
            user for kind, user, role in members if role == MemberRole.SECRETARY and kind in COORDINATION_GROUPS
        ),
        everyone=frozenset(chair for _, _, chair in groups) | frozenset(user for _, user, _ in members),
    )


def is_live_incident(incident: Incident) -> bool:
    """Whether OPSS still responds: groups, reports and further issues belong to live incidents only."""
    return incident.status in LIVE_STATUSES


def live_tcg_chairs() -> dict[str, int]:
    """Who chairs the TCG of each live incident, by its reference; one query."""
    standing = Group.objects.filter(
        kind=GroupKind.TCG, status=GroupStatus.STANDING, incident__status__in=LIVE_STATUSES
    ).order_by("pk")
    return dict(standing.values_list("incident__reference", "chair_id"))


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


def chair_clashes(user_ids: Sequence[int | None], *, of: Incident | None = None) -> list[Warn]:
    """What to know before these people chair the SCG and the TCG of one incident: one query.

    `of` is that incident where it is on record already: what they chair in it is no clash.
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
        named = "; ".join(f"{title} already chairs in {reference}" for title, reference in chaired)
        warnings.append(Warn("chairs_two_incidents", f"{named}. Think of the deputy for one."))
    return warnings
