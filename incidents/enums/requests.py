"""The words of what is asked about a case beside the ladder, and of the answers."""

from __future__ import annotations

from django.db.models import TextChoices


class Challenger(TextChoices):
    """On whose account a closure is challenged."""

    ORIGINATOR = "originator", "The originator, through us"
    STAFF = "staff", "I do myself, in my post"


class ChallengeOutcome(TextChoices):
    UPHELD = "upheld", "Upheld: the closure should not stand"
    NOT_UPHELD = "not_upheld", "Not upheld: the closure stands"


class HelpOutcome(TextChoices):
    GIVEN = "given", "Given"
    REFUSED = "refused", "Refused"


class ReopenOutcome(TextChoices):
    ACCEPTED = "accepted", "Accepted: reopen the case now"
    DECLINED = "declined", "Declined"
