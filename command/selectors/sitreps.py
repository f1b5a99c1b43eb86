"""Situation reports as somebody may read them, and what their moves must know."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import QuerySet

from command import authority, rules
from command.enums import ISSUED_STATUSES, OPEN_STATUSES, SitrepStatus
from command.models import Sitrep, SitrepSection
from command.rules import SitrepFacts
from command.selectors.groups import offices_of
from incidents import selectors as incidents
from incidents.enums import Sensitivity
from incidents.models import Incident, Issue
from kernel.actors import Actor
from kernel.errors import NotFound, NotFromHere
from kernel.models import WORDS
from moves import mover
from moves.standing import Cover, Standing, way_in

_REFERENCE = re.compile(r"(INC-[0-9]{4}-[0-9]{4,9})[/-]SR-([0-9]{3,6})", re.ASCII)
_HARM = "reports_of_harm"


def sitreps_visible_to(actor: Actor) -> QuerySet[Sitrep]:
    """The reports of the incidents that the actor may know of. A viewer reads what was issued, not what is written."""
    found = Sitrep.objects.filter(incident__in=incidents.incidents_visible_to(actor)).select_related(
        "incident", "supersedes__incident", "issued_by"
    )
    return found if authority.may_read_drafts(actor) else found.filter(status__in=ISSUED_STATUSES)


def sitrep_get(reference: str, actor: Actor) -> Sitrep:
    """The report under `INC-2026-0007/SR-012`, or that with a dash as addresses have it. Raises NotFound."""
    match = _REFERENCE.fullmatch(reference)
    found = match and sitreps_visible_to(actor).filter(incident__reference=match[1], number=int(match[2])).first()
    if not found or found.reference.replace("/", "-") != reference.replace("/", "-"):
        raise NotFound(f"There is no situation report {reference} that you may read.")
    return found


def sitreps_found(q: str, actor: Actor) -> QuerySet[Sitrep]:
    """The reports that the actor may read and that speak of `q` in a section; in no order yet."""
    said = SitrepSection.objects.annotate(said=SearchVector("body", config=WORDS)).filter(said=incidents.words_of(q))
    return sitreps_visible_to(actor).filter(pk__in=said.values("sitrep"))


@dataclass(frozen=True)
class SitrepFilters:
    """What a list of reports is narrowed to; empty means anything."""

    incident: str = ""
    status: str = ""
    issued_since: datetime | None = None


def sitreps_filtered(actor: Actor, filters: SitrepFilters) -> QuerySet[Sitrep]:
    """The reports that the actor may read, narrowed by the filters, with their sections; in no order yet."""
    sitreps = sitreps_visible_to(actor).prefetch_related("sections", "corrections")
    if filters.incident:
        sitreps = sitreps.filter(incident__reference=filters.incident)
    if filters.status:
        sitreps = sitreps.filter(status=filters.status)
    if filters.issued_since:
        sitreps = sitreps.filter(issued_at__gte=filters.issued_since)
    return sitreps


def draft_open_of(incident: Incident) -> Sitrep | None:
    """The one report of the incident that is being written, reviewed or waits to be issued."""
    return Sitrep.objects.filter(incident=incident, status__in=OPEN_STATUSES).select_related("incident").first()


def draft_named(incident: Incident, actor: Actor) -> str:
    """What the open report of the incident is called before this person; empty when there is none.

    Its reference is not for those who read no drafts, but that it stands in the way is.
    """
    draft = draft_open_of(incident)
    if draft is None:
        return ""
    return draft.reference if authority.may_read_drafts(actor) else "A situation report"


def last_issued(incident: Incident) -> Sitrep | None:
    """The newest report of the incident that its readers have, superseded or not."""
    issued = Sitrep.objects.filter(incident=incident, status__in=ISSUED_STATUSES)
    return issued.select_related("incident").order_by("-number").first()


def sitrep_facts(sitrep: Sitrep, by: Actor) -> SitrepFacts:
    """All that guards and authorities may know of a report; five queries."""
    offices = offices_of(sitrep.incident)
    unfinished: list[str] = []
    if sitrep.status == SitrepStatus.DRAFT:
        unfinished = [
            title for title, body in sitrep.sections.values_list("title", "body") if rules.has_placeholder(body)
        ]
    return SitrepFacts(
        by=by,
        status=sitrep.status,
        authors=frozenset(sitrep.authors.values_list("user_id", flat=True)),
        chairs=offices.chairs,
        secretaries=offices.secretaries,
        unfinished=tuple(unfinished),
        open_draft=draft_named(sitrep.incident, by),
        chair_posts=offices.chair_posts,
        second_check=sitrep.second_check,
    )


def checks_as(sitrep: Sitrep, actor: Actor) -> Standing | None:
    """How the actor may do the second check of this report; None where it is not due, or not for them."""
    if not sitrep.is_unchecked:
        return None
    facts = sitrep_facts(sitrep, actor)
    return None if facts.asked_by_author else way_in(authority.approver, facts, actor, Cover())


def content_of(sitrep: Sitrep) -> dict[str, Any]:
    """What a report says: once issued what was issued and nothing else, before that what is written now."""
    return json.loads(sitrep.issued_text) if sitrep.is_issued else content_written(sitrep)


def content_written(sitrep: Sitrep) -> dict[str, Any]:
    """A report as it would be issued now; of JSON's own types only. Times are UTC with their offset."""
    return {
        "reference": sitrep.reference,
        "number": sitrep.number,
        "incident": sitrep.incident.reference,
        "title": sitrep.incident.title,
        "handling": marking_of(sitrep.incident).value,
        "as_of": _moment(sitrep.as_of),
        "issued_at": _moment(sitrep.issued_at),
        "issued_by": sitrep.issued_as or None,
        "approved_by": sitrep.approved_as or None,
        "second_check": sitrep.second_check or None,
        "supersedes": sitrep.supersedes.reference if sitrep.supersedes else None,
        "figures": sitrep.figures,
        "sections": [
            {"key": section.key, "title": section.title, "body": section.body} for section in sitrep.sections.all()
        ],
    }


def reading_of(sitrep: Sitrep) -> dict[str, Any]:
    """What the page that one reads shows of a report."""
    content = content_of(sitrep)
    return {
        "sitrep": sitrep,
        "content": content,
        "figures": figures_shown(content["figures"]),
        "marking": content["handling"],
        "handling": Sensitivity(content["handling"]).label,
        "newer": superseded_by(sitrep),
    }


def figures_shown(figures: Mapping[str, int]) -> list[tuple[str, int]]:
    """The figures of a report in words.

    Reports of harm are counted in the evidence: none there does not say that nobody was harmed, so none is left out.
    """
    return [
        ("Harm reports in evidence" if name == _HARM else name.replace("_", " ").capitalize(), value)
        for name, value in figures.items()
        if value or name != _HARM
    ]


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def superseded_by(sitrep: Sitrep) -> Sitrep | None:
    """The correction that took the place of this report; no query where corrections were fetched with it."""
    if sitrep.status != SitrepStatus.SUPERSEDED:
        return None
    correction = next((correction for correction in sitrep.corrections.all() if correction.is_issued), None)
    if correction:
        correction.incident = sitrep.incident
    return correction


def require_writable(sitrep: Sitrep, by: Actor) -> None:
    """Raises NotFromHere unless the report is a draft, NotAllowed unless the person may write in it."""
    if sitrep.status != SitrepStatus.DRAFT:
        raise NotFromHere(f"{sitrep.reference} is {sitrep.get_status_display().lower()}: only a draft can be edited.")
    mover.refuse_unless(authority.writer, sitrep_facts(sitrep, by), by)


def marking_of(incident: Incident) -> Sensitivity:
    """The marking of an incident: that of its most sensitive issue."""
    held = set(Issue.objects.filter(incident=incident).values_list("sensitivity", flat=True))
    for sensitivity in (Sensitivity.RESTRICTED, Sensitivity.OFFICIAL_SENSITIVE):
        if sensitivity in held:
            return sensitivity
    return Sensitivity.OFFICIAL
