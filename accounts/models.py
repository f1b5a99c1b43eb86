"""People, the posts they hold or deputise for over dates, and the tokens that act for them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Expression, F, Func, Q
from django.db.models.functions import Lower

from accounts.enums import Function, Team
from accounts.telephone import LONGEST
from kernel import clock
from kernel.actors import Actor
from kernel.models import known


class EmailAddressField(models.EmailField):
    """An address kept and sought in lower case, so that capitals never make a second person."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value.strip().lower() if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        """A new person. Without a password nobody can sign in as them."""
        user = self.model(email=email, name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=username)


class User(AbstractBaseUser):
    """A person, or with `is_service` a program that only ever comes with a token. What they may do their posts say.

    `hats_on_entry` are their posts as they were read together with them when a request of theirs came in.
    `slash_searches` tells whether the key / leads them to the search box: who speaks to their machine may send it
    without meaning to, and turns it off.
    """

    email = EmailAddressField("e-mail address", unique=True, max_length=254)
    name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    is_service = models.BooleanField(default=False)
    slash_searches = models.BooleanField(default=True, db_default=True)

    hats_on_entry: list[Actor] | None = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(name="accounts_user_email_lower", condition=Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.name or self.email


class Post(models.Model):
    """A post of the organisation. Reference data: rows come from migrations, `order` is the order of precedence."""

    code = models.CharField(max_length=60, primary_key=True)
    title = models.CharField(max_length=120)
    scs = models.BooleanField(default=False)
    team = models.CharField(max_length=40, choices=Team.choices, blank=True)
    function = models.CharField(max_length=40, choices=Function.choices, blank=True)
    order = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ("order",)
        constraints = [known("team", Team, blank=True), known("function", Function, blank=True)]

    def __str__(self) -> str:
        return self.title


class PostTelephones(models.Model):
    """The numbers of a post, whoever holds it: in the office, and at two in the morning. Empty: none known.

    `verified_on` is the day on which somebody last said that they are right.
    """

    post = models.OneToOneField(Post, on_delete=models.PROTECT, primary_key=True, related_name="telephones")
    office = models.CharField(max_length=LONGEST, blank=True)
    out_of_hours = models.CharField(max_length=LONGEST, blank=True)
    verified_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_posttelephones_some_number", condition=~Q(office="") | ~Q(out_of_hours="")
            ),
        ]

    def __str__(self) -> str:
        return f"The telephones of {self.post_id}"


class InForce(models.QuerySet):
    def current(self, today: date | Expression | None = None) -> InForce:
        """The rows in force today, in London; or on the day that is given, as a prepared question does."""
        today = today or clock.today()
        return self.unfinished(today).filter(starts_on__lte=today)

    def unfinished(self, today: date | Expression | None = None) -> InForce:
        """The rows in force today or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today or clock.today()))


def _never_twice(name: str) -> ExclusionConstraint:
    """The same person never has the same post twice at one time."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            (F("post"), RangeOperators.EQUAL),
            (F("user"), RangeOperators.EQUAL),
            (Func(F("starts_on"), F("ends_on"), function="daterange"), RangeOperators.OVERLAPS),
        ],
    )


class PostHolding(models.Model):
    """A person holds a post from `starts_on` until `ends_on`, the first day on which it is no longer theirs."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    starts_on = models.DateField(default=clock.today)
    ends_on = models.DateField(null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_postholding_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            _never_twice("accounts_postholding_never_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} holds {self.post_id} from {self.starts_on}"


class PostDeputy(models.Model):
    """A person may act as a post whose holder (or the operator) named them, over dates as for a holding."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputies")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputising")
    starts_on = models.DateField(default=clock.today)
    ends_on = models.DateField(null=True, blank=True)
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = InForce.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_postdeputy_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            _never_twice("accounts_postdeputy_never_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} deputises for {self.post_id} from {self.starts_on}"


class ApiToken(models.Model):
    """A key for programs. Only its SHA-256 is kept; `prefix` lets its owner tell one from another.

    The token acts as `post`; a stranger's token has none. From `expires_at` on it opens nothing.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = [models.Index(name="accounts_token_of_user", fields=["user", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @property
    def is_expired(self) -> bool:
        """Whether its time is over: from the very moment of `expires_at`."""
        return clock.now() >= self.expires_at
