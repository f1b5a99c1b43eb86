"""Opening the response to a declared incident: chairs, groups and the first rhythm at once (IMP-2.20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts import selectors as accounts
from accounts.enums import DD_POSTS, IMT_POSTS, SCG_CHAIR_POSTS
from accounts.models import User
from audit import services as audit
from command import rules, selectors
from command.enums import GroupKind, GroupLevel, GroupStatus
from command.events import CommandEvent
from command.models import Group, RhythmEvent
from command.services.occurrences import occurrences_make
from incidents import selectors as incidents
from incidents import services as records
from incidents.enums import ImpactLevel, IncidentKind, PersonRole
from incidents.models import Incident, Issue
from kernel.actors import Actor
from kernel.errors import Blocked, NotFound, StaleVersion
from kernel.references import reference_next
from moves.machine import Blocker
from notify import services as notify

SCG_PURPOSE = "Owns the incident: sets the strategy, decides what support is given, who is told what, and by when."
TCG_PURPOSE = "Delivers the strategy: oversees operations, reviews evidence and risks, confirms people and money."
FIRST_EXIT = "Stands down when the incident is de-escalated; what remains passes to a named owner."


@dataclass(frozen=True)
class Declaration:
    """What is decided when a response begins, as an incident or as its next phase; chairs stand on its groups."""

    title: str
    response_level: str
    impact_level: str
    significant_risk: str
    mitigation: str
    equality: str
    policy_owner: str
    lead_department: str
    scg_chair: User
    tcg_chair: User

    def columns(self) -> dict[str, str]:
        """What of it stands on the incident itself."""
        chairs = ("scg_chair", "tcg_chair")
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name not in chairs}


def incident_open(
    *, issue: Issue, declaration: Declaration, by: Actor, at: datetime, kind: str = IncidentKind.OPSS_LED
) -> Incident:
    """Open the response to `issue`, in the transaction of the caller, who holds the issue locked and asked the rules.

    The issue is tied to the incident; the SCG and the TCG stand under their chairs; a provisional rhythm is in force.
    The chairs and IMT are told.
    """
    incident = Incident.objects.create(
        reference=reference_next("INC", digits=4),
        kind=kind,
        declared_at=at,
        declared_as=by.label,
        phase_began_at=at,
        updated_at=at,
        **declaration.columns(),
    )
    issue.incident = incident
    issue.save(update_fields=["incident"])
    response_begin(incident, issue, declaration, kind=CommandEvent.INCIDENT_OPENED, by=by, at=at)
    return incident


def response_begin(
    incident: Incident, issue: Issue, declaration: Declaration, *, kind: CommandEvent, by: Actor, at: datetime
) -> None:
    """Stand up the SCG and the TCG, set a provisional rhythm, write that to the chain and tell chairs and IMT."""
    groups = _first_groups(incident, scg_chair=declaration.scg_chair, tcg_chair=declaration.tcg_chair, at=at)
    rhythm = _first_rhythm(incident, groups, danger_now=bool(issue.danger_now), at=at)
    _record(incident, issue, groups, rhythm, kind=kind, by=by, at=at)
    latest_first = sorted(rhythm, key=lambda event: event.starts_at, reverse=True)
    first_meets = {event.group_id: event.starts_at for event in latest_first if event.group_id}
    _tell(incident, groups, first_meets, kind=kind, by=by)


def _first_groups(incident: Incident, *, scg_chair: User, tcg_chair: User, at: datetime) -> list[Group]:
    return [
        Group.objects.create(
            incident=incident,
            kind=kind,
            level=level,
            name=kind.label,
            chair=chair,
            chair_as=selectors.chair_title(chair, preferred=posts),
            purpose=purpose,
            exit_strategy=FIRST_EXIT,
            stood_up_at=at,
        )
        for kind, level, chair, posts, purpose in (
            (GroupKind.SCG, GroupLevel.STRATEGIC, scg_chair, SCG_CHAIR_POSTS, SCG_PURPOSE),
            (GroupKind.TCG, GroupLevel.TACTICAL, tcg_chair, DD_POSTS, TCG_PURPOSE),
        )
    ]


def _first_rhythm(incident: Incident, groups: list[Group], *, danger_now: bool, at: datetime) -> list[RhythmEvent]:
    """By level of impact (IMP-3.22): danger now runs as critical, low and not known as medium."""
    meeting: dict[str, Group] = {group.kind: group for group in groups}
    level = ImpactLevel.CRITICAL if danger_now else incident.impact_level
    lines: Sequence[Mapping[str, Any]] = settings.FIRST_RHYTHM.get(level) or settings.FIRST_RHYTHM[ImpactLevel.MEDIUM]
    rhythm = []
    for line in lines:
        recurrence, starts_at = rules.first_recurrence(times=line["times"], per_week=line["per_week"], after=at)
        event = RhythmEvent.objects.create(
            incident=incident,
            kind=line["kind"],
            title=line["title"],
            group=meeting.get(line["kind"]),
            recurrence=recurrence,
            starts_at=starts_at,
            made_until=at,
        )
        occurrences_make(event, now=at)
        rhythm.append(event)
    return rhythm


def _record(
    incident: Incident,
    issue: Issue,
    groups: list[Group],
    rhythm: list[RhythmEvent],
    *,
    kind: CommandEvent,
    by: Actor,
    at: datetime,
) -> None:
    chain = incident.reference
    audit.record(
        kind,
        chain=chain,
        by=by,
        at=at,
        version=incident.version,
        issue=issue.reference,
        title=incident.title,
        kind=incident.kind,
        phase=incident.phase,
        response_level=incident.response_level,
        impact_level=incident.impact_level,
        significant_risk=incident.significant_risk,
        mitigation=incident.mitigation,
        equality=incident.equality,
        policy_owner=incident.policy_owner,
        lead_department=incident.lead_department,
    )
    for group in groups:
        group_record(group, by=by, at=at)
    audit.record(
        CommandEvent.RHYTHM_SET,
        chain=chain,
        by=by,
        at=at,
        version=incident.version,
        events=[
            {"kind": event.kind, "title": event.title, "recurrence": event.recurrence, "starts_at": event.starts_at}
            for event in rhythm
        ],
    )


def group_record(group: Group, *, by: Actor, at: datetime, **said: Any) -> None:
    """Write to the incident's chain that a group stands, with what else is `said`."""
    audit.record(
        CommandEvent.GROUP_STOOD_UP,
        chain=group.incident.reference,
        by=by,
        at=at,
        version=group.incident.version,
        kind=group.kind,
        name=group.name,
        level=group.level,
        chair=group.chair.email,
        chair_as=group.chair_as,
        purpose=group.purpose,
        exit_strategy=group.exit_strategy,
        members=[{"person": member.user.email, "role": member.role} for member in group.members.select_related("user")],
        **said,
    )


def _tell(
    incident: Incident,
    groups: list[Group],
    first_meets: Mapping[int, datetime],
    *,
    kind: CommandEvent,
    by: Actor,
) -> None:
    reference, url = incident.reference, incident.get_absolute_url()
    chairs = " ".join(f"{group.name}: chaired by {group.chair}." for group in groups)
    for group in groups:
        notify.notice_queue(
            "incident.you_chair",
            to=[group.chair],
            about=reference,
            title=f"You chair the {group.name} of {reference}",
            body=f"{incident.title}. {incident.significant_risk}",
            due=first_meets.get(group.pk),
            url=url,
            key=f"{reference}:chair:{group.pk}",
            done_as=by.label,
        )
    notify.notice_queue(
        kind,
        to=accounts.holders_of(*IMT_POSTS),
        about=reference,
        title=f"Incident {reference} is declared" + (f": phase {incident.phase}" if incident.phase > 1 else ""),
        body=f"{incident.title}. Response level {incident.get_response_level_display().lower()}. "
        f"{incident.significant_risk}\n\n{chairs}",
        url=url,
        key=f"{reference}:opened:{incident.phase}",
        done_as=by.label,
    )


def incident_lock(reference: str, by: Actor) -> Incident:
    """The incident as it stands, locked until the caller's transaction ends. Raises NotFound as `incident_get`."""
    seen = incidents.incident_get(reference, by)
    incident = Incident.objects.select_for_update(no_key=True).filter(pk=seen.pk).first()
    if incident is None:
        raise NotFound(f"There is no incident {reference} that you may read.")
    return incident


def require_live(incident: Incident) -> None:
    """Raises Blocked `incident_not_live` once the incident is closed."""
    if not selectors.is_live_incident(incident):
        message = f"{incident.reference} is {incident.get_status_display().lower()}: nothing is added to its response."
        raise Blocked([Blocker("incident_not_live", message)])


def require_seen(incident: Incident, version: int | None) -> None:
    """Raise StaleVersion where the caller says which version they saw, and it is not the present one."""
    if version is not None and version != incident.version:
        present = f"{incident.reference} is now at version {incident.version}"
        raise StaleVersion(f"You saw version {version}; {present}. Read it again first.")


def incident_touch(incident: Incident, at: datetime) -> None:
    """Raise the version of the incident's representation after a change of what belongs to it."""
    incident.version += 1
    incident.updated_at = at
    incident.save(update_fields=["version", "updated_at"])


def issue_joined(*, incident: Incident, issue: Issue, by: Actor, at: datetime) -> list[User]:
    """Note on the incident's chain that an issue was taken into it, and raise its version; the answer is its chairs.

    Chairs and members of its standing groups are put on the issue, so that they may read what they work on. The caller
    holds the issue locked. Raises Blocked `incident_not_live`: it may have been closed a moment ago.
    """
    incident = incident_lock(incident.reference, by)
    require_live(incident)
    incident_touch(incident, at)
    audit.record(
        CommandEvent.ISSUE_JOINED,
        chain=incident.reference,
        by=by,
        at=at,
        version=incident.version,
        issue=issue.reference,
        title=issue.title,
    )
    standing = incident.groups.filter(status=GroupStatus.STANDING).select_related("chair")
    groups = list(standing.prefetch_related("members__user"))
    members = {member.user: PersonRole.OBSERVER for group in groups for member in group.members.all()}
    chairs = [group.chair for group in groups]
    records.people_join(incident, {**members, **dict.fromkeys(chairs, PersonRole.CHAIR)}.items(), at)
    return chairs
