"""What rooms above may add to the record: each registry is filled at start-up by the room that answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incidents.models import Issue

IssueChanged = Callable[["Issue", datetime], None]

_issue_changed: list[IssueChanged] = []


def register_issue_changed(callback: IssueChanged) -> None:
    """Have `callback(issue, at)` called in the same transaction whenever something of an issue's record changed."""
    _issue_changed.append(callback)


def issue_changed(issue: Issue, at: datetime) -> None:
    """Tell the rooms above that the issue's record changed, so that versions and sort keys keep step."""
    for callback in _issue_changed:
        callback(issue, at)
