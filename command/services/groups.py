"""Standing groups up, one by one, as an incident needs them (IMP-3.3), and down with an owner for what remains."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from audit import services as audit
from command import authority, forms, selectors
from command.enums import GroupKind, GroupStatus
from command.events import CommandEvent
from command.models import Group, GroupMember
from command.services.incidents import group_record, incident_lock, incident_touch, require_live
from incidents import services as records
from incidents.enums import PersonRole
from kernel import clock
from kernel.actors import Actor
from kernel.errors import Conflict
from moves.mover import admit, enter, tell_of_acting
from moves.standing import Standing
from notify import services as notify


@transaction.atomic
def group_stand_up(*, incident_reference: str, by: Actor, data: Mapping[str, Any]) -> Group:
    """Stand up a group with its chair, purpose and exit strategy (IMP-3.16); chair and members are told.

    They are put on the cases of the incident, so that they may read what they work on.

    For IMT and the chairs of the SCG and the TCGs, or in their place with a reason. Raises NotFound, NotAllowed,
    InvalidInput, Blocked (`acting_reason_missing`, `incident_not_live`), Conflict (`scg_stands`: there is one SCG at a
    time).
    """
    incident = incident_lock(incident_reference, by)
    standing = admit(authority.stander_up, selectors.offices_of(incident), by)
    entered = enter(standing, forms.GroupStandUp, data)
    inputs, by = entered.inputs, entered.by
    require_live(incident)
    now = clock.now()
    kind, chair = GroupKind(inputs["kind"]), inputs["chair"].user
    try:
        with transaction.atomic():
            group = Group.objects.create(
                incident=incident,
                kind=kind,
                level=inputs["level"],
                name=inputs["name"] or kind.label,
                chair=chair,
                chair_as=selectors.chair_title(chair),
                purpose=inputs["purpose"],
                exit_strategy=inputs["exit_strategy"],
                stood_up_at=now,
            )
    except IntegrityError as error:
        if "command_group_one_scg" not in str(error):
            raise
        message = f"{incident.reference} has a Strategic Coordination Group already."
        raise Conflict(message, code="scg_stands") from error
    GroupMember.objects.bulk_create(
        GroupMember(group=group, user=member["person"].user, role=member["role"], since=now)
        for member in inputs["members"]
    )
    people = [member["person"].user for member in inputs["members"]]
    roles = {**dict.fromkeys(people, PersonRole.OBSERVER), chair: PersonRole.CHAIR}
    records.people_join(incident, roles.items(), now)
    incident_touch(incident, now)
    group_record(group, by=by, at=now, **entered.standing.as_recorded())
    _tell_of_acting(group, entered.standing, f"{group.name} stood up", "up")
    notify.notice_queue(
        "group.stood_up",
        to=[chair, *people],
        about=incident.reference,
        title=f"{group.name} of {incident.reference}: you are in it",
        body=f"Chaired by the {group.chair_as}. {group.purpose}",
        url=incident.get_absolute_url(),
        key=f"{incident.reference}:group:{group.pk}",
        done_as=by.label,
    )
    return group


@transaction.atomic
def group_stand_down(*, incident_reference: str, group_id: int, by: Actor, data: Mapping[str, Any]) -> Group:
    """Stand a group down, naming who owns what remains (IMP-3.16); chair and members are told.

    For IMT and the group's chair, or in their place with a reason. Raises NotFound, NotAllowed, InvalidInput, Blocked
    (`acting_reason_missing`), Conflict (`group_stood_down`).
    """
    incident = incident_lock(incident_reference, by)
    group = selectors.group_get(incident, group_id)
    entered = enter(admit(authority.stander_down, group, by), forms.GroupStandDown, data)
    inputs, by = entered.inputs, entered.by
    if group.status != GroupStatus.STANDING:
        raise Conflict(f"{group.name} was stood down already.", code="group_stood_down")
    now = clock.now()
    group.incident = incident
    incident_touch(incident, now)
    said = entered.standing.as_recorded()
    group_end(group, owner=inputs["longer_term_owner"], reason=inputs["reason"], by=by, at=now, **said)
    _tell_of_acting(group, entered.standing, f"{group.name} stood down", "down")
    people = [group.chair_id, *(member.user_id for member in group.members.all())]
    notify.notice_queue(
        "group.stood_down",
        to=[person for person in people if person != by.user_id],
        about=incident.reference,
        title=f"{group.name} of {incident.reference} is stood down",
        body=f"{inputs['reason']} What remains is with {group.longer_term_owner}.",
        url=incident.get_absolute_url(),
        key=f"{incident.reference}:group:{group.pk}:down",
        done_as=by.label,
    )
    return group


def group_end(group: Group, *, owner: str, reason: str, by: Actor, at: datetime, **said: Any) -> None:
    """Write that a group stands no longer, on it and on the incident's chain, with what else is `said`.

    The caller holds the incident locked.
    """
    group.status, group.stood_down_at, group.stood_down_as = GroupStatus.STOOD_DOWN, at, by.label
    group.longer_term_owner = owner
    group.save()
    audit.record(
        CommandEvent.GROUP_STOOD_DOWN,
        chain=group.incident.reference,
        by=by,
        at=at,
        version=group.incident.version,
        group=group.pk,
        kind=group.kind,
        name=group.name,
        longer_term_owner=owner,
        reason=reason,
        **said,
    )


def _tell_of_acting(group: Group, standing: Standing, what: str, key: str) -> None:
    incident = group.incident
    tell_of_acting(
        standing,
        what=what,
        about=incident.reference,
        url=incident.get_absolute_url(),
        key=f"{incident.reference}:group:{group.pk}:{key}:acted_for",
    )
