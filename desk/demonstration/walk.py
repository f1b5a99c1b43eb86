"""Walking the cases of the demonstration up the ladder: every step through the service that everybody uses.

The clock is held at the time when the step would have been taken, so that records, targets and references read as if
the team had worked for weeks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time, timedelta
from typing import Any

from django.core import mail

from accounts import demonstration
from accounts import selectors as accounts
from accounts.enums import FUNCTION_OF, ftl_post
from accounts.models import User
from command import selectors as command
from command import services as rhythm
from desk.demonstration.cases import Case
from escalation import selectors
from escalation import services as escalation
from escalation.enums import RUNGS, Stage
from escalation.models import Escalation
from escalation.selectors import waking
from incidents.models import Issue
from intake import services as intake
from kernel import clock
from kernel.actors import Actor
from kernel.calendar import is_working_day
from notify import services as notify
from notify.models import Notice

OPENS, CLOSES = time(9, 0), time(18, 0)
DAY = timedelta(hours=9)
READ_AFTER = timedelta(minutes=95)
FRESH = timedelta(days=1)
# More notices than one step and the clock before it make.
TOGETHER = 500
CRITERIA = ("nationally_significant", "novel", "contentious")


def office_time(now: datetime, days: float) -> datetime:
    """The moment so many working days of nine hours before `now`, within office hours."""
    left = DAY * days
    moment = now.astimezone(clock.LONDON)
    while True:
        opens = datetime.combine(moment.date(), OPENS, tzinfo=clock.LONDON)
        closes = datetime.combine(moment.date(), CLOSES, tzinfo=clock.LONDON)
        if is_working_day(moment.date()) and moment > opens:
            worked = min(moment, closes) - opens
            if left < worked:
                return opens + worked - left
            left -= worked
        moment = closes - timedelta(days=1)


class Cast:
    """The people of the demonstration, each as the post that they hold."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}

    def __call__(self, post: str) -> Actor:
        if post not in self._actors:
            user = User.objects.get(email=demonstration.email_of(post))
            self._actors[post] = accounts.actor_for(user, post)
        return self._actors[post]


def clock_until(moment: datetime) -> None:
    """Let happen what the clock does up to that moment: reminders, meetings, targets and reviews, each at its time."""
    while (next_at := _due_next_at()) is not None and next_at <= moment:
        with clock.at(next_at):
            told = rhythm.reminders_send() + rhythm.occurrences_begin()
            woken = escalation.cases_wake() + escalation.commissions_wake()
        if not told + woken:
            raise RuntimeError(f"What the clock had to do at {next_at} could not be done: the log says why")


def _due_next_at() -> datetime | None:
    return min((at for at in (command.due_next_at(), waking.due_next_at()) if at), default=None)


@contextmanager
def step_at(moment: datetime) -> Iterator[None]:
    """Do one thing at that moment, after what the clock had to do before, and let the postman deliver what it tells."""
    clock_until(moment)
    with clock.at(moment):
        yield
        while notices := notify.notices_claim(now=moment, most=TOGETHER):
            notify.notices_deliver(notices)


def emails_send(now: datetime) -> None:
    """Send what e-mails are due of all that was told, so that the clock finds none when it starts.

    Together at the end, which asks for each reader once; what was read in the inbox meanwhile does not go.
    """
    with clock.at(now), closing(mail.get_connection()) as outbox:
        while emails := notify.emails_claim(now=now, most=TOGETHER):
            notify.emails_send(emails, outbox)


class Walk:
    """One case on its way to the stage where the demonstration leaves it."""

    def __init__(self, case: Case, cast: Cast, now: datetime) -> None:
        self.case, self.cast, self.now = case, cast, now
        self.reference = ""
        self.moment = now

    @property
    def reported_at(self) -> datetime:
        if self.case.minutes_ago:
            return self.now - timedelta(minutes=self.case.minutes_ago)
        return office_time(self.now, self.case.reported_days_ago)

    @property
    def climb(self) -> Escalation:
        return Escalation.objects.select_related("issue").get(issue__reference=self.reference, is_current=True)

    def go(self) -> str:
        """Report the case and take every step; answers its reference."""
        self.report(self.reported_at)
        steps = self._steps()
        began, pace = self.case.reported_days_ago, self.case.pace_of(len(steps))
        for number, step in enumerate(steps, start=1):
            self.moment = office_time(self.now, began - number * pace)
            notices_read(self.reference, self.moment)
            with step_at(self.moment):
                step()
        if self.now - self.moment > FRESH:
            notices_read(self.reference, self.moment + READ_AFTER)
        return self.reference

    def report(self, at: datetime) -> None:
        case = self.case
        data: dict[str, Any] = {
            "title": case.title,
            "summary": case.summary,
            "source": case.source,
            "products": [case.product],
            "businesses": [{"name": case.business[0], "role": case.business[1]}] if case.business else [],
            "nations": list(case.nations),
            "regulatory_area": case.area,
            "is_product_safety": case.is_product_safety,
            "functional_team": case.team,
            "sensitivity": case.sensitivity or None,
            "danger_now": case.danger,
            "originator": case.originator,
        }
        self.moment = at
        with step_at(at):
            self.reference = intake.issue_report(by=self.cast(self._reporter), data=data).reference

    @property
    def _reporter(self) -> str:
        return f"officer.{self.case.team}" if self.case.team in ("intelligence", "science") else "officer.enforcement"

    @property
    def leader(self) -> str:
        """Who decides for the handling team. Of a restricted case the Head of IMT, who alone knows of it."""
        return "imt.head" if self.case.sensitivity == "restricted" else ftl_post(self.case.team)

    @property
    def director(self) -> str:
        return f"dd.{FUNCTION_OF[self.case.team]}"

    def _steps(self) -> list[Callable[[], None]]:
        if self.case.closing.get("kind") == "out_of_scope":
            return [self.close]
        begun, at_cam = [self.begin], [self.begin, self.submit]
        route: dict[str, list[Callable[[], None]]] = {
            Stage.REPORTED: [],
            Stage.ASSESSING: begun,
            Stage.CAM: at_cam,
            Stage.TTG: [*at_cam, self.recommend],
            Stage.CAM_EP: [*at_cam, self.recommend, self.activate],
            Stage.CASE_CONFERENCE: [*at_cam, self.recommend, self.confer],
            Stage.HANDLED_IN_FUNCTION: [*begun, self.handle],
            Stage.REFERRED: [*begun, self.refer],
            Stage.LED_ELSEWHERE: [*at_cam, self.hand_over],
            Stage.MONITORING: [*at_cam, self.monitor, *([self.gather] if self.case.evidence else [])],
            Stage.COORDINATED: [*at_cam, self.recommend, self.confer, self.coordinate],
            Stage.CLOSED: [*begun, self.gather, self.close],
            Stage.MERGED: [self.merge],
        }
        steps = route[self.case.until]
        return [*steps, self.gather] if self._has_more else steps

    @property
    def _has_more(self) -> bool:
        if self.case.until not in RUNGS:
            return False
        return bool(self.case.here or self.case.evidence or self.case.asks or self._only_assessed)

    @property
    def _only_assessed(self) -> bool:
        return self.case.until == Stage.ASSESSING and bool(self.case.impact)

    # --- the steps ---------------------------------------------------------------------------------------------------

    def move(self, name: str, post: str, **data: Any) -> None:
        escalation.issue_move(
            reference=self.reference,
            name=name,
            version=self.climb.issue.version,
            by=self.cast(post),
            data=data,
        )

    def assess(self, post: str) -> None:
        """Rate the case, or confirm the last rating of this climb where the case has only moved on."""
        ratings = {name: {"level": level, "reason": reason} for name, (level, reason) in self.case.impact.items()}
        data: dict[str, Any] = {"ratings": ratings}
        if selectors.impact_latest(self.climb):
            data = {"confirms": True, "overall_reason": "Nothing has come in that changes it"}
        escalation.impact_assess(reference=self.reference, by=self.cast(post), data=data)

    def assess_nnc(self, post: str) -> None:
        met = self.case.nnc
        data: dict[str, Any] = {
            name: {"met": name in met, "reason": met.get(name, "Nothing speaks for it at present")} for name in CRITERIA
        }
        data["lead_authority"] = "opss" if met else "local_authority"
        escalation.nnc_assess(reference=self.reference, by=self.cast(post), data=data)

    def begin(self) -> None:
        self.move("begin_assessment", self.leader, note="Ask for a sample and for what the business knows")

    def submit(self) -> None:
        self.assess(self.leader)
        self.move("submit_to_cam", self.leader, reason="More than one team is needed, and it may be for OPSS to lead")

    def recommend(self) -> None:
        self.assess("imt.officer")
        if self.case.is_product_safety:
            self.assess_nnc("imt.head")
        recommendation = "activate_cam_ep" if self.case.until == Stage.CAM_EP else "oversight"
        self.move(
            "recommend_to_ttg",
            "imt.head",
            recommendation=recommendation,
            reason="; ".join(self.case.nnc.values()) or "It reaches beyond one local authority",
        )

    def activate(self) -> None:
        self.assess("dceo.regulation")
        self.assess_nnc("dceo.regulation")
        wanted = self.case.asks[0][1] if self.case.asks else "How many are in use, and how often does it fail?"
        lead = demonstration.email_of("scs.science")
        self.move("activate_cam_ep", "dceo.regulation", scs_lead=lead, information_wanted=wanted, due=self._in_days(14))

    def confer(self) -> None:
        self.assess("imt.head")
        self.move(
            "request_case_conference",
            self.director,
            grounds=["could_become_incident"],
            reason="What we know now may call for more than one team's work",
        )

    @staticmethod
    def _in_days(days: int) -> str:
        return (clock.today() + timedelta(days=days)).isoformat()

    def handle(self) -> None:
        self.assess(self.leader)
        self.move(
            "handle_in_function",
            self.leader,
            reason="The business answers and acts; nobody else is needed",
            plan="Write to the business, look at its answer, take one more sample",
            review_on=self._in_days(21),
        )

    def refer(self) -> None:
        self.assess(self.leader)
        self.move("refer_to_deputy_director", self.leader, reason="What it will cost to go on is not ours to decide")

    def hand_over(self) -> None:
        self.assess("imt.officer")
        if self.case.is_product_safety:
            self.assess_nnc("imt.officer")
        self.move(
            "hand_over",
            "imt.head",
            lead_kind="local_authority",
            authority="Kent County Council",
            support="Two tests by our laboratory",
            reason="No criterion is met, and the council knows the business",
            review_on=self._in_days(14),
        )

    def monitor(self) -> None:
        self.assess("imt.officer")
        self.move(
            "monitor",
            "imt.officer",
            reason="The business has written to all owners it can reach",
            watch_for="A fall that hurts somebody, or owners who cannot be reached",
            review_on=self._in_days(10),
        )

    def coordinate(self) -> None:
        self.assess("imt.head")
        self.move(
            "agree_coordination",
            self.director,
            arrangement="Enforcement leads with the sellers, Communications speaks to the public, Science tests",
            lead_team=self.case.team,
            review_on=self._in_days(9),
        )

    def merge(self) -> None:
        other = Issue.objects.get(title=self.case.same_as).reference
        self.move("merge", self.leader, into=other, reason="The same batch of the same maker")

    def gather(self) -> None:
        """What has come in where the case now stands: evidence, questions to teams, an assessment."""
        stage = self.climb.stage
        asker = self.leader if stage == Stage.ASSESSING else "imt.head"
        for kind, title, body in self.case.evidence:
            escalation.evidence_add(
                reference=self.reference, by=self.cast(asker), data={"kind": kind, "title": title, "body": body}
            )
        for number, (team, what, kind) in enumerate(self.case.asks):
            due = self._in_days(3 + 4 * number)
            escalation.commission_ask(
                reference=self.reference,
                by=self.cast(asker),
                data={"kind": kind, "what": what, "team": team, "due": due},
            )
        if self.case.here or self._only_assessed or self.case.until == Stage.CLOSED:
            self.assess(self._reporter if self.case.sensitivity == "restricted" else asker)
            if stage == Stage.CAM and self.case.nnc:
                self.assess_nnc("imt.officer")

    def close(self) -> None:
        closing = self.case.closing
        self.move(
            "close",
            self.leader,
            closure_kind=closing["kind"],
            reason=closing["reason"],
            justification=closing.get("justification", ""),
            feedback="The originator was told by e-mail how it ended.",
        )

    # --- the rest ----------------------------------------------------------------------------------------------------


def notices_read(about: str, at: datetime) -> None:
    """Everybody who was told of a case so far reads it at that moment: an inbox shows what is new."""
    unread = Notice.objects.filter(about=about, delivered_at__isnull=False, read_at__isnull=True)
    with clock.at(at):
        for person in User.objects.filter(pk__in=unread.values("recipient")):
            notify.case_notices_read(about=about, by=accounts.actor_for(person))
