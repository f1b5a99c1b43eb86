from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from audit.models import AuditEvent
from command.models import RhythmOccurrence
from command.selectors import due as command_due
from desk.demonstration import incident as story
from desk.demonstration import past_incidents
from escalation.enums import Stage
from escalation.models import Escalation
from incidents.models import Incident, Issue
from kernel import clock
from notify.models import Delivery, Notice

pytestmark = pytest.mark.django_db


def test_seed_puts_cases_at_every_stage_and_incidents_on_record_once(settings, capsys):
    settings.DEMONSTRATION = True
    started = clock.now()  # a meeting may fall due while the cases are told
    call_command("seed_demo")
    climbs = Escalation.objects.filter(is_current=True)
    assert len(climbs) == int(capsys.readouterr().out.split()[0])
    stages = Counter(climbs.values_list("stage", flat=True))
    for stage in ("reported", "assessing", "cam", "ttg", "cam_ep", "case_conference", "closed"):
        assert stages[stage] >= 3, stage
    assert set(stages) == set(Stage.values)
    assert (stages[Stage.INCIDENT_DECLARED], stages[Stage.SUPPORTING_RESPONSE]) == (3, 1)
    assert climbs.filter(issue__impact_level="").exclude(stage="closed").count() >= 3
    assert climbs.filter(due_at__lt=clock.now(), ended_at=None).count() >= 5
    assert climbs.filter(danger_now=True, stage="reported").count() == 1
    assert set(climbs.values_list("sensitivity", flat=True)) == {"official", "official_sensitive", "restricted"}

    incident = Incident.objects.get(title=story.DECLARATION["title"])
    assert (clock.today() - incident.declared_at.astimezone(clock.LONDON).date()).days == 1
    assert [(sitrep.number, sitrep.status) for sitrep in incident.sitreps.order_by("number")] == [
        (1, "issued"),
        (2, "draft"),
    ]
    draft = dict(incident.sitreps.get(number=2).sections.values_list("key", "body"))
    assert {key: draft[key] for key in story.TODAYS_DRAFT} == story.TODAYS_DRAFT

    ended = Incident.objects.get(title=past_incidents.OIL_HEATER_DECLARED["title"])
    assert (ended.status, ended.phase, ended.kind) == ("closed", 1, "opss_led")
    assert (clock.today() - ended.declared_at.astimezone(clock.LONDON).date()).days > 21
    assert ended.de_escalation_plans.get(is_standing=True).consents.count() == 2
    assert [sitrep.status for sitrep in ended.sitreps.order_by("number")] == ["withdrawn", "issued"]
    assert set(ended.groups.values_list("status", flat=True)) == {"stood_down"}
    assert not ended.rhythm.filter(ended_at=None).exists()

    happened = RhythmOccurrence.objects.filter(incident=ended)
    assert happened.filter(begun_at__isnull=False).count() > 30
    assert not happened.filter(begun_at__isnull=True, cancelled_at__isnull=True).exists()
    assert not RhythmOccurrence.objects.filter(begun_at__gt=F("starts_at")).exists()
    assert [command_due.occurrences_due(started).count, command_due.reminders_due(started).count] == [0, 0]

    back = Incident.objects.get(title=past_incidents.COT_SIDE_NEW_PHASE["title"])
    assert (back.status, back.phase) == ("active", 2)
    assert [climb.stage for climb in Escalation.objects.filter(issue__incident=back).order_by("number")] == [
        Stage.INCIDENT_DECLARED,
        Stage.INCIDENT_DECLARED,
    ]
    assert Incident.objects.get(kind="supporting").status == "active"

    assert not AuditEvent.objects.filter(recorded_at__gt=clock.now()).exists()
    assert not Notice.objects.filter(delivered_at=None).exists()
    assert not Delivery.objects.filter(delivered_at=None, failed_at=None, not_before__lte=started).exists()
    references = Issue.objects.order_by("created_at").values_list("reference", flat=True)
    assert list(references) == sorted(references)
    call_command("verify_audit")

    before = AuditEvent.objects.count()
    call_command("seed_demo")
    assert "Seeded already" in capsys.readouterr().out
    assert AuditEvent.objects.count() == before


def test_seed_is_refused_outside_the_demonstration(settings):
    settings.DEMONSTRATION = False

    with pytest.raises(CommandError, match="invented"):
        call_command("seed_demo")
    assert not Issue.objects.exists()
