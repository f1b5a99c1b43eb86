"""The rules of situation reports over facts: no queries, no writes, no request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from accounts.enums import IMT_DUTY_POST
from kernel.actors import Actor
from moves.machine import Blocker, Warn

# What a draft says where the record says nothing. It has to be answered before review; 'Nothing to report' and 'Not
# known at 14:00' are answers.
PLACEHOLDER = "[to complete: {wanted}]"
_PLACEHOLDER = re.compile(r"\[\s*to\s+complete\b", re.IGNORECASE)


@dataclass(frozen=True)
class SitrepFacts:
    """What is known of a report, and of who asks (`by`), when a move is considered. People are user ids.

    `unfinished` names the sections that still hold a placeholder or nothing; `open_draft` names the incident's open
    report, empty when it has none. `chairs` and `secretaries` are those of the SCG and the TCGs,
    `chair_posts` the plan's posts under which they chair. `second_check` tells whether the check is done or due.
    """

    by: Actor
    status: str
    authors: frozenset[int]
    chairs: frozenset[int]
    secretaries: frozenset[int]
    unfinished: tuple[str, ...]
    open_draft: str
    chair_posts: tuple[str, ...] = ()
    second_check: str = ""

    @property
    def asked_by_author(self) -> bool:
        """The person counts, whatever post they act as now or wrote as then."""
        return self.by.user_id in self.authors


def has_placeholder(body: str) -> bool:
    """Whether a section is still to be completed: a placeholder is left in it, or it says nothing at all."""
    return not body.strip() or bool(_PLACEHOLDER.search(body))


def taken_in(body: str, sentences: Iterable[str]) -> str:
    """The text of a section with these sentences after it, one a line; they replace a mere placeholder."""
    kept = [] if _PLACEHOLDER.match(body.strip()) and "\n" not in body.strip() else [body.rstrip()]
    return "\n".join(filter(None, [*kept, *sentences]))


def not_yet_said(body: str, drafted: str) -> list[str]:
    """The lines of a drafted text that a section does not hold; a placeholder is none."""
    held = {_plain(line) for line in body.splitlines()}
    lines = dict.fromkeys(line.strip() for line in drafted.splitlines())
    return [line for line in lines if line and _plain(line) not in held and not _PLACEHOLDER.match(line)]


def _plain(line: str) -> str:
    return " ".join(line.split())


def nothing_left_to_complete(facts: SitrepFacts) -> Blocker | None:
    """A report goes to review when every section has an answer (IMP-3.23)."""
    if not facts.unfinished:
        return None
    return Blocker(
        "placeholders_left",
        f"Still to complete: {', '.join(facts.unfinished)}. 'Nothing to report' and 'Not known' are answers.",
        "IMP-3.23",
        mend="edit",
    )


def is_stand_in(facts: SitrepFacts) -> bool:
    """The duty head may issue their own report when nobody else can be reached, marked as not second-checked."""
    return facts.by.post == IMT_DUTY_POST


def author_may_not_approve(facts: SitrepFacts) -> Blocker | None:
    """Two pairs of eyes: who wrote in a report does not approve it, under this post or another."""
    if not facts.asked_by_author:
        return None
    if is_stand_in(facts):
        return Blocker(
            "author_may_not_approve",
            "You wrote in this report. When nobody else can be reached, approve it with the second check still due.",
            override="second_check",
        )
    return Blocker("author_may_not_approve", "You wrote in this report, so somebody else must approve it.")


def author_may_not_issue(facts: SitrepFacts) -> Blocker | None:
    """Nor does who wrote in a report issue it, but for the duty head when nobody else can be reached."""
    if not facts.asked_by_author or is_stand_in(facts):
        return None
    return Blocker("author_may_not_issue", "You wrote in this report, so somebody else must issue it.")


def no_open_draft(facts: SitrepFacts) -> Blocker | None:
    """One report at a time is being written for an incident."""
    if not facts.open_draft:
        return None
    return Blocker("draft_open", f"{facts.open_draft} is still being written. Issue or withdraw it first.")


def not_second_checked(facts: SitrepFacts) -> list[Warn]:
    """What a stand-in should know before approving or issuing their own report."""
    if not facts.asked_by_author or not is_stand_in(facts):
        return []
    message = "The report will be marked 'not second-checked', and the check falls due at once."
    return [Warn("not_second_checked", message)]


def canonical_text(content: Mapping[str, Any]) -> str:
    """`content` as the one text that is digested: JSON with sorted names, no spaces, nothing escaped without need."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()
