"""What each move of a situation report fixes on it, and what it makes besides: decisions, notices, the superseding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accounts import selectors as accounts
from accounts.enums import IMT_POSTS
from accounts.models import User
from command import authority, rules, selectors
from command.enums import SecondCheck
from command.models import Sitrep
from govuk import when
from incidents.models import Decision
from moves.machine import Making
from notify import services as notify


def _submit_fixes(making: Making) -> None:
    making.subject.figures = selectors.figures_of(making.subject.incident)


def _approve_fixes(making: Making) -> None:
    making.subject.approved_as, making.subject.second_check = making.by.label, making.inputs["second_check"]


def _issue_fixes(making: Making) -> None:
    """Freeze the report: its one canonical text, and the digest of that (IMP-3.23)."""
    sitrep, by = making.subject, making.by
    sitrep.issued_by_id, sitrep.issued_as = by.user_id, by.label
    if making.facts.asked_by_author:
        sitrep.second_check = SecondCheck.DUE
    sitrep.issued_text = rules.canonical_text(selectors.content_written(sitrep))
    sitrep.sha256 = rules.digest_of(sitrep.issued_text)


# What is set on the report before it is saved.
FIXES: Mapping[str, Callable[[Making], None]] = {
    "submit": _submit_fixes,
    "approve": _approve_fixes,
    "issue": _issue_fixes,
}


def submitted(making: Making) -> Mapping[str, Any]:
    sitrep = making.subject
    _tell(
        making,
        [person for person in _approvers(making) if person not in making.facts.authors],
        title=f"{sitrep.reference} waits for your approval",
        body=f"Submitted by the {making.by.label}. You may approve it or return it.",
    )
    return _told(making)


def returned(making: Making) -> Mapping[str, Any]:
    _tell(
        making,
        making.facts.authors,
        title=f"{making.subject.reference} was returned to you",
        body=making.inputs["reason"],
    )
    return _told(making)


def approved(making: Making) -> Mapping[str, Any]:
    _tell(
        making,
        making.facts.authors | frozenset(_approvers(making)),
        title=f"{making.subject.reference} is approved",
        body="It can be issued.",
    )
    return _told(making)


def issued(making: Making) -> Mapping[str, Any]:
    """Tell who must know, supersede what this corrects, and ask for the check where it is still due."""
    sitrep = making.subject
    superseded = _supersede(making)
    named = [person.user for person in making.inputs["recipients"]]
    body = f"As of {when.london(sitrep.as_of)}."
    _tell(
        making,
        [*named, *_standing_readers(making)],
        title=f"Situation report {sitrep.reference} is issued",
        body=f"{body} It supersedes {superseded}." if superseded else body,
    )
    if sitrep.second_check == SecondCheck.DUE:
        _tell(
            making,
            [person for person in _approvers(making) if person not in making.facts.authors],
            title=f"{sitrep.reference} went out without a second check: please check it now",
            body="Correct it if anything in it is wrong.",
            suffix="check",
        )
    _decide(making, f"Situation report {sitrep.reference} issued", "")
    return {**_told(making), "sha256": sitrep.sha256, "superseded": superseded, "second_check": sitrep.second_check}


def corrected(making: Making, draft: Sitrep) -> Mapping[str, Any]:
    sitrep = making.subject
    _tell(
        making,
        making.facts.authors,
        title=f"{sitrep.reference} is being corrected",
        body=f"{making.inputs['reason']} The correction is {draft.reference}.",
    )
    _decide(making, f"Situation report {sitrep.reference} to be corrected", making.inputs["reason"])
    return {**_told(making), "correction": draft.reference}


def withdrawn(making: Making) -> Mapping[str, Any]:
    sitrep = making.subject
    _tell(making, making.facts.authors, title=f"{sitrep.reference} was withdrawn", body=making.inputs["reason"])
    _decide(making, f"Situation report {sitrep.reference} withdrawn", making.inputs["reason"])
    return _told(making)


def _supersede(making: Making) -> str:
    """The reference of the report that this one corrects, now superseded; empty when it corrects none."""
    if making.subject.supersedes_id is None:
        return ""
    old = Sitrep.objects.select_for_update(no_key=True).select_related("incident").get(pk=making.subject.supersedes_id)
    old.supersede(at=making.at)
    old.version += 1
    old.save()
    return old.reference


def _approvers(making: Making) -> list[int]:
    held = accounts.holders_of(*authority.APPROVING_POSTS)
    return [*(user.pk for user in held), *making.facts.chairs]


def _standing_readers(making: Making) -> list[int]:
    imt = [user.pk for user in accounts.holders_of(*IMT_POSTS)]
    return [*imt, *making.facts.authors, *selectors.offices_of(making.subject.incident).everyone]


def _told(making: Making) -> dict[str, Any]:
    return {"sitrep": making.subject.reference}


def _tell(making: Making, to: Iterable[User | int], *, title: str, body: str, suffix: str = "") -> None:
    sitrep = making.subject
    notify.notice_queue(
        f"sitrep.{suffix or making.name}",
        to=to,
        about=sitrep.incident.reference,
        title=title,
        body=body,
        url=sitrep.get_absolute_url(),
        key=f"{sitrep.reference}:{sitrep.version}:{suffix or making.name}",
        done_as=making.by.label,
    )


def _decide(making: Making, title: str, reason: str) -> None:
    Decision.objects.create(
        incident=making.subject.incident,
        kind=f"sitrep.{making.name}",
        title=title,
        reason=reason,
        stage_from=making.source,
        stage_to=making.target,
        impact_level=making.subject.incident.impact_level,
        made_by_id=making.by.user_id,
        made_as=making.by.label,
        made_at=making.at,
    )
