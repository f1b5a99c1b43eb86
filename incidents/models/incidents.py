"""What OPSS does together once an incident is declared."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from incidents.enums import ImpactLevel, IncidentKind, IncidentStatus, ResponseLevel
from kernel.models import WORDS, known

S = IncidentStatus


class Incident(FSMModelMixin, models.Model):
    """One incident. `significant_risk` and `mitigation` are the two limbs of IMP-1.5 as shown at declaration.

    An incident that comes back through the ladder begins a new `phase` (IMP-3.27). `is_half_agreed` tells that one of
    the two parties has agreed to de-escalate (IMP-3.26); `winding_down_since` when both had. `watched_by` is the
    monitoring group or longer-term owner, who looks at it again on `review_on`.
    """

    reference = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=250)
    kind = models.CharField(max_length=20, choices=IncidentKind, default=IncidentKind.OPSS_LED)
    status = FSMField(max_length=20, choices=IncidentStatus, default=IncidentStatus.ACTIVE, protected=True)
    response_level = models.CharField(max_length=20, choices=ResponseLevel)
    impact_level = models.CharField(max_length=20, choices=ImpactLevel)
    policy_owner = models.CharField(max_length=250, blank=True)
    lead_department = models.CharField(max_length=250, blank=True)
    significant_risk = models.TextField()
    mitigation = models.TextField()
    equality = models.TextField()
    declared_at = models.DateTimeField()
    declared_as = models.CharField(max_length=120)
    phase = models.PositiveSmallIntegerField(default=1)
    phase_began_at = models.DateTimeField()
    is_half_agreed = models.BooleanField(default=False)
    winding_down_since = models.DateTimeField(null=True)
    watched_by = models.CharField(max_length=250, blank=True)
    review_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            known("kind", IncidentKind),
            known("status", IncidentStatus),
            known("response_level", ResponseLevel),
            known("impact_level", ImpactLevel),
            models.CheckConstraint(name="incidents_incident_phase_from_one", condition=Q(phase__gte=1)),
            models.CheckConstraint(
                name="incidents_incident_half_agreed_while_active",
                condition=Q(is_half_agreed=False) | Q(status=S.ACTIVE),
            ),
        ]
        indexes = [
            models.Index(name="incidents_incident_newest", fields=["-declared_at", "-id"]),
            GinIndex(SearchVector("title", config=WORDS), name="incidents_incident_words"),
            models.Index(
                name="incidents_incident_to_review", fields=["review_on", "id"], condition=Q(review_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("command:incident-detail", args=[self.reference])

    @property
    def agreement_leads_to(self) -> str:
        """Where an agreement to de-escalate leaves the incident: the first party's leaves it active."""
        return S.DE_ESCALATING if self.is_half_agreed else S.ACTIVE

    def _respond(self) -> None:
        self.winding_down_since, self.watched_by, self.review_on = None, "", None

    @transition(status, source=[S.ACTIVE, S.DE_ESCALATING], target=None, custom={"label": "Raise the response level"})
    def raise_level(self, *, at: datetime) -> None:
        """The status stays; the level is an input of the move."""

    @transition(status, source=[S.ACTIVE, S.DE_ESCALATING], target=None, custom={"label": "Lower the response level"})
    def lower_level(self, *, at: datetime) -> None:
        """The status stays; the level is an input of the move."""

    @transition(status, source=[S.ACTIVE], target=S.ACTIVE, custom={"label": "Propose de-escalation"})
    def propose_de_escalation(self, *, at: datetime) -> None:
        """A new proposal asks both parties anew."""
        self.is_half_agreed = False

    @transition(
        status,
        source=[S.ACTIVE],
        target=RETURN_VALUE(S.ACTIVE, S.DE_ESCALATING),
        custom={"label": "Agree to de-escalate", "leads_to": "agreement_leads_to"},
    )
    def agree_de_escalation(self, *, at: datetime) -> str:
        target = self.agreement_leads_to
        self.is_half_agreed = not self.is_half_agreed
        if target == S.DE_ESCALATING:
            self.winding_down_since = at
        return target

    @transition(status, source=[S.DE_ESCALATING], target=S.MONITORING, custom={"label": "Monitor"})
    def monitor(self, *, at: datetime) -> None:
        pass

    @transition(status, source=[S.DE_ESCALATING, S.MONITORING], target=S.ACTIVE, custom={"label": "Resume"})
    def resume(self, *, at: datetime) -> None:
        self._respond()

    @transition(status, source=[S.DE_ESCALATING, S.MONITORING], target=S.CLOSED, custom={"label": "Close"})
    def close(self, *, at: datetime) -> None:
        self.review_on = None

    @transition(status, source=[S.CLOSED], target=S.REVIEWED, custom={"label": "Complete the review"})
    def complete_review(self, *, at: datetime) -> None:
        pass

    @transition(
        status,
        source=[S.DE_ESCALATING, S.MONITORING, S.CLOSED, S.REVIEWED],
        target=S.ACTIVE,
        custom={"label": "Begin a new phase"},
    )
    def begin_phase(self, *, at: datetime) -> None:
        """Not a move of its own: a declaration that takes the incident up again makes it (IMP-3.27)."""
        self.phase, self.phase_began_at = self.phase + 1, at
        self._respond()
