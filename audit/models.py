"""The tables of the record. Their format is decided for good in docs/adr/0003-audit-chain-format.md."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from kernel.models import AppendOnly

GENESIS = "0" * 64


def _refuse_truncate() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="refuse_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'The table % is never emptied', TG_TABLE_NAME;",
    )


def _append_only() -> list[pgtrigger.Trigger]:
    """The triggers of a table whose rows are written once."""
    return [
        pgtrigger.Protect(name="refuse_update_delete", operation=pgtrigger.Update | pgtrigger.Delete),
        _refuse_truncate(),
    ]


def _hash_check(column: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name="%(app_label)s_%(class)s_" + f"{column}_is_sha256", condition=Q(**{f"{column}__regex": "^[0-9a-f]{64}$"})
    )


class Chain(models.Model):
    """The locked end of one chain: the hash and position of its last event. Written by `audit.services` alone."""

    key = models.CharField(max_length=60, primary_key=True)
    head = models.CharField(max_length=64, default=GENESIS)
    length = models.PositiveBigIntegerField(default=0)
    sealed_length = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            _hash_check("head"),
            models.CheckConstraint(
                name="audit_chain_sealed_within_length", condition=Q(sealed_length__lte=models.F("length"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="refuse_delete", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="only_lengthen_or_seal",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NOT (NEW.key = OLD.key AND NEW.sealed_length >= OLD.sealed_length"
                    " AND (NEW.length > OLD.length OR (NEW.length = OLD.length AND NEW.head = OLD.head)))"
                ),
            ),
            _refuse_truncate(),
        ]

    def __str__(self) -> str:
        return self.key


class AuditEvent(AppendOnly):
    """One event. `canonical` is what was hashed; the columns before it repeat it for queries.

    No foreign key leads to live data: the record outlives what it tells of. The unique index on chain and position also
    serves reading a chain newest first.
    """

    chain_key = models.CharField(max_length=60)
    position = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=80)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    version = models.PositiveBigIntegerField(null=True)
    canonical = models.TextField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain_key", "position"], name="audit_auditevent_one_per_position"),
            models.CheckConstraint(name="audit_auditevent_position_from_one", condition=Q(position__gte=1)),
            _hash_check("previous_hash"),
            _hash_check("hash"),
        ]
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{self.chain_key} {self.position}"


class EventFacts(AppendOnly):
    """The facts of an event and the salts of their digests, apart, so that they can be redacted."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, primary_key=True, related_name="told")
    facts = models.JSONField()
    salts = models.JSONField()

    class Meta:
        triggers = _append_only()

    def __str__(self) -> str:
        return f"facts of event {self.pk}"


class AccessLog(AppendOnly):
    """Who read what restricted material, and when."""

    at = models.DateTimeField()
    email = models.EmailField(max_length=254)
    post = models.CharField(max_length=60, blank=True)
    post_title = models.CharField(max_length=200, blank=True)
    as_deputy = models.BooleanField(default=False)
    about = models.CharField(max_length=60)
    what = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["about", "-id"], name="audit_accesslog_about")]
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{self.email} read {self.what} of {self.about}"


class Checkpoint(AppendOnly):
    """One sealing of all chains that grew since the one before."""

    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [_hash_check("digest")]
        triggers = _append_only()

    def __str__(self) -> str:
        return f"checkpoint {self.pk}"


class CheckpointHead(AppendOnly):
    """Length and head of one chain at a checkpoint."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="heads")
    chain_key = models.CharField(max_length=60)
    length = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain_key", "checkpoint"], name="audit_checkpointhead_one_per_chain"),
            _hash_check("head"),
        ]
        triggers = _append_only()

    def __str__(self) -> str:
        return f"{self.chain_key} at {self.length}"
