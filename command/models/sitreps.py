"""Situation reports: drafted from the record, reviewed, approved, issued once and never changed (IMP-3.23)."""

from __future__ import annotations

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django_fsm import FSMField, FSMModelMixin, transition

from command.enums import ISSUED_STATUSES, OPEN_STATUSES, SecondCheck, SectionKey, SitrepStatus
from incidents.models import Incident
from kernel.models import WORDS, AppendOnly, known

S = SitrepStatus


class Sitrep(FSMModelMixin, models.Model):
    """One situation report of one incident, numbered when it is opened.

    `as_of` is the time that it tells of: of its opening, then of its last submission. `issued_text` is the canonical
    JSON that was issued, and `sha256` the digest of its UTF-8 bytes; the database checks the one against the other and
    lets nobody change what was issued. A second check that was still due then is recorded beside it when it is done.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="sitreps")
    number = models.PositiveIntegerField()
    status = FSMField(max_length=20, choices=SitrepStatus, default=SitrepStatus.DRAFT, protected=True)
    as_of = models.DateTimeField()
    figures = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    opened_as = models.CharField(max_length=120)
    approved_at = models.DateTimeField(null=True)
    approved_as = models.CharField(max_length=120, blank=True)
    second_check = models.CharField(max_length=10, choices=SecondCheck, blank=True)
    second_checked_at = models.DateTimeField(null=True)
    second_checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    second_checked_as = models.CharField(max_length=120, blank=True)
    second_check_asked_on = models.DateField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    issued_as = models.CharField(max_length=120, blank=True)
    issued_text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = [
            known("status", SitrepStatus),
            known("second_check", SecondCheck, blank=True),
            models.UniqueConstraint(name="command_sitrep_numbered_once", fields=["incident", "number"]),
            models.UniqueConstraint(
                name="command_sitrep_one_open", fields=["incident"], condition=Q(status__in=OPEN_STATUSES)
            ),
            models.UniqueConstraint(
                name="command_sitrep_corrected_once",
                fields=["supersedes"],
                condition=Q(status__in=[*OPEN_STATUSES, *ISSUED_STATUSES]),
            ),
            models.CheckConstraint(name="command_sitrep_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="command_sitrep_not_its_own_correction",
                condition=Q(supersedes__isnull=True) | ~Q(supersedes=models.F("id")),
            ),
            models.CheckConstraint(
                name="command_sitrep_checked_whole",
                condition=Q(second_checked_at__isnull=True, second_checked_by__isnull=True, second_checked_as="")
                | (
                    Q(
                        second_check=SecondCheck.DUE,
                        second_checked_at__isnull=False,
                        second_checked_by__isnull=False,
                        issued_at__isnull=False,
                    )
                    & ~Q(second_checked_as="")
                ),
            ),
            models.CheckConstraint(
                name="command_sitrep_issued_whole",
                condition=(
                    Q(
                        status__in=ISSUED_STATUSES,
                        issued_at__isnull=False,
                        issued_by__isnull=False,
                        approved_at__isnull=False,
                        sha256__regex="^[0-9a-f]{64}$",
                    )
                    & ~Q(issued_text="")
                    & ~Q(second_check="")
                )
                | (
                    ~Q(status__in=ISSUED_STATUSES)
                    & Q(issued_at__isnull=True, issued_by__isnull=True, issued_as="", issued_text="", sha256="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                name="command_sitrep_to_check",
                fields=["issued_at", "id"],
                condition=Q(second_check=SecondCheck.DUE, issued_at__isnull=False, second_checked_at__isnull=True),
            ),
            models.Index(name="command_sitrep_newest", fields=["incident", "-number"]),
            models.Index(
                name="command_sitrep_issued", fields=["issued_at", "id"], condition=Q(issued_at__isnull=False)
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="issued_text_fits_digest",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.issued_text <> ''"),
                func="""
                    IF NEW.sha256 <> encode(sha256(convert_to(NEW.issued_text, 'UTF8')), 'hex') THEN
                        RAISE EXCEPTION 'The digest does not fit the issued text';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="issued_stays_as_issued",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.issued_at IS NOT NULL AND (NEW.status NOT IN ('issued', 'superseded')"
                    " OR (OLD.status = 'superseded' AND NEW.status = 'issued')"
                    " OR (NEW.incident_id, NEW.number, NEW.as_of, NEW.figures, NEW.opened_at, NEW.opened_as,"
                    " NEW.approved_at, NEW.approved_as, NEW.second_check, NEW.issued_at, NEW.issued_by_id,"
                    " NEW.issued_as, NEW.issued_text, NEW.sha256, NEW.supersedes_id)"
                    " IS DISTINCT FROM (OLD.incident_id, OLD.number, OLD.as_of, OLD.figures, OLD.opened_at,"
                    " OLD.opened_as, OLD.approved_at, OLD.approved_as, OLD.second_check, OLD.issued_at,"
                    " OLD.issued_by_id, OLD.issued_as, OLD.issued_text, OLD.sha256, OLD.supersedes_id))"
                ),
            ),
            pgtrigger.Protect(name="refuse_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """`INC-2026-0007/SR-012`."""
        return f"{self.incident.reference}/SR-{self.number:03d}"

    @property
    def path(self) -> str:
        """The reference as it stands in addresses: `INC-2026-0007-SR-012`."""
        return self.reference.replace("/", "-")

    @property
    def is_issued(self) -> bool:
        return self.status in ISSUED_STATUSES

    @property
    def is_unchecked(self) -> bool:
        """Whether it went out with its second check still due, and nobody has done that since."""
        return self.is_issued and self.second_check == SecondCheck.DUE and self.second_checked_at is None

    def get_absolute_url(self) -> str:
        return reverse("command:sitrep-detail", args=[self.path])

    @transition(
        status,
        source=[S.DRAFT],
        target=S.IN_REVIEW,
        custom={"label": "Submit for review", "done": "Submitted for review"},
    )
    def submit(self, *, at: datetime) -> None:
        self.as_of = at

    @transition(
        status,
        source=[S.IN_REVIEW],
        target=S.DRAFT,
        custom={"label": "Return to the authors", "done": "Returned to the authors"},
    )
    def return_to_authors(self, *, at: datetime) -> None:
        pass

    @transition(status, source=[S.IN_REVIEW], target=S.APPROVED, custom={"label": "Approve", "done": "Approved"})
    def approve(self, *, at: datetime) -> None:
        self.approved_at = at

    @transition(status, source=[S.APPROVED], target=S.ISSUED, custom={"label": "Issue", "done": "Issued"})
    def issue(self, *, at: datetime) -> None:
        self.issued_at = at

    @transition(status, source=[S.ISSUED], target=S.ISSUED, custom={"label": "Correct", "done": "A correction is open"})
    def correct(self, *, at: datetime) -> None:
        pass

    @transition(
        status,
        source=[S.DRAFT, S.IN_REVIEW, S.APPROVED],
        target=S.WITHDRAWN,
        custom={"label": "Withdraw", "done": "Withdrawn"},
    )
    def withdraw(self, *, at: datetime) -> None:
        pass

    @transition(status, source=[S.ISSUED], target=S.SUPERSEDED, custom={"label": "Supersede"})
    def supersede(self, *, at: datetime) -> None:
        """Not a move of its own: the issue of its correction makes it."""
        self.updated_at = at


class SitrepSection(models.Model):
    """One section of one report. Nothing of it can be written but while the report is a draft."""

    sitrep = models.ForeignKey(Sitrep, models.PROTECT, related_name="sections")
    key = models.CharField(max_length=30, choices=SectionKey)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            known("key", SectionKey),
            models.UniqueConstraint(name="command_sitrepsection_once", fields=["sitrep", "key"]),
            models.UniqueConstraint(name="command_sitrepsection_in_order", fields=["sitrep", "position"]),
        ]
        indexes = [GinIndex(SearchVector("body", config=WORDS), name="command_sitrepsection_words")]
        triggers = [
            pgtrigger.Trigger(
                name="only_while_draft",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (
                        SELECT 1 FROM command_sitrep
                        WHERE (id = CASE WHEN TG_OP = 'INSERT' THEN NEW.sitrep_id ELSE OLD.sitrep_id END
                            OR (TG_OP = 'UPDATE' AND id = NEW.sitrep_id))
                            AND status <> 'draft'
                    ) THEN
                        RAISE EXCEPTION 'Sections are written only while their situation report is a draft';
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} of {self.sitrep_id}"


class SitrepAuthor(AppendOnly):
    """Somebody who wrote in a report, under whatever post. Authors do not approve their own report."""

    sitrep = models.ForeignKey(Sitrep, models.PROTECT, related_name="authors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    wrote_as = models.CharField(max_length=120)
    since = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(name="command_sitrepauthor_once", fields=["sitrep", "user"])]
        triggers = [pgtrigger.Protect(name="refuse_update_delete", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user} of {self.sitrep}"
