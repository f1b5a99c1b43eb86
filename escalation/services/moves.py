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
from incidents.enums import LeadAuthority
from incidents.models import Issue
from incidents.rules import LocalAuthority
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
        list(Issue.objects.select_for_update(no_key=True).filter(reference__in=both).order_by("pk").values_list("pk"))


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
    leads = making.inputs["authority"]
    climb.led_by, climb.led_by_code = (leads.name, leads.code) if isinstance(leads, LocalAuthority) else (leads, "")
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


# Another authority goes on leading while OPSS only watches, and what it leads may end so.
_STILL_LED = (Stage.LED_ELSEWHERE, Stage.MONITORING, Stage.CLOSED, Stage.MERGED)


def _moves_on(climb: Escalation, making: Making) -> None:
    """What was agreed where the case stood beside the ladder does not go with it; undoing a merge brings it back.

    A case that OPSS takes up again is led as its standing NNC assessment says, else by nobody yet (IMP-2.10).
    """
    if making.target == making.source or making.name == "unmerge":
        return
    if climb.led_by and making.target not in _STILL_LED:
        climb.issue.lead_authority = making.facts.lead_authority or LeadAuthority.UNDETERMINED
        climb.led_by = climb.led_by_code = ""
    if making.target in OPEN_STAGES:
        climb.review_on, climb.watch_for = None, ""


def _touch(making: Making) -> None:
    """Save the climb with what it remembers of the move; reopening saves the old one and goes on with a new one."""
    climb: Escalation = making.subject
    mark_cleared(making)
    if making.name == "reopen":
        climb.save()
        if climb.led_by:
            climb.issue.lead_authority = LeadAuthority.UNDETERMINED
        climb = making.subject = climb_open(issue=climb.issue, at=making.at, stage=Stage.CAM, number=climb.number + 1)
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
    lock=climb_lock,
    facts=selectors.facts_of,
    touch=_touch,
    version=lambda climb: climb.issue.version,
    chain=lambda climb: climb.issue.reference,
    url=lambda climb: climb.issue.get_absolute_url(),
    effects=EFFECTS,
)
