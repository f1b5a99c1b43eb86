"""The case that the fault tests run on, and what became of it. Both run inside Django, in processes of their own."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from audit.models import AuditEvent
from audit.selectors import events_for
from audit.verification import verify
from command import selectors, services
from command.models import RhythmOccurrence, Sitrep
from escalation.models import Escalation
from incidents.models import Incident
from kernel import clock
from kernel.clock import LONDON
from notify import selectors as watch
from notify import tasks
from notify.models import Delivery, Notice, PutOff
from tests.factories.command import incident
from tests.factories.incidents import reported
from tests.factories.ladder import Cast

# Ten due times between 14:00 and 15:00 of a Wednesday in summer, most with a reminder in that hour or just before.
LINES = (
    ("tcg", "TCG", "5,20,35,50"),
    ("bird_table", "Bird table", "10,40"),
    ("scg", "SCG", "1,31"),
    ("sitrep", "Situation report due", "15,45"),
)
DUE_TIMES = 10


def at(hour: int, minute: int = 0, *, day: int = 3) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=LONDON)


def seed() -> None:
    """An incident with ten due times in one hour, and a case whose target passes in that hour."""
    call_command("migrate", verbosity=0)
    cast = Cast()
    for post in ("imt.duty", "imt.officer", "ftl.enforcement"):
        cast(post)
    with clock.at(at(14, 20, day=1)):
        issue = reported(cast("officer.enforcement"))
    assert Escalation.objects.get(issue=issue).due_at == at(14, 20)
    with clock.at(at(9)):
        case = incident(cast)
        for event in list(selectors.rhythm_of(case)):
            services.rhythm_end(
                incident_reference=case.reference, event_id=event.pk, by=cast("imt.head"), data={"reason": "Another"}
            )
    with clock.at(at(12)):
        for kind, title, minutes in LINES:
            line = {
                "kind": kind,
                "title": title,
                "starts_at": at(14).isoformat(),
                "recurrence": f"FREQ=DAILY;BYHOUR=14;BYMINUTE={minutes}",
                "minutes": 5,
            }
            services.rhythm_add(incident_reference=case.reference, by=cast("imt.head"), data=line)
        tasks.deliver_due()
    assert due_in_the_hour().count() == DUE_TIMES
    assert not AuditEvent.objects.filter(kind__in=["rhythm.begun", "rhythm.reminded", "issue.target_passed"]).exists()


def due_in_the_hour() -> Any:
    return RhythmOccurrence.objects.filter(starts_at__gte=at(14), starts_at__lt=at(15), cancelled_at__isnull=True)


def verdict() -> None:
    """What happened, as one line of JSON: counts that a test compares with what should have happened."""
    events = events_for(Incident.objects.get().reference, limit=500)
    written = Counter(event.kind for event in events)
    told = Notice.objects.filter(key__contains=":occurrence:")
    said = sum(event.facts["told"] for event in events if event.kind in ("rhythm.begun", "rhythm.reminded"))
    [*Path(settings.EMAIL_FILE_PATH).glob("*.eml")]
    fault = verify().fault
    answer = {
        "begun": due_in_the_hour().filter(begun_at__isnull=False).count(),
        "reminded": due_in_the_hour().filter(reminded_at__isnull=False).count(),
        "begun_events": written["rhythm.begun"],
        "reminded_events": written["rhythm.reminded"],
        "sitreps": Sitrep.objects.count(),
        "opened_events": written["sitrep.opened"],
        "found_open": due_in_the_hour().filter(sitrep__isnull=False, draft_was_open=True).count(),
        "opened": due_in_the_hour().filter(sitrep__isnull=False, draft_was_open=False).count(),
        "told_of": told.values("key").distinct().count(),
        "told_more_or_fewer_than_recorded": told.count() - said,
        "undelivered": Notice.objects.filter(delivered_at__isnull=True).count(),
        "emails_unsent": Delivery.objects.filter(delivered_at__isnull=True).count(),
        "emails_more_or_fewer_than_sent": len([*Path(settings.EMAIL_FILE_PATH).glob("*.eml")])
        - Delivery.objects.count(),
        "emails_of_the_rhythm": Delivery.objects.filter(notice__in=told).count() - said,
        "target_events": AuditEvent.objects.filter(kind="issue.target_passed").count(),
        "failures": sum(PutOff.objects.values_list("failures", flat=True)),
        "due": sum(work.due.count for work in watch.work(clock.now())),
        "audit_fault": str(fault) if fault else "",
    }
    sys.stdout.write(json.dumps(answer))


EXPECTED = {
    "begun": DUE_TIMES,
    "reminded": DUE_TIMES,
    "begun_events": DUE_TIMES,
    "reminded_events": DUE_TIMES,
    "sitreps": 1,
    "opened_events": 1,
    "opened": 1,
    "found_open": 1,
    "told_of": 2 * DUE_TIMES,
    "told_more_or_fewer_than_recorded": 0,
    "undelivered": 0,
    "emails_unsent": 0,
    "emails_more_or_fewer_than_sent": 0,
    "emails_of_the_rhythm": 0,
    "target_events": 1,
    "failures": 0,
    "due": 0,
    "audit_fault": "",
}
