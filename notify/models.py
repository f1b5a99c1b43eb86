"""Notices and their e-mails: rows first, written with the change that they tell of, delivered by the worker.

Beside them the marks that the ticks of the clock leave, what they put off, and the alarms of their watcher.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kernel.models import known
from notify import kinds
from notify.enums import DEAD_LETTERS, Channel, EmailChoice, WhyNot


class Waiting(models.Model):
    """Something to deliver. It waits until it has `delivered_at` or `failed_at`, and never has both.

    `claimed_until` is the lease of the worker that has it, and after a failure the time before which nobody tries
    again; `attempts` tells whose lease it is. Only `notify.services.leases` writes these.
    """

    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    why_not = models.CharField(max_length=40, choices=WhyNot.choices, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_delivered_or_failed",
                condition=Q(delivered_at__isnull=True) | Q(failed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_failed_with_reason",
                condition=Q(failed_at__isnull=True, why_not="") | (Q(failed_at__isnull=False) & ~Q(why_not="")),
            ),
            known("why_not", WhyNot, blank=True),
        ]


WAITS = Q(delivered_at__isnull=True, failed_at__isnull=True)
DEAD = Q(why_not__in=DEAD_LETTERS)


class Notice(Waiting):
    """One event told to one person; delivered means that it stands in their inbox.

    `about` is the reference of the case, empty when it is about none. `key` names the event: the same key never makes
    a second notice for the same person. `done_as` is who made it happen, as which post; empty where the clock did.
    `due_at`, or `due_on` where only a day is known, is until when whoever has to act should have done so.
    """

    kind = models.CharField(max_length=80)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    about = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    # The former release goes on queueing notices while the new one starts, and knows nothing of these.
    done_as = models.CharField(max_length=200, blank=True, default="", db_default="")
    due_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    url = models.CharField(max_length=500)
    key = models.CharField(max_length=200)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta(Waiting.Meta):
        constraints = [
            *Waiting.Meta.constraints,
            models.UniqueConstraint(fields=["recipient", "key"], name="notify_one_notice_per_person_and_event"),
            models.CheckConstraint(
                name="notify_notice_read_when_delivered",
                condition=Q(read_at__isnull=True) | Q(delivered_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                F("urgent").desc(),
                "id",
                name="notify_notice_waiting",
                condition=WAITS,
            ),
            models.Index(
                "recipient",
                F("delivered_at").desc(),
                F("id").desc(),
                name="notify_notice_inbox",
                condition=Q(delivered_at__isnull=False),
            ),
            models.Index(
                "recipient",
                F("delivered_at").desc(),
                F("id").desc(),
                name="notify_notice_unread",
                condition=Q(delivered_at__isnull=False, read_at__isnull=True),
            ),
            models.Index(name="notify_notice_alarmed", fields=["about", "recipient"], condition=Q(urgent=True)),
            models.Index(F("failed_at").desc(), F("id").desc(), name="notify_notice_dead", condition=DEAD),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def asks(self) -> str:
        """What its reader is to do; empty where it is for information."""
        return kinds.asks(self.kind)


class Delivery(Waiting):
    """One notice on one more channel, made in the transaction in which the notice reaches the inbox.

    Nobody takes it up before `not_before`. `urgent` is the notice's, for the order in which they go.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()

    class Meta(Waiting.Meta):
        constraints = [
            *Waiting.Meta.constraints,
            models.UniqueConstraint(fields=["notice", "channel"], name="notify_one_delivery_per_channel"),
            known("channel", Channel),
        ]
        indexes = [
            models.Index(F("urgent").desc(), "id", name="notify_delivery_waiting", condition=WAITS),
            models.Index(
                F("failed_at").desc(),
                F("id").desc(),
                name="notify_delivery_dead",
                condition=DEAD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class Preference(models.Model):
    """How a person wants to be told of what is not urgent. Who chose nothing has no row and is told at once."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="preference"
    )
    email = models.CharField(max_length=20, choices=EmailChoice.choices, default=EmailChoice.AT_ONCE)

    class Meta:
        constraints = [known("email", EmailChoice)]

    def __str__(self) -> str:
        return self.email


class Heartbeat(models.Model):
    """That a tick of the clock runs. `since` is when it was first awaited, `ran_at` when it last ran; never: null."""

    name = models.CharField(max_length=80, primary_key=True)
    since = models.DateTimeField()
    ran_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class PutOff(models.Model):
    """A row that the clock could not do: how often, why the last time, and before when nobody tries again.

    `work` names what was to be done with it, `row` is its key in the table of that work. Only `notify.services.due`
    writes these.
    """

    work = models.CharField(max_length=60)
    row = models.BigIntegerField()
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    try_again_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "row"], name="notify_putoff_once")]

    def __str__(self) -> str:
        return f"{self.work} {self.row}"


class Alarm(models.Model):
    """One episode in which a tick did not run or due work was not done: since `began_at`, still so at `seen_at`.

    One of each name lasts at a time; its notices are keyed by when it began.
    """

    name = models.CharField(max_length=80)
    what = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="notify_one_alarm_lasts", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.what
