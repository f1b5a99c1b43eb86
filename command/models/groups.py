"""Who meets, at which level, under whose chair."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from command.enums import GroupKind, GroupLevel, GroupStatus, MemberRole
from command.rules import chairing_post
from incidents.models import Incident
from kernel.models import known


class Group(models.Model):
    """One group of one incident. Setting it up considers how it will end (IMP-3.16): `exit_strategy` is never empty.

    `chair_as` is the post under which the chair was named, as it was called then. Standing it down names who owns what
    remains: `longer_term_owner`.
    """

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="groups")
    kind = models.CharField(max_length=30, choices=GroupKind)
    level = models.CharField(max_length=20, choices=GroupLevel)
    name = models.CharField(max_length=250)
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chair_as = models.CharField(max_length=120)
    status = models.CharField(max_length=20, choices=GroupStatus, default=GroupStatus.STANDING)
    purpose = models.TextField()
    exit_strategy = models.TextField()
    stood_up_at = models.DateTimeField()
    stood_down_at = models.DateTimeField(null=True)
    stood_down_as = models.CharField(max_length=120, blank=True)
    longer_term_owner = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            known("kind", GroupKind),
            known("level", GroupLevel),
            known("status", GroupStatus),
            models.CheckConstraint(
                name="command_group_purpose_and_exit", condition=~Q(purpose="") & ~Q(exit_strategy="") & ~Q(name="")
            ),
            models.CheckConstraint(
                name="command_group_stood_down_whole",
                condition=Q(
                    status=GroupStatus.STANDING, stood_down_at__isnull=True, stood_down_as="", longer_term_owner=""
                )
                | (
                    Q(status=GroupStatus.STOOD_DOWN, stood_down_at__isnull=False)
                    & ~Q(stood_down_as="")
                    & ~Q(longer_term_owner="")
                ),
            ),
            models.UniqueConstraint(
                name="command_group_one_scg",
                fields=["incident"],
                condition=Q(kind=GroupKind.SCG, status=GroupStatus.STANDING),
            ),
        ]
        indexes = [
            models.Index(
                name="command_group_standing_chair", fields=["chair"], condition=Q(status=GroupStatus.STANDING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.incident}"

    @property
    def chairing_post(self) -> tuple[str, ...]:
        """The plan's post under which it is chaired, if any: its deputies may act as the chair."""
        return chairing_post(self.kind, self.chair_as)


class GroupMember(models.Model):
    """A person in a group besides its chair."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=MemberRole, default=MemberRole.MEMBER)
    since = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [
            known("role", MemberRole),
            models.UniqueConstraint(name="command_groupmember_once", fields=["group", "user"]),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.group}"
