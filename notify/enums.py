"""Words of the outbox."""

from __future__ import annotations

from django.db import models


class WhyNot(models.TextChoices):
    NOT_THEIRS = "not_theirs", "The person may not see this case any more"
    NOT_WANTED = "not_wanted", "The person has read it in the inbox, or wants no e-mail about it"
    REFUSED = "refused", "The mail server refused it for good"
    GAVE_UP = "gave_up", "It failed too often"


# What should have arrived and will not by itself: somebody has to look.
DEAD_LETTERS = (WhyNot.REFUSED, WhyNot.GAVE_UP)


class Channel(models.TextChoices):
    """The ways to a person besides the inbox, which every notice reaches."""

    EMAIL = "email", "E-mail"


class EmailChoice(models.TextChoices):
    """When a person wants an e-mail about what is not urgent."""

    AT_ONCE = "at_once", "At once, at any hour"
    OFFICE_HOURS = "office_hours", "In office hours: the rest is held until 8am of the next working day"
    INBOX_ONLY = "inbox_only", "Not at all: the inbox is enough"
