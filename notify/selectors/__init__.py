"""What stands in an inbox, and how the clock is doing."""

from notify.selectors.clock import (
    Beat,
    Delay,
    Late,
    Work,
    alarms,
    beats,
    delay,
    is_late,
    late,
    late_names,
    notices_waiting,
    work,
)
from notify.selectors.notices import PAGE, CaseNotices, Inbox, inbox, told_urgently, unread_count

__all__ = [
    "PAGE",
    "Beat",
    "CaseNotices",
    "Delay",
    "Inbox",
    "Late",
    "Work",
    "alarms",
    "beats",
    "delay",
    "inbox",
    "is_late",
    "late",
    "late_names",
    "notices_waiting",
    "told_urgently",
    "unread_count",
    "work",
]
