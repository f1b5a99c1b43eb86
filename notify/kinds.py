"""Every kind of notice: what it tells, whether it is urgent whatever the case, and what it asks of whoever reads it.

docs/recipes/add-a-notice-kind.md says how one is added.

A notice of any kind is urgent too when its case makes it so, as where somebody could be hurt now: the caller says that.
Urgent notices stand first, are sent at once whatever a person chose, and are never held.
"""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """`words` tell what happened; `asks` what the reader is to do, as somebody says it to them: empty for nothing."""

    words: str
    is_urgent: bool = False
    asks: str = ""


KINDS: dict[str, Kind] = {
    # The service itself
    "post.acted_for": Kind("A senior acted in the place of your post"),
    "clock.late": Kind(
        "The clock did not run, or due work was not done",
        is_urgent=True,
        asks="See which of the worker, beat, the broker and the mail server is down, and have it started",
    ),
    "letters.given_up": Kind(
        "Notices or e-mails did not reach people, and will not by themselves",
        asks="See why they were given up, tell urgent matters by telephone, and have them sent again once it is mended",
    ),
    # What comes in
    "issue.reported": Kind(
        "An issue was reported",
        asks="If you lead the handling team: begin the assessment, or give the case to the team that should handle it",
    ),
    "notices.imported": Kind(
        "Notices of another regulator were imported",
        asks="Look through the new issues, and give each to the team that should handle it",
    ),
    # An issue on the ladder
    "issue.refer_to_deputy_director": Kind(
        "A case was referred to you", asks="Decide where the case goes: back to the function, to CAM, or no further"
    ),
    "issue.return_to_function": Kind(
        "A case came back to your team", asks="Carry out the plan, and look at the case again by the day given"
    ),
    "issue.hand_over": Kind(
        "A case was handed over", asks="Give the support that was agreed, and look at the case again by the day given"
    ),
    "issue.monitor": Kind(
        "A case is monitored from here on",
        asks="Watch for what would bring it back, and look at the case again by the day given",
    ),
    "issue.submit_to_cam": Kind(
        "A case comes to CAM", asks="Take it at CAM: assess the impact and the NNC criteria, then decide where it goes"
    ),
    "issue.imt_escalate": Kind(
        "IMT took a case to CAM",
        asks="Take it at CAM: assess the impact and the NNC criteria, then decide where it goes",
    ),
    "issue.recommend_to_ttg": Kind(
        "CAM recommends a case to TTG",
        asks="Take it at TTG: confirm or vary the NNC assessment, then decide on the recommendation",
    ),
    "issue.activate_cam_ep": Kind(
        "CAM-EP was activated", asks="Gather the fuller picture; its lead then decides where the case goes"
    ),
    "issue.request_case_conference": Kind(
        "A case conference was convened",
        is_urgent=True,
        asks="If you chair it: bring the people together and decide. If not: be ready to take part",
    ),
    "issue.convene_urgent_conference": Kind(
        "An urgent case conference was convened",
        is_urgent=True,
        asks="If you chair it: bring the people together now and decide. If not: be ready to take part",
    ),
    "issue.request_information": Kind(
        "A case conference asks your team for information", asks="Have your team answer by the day given"
    ),
    "issue.agree_coordination": Kind(
        "A wider coordination was agreed", asks="Carry out what was agreed, and look at the case again by the day given"
    ),
    "issue.join_incident": Kind("An issue joined an incident", asks="Take it into the picture of your incident"),
    "issue.open_supporting_response": Kind("OPSS supports the response of another authority"),
    "issue.named": Kind(
        "You are named in a decision, as consulted before it or as the second person at a closure",
        asks="Read the decision, and say whether it was as it is recorded",
    ),
    "issue.unmerge": Kind("A merge was undone", asks="Take the case up again where it stands"),
    "issue.reopen": Kind(
        "A case was reopened", asks="Take it at CAM: assess the impact and the NNC criteria, then decide where it goes"
    ),
    "issue.evidence_added": Kind(
        "New evidence came in on a case that was decided",
        asks="Decide whether the case should come back, or say what came of the evidence",
    ),
    "issue.target_passed": Kind(
        "A case has stayed past its target", asks="Move the case on, or put on record what holds it up"
    ),
    "issue.review_due": Kind(
        "A case is due to be looked at again",
        asks="Look at the case again, and move it: another day is set with a move",
    ),
    "issue.commission_overdue": Kind(
        "What a team was asked for is overdue", asks="Answer it, or have it waived by whoever asked"
    ),
    # Offices and requests on an issue
    "issue.team_reassigned": Kind(
        "A case went to another team", asks="If your team has it now: take it up where it stands"
    ),
    "issue.chair_changed": Kind(
        "A case conference has another chair",
        is_urgent=True,
        asks="If you chair it now: take the conference over, and decide there",
    ),
    "issue.scs_lead_changed": Kind(
        "CAM-EP has another lead", asks="If you lead it now: take CAM-EP over, and decide there"
    ),
    "issue.product_safety_set": Kind("A case is, or is no longer, about product safety"),
    "issue.danger_set": Kind(
        "Somebody could be hurt now, or nobody any more",
        asks="If somebody could be hurt now: see that an urgent case conference is convened, or, where the case is in "
        "a response already, that the response acts on it; or say why not",
    ),
    "issue.closure_challenged": Kind(
        "A closure was challenged", asks="Name a reviewer who neither closed the case nor challenges it"
    ),
    "issue.reviewer_named": Kind(
        "You were named to review a challenge", asks="Look at the closure afresh, and answer the challenge"
    ),
    "issue.challenge_answered": Kind("A challenge was answered"),
    "issue.help_asked": Kind("The authority in the lead asks for help", asks="Say which help OPSS gives, or why none"),
    "issue.help_answered": Kind("A request for help was answered"),
    "issue.reopening_asked": Kind(
        "Somebody asks that a case be reopened", asks="Reopen the case, or decline with the reason"
    ),
    "issue.reopening_answered": Kind("A request to reopen a case was answered"),
    # An incident
    "incident.opened": Kind(
        "An incident was declared",
        is_urgent=True,
        asks="See the incident’s groups and rhythm, and begin the first meeting and the first report that are yours",
    ),
    "incident.phase_begun": Kind(
        "An incident entered a new phase",
        is_urgent=True,
        asks="See the incident’s groups and rhythm, and begin the first meeting and the first report that are yours",
    ),
    "incident.you_chair": Kind(
        "You were named to chair a group of an incident",
        is_urgent=True,
        asks="Take the chair: see when the group first meets, and bring its members together",
    ),
    "incident.raise_level": Kind(
        "The level of a response was raised",
        is_urgent=True,
        asks="See that groups, rhythm and people fit the new level",
    ),
    "incident.lower_level": Kind(
        "The level of a response was lowered", asks="See that groups, rhythm and people fit the new level"
    ),
    "incident.propose_de_escalation": Kind(
        "The de-escalation of an incident was proposed",
        asks="If you are IMT or chair the TCG: agree to it, or say what stands against it",
    ),
    "incident.agree_de_escalation": Kind(
        "The de-escalation of an incident was agreed to",
        asks="If the other party has not agreed yet and you speak for it: agree, or say what stands against it",
    ),
    "incident.monitor": Kind(
        "An incident is monitored from here on", asks="Watch it, and look at it again by the day given"
    ),
    "incident.resume": Kind(
        "The response to an incident was resumed",
        is_urgent=True,
        asks="Take the full response up again: groups, rhythm and situation reports",
    ),
    "incident.close": Kind("An incident was closed"),
    "incident.complete_review": Kind("The review of an incident is complete"),
    "review.opened": Kind(
        "You lead the review of an incident",
        asks="Say what worked and what did not, and give each recommendation an owner and a day",
    ),
    "review.lesson_owned": Kind(
        "Your team owns a recommendation of a review",
        asks="Carry the recommendation out, or say why it is not taken up",
    ),
    "review.lesson_settled": Kind("A recommendation of a review is done, or is not taken up"),
    "group.stood_up": Kind("You were named a member of a group", asks="See when the group first meets, and be there"),
    "group.stood_down": Kind("A group was stood down", asks="Hand over what remains to whoever owns it from here"),
    "incident.review_due": Kind(
        "An incident is due to be looked at again",
        asks="Look at the incident again: close it, or resume the response",
    ),
    "rhythm.reminder": Kind(
        "A meeting or a deadline of an incident is near", asks="Be ready: send your update before it begins"
    ),
    "rhythm.begins": Kind(
        "A meeting of an incident begins, or a deadline or report is due", asks="Join it, or hand in what is due"
    ),
    "rhythm.ended": Kind("Something was taken out of the rhythm of an incident"),
    "rhythm.to_agree": Kind(
        "The rhythm of an incident waits for your agreement", asks="Agree to the rhythm, or have it changed"
    ),
    # A situation report
    "sitrep.submit": Kind("A situation report waits for approval", asks="Approve it or return it; its authors may not"),
    "sitrep.return": Kind(
        "A situation report was returned to you", asks="Put right what is asked for, and submit it again"
    ),
    "sitrep.approve": Kind("A situation report was approved", asks="Issue it, if that is yours to do"),
    "sitrep.issue": Kind("A situation report was issued"),
    "sitrep.check": Kind(
        "A situation report went out without its second check",
        is_urgent=True,
        asks="Check it now, and have it corrected if anything in it is wrong",
    ),
    "sitrep.correct": Kind("A situation report is being corrected", asks="Write the correction, and submit it"),
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


def asks(kind: str) -> str:
    """What notices of this kind ask of their reader; empty where they are for information."""
    return KINDS[kind].asks if kind in KINDS else ""


def urgent_words() -> list[str]:
    """What the kinds tell that are always urgent."""
    return [kind.words for kind in KINDS.values() if kind.is_urgent]
