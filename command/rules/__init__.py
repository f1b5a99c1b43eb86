from command.rules.offices import Offices
from command.rules.rhythm import RecurrenceProblem, first_recurrence, next_occurrence, recurrence_checked
from command.rules.sitreps import (
    PLACEHOLDER,
    SitrepFacts,
    author_may_not_approve,
    canonical_text,
    digest_of,
    has_placeholder,
    is_stand_in,
    no_open_draft,
    not_second_checked,
    nothing_left_to_complete,
)

__all__ = [
    "PLACEHOLDER",
    "Offices",
    "RecurrenceProblem",
    "SitrepFacts",
    "author_may_not_approve",
    "canonical_text",
    "digest_of",
    "first_recurrence",
    "has_placeholder",
    "is_stand_in",
    "next_occurrence",
    "no_open_draft",
    "not_second_checked",
    "nothing_left_to_complete",
    "recurrence_checked",
]
