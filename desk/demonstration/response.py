"""The live incident of the demonstration: reported three days ago, declared yesterday morning, in its second day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from accounts import demonstration
from command import rules, services
from command.models import Sitrep
from desk.demonstration import incident as story
from desk.demonstration.walk import Cast, Walk, notices_read, step_at
from escalation import services as escalation
from incidents.models import Commission, Incident
from kernel import clock


def day_time(now: datetime, days_ago: int, hour: int, minute: int = 0) -> datetime:
    """That London time of an earlier day."""
    day = now.astimezone(clock.LONDON).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, minute), tzinfo=clock.LONDON)


def began(now: datetime) -> datetime:
    """When the first report came in."""
    return day_time(now, 3, 8, 20)


def live_incident(cast: Cast, now: datetime) -> str:
    """Everything from the first report to today's open draft; answers the incident's reference."""

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
    reference = Incident.objects.get(issues__reference=walk.reference).reference
    with step_at(at(1, 10, 15)):
        _stand_up(reference, cast)
    with step_at(at(1, 10, 40)):
        services.rhythm_agree(incident_reference=reference, by=cast("dceo.evidence"), data={})
        _commission(walk, cast)
    with step_at(at(1, 14, 20)):
        _answer(walk, cast)
    _first_report(reference, cast, opened=at(1, 15, 5), submitted=at(1, 16, 20), issued=at(1, 17, 5))
    for about in (walk.reference, reference):
        notices_read(about, at(1, 18, 0))
    with step_at(now - timedelta(hours=2)):
        evidence = {
            "kind": "test_result",
            "title": "Torque at which the joint cracks",
            "body": "Twelve joints: first crack between 18 and 24 Nm. The leaflet says 35 Nm.",
        }
        escalation.evidence_add(reference=walk.reference, by=cast("imt.officer"), data=evidence)
    with step_at(now - timedelta(minutes=50)):
        draft = services.sitrep_open(incident_reference=reference, by=cast("imt.officer"))
    with step_at(now - timedelta(minutes=25)):
        _write(draft, cast, story.TODAYS_DRAFT)
    return reference


def _stand_up(reference: str, cast: Cast) -> None:
    for group in story.GROUPS:
        members = [{"person": demonstration.email_of(post)} for post in group["members"]]
        data: dict[str, Any] = {**group, "chair": demonstration.email_of(str(group["chair"])), "members": members}
        services.group_stand_up(incident_reference=reference, by=cast("imt.head"), data=data)


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


def _first_report(reference: str, cast: Cast, *, opened: datetime, submitted: datetime, issued: datetime) -> None:
    with step_at(opened):
        sitrep = services.sitrep_open(incident_reference=reference, by=cast("imt.officer"))
    with step_at(submitted):
        sitrep = _write(sitrep, cast, _completed(sitrep))
        sitrep = _move(sitrep, "submit", cast, "imt.officer")
    with step_at(issued):
        sitrep = _move(sitrep, "approve", cast, "imt.head", second_check="done")
        _move(sitrep, "issue", cast, "imt.head")


def _completed(sitrep: Sitrep) -> dict[str, str]:
    """The words of the story, and where it has none an answer for whatever the record left open."""
    left = {section.key for section in sitrep.sections.all() if rules.has_placeholder(section.body)}
    return {**dict.fromkeys(left, "Nothing to report."), **story.FIRST_REPORT}


def _write(sitrep: Sitrep, cast: Cast, texts: dict[str, str]) -> Sitrep:
    sections = [{"key": key, "body": body} for key, body in texts.items()]
    return services.sitrep_edit(
        reference=sitrep.reference, version=sitrep.version, by=cast("imt.officer"), data={"sections": sections}
    )


def _move(sitrep: Sitrep, name: str, cast: Cast, post: str, **data: Any) -> Sitrep:
    return services.sitrep_move(reference=sitrep.reference, name=name, version=sitrep.version, by=cast(post), data=data)
