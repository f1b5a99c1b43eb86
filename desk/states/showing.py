"""The ladder's diagram as a page shows it."""

from __future__ import annotations

from functools import cache
from typing import Any

from desk.states.drawing import picture
from desk.states.samples import SUBJECTS
from desk.states.telling import edge_rows


@cache
def ladder_shown() -> dict[str, Any]:
    """The picture and the same as rows. Both come from the code alone, so they are made once a process."""
    subject = SUBJECTS["issue"]
    return {"picture": picture("issue", subject), "rows": edge_rows(subject)}
