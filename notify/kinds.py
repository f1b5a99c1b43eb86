"""Every kind of notice: what it tells, and whether it is urgent whatever the case. docs/recipes/add-a-notice-kind.md.

A notice of any kind is urgent too when its case makes it so, as where somebody could be hurt now: the caller says that.
Urgent notices stand first, are sent at once whatever a person chose, and are never held.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    words: str
    is_urgent: bool = False


KINDS: dict[str, Kind] = {
    # The service itself
    "post.acted_for": Kind("A senior acted in the place of your post"),
    "clock.late": Kind("The clock did not run, or due work was not done", is_urgent=True),
    # What comes in
    "issue.reported": Kind("An issue was reported"),
    "notices.imported": Kind("Notices of another regulator were imported"),
    # An issue on the ladder
    "issue.refer_to_deputy_director": Kind("A case was referred to you"),
    "issue.return_to_function": Kind("A case came back to your team"),
    "issue.hand_over": Kind("A case was handed over"),
    "issue.monitor": Kind("A case is monitored from here on"),
    "issue.submit_to_cam": Kind("A case comes to CAM"),
    "issue.imt_escalate": Kind("IMT took a case to CAM"),
    "issue.recommend_to_ttg": Kind("CAM recommends a case to TTG"),
    "issue.activate_cam_ep": Kind("CAM-EP was activated"),
    "issue.request_case_conference": Kind("A case conference was convened", is_urgent=True),
    "issue.convene_urgent_conference": Kind("An urgent case conference was convened", is_urgent=True),
    "issue.request_information": Kind("A case conference asks your team for information"),
    "issue.agree_coordination": Kind("A wider coordination was agreed"),
    "issue.join_incident": Kind("An issue joined an incident"),
    "issue.open_supporting_response": Kind("OPSS supports the response of another authority"),
    "issue.close": Kind("You were named as the second person at a closure"),
    "issue.unmerge": Kind("A merge was undone"),
    "issue.reopen": Kind("A case was reopened"),
    "issue.evidence_added": Kind("New evidence came in on a case that was decided"),
    "issue.target_passed": Kind("A case has stayed past its target"),
    "issue.review_due": Kind("A case is due to be looked at again"),
    "issue.commission_overdue": Kind("What a team was asked for is overdue"),
    # Offices and requests on an issue
    "issue.team_reassigned": Kind("A case went to another team"),
    "issue.chair_changed": Kind("A case conference has another chair", is_urgent=True),
    "issue.scs_lead_changed": Kind("CAM-EP has another lead"),
    "issue.product_safety_set": Kind("A case is, or is no longer, about product safety"),
    "issue.danger_set": Kind("Somebody could be hurt now, or nobody any more"),
    "issue.closure_challenged": Kind("A closure was challenged"),
    "issue.reviewer_named": Kind("You were named to review a challenge"),
    "issue.challenge_answered": Kind("A challenge was answered"),
    "issue.help_asked": Kind("The authority in the lead asks for help"),
    "issue.help_answered": Kind("A request for help was answered"),
    "issue.reopening_asked": Kind("Somebody asks that a case be reopened"),
    "issue.reopening_answered": Kind("A request to reopen a case was answered"),
    # An incident
    "incident.opened": Kind("An incident was declared", is_urgent=True),
    "incident.phase_begun": Kind("An incident entered a new phase", is_urgent=True),
    "incident.you_chair": Kind("You were named to chair a group of an incident", is_urgent=True),
    "incident.raise_level": Kind("The level of a response was raised", is_urgent=True),
    "incident.lower_level": Kind("The level of a response was lowered"),
    "incident.propose_de_escalation": Kind("The de-escalation of an incident was proposed"),
    "incident.agree_de_escalation": Kind("The de-escalation of an incident was agreed to"),
    "incident.monitor": Kind("An incident is monitored from here on"),
    "incident.resume": Kind("The response to an incident was resumed", is_urgent=True),
    "incident.close": Kind("An incident was closed"),
    "incident.complete_review": Kind("The review of an incident is complete"),
    "review.opened": Kind("You lead the review of an incident"),
    "review.lesson_owned": Kind("Your team owns a recommendation of a review"),
    "review.lesson_settled": Kind("A recommendation of a review is done, or is not taken up"),
    "group.stood_up": Kind("You were named a member of a group"),
    "group.stood_down": Kind("A group was stood down"),
    "incident.review_due": Kind("An incident is due to be looked at again"),
    "rhythm.reminder": Kind("A meeting or a deadline of an incident is near"),
    "rhythm.begins": Kind("A meeting of an incident begins, or a deadline or report is due"),
    "rhythm.ended": Kind("Something was taken out of the rhythm of an incident"),
    "rhythm.to_agree": Kind("The rhythm of an incident waits for your agreement"),
    # A situation report
    "sitrep.submit": Kind("A situation report waits for approval"),
    "sitrep.return": Kind("A situation report was returned to you"),
    "sitrep.approve": Kind("A situation report was approved"),
    "sitrep.issue": Kind("A situation report was issued"),
    "sitrep.check": Kind("A situation report went out without its second check", is_urgent=True),
    "sitrep.correct": Kind("A situation report is being corrected"),
    "sitrep.withdraw": Kind("A situation report was withdrawn"),
}


def known(kind: str) -> Kind:
    """The kind under this name; ValueError where nobody said what its notices tell."""
    found = KINDS.get(kind)
    if found is None:
        raise ValueError(f"Say in notify/kinds.py what notices of kind {kind!r} tell")
    return found


def words(kind: str) -> str:
    """What notices of this kind tell. One that a later release dropped goes by its name."""
    return KINDS[kind].words if kind in KINDS else kind


def urgent_words() -> list[str]:
    """What the kinds tell that are always urgent."""
    return [kind.words for kind in KINDS.values() if kind.is_urgent]
