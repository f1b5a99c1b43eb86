"""What a search over every kind of case finds, as far as the reader may know of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from command import selectors as command
from command.models import Sitrep
from escalation.selectors import IssueFilters, pages
from escalation.selectors.pages import ListRow
from incidents import selectors as incidents
from incidents.models import Incident, Issue
from kernel.actors import Actor
from kernel.errors import NotFound

MOST = 10
MOST_LIKE = 5
# How alike two words must be for one to be offered for the other; from 0 to 1.
ALIKE = 0.6
_SITREP = re.compile(r"INC-[0-9]{4}-[0-9]+[/-]SR-[0-9]+", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """What was found, newest first, at most ten of a kind. `alike` and `instead` are offered where nothing was."""

    issues: list[ListRow] = field(default_factory=list)
    more_issues: bool = False
    incidents: list[Incident] = field(default_factory=list)
    sitreps: list[Sitrep] = field(default_factory=list)
    alike: list[Issue] = field(default_factory=list)
    instead: str = ""

    def __bool__(self) -> bool:
        return bool(self.issues or self.incidents or self.sitreps)


def place_of(q: str, actor: Actor) -> str:
    """The page of the case whose reference `q` is; empty where it is none that the reader may know of."""
    reference = q.strip().upper()
    try:
        if _SITREP.fullmatch(reference):
            return command.sitrep_get(reference, actor).get_absolute_url()
        if reference.startswith("INC-"):
            return incidents.incident_get(reference, actor).get_absolute_url()
        if reference.startswith("ISS-"):
            return incidents.issue_get(reference, actor).get_absolute_url()
    except NotFound:
        return ""
    return ""


def found(q: str, actor: Actor) -> Found:
    """Issues by words or parts, incidents by title, situation reports by what they say."""
    rows = pages.issue_rows(actor, IssueFilters(q=q), order="newest", cursor=None, limit=MOST)
    result = Found(
        issues=rows.rows,
        more_issues=rows.next_cursor is not None,
        incidents=list(incidents.incidents_found(q, actor).order_by("-declared_at", "-pk")[:MOST]),
        sitreps=list(command.sitreps_found(q, actor).order_by("-pk")[:MOST]),
    )
    return result or _instead(q, actor)


def _instead(q: str, actor: Actor) -> Found:
    """Cases that say something spelt like `q`, and `q` with their spelling."""
    alike = incidents.issues_spelt_like(q, actor, most=MOST_LIKE)
    known = sorted({word for issue in alike for word in issue.search_text.said.split()})
    words = [next(iter(get_close_matches(word, known, n=1, cutoff=ALIKE)), word) for word in q.lower().split()]
    instead = " ".join(words)
    return Found(alike=alike, instead=instead if alike and instead != q.lower().strip() else "")
