"""What the pages of issues show: the rows of the list, and one case with everything that stands on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import prefetch_related_objects

from accounts.enums import Team
from audit import references
from escalation import authority
from escalation.enums import ENDS, IN_A_RESPONSE, Stage
from escalation.models import HAS_ENDED, Escalation
from escalation.rules import IssueFacts
from escalation.selectors import confirming, rungs
from escalation.selectors.climbs import IssueFilters, climbs_filtered, order_of
from escalation.selectors.confirming import DecisionLine
from escalation.selectors.rungs import Deciding, Rung
from incidents import selectors as incidents
from incidents.enums import CommissionStatus, Indicator
from incidents.models import (
    Business,
    Commission,
    Decision,
    Evidence,
    ImpactAssessment,
    Incident,
    Issue,
    IssuePerson,
    NncAssessment,
    Originator,
    Product,
)
from kernel import clock, keyset
from kernel.actors import Actor
from kernel.errors import Conflict, NotFound
from kernel.together import together
from moves.standing import Cover, Standing, way_in

# What a page lists of one kind; the whole is in the history and over REST.
MOST = 50
MOST_ASSESSMENTS = 6


@dataclass(frozen=True)
class ListRow:
    """One line of the list of issues."""

    reference: str
    title: str
    stage: str
    impact_level: str
    team: str
    sensitivity: str
    danger_now: bool
    received_at: datetime
    entered_at: datetime
    due_at: datetime | None
    is_ended: bool
    is_overdue: bool
    last_event_at: datetime


def issue_rows(
    actor: Actor, filters: IssueFilters, *, order: str, cursor: str | None, limit: int = keyset.DEFAULT_LIMIT
) -> keyset.Page:
    """One page of the list as `ListRow`s; one query whatever its length, and one more for a search."""
    found = (
        climbs_filtered(actor, filters)
        .annotate(is_ended=HAS_ENDED)
        .values(
            "id",
            "pressing",
            "received_at",
            "is_ended",
            "issue__reference",
            "issue__title",
            "issue__impact_level",
            "stage",
            "handling_team",
            "sensitivity",
            "danger_now",
            "entered_stage_at",
            "due_at",
            "last_event_at",
        )
    )
    page = keyset.page(found, order=order_of(order, filters), cursor=cursor, limit=limit)
    now = clock.now()
    return replace(page, rows=[_list_row(values, now) for values in page.rows])


def _list_row(values: dict, now: datetime) -> ListRow:
    ended = values["is_ended"]
    return ListRow(
        reference=values["issue__reference"],
        title=values["issue__title"],
        stage=values["stage"],
        impact_level=values["issue__impact_level"],
        team=Team(values["handling_team"]).label,
        sensitivity=values["sensitivity"],
        danger_now=values["danger_now"],
        received_at=values["received_at"],
        entered_at=values["entered_stage_at"],
        due_at=values["due_at"],
        is_ended=ended,
        is_overdue=not ended and values["due_at"] is not None and values["due_at"] < now,
        last_event_at=values["last_event_at"],
    )


@dataclass(frozen=True)
class Cell:
    """How one indicator was rated at one assessment."""

    level: str
    label: str
    reason: str


@dataclass(frozen=True)
class IndicatorLine:
    """One line of the small multiple: an indicator over the assessments shown, and why it was last rated so."""

    label: str
    cells: list[Cell | None]
    reason: str


def indicator_lines(made: Sequence[ImpactAssessment]) -> list[IndicatorLine]:
    """The eight indicators over `made`, which stand oldest first."""
    rated = [{rating.indicator: rating for rating in assessment.ratings.all()} for assessment in made]
    lines = []
    for indicator in Indicator:
        ratings = [found.get(indicator) for found in rated]
        cells = [Cell(r.level, r.get_level_display(), r.reason) if r else None for r in ratings]
        lines.append(IndicatorLine(indicator.label, cells, cells[-1].reason if cells and cells[-1] else ""))
    return lines


@dataclass(frozen=True)
class CommissionLine:
    """One commission with whether the reader may settle it."""

    commission: Commission
    is_open: bool
    may_settle: bool

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.commission.due is not None and self.commission.due < clock.today()


@dataclass(frozen=True)
class IssuePage:
    """Everything that stands on the page of one case, fetched in a constant number of queries."""

    climb: Escalation
    facts: IssueFacts
    rungs: list[Rung]
    deciding: list[Deciding]
    originator: Originator | None
    products: list[Product]
    businesses: list[Business]
    people: list[IssuePerson]
    assessments: list[ImpactAssessment]
    indicators: list[IndicatorLine]
    nnc: list[NncAssessment]
    evidence: list[Evidence]
    commissions: list[CommissionLine]
    decisions: list[DecisionLine]
    related: list[Issue]
    merged_into: Issue | None

    @property
    def issue(self) -> Issue:
        return self.climb.issue

    @property
    def is_ended(self) -> bool:
        return self.climb.stage in ENDS

    @property
    def is_in_a_response(self) -> bool:
        """Whether an incident carries the case."""
        return self.climb.stage in IN_A_RESPONSE

    @property
    def is_overdue(self) -> bool:
        return not self.is_ended and self.climb.due_at is not None and self.climb.due_at < clock.now()

    @property
    def latest(self) -> ImpactAssessment | None:
        """The last assessment of this climb."""
        return next((made for made in reversed(self.assessments) if made.climb == self.climb.number), None)

    @property
    def nnc_standing(self) -> NncAssessment | None:
        """TTG's version where TTG made one, else CAM's."""
        own = [made for made in self.nnc if made.climb == self.climb.number]
        ttg = [made for made in own if made.stage == Stage.TTG]
        return next(iter(ttg or [made for made in own if made.stage == Stage.CAM]), None)

    @property
    def decider(self) -> str:
        """Whose decision it is where the case stands, as the plan calls them; empty where it has ended."""
        decider = rungs.decider_at(self.climb.stage)
        return decider.title if decider else ""


def issue_page(climb: Escalation, facts: IssueFacts) -> IssuePage:
    """What stands on the page of a case that the caller has found and may read."""
    issue = climb.issue
    here = {"issue": issue.pk}
    assessments, people, newest, named, held, originator, products, businesses, nnc, evidence, commissions = together(
        ImpactAssessment.objects.filter(**here).order_by("-made_at", "-pk")[:MOST_ASSESSMENTS],
        IssuePerson.objects.filter(**here).select_related("user").order_by("since", "pk"),
        Decision.objects.filter(**here).order_by("-made_at", "-pk")[:MOST],
        confirming.consultations_of(issue.pk),
        rungs.holdings_deciding(climb, facts),
        Originator.objects.filter(**here),
        Product.objects.filter(**here)[:MOST],
        Business.objects.filter(**here)[:MOST],
        NncAssessment.objects.filter(**here).order_by("-made_at", "-pk")[:MOST],
        Evidence.objects.filter(**here).order_by("-added_at", "-pk")[:MOST],
        Commission.objects.filter(**here).order_by("-asked_at", "-pk")[:MOST],
    )
    assessments.reverse()
    prefetch_related_objects(assessments, "ratings")
    decisions = references.rows_veiled(facts.by, newest, "title", "reason", "acting_reason")
    return IssuePage(
        climb=climb,
        facts=facts,
        rungs=rungs.rungs_of(climb, [decision for decision in decisions if decision.made_at >= climb.opened_at]),
        deciding=rungs.deciding_now(climb, facts, held),
        originator=next(iter(originator), None) if _may_know_originator(facts, people) else None,
        products=products,
        businesses=businesses,
        people=people[:MOST],
        assessments=assessments,
        indicators=indicator_lines(assessments),
        nnc=nnc,
        evidence=evidence,
        commissions=_commission_lines(commissions, climb, facts),
        decisions=confirming.decision_lines(decisions, references.rows_veiled(facts.by, named, "how", "said")),
        related=_related(issue, facts.by),
        merged_into=_merged_into(climb, facts.by),
    )


def _may_know_originator(facts: IssueFacts, people: Sequence[IssuePerson]) -> bool:
    """Who told OPSS is for those who work on the case and whoever is named on it: these are personal data."""
    on_the_case = any(person.user_id == facts.by.user_id for person in people)
    return on_the_case or authority.editors.holders(facts).include(facts.by)


def _commission_lines(newest: Sequence[Commission], climb: Escalation, facts: IssueFacts) -> list[CommissionLine]:
    lines = []
    for commission in references.rows_veiled(facts.by, newest, "what", "result"):
        is_open = commission.status == CommissionStatus.ASKED
        settlers = authority.settlers(climb.stage, commission.team).holders(facts)
        lines.append(CommissionLine(commission, is_open, is_open and settlers.include(facts.by)))
    return sorted(lines, key=lambda line: not line.is_open)


def _related(issue: Issue, actor: Actor) -> list[Issue]:
    """Other issues of the same incident that the reader may know of."""
    if issue.incident_id is None:
        return []
    others = incidents.issues_visible_to(actor).filter(incident=issue.incident_id).exclude(pk=issue.pk)
    return list(others.order_by("reference")[:MOST])


def incident_of(issue: Issue, actor: Actor) -> Incident | None:
    """The incident of the issue, where the reader may know of it."""
    if issue.incident_id is None:
        return None
    return incidents.incidents_visible_to(actor).filter(pk=issue.incident_id).first()


def _merged_into(climb: Escalation, actor: Actor) -> Issue | None:
    """The issue that carries this one, where the reader may know of it."""
    if climb.merged_into_id is None:
        return None
    return incidents.issues_visible_to(actor).filter(pk=climb.merged_into_id).first()


def open_commission(climb: Escalation, commission_id: int, actor: Actor) -> Commission:
    """A commission of this case that still waits, as the actor may read it.

    Raises NotFound, and Conflict when it is settled already.
    """
    commission = Commission.objects.filter(issue=climb.issue_id, pk=commission_id).first()
    if commission is None:
        raise NotFound(f"{climb.issue.reference} has no commission {commission_id}.")
    if commission.status != CommissionStatus.ASKED:
        label = commission.get_status_display().lower()
        raise Conflict(f"This commission is {label} already.", code="commission_settled")
    return references.rows_veiled(actor, [commission], "what")[0]


def may_assess_impact(facts: IssueFacts) -> bool:
    """Whether the reader may use the matrix where the case stands."""
    return facts.stage not in ENDS and authority.impact_assessors(facts).holders(facts).include(facts.by)


def nnc_way_in(facts: IssueFacts) -> Standing | None:
    """How the reader may say of the NNC criteria whether they are met; None where they may not."""
    assessors = authority.nnc_assessors(facts)
    if facts.stage in ENDS or assessors is None:
        return None
    if facts.stage in authority.NNC_STANDS:
        return way_in(assessors, facts, facts.by, Cover())
    return Standing(facts.by) if assessors.holders(facts).include(facts.by) else None


def may_add(facts: IssueFacts) -> bool:
    """Whether the reader may add evidence and put facts right."""
    return authority.editors.holders(facts).include(facts.by)


def may_commission(facts: IssueFacts) -> bool:
    """Whether the reader may ask a team for something."""
    return authority.commissioners(facts.stage).holders(facts).include(facts.by)
