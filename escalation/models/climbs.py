"""One climb of the ladder by one issue: what may follow what, and what lists sort and filter by."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from accounts.enums import Team
from escalation.enums import ENDS, OPEN_STAGES, Ground, Stage
from escalation.models.tallies import tallied
from incidents.enums import Sensitivity, Source
from incidents.models import Issue
from kernel.models import known

S = Stage


# Ended climbs come after open ones where a list sorts by age; the index of that order holds the same expression.
HAS_ENDED = models.ExpressionWrapper(Q(ended_at__isnull=False), output_field=models.BooleanField())


class Escalation(FSMModelMixin, models.Model):
    """One climb. An issue has many over its life and exactly one current; nothing of an old one is rewritten.

    `visit` rises whenever the stage changes, so that 'assessed at this stage' is a comparison of numbers. `pressing`
    is the one sortable key of the queues: smaller presses more (see `rules.pressing_key`). `wakes_at` is when the clock
    next tells somebody of the case: its target passes, or its review falls due. `target_told_visit` and `review_told`
    say of which visit and of which day they were told already. `led_by` names the authority that leads elsewhere,
    `led_by_code` its GSS code where it is a local one.
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
    wakes_at = models.DateTimeField(null=True)
    target_told_visit = models.PositiveIntegerField(default=0)
    review_told = models.DateField(null=True)
    received_at = models.DateTimeField()
    last_event_at = models.DateTimeField()
    conference_chair = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    conference_grounds = ArrayField(models.CharField(max_length=30, choices=Ground), default=list)
    conference_urgent = models.BooleanField(default=False)
    review_on = models.DateField(null=True)
    watch_for = models.TextField(blank=True)
    led_by = models.CharField(max_length=250, blank=True)
    led_by_code = models.CharField(max_length=9, blank=True)
    merged_into = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="merged_climbs")
    merged_from = models.CharField(max_length=30, choices=Stage, blank=True)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    scs_lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        triggers = tallied()
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
            models.CheckConstraint(
                name="escalation_merged_says_into_what",
                condition=Q(stage=Stage.MERGED, merged_into__isnull=False, merged_from__in=OPEN_STAGES)
                | (~Q(stage=Stage.MERGED) & Q(merged_into__isnull=True, merged_from="")),
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
            models.Index(
                name="escalation_stage_received", fields=["stage", "received_at", "id"], condition=Q(is_current=True)
            ),
            models.Index(
                name="escalation_stage_team_received",
                fields=["stage", "handling_team", "received_at", "id"],
                condition=Q(is_current=True),
            ),
            models.Index(HAS_ENDED, "received_at", "id", name="escalation_age", condition=Q(is_current=True)),
            models.Index(name="escalation_newest", fields=["-received_at", "-id"], condition=Q(is_current=True)),
            models.Index(
                name="escalation_waking",
                fields=["wakes_at", "id"],
                condition=Q(is_current=True, wakes_at__isnull=False),
            ),
            models.Index(
                name="escalation_restricted",
                fields=["issue"],
                condition=Q(is_current=True, sensitivity=Sensitivity.RESTRICTED),
            ),
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
        source=[S.REPORTED, S.ASSESSING],
        target=S.HANDLED_IN_FUNCTION,
        custom={"label": "Handle in the function"},
    )
    def handle_in_function(self, *, at: datetime) -> None:
        self._enter(at)

    @transition(
        stage,
        source=[S.REPORTED, S.ASSESSING, S.HANDLED_IN_FUNCTION],
        target=S.REFERRED,
        custom={"label": "Refer to the Deputy Director"},
    )
    def refer_to_deputy_director(self, *, at: datetime) -> None:
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

    @transition(
        stage,
        source=[
            S.REFERRED,
            S.CAM,
            S.TTG,
            S.CAM_EP,
            S.CASE_CONFERENCE,
            S.MONITORING,
            S.LED_ELSEWHERE,
            S.COORDINATED,
        ],
        target=S.HANDLED_IN_FUNCTION,
        custom={"label": "Return to the function"},
    )
    def return_to_function(self, *, at: datetime) -> None:
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
        ],
        target=S.CAM,
        custom={"label": "Escalate as IMT"},
    )
    def imt_escalate(self, *, at: datetime) -> None:
        self._enter(at)

    @transition(
        stage,
        source=[S.REPORTED, S.ASSESSING, S.HANDLED_IN_FUNCTION, S.REFERRED, S.CAM, S.TTG, S.MONITORING],
        target=S.LED_ELSEWHERE,
        custom={"label": "Hand over"},
    )
    def hand_over(self, *, at: datetime) -> None:
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
        custom={"label": "Convene an urgent case conference"},
    )
    def convene_urgent_conference(self, *, at: datetime) -> None:
        self._enter(at)

    @transition(stage, source=[S.CASE_CONFERENCE], target=S.CASE_CONFERENCE, custom={"label": "Request information"})
    def request_information(self, *, at: datetime) -> None:
        """The conference goes on: no new visit begins, so what was assessed at this stage still counts."""

    @transition(stage, source=[S.CASE_CONFERENCE], target=S.COORDINATED, custom={"label": "Agree wider coordination"})
    def agree_coordination(self, *, at: datetime) -> None:
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
        target=S.INCIDENT_DECLARED,
        custom={"label": "Join an incident"},
    )
    def join_incident(self, *, at: datetime) -> None:
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
        target=S.SUPPORTING_RESPONSE,
        custom={"label": "Open a supporting response"},
    )
    def open_supporting_response(self, *, at: datetime) -> None:
        self._enter(at, end=True)

    @transition(
        stage,
        source=[
            S.HANDLED_IN_FUNCTION,
            S.CAM,
            S.TTG,
            S.CAM_EP,
            S.CASE_CONFERENCE,
            S.LED_ELSEWHERE,
            S.COORDINATED,
        ],
        target=S.MONITORING,
        custom={"label": "Monitor"},
    )
    def monitor(self, *, at: datetime) -> None:
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
            S.CASE_CONFERENCE,
            S.COORDINATED,
            S.LED_ELSEWHERE,
            S.MONITORING,
        ],
        target=S.MERGED,
        custom={"label": "Merge into another issue"},
    )
    def merge(self, *, at: datetime) -> None:
        self.merged_from = self.stage
        self._enter(at, end=True)

    @transition(
        stage,
        source=[S.MERGED],
        target=RETURN_VALUE(*OPEN_STAGES),
        custom={"label": "Undo the merge", "back_to": "merged_from"},
    )
    def unmerge(self, *, at: datetime) -> str:
        before, self.merged_from = self.merged_from, ""
        self._enter(at)
        return before

    @transition(
        stage,
        source=[S.CLOSED, S.INCIDENT_DECLARED, S.SUPPORTING_RESPONSE],
        target=None,
        custom={"label": "Reopen", "opens": S.CAM},
    )
    def reopen(self, *, at: datetime) -> None:
        """This climb stays as it ended; the next one starts at CAM."""
        self.is_current = False

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
