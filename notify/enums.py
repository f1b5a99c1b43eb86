"""Words of the outbox."""

from __future__ import annotations

from django.db import models


class WhyNot(models.TextChoices):
    NOT_THEIRS = "not_theirs", "The person may not see this case any more"
    GAVE_UP = "gave_up", "It failed too often"
