"""The one door for moving a climb."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import transaction

from accounts.enums import DD_OR_HIGHER_POSTS
from accounts.models import User
from escalation import selectors
from escalation.enums import OPEN_STAGES, Stage
from escalation.ladder import MOVES
from escalation.models import Escalation
from escalation.services.agenda import mark_cleared
from escalation.services.climbs import climb_lock, climb_open, touch
from escalation.services.effects import EFFECTS
from incidents.models import Issue
from kernel.actors import Actor
from moves.machine import Machine, Making
from moves.mover import make_move

_REFERENCE = re.compile(r"ISS-[0-9]{4}-[0-9]{1,11}")


def issue_move(*, reference: str, name: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Escalation:
    """Make one move of the ladder for an issue; the answer is its climb. Errors: see `moves.mover.make_move`."""
    make = partial(make_move, ISSUE_MACHINE, reference=reference, name=name, version=version, by=by, data=data)
    if name != "merge":
        return make()
    with transaction.atomic():
        _both_lock(reference, data.get("into"))
        return make()


def _both_lock(reference: str, into: Any) -> None:
    """Lock both issues of a merge in one order, so that two that merge into each other at once wait and do not embrace.

    Whatever is wrong with `into` is for the move itself to say.
    """
    both = [reference, into.strip().upper() if isinstance(into, str) else ""]
    if all(_REFERENCE.fullmatch(named) for named in both):
        list(Issue.objects.select_for_update().filter(reference__in=both).order_by("pk").values_list("pk"))


def _lock(reference: str, by: Actor) -> Escalation:
    return climb_lock(selectors.climb_get(reference, by))


# --- what the climb itself remembers of a move ------------------------------------------------------------------------


def _team_named(climb: Escalation, making: Making) -> None:
    team = making.inputs.get("handling_team") or making.inputs.get("lead_team")
    if team:
        climb.issue.functional_team = team


def _scs_lead_named(climb: Escalation, making: Making) -> None:
    climb.scs_lead = making.inputs["scs_lead"].user


def _conference_opened(climb: Escalation, making: Making) -> None:
    """The chair is whoever was named; else the requester when a Deputy Director or higher, else the one consulted."""
    inputs = making.inputs
    if inputs["chair"]:
        climb.conference_chair = inputs["chair"].user
    elif making.by.post in DD_OR_HIGHER_POSTS:
        climb.conference_chair = User.objects.get(email=making.by.email)
    else:
        climb.conference_chair = inputs["consulted_scs"].user
    climb.conference_grounds = inputs["grounds"]
    climb.conference_urgent = making.name == "convene_urgent_conference"


def _parked(climb: Escalation, making: Making) -> None:
    climb.review_on = making.inputs["review_on"]
    climb.watch_for = making.inputs.get("watch_for") or ""


def _handed_over(climb: Escalation, making: Making) -> None:
    _parked(climb, making)
    climb.led_by = making.inputs["authority"]
    climb.issue.lead_authority = making.inputs["lead_kind"]


def _coordinated(climb: Escalation, making: Making) -> None:
    _parked(climb, making)
    _team_named(climb, making)


def _joined(climb: Escalation, making: Making) -> None:
    climb.issue.incident = making.inputs["incident"]


def _merged(climb: Escalation, making: Making) -> None:
    climb.merged_into = making.inputs["into"].issue
    climb.merged_by_id = making.by.user_id


def _unmerged(climb: Escalation, making: Making) -> None:
    climb.merged_into = climb.merged_by = None


_REMEMBERED: dict[str, Callable[[Escalation, Making], None]] = {
    "begin_assessment": _team_named,
    "handle_in_function": _parked,
    "return_to_function": _parked,
    "monitor": _parked,
    "hand_over": _handed_over,
    "activate_cam_ep": _scs_lead_named,
    "request_case_conference": _conference_opened,
    "convene_urgent_conference": _conference_opened,
    "agree_coordination": _coordinated,
    "join_incident": _joined,
    "merge": _merged,
    "unmerge": _unmerged,
}


def _moves_on(climb: Escalation, making: Making) -> None:
    """What was agreed where the case stood beside the ladder does not go with it; undoing a merge brings it back."""
    if making.target != making.source and making.target in OPEN_STAGES and making.name != "unmerge":
        climb.review_on, climb.watch_for, climb.led_by = None, "", ""


def _touch(making: Making) -> None:
    """Save the climb with what it remembers of the move; reopening saves the old one and goes on with a new one."""
    climb: Escalation = making.subject
    mark_cleared(making)
    if making.name == "reopen":
        climb.save()
        climb = making.subject = climb_open(issue=climb.issue, at=making.at, stage=Stage.CAM)
    else:
        _moves_on(climb, making)
        if making.name in _REMEMBERED:
            _REMEMBERED[making.name](climb, making)
    touch(climb, climb.issue, making.at)


ISSUE_MACHINE = Machine(
    name="issue",
    state_field="stage",
    moves=MOVES,
    find=selectors.climb_get,
    lock=_lock,
    facts=selectors.facts_of,
    touch=_touch,
    version=lambda climb: climb.issue.version,
    chain=lambda climb: climb.issue.reference,
    effects=EFFECTS,
)
