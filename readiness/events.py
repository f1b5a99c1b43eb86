"""The kinds of event that this room writes to an incident's chain."""

from enum import StrEnum


class ReviewEvent(StrEnum):
    OPENED = "review.opened"
    FINDING_RECORDED = "review.finding_recorded"
    LESSON_ADDED = "review.lesson_added"
    LESSON_CHANGED = "review.lesson_changed"
    LESSON_SETTLED = "review.lesson_settled"
