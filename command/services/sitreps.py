"""Writing a situation report: opening a draft from the record, editing it, and the one door for its moves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from audit import services as audit
from command import authority, forms, selectors
from command.enums import SectionKey
from command.events import CommandEvent
from command.ladder import SITREP_MOVES
from command.models import Sitrep, SitrepAuthor, SitrepSection
from command.services import issuing
from command.services.incidents import incident_lock, require_live
from govuk import json_adapter
from incidents.models import Incident
from kernel import clock
from kernel.actors import Actor
from kernel.errors import Blocked, StaleVersion
from kernel.given import version_seen
from kernel.references import number_next
from moves import mover
from moves.machine import Blocker, Machine, Making


@transaction.atomic
def sitrep_open(*, incident_reference: str, by: Actor, data: Mapping[str, Any] | None = None) -> Sitrep:
    """Open the next report of an incident, drafted from its record since the last one was issued (IMP-3.23).

    For IMT and the secretaries of the SCG and the TCGs, and for the clock when the rhythm has one due. Raises
    NotFound, NotAllowed, Blocked (`incident_not_live`, `draft_open`: one is written at a time).
    """
    incident = incident_lock(incident_reference, by)
    if not by.is_system:
        mover.refuse_unless(authority.sitrep_opener, selectors.offices_of(incident), by)
    json_adapter.bind(forms.SitrepOpen, data or {})
    require_live(incident)
    if (draft := selectors.draft_open_of(incident)) is not None:
        message = f"{draft.reference} is still being written. Issue or withdraw it first."
        raise Blocked([Blocker("draft_open", message)])
    now = clock.now()
    texts = selectors.sections_drafted(selectors.drafting_now(incident, as_of=now))
    return _open(incident, texts, by=by, at=now)


@transaction.atomic
def sitrep_edit(*, reference: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Sitrep:
    """Write new texts into sections of a draft; the person becomes one of its authors.

    `version` is the version that the caller saw. Raises, in this order: NotFound, InvalidInput (no version),
    StaleVersion, NotFromHere (no draft any more), NotAllowed, InvalidInput.
    """
    sitrep = _lock(reference, by)
    _require_version(sitrep, version)
    selectors.require_writable(sitrep, by)
    inputs = json_adapter.bind(forms.SitrepEdit, data).cleaned_data
    texts = {section["key"]: section["body"] for section in inputs["sections"]}
    changed = [row for row in sitrep.sections.filter(key__in=texts) if row.body != texts[row.key]]
    if not changed:
        return sitrep
    for section in changed:
        section.body = texts[section.key]
    SitrepSection.objects.bulk_update(changed, ["body"])
    now = clock.now()
    _author_add(sitrep, by=by, at=now)
    _touch(sitrep, now)
    audit.record(
        CommandEvent.SITREP_EDITED,
        chain=sitrep.incident.reference,
        by=by,
        at=now,
        version=sitrep.version,
        sitrep=sitrep.reference,
        sections={section.key: section.body for section in changed},
    )
    return sitrep


def sitrep_move(*, reference: str, name: str, version: Any, by: Actor, data: Mapping[str, Any]) -> Sitrep:
    """Make one move of a situation report. Errors: see `moves.mover.make_move`."""
    return mover.make_move(SITREP_MACHINE, reference=reference, name=name, version=version, by=by, data=data)


def _open(
    incident: Incident,
    texts: Mapping[SectionKey, str],
    *,
    by: Actor,
    at: datetime,
    supersedes: Sitrep | None = None,
) -> Sitrep:
    sitrep = Sitrep.objects.create(
        incident=incident,
        number=number_next(f"{incident.reference}/SR"),
        as_of=at,
        figures=selectors.figures_of(incident),
        opened_at=at,
        opened_as=by.label,
        supersedes=supersedes,
        updated_at=at,
    )
    SitrepSection.objects.bulk_create(
        SitrepSection(sitrep=sitrep, key=key, position=position, title=key.label, body=texts[key])
        for position, key in enumerate(SectionKey, start=1)
    )
    _author_add(sitrep, by=by, at=at)
    audit.record(
        CommandEvent.SITREP_OPENED,
        chain=incident.reference,
        by=by,
        at=at,
        version=sitrep.version,
        sitrep=sitrep.reference,
        supersedes=supersedes.reference if supersedes else "",
    )
    return sitrep


def _author_add(sitrep: Sitrep, *, by: Actor, at: datetime) -> None:
    if by.user_id is not None:
        SitrepAuthor.objects.get_or_create(
            sitrep=sitrep, user_id=by.user_id, defaults={"wrote_as": by.label, "since": at}
        )


def _lock(reference: str, by: Actor) -> Sitrep:
    """The report as it stands, its incident locked before it."""
    seen = selectors.sitrep_get(reference, by)
    incident = incident_lock(seen.incident.reference, by)
    sitrep = Sitrep.objects.select_for_update(no_key=True).get(pk=seen.pk)
    sitrep.incident = incident
    return sitrep


def _require_version(sitrep: Sitrep, version: Any) -> None:
    seen = version_seen(version)
    if seen != sitrep.version:
        raise StaleVersion(f"You saw version {seen} of {sitrep.reference}; it is now at version {sitrep.version}.")


def _touch(sitrep: Sitrep, at: datetime) -> None:
    sitrep.version += 1
    sitrep.updated_at = at
    sitrep.save()


def _touched(making: Making) -> None:
    """Save the report after a move, with what the move fixes on it."""
    if fixes := issuing.FIXES.get(making.name):
        fixes(making)
    _touch(making.subject, making.at)


def _correct(making: Making) -> Mapping[str, Any]:
    """Open the correction with the text that it corrects."""
    issued_report = making.subject
    texts = {SectionKey(key): body for key, body in issued_report.sections.values_list("key", "body")}
    draft = _open(issued_report.incident, texts, by=making.by, at=making.at, supersedes=issued_report)
    return issuing.corrected(making, draft)


SITREP_MACHINE = Machine(
    name="sitrep",
    state_field="status",
    moves=SITREP_MOVES,
    find=selectors.sitrep_get,
    lock=_lock,
    facts=selectors.sitrep_facts,
    touch=_touched,
    version=lambda sitrep: sitrep.version,
    chain=lambda sitrep: sitrep.incident.reference,
    url=lambda sitrep: sitrep.get_absolute_url(),
    effects={
        "submit": issuing.submitted,
        "return": issuing.returned,
        "approve": issuing.approved,
        "issue": issuing.issued,
        "correct": _correct,
        "withdraw": issuing.withdrawn,
    },
)
