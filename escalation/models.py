"""One climb of the ladder by one issue: what may follow what, and what lists sort and filter by."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.enums import Team
from escalation.enums import ENDS, Ground, Stage
from incidents.enums import Sensitivity, Source
from incidents.models import Issue
from kernel.models import known

S = Stage


class Escalation(FSMModelMixin, models.Model):
    """One climb. An issue has many over its life and exactly one current; nothing of an old one is rewritten.

    `visit` rises whenever the stage changes, so that 'assessed at this stage' is a comparison of numbers. `pressing`
    is the one sortable key of the queues: smaller presses more (see `rules.pressing_key`).
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="climbs")
    number = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    stage = FSMField(max_length=30, choices=Stage, default=Stage.REPORTED, protected=True)
    visit = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    entered_stage_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    handling_team = models.CharField(max_length=30, choices=Team)
    impact_rank = models.PositiveSmallIntegerField(default=0)
    sensitivity = models.CharField(max_length=20, choices=Sensitivity)
    source = models.CharField(max_length=30, choices=Source)
    danger_now = models.BooleanField(default=False)
    pressing = models.BigIntegerField()
    received_at = models.DateTimeField()
    last_event_at = models.DateTimeField()
    conference_chair = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    conference_grounds = ArrayField(models.CharField(max_length=30, choices=Ground), default=list)
    scs_lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            known("stage", Stage),
            known("handling_team", Team),
            known("sensitivity", Sensitivity),
            known("source", Source),
            models.UniqueConstraint(name="escalation_one_current", fields=["issue"], condition=Q(is_current=True)),
            models.UniqueConstraint(name="escalation_numbered_once", fields=["issue", "number"]),
            models.CheckConstraint(
                name="escalation_ended_at_an_end",
                condition=Q(stage__in=ENDS, ended_at__isnull=False) | (~Q(stage__in=ENDS) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="escalation_conference_has_chair",
                condition=~Q(stage=Stage.CASE_CONFERENCE) | Q(conference_chair__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="escalation_pressing", fields=["pressing", "id"], condition=Q(is_current=True)),
            models.Index(
                name="escalation_stage_pressing", fields=["stage", "pressing", "id"], condition=Q(is_current=True)
            ),
            models.Index(
                name="escalation_team_stage",
                fields=["handling_team", "stage", "pressing", "id"],
                condition=Q(is_current=True),
            ),
            models.Index(name="escalation_newest", fields=["-received_at", "-id"], condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return f"{self.issue} climb {self.number}"

    def _enter(self, at: datetime, *, end: bool = False) -> None:
        self.entered_stage_at, self.visit = at, self.visit + 1
        self.ended_at = at if end else None

    @transition(stage, source=[S.REPORTED], target=S.ASSESSING, custom={"label": "Begin assessment"})
    def begin_assessment(self, *, at: datetime) -> None:
        self._enter(at)

    @transition(
        stage,
        source=[
            S.REPORTED,
            S.ASSESSING,
            S.HANDLED_IN_FUNCTION,
            S.REFERRED,
            S.MONITORING,
            S.LED_ELSEWHERE,
            S.COORDINATED,
            S.TTG,
            S.CAM_EP,
            S.CASE_CONFERENCE,
        ],
        target=S.CAM,
        custom={"label": "Submit to CAM"},
    )
    def submit_to_cam(self, *, at: datetime) -> None:
        self._enter(at)

    @transition(stage, source=[S.CAM], target=S.TTG, custom={"label": "Recommend to TTG"})
    def recommend_to_ttg(self, *, at: datetime) -> None:
        self._enter(at)

    @transition(stage, source=[S.TTG], target=S.CAM_EP, custom={"label": "Activate CAM-EP"})
    def activate_cam_ep(self, *, at: datetime) -> None:
        self._enter(at)

    @transition(
        stage,
        source=[
            S.REPORTED,
            S.ASSESSING,
            S.HANDLED_IN_FUNCTION,
            S.REFERRED,
            S.CAM,
            S.TTG,
            S.CAM_EP,
            S.COORDINATED,
            S.LED_ELSEWHERE,
            S.MONITORING,
        ],
        target=S.CASE_CONFERENCE,
        custom={"label": "Request a case conference"},
    )
    def request_case_conference(self, *, at: datetime) -> None:
        self._enter(at)

    @transition(stage, source=[S.CASE_CONFERENCE], target=S.INCIDENT_DECLARED, custom={"label": "Declare an incident"})
    def declare_incident(self, *, at: datetime) -> None:
        self._enter(at, end=True)

    @transition(
        stage,
        source=[
            S.REPORTED,
            S.ASSESSING,
            S.HANDLED_IN_FUNCTION,
            S.REFERRED,
            S.CAM,
            S.TTG,
            S.CAM_EP,
            S.CASE_CONFERENCE,
            S.COORDINATED,
            S.LED_ELSEWHERE,
            S.MONITORING,
        ],
        target=S.CLOSED,
        custom={"label": "Close"},
    )
    def close(self, *, at: datetime) -> None:
        self._enter(at, end=True)
