"""Incidents besides the live one: one that ended, one that came back as a new phase, one that others lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from desk.demonstration import past_incidents as story
from desk.demonstration.responding import Responding, day_time
from desk.demonstration.walk import Cast, Walk, notices_read, step_at
from escalation import services as escalation
from kernel import clock
from readiness import services as readiness


def ended_began(now: datetime) -> datetime:
    return day_time(now, 46, 9, 40)


def ended_incident(cast: Cast, now: datetime) -> None:
    """From the first report to the end: levels, two agreements, monitoring, groups stood down, last report, closed."""

    def at(days_ago: int, hour: int, minute: int = 0) -> datetime:
        return day_time(now, days_ago, hour, minute)

    walk = Walk(story.OIL_HEATER, cast, now)
    walk.report(ended_began(now))
    _take(
        (at(46, 10, 30), walk.begin),
        (at(46, 14, 0), walk.submit),
        (at(45, 9, 15), walk.recommend),
        (at(44, 15, 0), walk.confer),
        (at(43, 8, 40), walk.gather),
        (at(43, 8, 50), lambda: walk.assess("imt.head")),
        (at(43, 9, 30), lambda: walk.move("declare_incident", walk.director, **story.OIL_HEATER_DECLARED)),
    )
    response = Responding(walk, cast)
    _take((at(43, 11, 0), lambda: response.agree_rhythm("dceo.evidence")))
    _agree_to_wind_down(
        response,
        proposed=at(26, 10, 0),
        agreed=at(25, 11, 30),
        consulted={
            "scg_consulted_who": story.OIL_HEATER_CONSULTED,
            "scg_consulted_when": at(26, 15, 0).isoformat(),
            "scg_view": story.OIL_HEATER_VIEW,
        },
        plan=story.OIL_HEATER_PLAN,
        exit_criteria_met=story.OIL_HEATER_EXIT,
    )
    _watch(response, at(22, 9, 30), group=story.OIL_HEATER_WATCH, days=14)
    _take(
        (
            at(20, 14, 0),
            lambda: response.stand_all_down(owner=story.OIL_HEATER_LEFT, reason="Its work is done"),
        )
    )
    response.report(story.OIL_HEATER_LAST_REPORT, opened=at(15, 10, 0), submitted=at(15, 14, 30), issued=at(15, 16, 0))
    _take((at(14, 10, 0), lambda: response.move("close", "imt.head", reason=story.OIL_HEATER_ENDED)))
    _take((at(13, 14, 0), lambda: _review_under_way(response.reference, cast)))
    _all_read(walk, response, at(12, 9, 0))


def flare_up_began(now: datetime) -> datetime:
    return day_time(now, 38, 8, 50)


def flare_up(cast: Cast, now: datetime) -> None:
    """An incident that was being monitored: its issue is reopened two days ago, and yesterday begins a new phase."""

    def at(days_ago: int, hour: int, minute: int = 0) -> datetime:
        return day_time(now, days_ago, hour, minute)

    walk = Walk(story.COT_SIDE, cast, now)
    walk.report(flare_up_began(now))
    _take(
        (at(38, 10, 0), walk.begin),
        (at(38, 13, 20), walk.submit),
        (at(37, 9, 10), walk.recommend),
        (at(36, 16, 0), walk.confer),
        (at(35, 9, 0), walk.gather),
        (at(35, 9, 10), lambda: walk.assess("imt.head")),
        (at(35, 9, 45), lambda: walk.move("declare_incident", walk.director, **story.COT_SIDE_DECLARED)),
    )
    response = Responding(walk, cast)
    _take((at(35, 12, 0), lambda: response.agree_rhythm("dd.targeting")))
    _agree_to_wind_down(
        response,
        proposed=at(21, 10, 30),
        agreed=at(20, 14, 0),
        consulted={
            "scg_consulted_who": story.COT_SIDE_CONSULTED,
            "scg_consulted_when": at(21, 9, 0).isoformat(),
            "scg_view": story.COT_SIDE_VIEW,
        },
        plan=story.COT_SIDE_PLAN,
        exit_criteria_met=story.COT_SIDE_EXIT,
    )
    _watch(response, at(17, 9, 0), group=story.COT_SIDE_WATCH, days=30)
    _all_read(walk, response, at(16, 9, 0))
    again = {**story.COT_SIDE_NEW_PHASE, "resume": response.reference}
    _take(
        (at(2, 9, 20), lambda: walk.move("reopen", "imt.head", **story.COT_SIDE_CAME_BACK)),
        (at(2, 11, 0), lambda: _evidence_came(walk, cast)),
        (at(2, 15, 30), walk.confer),
        (at(1, 9, 20), lambda: walk.assess("imt.head")),
        (at(1, 9, 40), lambda: walk.move("declare_incident", walk.director, **again)),
    )
    _all_read(walk, response, at(1, 17, 0))


def supporting_began(now: datetime) -> datetime:
    return day_time(now, 6, 9, 5)


def supporting_response(cast: Cast, now: datetime) -> None:
    """Another department leads; OPSS is asked for help and gives it with the same tools (IMP-4.5)."""
    walk = Walk(story.FLOOD_GENERATORS, cast, now)
    walk.report(supporting_began(now))
    _take(
        (day_time(now, 6, 9, 50), walk.begin),
        (day_time(now, 6, 12, 30), walk.submit),
        (
            day_time(now, 5, 9, 15),
            lambda: walk.move("open_supporting_response", walk.director, **story.FLOOD_SUPPORT),
        ),
    )
    _all_read(walk, Responding(walk, cast), day_time(now, 5, 15, 0))


STORIES = (
    (ended_began, ended_incident),
    (flare_up_began, flare_up),
    (supporting_began, supporting_response),
)


def _take(*steps: tuple[datetime, Callable[[], None]]) -> None:
    for moment, step in steps:
        with step_at(moment):
            step()


def _agree_to_wind_down(
    response: Responding, *, proposed: datetime, agreed: datetime, consulted: dict[str, str], **plan: Any
) -> None:
    """IMT proposes and agrees with what the SCG thinks of it; the chair of the TCG agrees two hours later."""
    _take(
        (proposed, lambda: response.move("propose_de_escalation", "imt.officer", **plan)),
        (agreed, lambda: response.move("agree_de_escalation", "imt.head", **consulted)),
        (agreed + timedelta(hours=2), lambda: response.move("agree_de_escalation", response.tcg_chair)),
    )


def _watch(response: Responding, at: datetime, *, group: str, days: int) -> None:
    with step_at(at):
        response.move("monitor", "imt.head", group=group, review_on=(clock.today() + timedelta(days=days)).isoformat())
        response.end_rhythm(reason=f"Watched from here by {group}")


def _review_under_way(reference: str, cast: Cast) -> None:
    """What IMT and the chair of the TCG have said of it so far, and lessons of which one has no owner yet."""
    for post, finding in story.OIL_HEATER_FINDINGS:
        readiness.finding_record(incident_reference=reference, by=cast(post), data=finding)
    for days, lesson in story.OIL_HEATER_LESSONS:
        due = {"due": (clock.today() + timedelta(days=days)).isoformat()} if days else {}
        readiness.lesson_add(incident_reference=reference, by=cast("imt.officer"), data={**lesson, **due})


def _evidence_came(walk: Walk, cast: Cast) -> None:
    escalation.evidence_add(reference=walk.reference, by=cast("imt.officer"), data=story.COT_SIDE_NEW_EVIDENCE)


def _all_read(walk: Walk, response: Responding, at: datetime) -> None:
    for about in (walk.reference, response.reference):
        notices_read(about, at)
