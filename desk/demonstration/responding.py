"""What a team does in an incident, each step through the service that everybody uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from accounts import demonstration
from command import rules, selectors, services
from command.models import Sitrep
from desk.demonstration.walk import Cast, Walk, step_at
from incidents.models import Incident
from kernel import clock

WRITER, APPROVER = "imt.officer", "imt.head"


def day_time(now: datetime, days_ago: int, hour: int, minute: int = 0) -> datetime:
    """That London time of an earlier day."""
    day = now.astimezone(clock.LONDON).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, minute), tzinfo=clock.LONDON)


class Responding:
    """The response to the incident that the case of `walk` was declared as."""

    def __init__(self, walk: Walk, cast: Cast) -> None:
        self.cast = cast
        self.tcg_chair = walk.director
        self.reference = Incident.objects.get(issues__reference=walk.reference).reference

    def move(self, name: str, post: str, **data: Any) -> None:
        version = Incident.objects.get(reference=self.reference).version
        services.incident_move(reference=self.reference, name=name, version=version, by=self.cast(post), data=data)

    def agree_rhythm(self, post: str) -> None:
        services.rhythm_agree(incident_reference=self.reference, by=self.cast(post), data={})

    def stand_up(self, groups: Iterable[Mapping[str, Any]]) -> None:
        for group in groups:
            members = [{"person": demonstration.email_of(post)} for post in group["members"]]
            data = {**group, "chair": demonstration.email_of(str(group["chair"])), "members": members}
            services.group_stand_up(incident_reference=self.reference, by=self.cast("imt.head"), data=data)

    def stand_all_down(self, *, owner: str, reason: str) -> None:
        incident = Incident.objects.get(reference=self.reference)
        for group in incident.groups.filter(status="standing").order_by("pk"):
            services.group_stand_down(
                incident_reference=self.reference,
                group_id=group.pk,
                by=self.cast("imt.head"),
                data={"longer_term_owner": owner, "reason": reason},
            )

    def report(self, texts: Mapping[str, str], *, opened: datetime, submitted: datetime, issued: datetime) -> None:
        """Draft, complete, submit, approve and issue a situation report; sections without words have nothing new."""
        with step_at(opened):
            sitrep = self.open_report()
        with step_at(submitted):
            left = {section.key for section in sitrep.sections.all() if rules.has_placeholder(section.body)}
            sitrep = self.write(sitrep, {**dict.fromkeys(left, "Nothing to report."), **texts})
            sitrep = self._sitrep_move(sitrep, "submit", WRITER)
        with step_at(issued):
            sitrep = self._sitrep_move(sitrep, "approve", APPROVER, second_check="done")
            self._sitrep_move(sitrep, "issue", APPROVER)

    def open_report(self) -> Sitrep:
        """The report that is being written, as the rhythm may have opened it, or a fresh one."""
        if draft := selectors.draft_open_of(Incident.objects.get(reference=self.reference)):
            return draft
        return services.sitrep_open(incident_reference=self.reference, by=self.cast(WRITER))

    def end_rhythm(self, *, reason: str) -> None:
        """End what comes back, and withdraw the report that it had opened."""
        incident = Incident.objects.get(reference=self.reference)
        for event in list(selectors.rhythm_of(incident)):
            services.rhythm_end(
                incident_reference=self.reference, event_id=event.pk, by=self.cast(WRITER), data={"reason": reason}
            )
        if draft := selectors.draft_open_of(incident):
            self._sitrep_move(draft, "withdraw", WRITER, reason=reason)

    def write(self, sitrep: Sitrep, texts: Mapping[str, str]) -> Sitrep:
        sections = [{"key": key, "body": body} for key, body in texts.items()]
        return services.sitrep_edit(
            reference=sitrep.reference, version=sitrep.version, by=self.cast(WRITER), data={"sections": sections}
        )

    def _sitrep_move(self, sitrep: Sitrep, name: str, post: str, **data: Any) -> Sitrep:
        return services.sitrep_move(
            reference=sitrep.reference, name=name, version=sitrep.version, by=self.cast(post), data=data
        )
