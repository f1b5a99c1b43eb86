"""One thing that waits for somebody, as the home page lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kernel import clock

MOST_TASKS = 8


@dataclass(frozen=True)
class Task:
    """One thing that waits for the reader: what to do, on which case, by when, and why it is theirs."""

    title: str
    url: str
    case: str
    why: str
    due_at: datetime | None = None
    due_on: date | None = None
    urgent: bool = False
    danger_now: bool = False

    @property
    def is_overdue(self) -> bool:
        if self.due_on:
            return self.due_on < clock.today()
        return self.due_at is not None and self.due_at < clock.now()
