"""What cannot wait: who may act at once on a case, and whom everybody else calls."""

from __future__ import annotations

from accounts import selectors as accounts
from accounts.enums import IMT_DUTY_POST, IMT_HEAD_POST
from accounts.models import PostTelephones
from accounts.selectors import Contact
from escalation import authority
from escalation.enums import ENDS, Stage
from escalation.models import Escalation
from escalation.rules import IssueFacts
from kernel.actors import Actor

DUTY_POSTS = (IMT_DUTY_POST, IMT_HEAD_POST)


def may_convene_now(climb: Escalation, actor: Actor) -> bool:
    """Whether the reader may convene an urgent case conference on this case (IMP-2.3)."""
    return can_convene_now(climb) and actor.post in authority.URGENT_CONVENER_POSTS


def can_convene_now(climb: Escalation) -> bool:
    """Whether a conference could be convened on this case: it is open and none sits."""
    return climb.stage not in ENDS and climb.stage != Stage.CASE_CONFERENCE


def may_declare_now(facts: IssueFacts) -> bool:
    """Whether the reader may go straight to a declared incident (IMP-2.3, 2.20)."""
    return facts.stage not in ENDS and authority.declarers_at(facts.stage).holders(facts).include(facts.by)


def chair_telephones(climb: Escalation) -> PostTelephones | None:
    """How to call whoever chairs the conference that sits, as far as a post of theirs has a number; one query."""
    if climb.stage != Stage.CASE_CONFERENCE or climb.conference_chair is None:
        return None
    return accounts.telephones_held_by(climb.conference_chair)


def duty_contacts() -> list[Contact]:
    """Whom to call when something cannot wait, the duty officer first."""
    return accounts.contacts(*DUTY_POSTS)
