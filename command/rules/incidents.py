"""The rules of winding an incident down, over facts: no queries, no writes, no request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.enums import IMT_POSTS
from command.enums import Party
from incidents.enums import ResponseLevel
from kernel.actors import Actor
from moves.machine import Blocker, Warn

_LEVELS = ResponseLevel.values


@dataclass(frozen=True)
class Consent:
    """One party's agreement to the plan that stands."""

    party: str
    user_id: int
    agreed_as: str


def posts_awaited(consents: Iterable[Consent], tcg_chair_posts: tuple[str, ...]) -> dict[str, Party]:
    """The posts of each party that is still to agree, in the order in which somebody stands in for them (IMP-3.26)."""
    agreed = {consent.party for consent in consents}
    posts = {Party.IMT: IMT_POSTS, Party.TCG_CHAIR: tcg_chair_posts}
    return {post: party for party in Party if party not in agreed for post in posts[party]}


@dataclass(frozen=True)
class IncidentFacts:
    """What is known of an incident, and of who asks (`by`), when a move is considered. People are user ids.

    `party` is the one of the two that `by` speaks for, None for others. `tcg_chairs` chair the standing TCGs; where
    none stands any more, those that stood in this phase; `tcg_chair_posts` are the plan's posts under which they do.
    `chairs` are they and the chair of the SCG. `plan_stands` tells that de-escalation is proposed, `scg_consulted` that
    the SCG's view of it is on record, `consents` who has agreed. `actions_open` and `feedback_open` count the open
    commissions of its issues, the latter those that tell an originator how it ended. `last_sitrep` tells that a report
    was issued since de-escalation was agreed; `open_report` names the one that is being written, empty when none is.
    `review_gaps` say what the review of a closed incident lacks; one that supported others has none. `in_danger`
    are its issues that say that somebody could be hurt now.
    """

    by: Actor
    party: Party | None
    response_level: str
    tcg_chairs: frozenset[int]
    chairs: frozenset[int]
    plan_stands: bool
    scg_consulted: bool
    consents: tuple[Consent, ...]
    actions_open: int
    feedback_open: int
    groups_standing: tuple[str, ...]
    last_sitrep: bool
    open_report: str
    tcg_chair_posts: tuple[str, ...] = ()
    is_opss_led: bool = True
    review_gaps: tuple[str, ...] = ()
    in_danger: tuple[str, ...] = ()

    @property
    def posts_awaited(self) -> dict[str, Party]:
        """The posts of the parties that are still to agree."""
        return posts_awaited(self.consents, self.tcg_chair_posts)


def still_dangerous(facts: IncidentFacts) -> tuple[Warn, ...]:
    """What to know before the response is made smaller: the danger may be over, or the response ends too early."""
    if not facts.in_danger:
        return ()
    text = f"It is still on record that somebody could be hurt now: {', '.join(facts.in_danger)}. Take that back first."
    return (Warn("still_dangerous", text),)


# --- the response level -----------------------------------------------------------------------------------------------


def is_higher(facts: IncidentFacts, level: str) -> bool:
    return _LEVELS.index(level) > _LEVELS.index(facts.response_level)


def is_lower(facts: IncidentFacts, level: str) -> bool:
    return _LEVELS.index(level) < _LEVELS.index(facts.response_level)


def below_the_highest(facts: IncidentFacts) -> Blocker | None:
    if facts.response_level == _LEVELS[-1]:
        return Blocker("level_highest", "The response is at the highest level already.", "IMP-3.25")
    return None


def above_the_lowest(facts: IncidentFacts) -> Blocker | None:
    if facts.response_level == _LEVELS[0]:
        return Blocker("level_lowest", "The response is at the lowest level already.", "IMP-3.25")
    return None


# --- de-escalation: two parties, two people ---------------------------------------------------------------------------


def plan_proposed(facts: IncidentFacts) -> Blocker | None:
    """Agreement is to a plan that says what remains and whose it is (IMP-3.26)."""
    if facts.plan_stands:
        return None
    return Blocker(
        "plan_missing",
        "No de-escalation plan stands. Propose one first, with what remains to be done and who owns it.",
        "IMP-3.26",
        mend="propose",
    )


def not_agreed_before(facts: IncidentFacts) -> Blocker | None:
    """Neither the same person nor the same party agrees twice (IMP-3.26)."""
    if any(consent.user_id == facts.by.user_id for consent in facts.consents):
        return Blocker(
            "already_agreed", f"You have agreed already. {_awaited(facts)} has to agree, by somebody else.", "IMP-3.26"
        )
    if any(consent.party == facts.party for consent in facts.consents):
        agreed_as = facts.consents[0].agreed_as
        return Blocker(
            "party_has_agreed", f"The {agreed_as} has agreed for your side. {_awaited(facts)} has to agree.", "IMP-3.26"
        )
    return None


def _awaited(facts: IncidentFacts) -> str:
    agreed = {consent.party for consent in facts.consents}
    return next(party.label for party in Party if party not in agreed)


# --- closing ----------------------------------------------------------------------------------------------------------


def actions_done(facts: IncidentFacts) -> Blocker | None:
    """An incident does not end over work that was asked for and is neither delivered nor waived (IMP-3.20)."""
    if not facts.actions_open:
        return None
    message = f"{_counted(facts.actions_open, 'commission of its issues', 'commissions of its issues')} still open."
    return Blocker("actions_open", f"{message} Deliver or waive each.", "IMP-3.20", mend="actions")


def feedback_given(facts: IncidentFacts) -> Blocker | None:
    """Whoever reported it is told how it ended (IMP-2.19)."""
    if not facts.feedback_open:
        return None
    told = _counted(facts.feedback_open, "originator", "originators")
    message = f"{told} still to be told how it ended. Deliver or waive each task."
    return Blocker("feedback_open", message, "IMP-2.19", mend="feedback")


def groups_stood_down(facts: IncidentFacts) -> Blocker | None:
    """Each group is stood down by name, so that what it leaves has an owner (IMP-3.16)."""
    if not facts.groups_standing:
        return None
    message = f"Still standing: {', '.join(facts.groups_standing)}. Stand each down, with who owns what remains."
    return Blocker("groups_standing", message, "IMP-3.16", mend="groups")


def last_sitrep_issued(facts: IncidentFacts) -> Blocker | None:
    """The last report tells how the incident ended, so it is issued after de-escalation was agreed (IMP-3.23)."""
    if facts.open_report:
        message = f"{facts.open_report} is still being written. Issue it as the last situation report, or withdraw it."
        return Blocker("last_sitrep_missing", message, "IMP-3.23", mend="sitreps")
    if not facts.last_sitrep:
        message = "No situation report was issued since de-escalation was agreed. Issue the last one."
        return Blocker("last_sitrep_missing", message, "IMP-3.23", mend="sitreps")
    return None


# --- the review -------------------------------------------------------------------------------------------------------


def review_is_due(facts: IncidentFacts) -> Blocker | None:
    """OPSS reviews the incidents that it led (IMP-3.28)."""
    if facts.is_opss_led:
        return None
    return Blocker("no_review_due", "OPSS supported this incident; whoever led it reviews it.", "IMP-3.28")


def review_whole(facts: IncidentFacts) -> Blocker | None:
    """A review says something, and each of its lessons what should change, whose that is and by when (IMP-5.1)."""
    if not facts.review_gaps:
        return None
    return Blocker(
        "review_incomplete", f"The review is not whole: {'; '.join(facts.review_gaps)}.", "IMP-5.1", mend="review"
    )


def _counted(number: int, one: str, many: str) -> str:
    return f"1 {one} is" if number == 1 else f"{number} {many} are"
