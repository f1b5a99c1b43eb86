"""The live incident of the demonstration: reported three days ago, declared yesterday morning, in its second day."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.demonstration import incident as story
from desk.demonstration.responding import Responding, day_time
from desk.demonstration.walk import Cast, Walk, notices_read, step_at
from escalation import services as escalation
from incidents.models import Commission
from kernel import clock


def began(now: datetime) -> datetime:
    """When the first report came in."""
    return day_time(now, 3, 8, 20)


def live_incident(cast: Cast, now: datetime) -> None:
    """Everything from the first report to today's open draft."""

    def at(days_ago: int, hour: int, minute: int = 0) -> datetime:
        return day_time(now, days_ago, hour, minute)

    walk = Walk(story.HOB_JOINTS, cast, now)
    walk.report(began(now))
    for moment, step in (
        (at(3, 9, 5), walk.begin),
        (at(3, 11, 40), walk.submit),
        (at(3, 15, 10), walk.recommend),
        (at(2, 10, 0), walk.activate),
        (at(2, 16, 30), walk.confer),
        (at(1, 8, 10), walk.gather),
        (at(1, 8, 45), lambda: walk.assess("imt.head")),
    ):
        with step_at(moment):
            step()
    with step_at(at(1, 9, 10)):
        walk.move("declare_incident", walk.director, **story.DECLARATION)
    response = Responding(walk, cast)
    with step_at(at(1, 10, 15)):
        response.stand_up(story.GROUPS)
    with step_at(at(1, 10, 40)):
        response.agree_rhythm("dceo.evidence")
        _commission(walk, cast)
    with step_at(at(1, 14, 20)):
        _answer(walk, cast)
    response.report(story.FIRST_REPORT, opened=at(1, 15, 5), submitted=at(1, 16, 20), issued=at(1, 17, 5))
    for about in (walk.reference, response.reference):
        notices_read(about, at(1, 18, 0))
    with step_at(now - timedelta(hours=2)):
        evidence = {
            "kind": "test_result",
            "title": "Torque at which the joint cracks",
            "body": "Twelve joints: first crack between 18 and 24 Nm. The leaflet says 35 Nm.",
        }
        escalation.evidence_add(reference=walk.reference, by=cast("imt.officer"), data=evidence)
    with step_at(now - timedelta(minutes=50)):
        draft = response.open_report()
    with step_at(now - timedelta(minutes=25)):
        response.write(draft, story.TODAYS_DRAFT)


def _commission(walk: Walk, cast: Cast) -> None:
    for kind, what, team, days in story.COMMISSIONS:
        due = (clock.today() + timedelta(days=days)).isoformat()
        data = {"kind": kind, "what": what, "team": team, "due": due}
        escalation.commission_ask(reference=walk.reference, by=cast("imt.head"), data=data)


def _answer(walk: Walk, cast: Cast) -> None:
    asked = Commission.objects.get(issue__reference=walk.reference, what=story.COMMISSIONS[0][1])
    escalation.commission_settle(
        reference=walk.reference,
        commission_id=asked.pk,
        by=cast("ftl.enforcement"),
        data={"outcome": "delivered", "result": story.ANSWER},
    )
