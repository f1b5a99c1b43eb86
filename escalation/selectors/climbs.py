"""Reads of the ladder: where a case stands, what is known of it, and the lists of cases."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Max, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from accounts import selectors as accounts
from accounts.enums import DD_OR_HIGHER_POSTS, FUNCTION_OF, ftl_post
from command import selectors as command
from escalation.enums import OPEN_STAGES, Age, Sort, Stage
from escalation.models import Escalation
from escalation.rules import IssueFacts
from incidents import selectors as incidents
from incidents.enums import CommissionStatus, ImpactLevel, PersonRole
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
    Product,
)
from kernel import clock
from kernel.actors import Actor
from kernel.prepared import MOST_READERS, Given, OneOf, Prepared
from kernel.together import together
from moves.machine import Warn

# What is told of products and businesses outside.
PRODUCT_FACTS = ("name", "brand", "model", "category", "barcode", "batch", "country_of_origin", "units")
AGES = {Age.DAY: timedelta(days=1), Age.WEEK: timedelta(days=7), Age.MONTH: timedelta(days=30)}
BUSINESS_FACTS = ("name", "role", "company_number", "country")
# Products and businesses, each as JSON.
Parts = tuple[list[dict[str, str]], list[dict[str, str]]]


def climbs_visible_to(actor: Actor) -> QuerySet[Escalation]:
    """The current climb of every issue that the actor may know of."""
    return Escalation.objects.filter(is_current=True, issue__in=incidents.issues_visible_to(actor)).select_related(
        "issue", "issue__incident"
    )


def climb_get(reference: str, actor: Actor) -> Escalation:
    """The current climb of an issue. Raises NotFound also where the actor may not know of it."""
    found = _climb_read_by(actor).ask(reference=reference)
    if not found:
        raise incidents.no_such_issue(reference)
    return found[0]


@lru_cache(maxsize=MOST_READERS)
def _climb_read_by(actor: Actor) -> Prepared[Escalation]:
    return Prepared(climbs_visible_to(actor).filter(issue__reference=Given("reference")))


def incidents_shown(linked: Collection[int | None], actor: Actor) -> dict[int, str]:
    """The references of those of these incidents that the actor may know of; one query, none where there are none."""
    wanted = [incident for incident in linked if incident]
    if not wanted:
        return {}
    return dict(incidents.incidents_visible_to(actor).filter(pk__in=wanted).values_list("pk", "reference"))


def parts_of(issue_ids: Sequence[int]) -> dict[int, Parts]:
    """The products and businesses of these issues as JSON, which the database writes: one query."""
    found = _parts_of_issues().ask(issues=list(issue_ids))
    return {pk: (products, businesses) for pk, products, businesses in found}


@cache
def _parts_of_issues() -> Prepared[tuple[Any, ...]]:
    issues = Issue.objects.filter(OneOf("pk", Given("issues")))
    return Prepared(issues.values_list("pk", *parts_beside("pk").values()))


def parts_beside(issue: str) -> dict[str, ArraySubquery]:
    """For `annotate`: the same of the issue that a column of each row names, as `its_products` and `its_businesses`."""
    return {
        "its_products": _parts(Product, PRODUCT_FACTS, issue),
        "its_businesses": _parts(Business, BUSINESS_FACTS, issue),
    }


def _parts(model: type[Product | Business], facts: Sequence[str], issue: str) -> ArraySubquery:
    rows = model._default_manager.filter(issue=OuterRef(issue))
    return ArraySubquery(rows.values(json=JSONObject(**{fact: fact for fact in facts})))


def merged_into_shown(linked: Collection[int | None], actor: Actor) -> dict[int, str]:
    """The references of those of these issues, which carry others, that the actor may know of; as `incidents_shown`."""
    wanted = [issue for issue in linked if issue]
    if not wanted:
        return {}
    return dict(incidents.issues_visible_to(actor).filter(pk__in=wanted).values_list("pk", "reference"))


def impact_latest(climb: Escalation) -> ImpactAssessment | None:
    """The last impact assessment of this climb."""
    return _impacts(climb.issue_id, climb.number).first()


def nnc_standing(climb: Escalation) -> NncAssessment | None:
    """The NNC assessment that stands in this climb: TTG's where TTG made one, else CAM's; proposals do not count."""
    return _standing(list(_nncs(climb.issue_id, climb.number)))


def _impacts(issue: int | Given, climb: int | Given) -> QuerySet[ImpactAssessment]:
    return ImpactAssessment.objects.filter(issue=issue, climb=climb).order_by("-made_at", "-pk")


def _nncs(issue: int | Given, climb: int | Given) -> QuerySet[NncAssessment]:
    made = NncAssessment.objects.filter(issue=issue, climb=climb, stage__in=[Stage.CAM, Stage.TTG])
    return made.order_by("-made_at", "-pk")


def _standing(made: Sequence[NncAssessment]) -> NncAssessment | None:
    return next((nnc for nnc in made if nnc.stage == Stage.TTG), made[0] if made else None)


def nnc_last(climb: Escalation) -> NncAssessment | None:
    """What whoever assesses NNC here starts from: the version that stands, else what was last proposed before CAM."""
    made = NncAssessment.objects.filter(issue=climb.issue_id, climb=climb.number).order_by("-made_at", "-pk")
    return nnc_standing(climb) or made.first()


def facts_of(climb: Escalation, by: Actor) -> IssueFacts:
    """All that guards and authorities may know of a case: one query, and few more at a case conference."""
    impacts, nncs, commissions, evidence, people, tcgs = together(
        *(question.given(issue=climb.issue_id, climb=climb.number) for question in _asked_for_facts())
    )
    impact, nnc = next(iter(impacts), None), _standing(nncs)
    chair = accounts.person_of(climb.conference_chair) if climb.conference_chair else None
    asked: dict[str, Any] = commissions[0] if commissions else {"open": 0, "delivered": None}
    here = impact is not None and (impact.visit, impact.stage) == (climb.visit, climb.stage)
    return IssueFacts(
        by=by,
        reference=climb.issue.reference,
        sensitivity=climb.issue.sensitivity,
        stage=climb.stage,
        team=climb.handling_team,
        team_function=FUNCTION_OF[climb.handling_team],
        ftl_post=ftl_post(climb.handling_team),
        is_product_safety=climb.issue.is_product_safety,
        danger_now=climb.issue.danger_now,
        impact_level=impact.overall if impact else "",
        impact_at=impact.made_at if impact and here else None,
        nnc_stage=nnc.stage if nnc else "",
        nnc_at_stage=nnc is not None and (nnc.visit, nnc.stage) == (climb.visit, climb.stage),
        nnc_met=nnc is not None and nnc.is_met,
        lead_authority=nnc.lead_authority if nnc else "",
        news_at=_latest(asked["delivered"], *(item["at"] for item in evidence)),
        conference_chair=climb.conference_chair_id,
        chair_is_dd_or_higher=chair is not None and any(post in DD_OR_HIGHER_POSTS for post in chair.posts),
        scs_lead=climb.scs_lead_id,
        commissions_open=asked["open"],
        people=frozenset(person["user_id"] for person in people),
        chair_warnings=_chair_warnings(climb, by),
        tcg_chairs=_chairs_by_incident(tcgs),
        furthest_review=clock.today() + timedelta(days=_review_days(impact, danger_now=climb.danger_now)),
        incident_status=climb.issue.incident.status if climb.issue.incident else "",
        merged_by=climb.merged_by_id,
        acting_for=_acting_for(by),
        merged_into=climb.merged_into.reference if climb.merged_into else "",
    )


@cache
def _asked_for_facts() -> list[Prepared[Any]]:
    issue, climb = Given("issue"), Given("climb")
    asked: list[QuerySet] = [
        _impacts(issue, climb)[:1],
        _nncs(issue, climb),
        _commissions_of(issue),
        _evidence_of(issue),
        _people_of(issue),
        command.live_tcgs(),
    ]
    return [Prepared(question) for question in asked]


def _chairs_by_incident(tcgs: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[int]]:
    """Who chairs a TCG of each live incident: there may be several (IMP-3.19)."""
    found: dict[str, frozenset[int]] = {}
    for tcg in tcgs:
        reference = tcg["incident__reference"]
        found[reference] = found.get(reference, frozenset()) | {tcg["chair_id"]}
    return found


def _review_days(impact: ImpactAssessment | None, *, danger_now: bool) -> int:
    """How many days a review may be put off at this level; what nobody has assessed counts as medium."""
    if danger_now:
        return settings.REVIEW_DAYS[ImpactLevel.CRITICAL]
    if impact is None or impact.overall == ImpactLevel.NOT_KNOWN_YET:
        return settings.REVIEW_DAYS[ImpactLevel.MEDIUM]
    return settings.REVIEW_DAYS[impact.overall]


def _chair_warnings(climb: Escalation, by: Actor) -> tuple[Warn, ...]:
    """What to know of the proposed chairs before a conference declares an incident; nothing at other stages."""
    if climb.stage != Stage.CASE_CONFERENCE:
        return ()
    chairs = command.proposed_chairs(climb.handling_team)
    return tuple(command.chair_clashes([chair.pk if chair else None for chair in chairs], by=by))


def _acting_for(by: Actor) -> frozenset[int]:
    """Whose senior civil service post a deputy acts as; nobody's, and no query, where no deputy acts."""
    if not (by.as_deputy and by.scs):
        return frozenset()
    return frozenset(user.pk for user in accounts.holders_of(by.post))


def _commissions_of(issue: Given) -> QuerySet:
    """How many commissions are open, and when an answer to one last arrived; no row where there are none."""
    return (
        Commission.objects.filter(issue=issue)
        .values("issue_id")
        .annotate(open=Count("pk", filter=Q(status=CommissionStatus.ASKED)), delivered=Max("delivered_at"))
    )


def _evidence_of(issue: Given) -> QuerySet:
    """When the last item of evidence arrived; no row where there is none."""
    return Evidence.objects.filter(issue=issue).values("issue_id").annotate(at=Max("added_at"))


def _people_of(issue: Given) -> QuerySet:
    """Who works on the case: whoever only reported it or looks on does not."""
    on_the_case = IssuePerson.objects.filter(issue=issue)
    return on_the_case.exclude(role__in=[PersonRole.REPORTER, PersonRole.OBSERVER]).values("user_id")


def _latest(*moments: datetime | None) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)


@dataclass(frozen=True)
class MergeTarget:
    """An issue that another may be merged into, as the person who merges may know of it.

    One that was merged itself carries nothing, though an incident of an earlier climb may still be live.
    """

    issue: Issue
    is_open: bool
    incident_is_live: bool

    @property
    def reference(self) -> str:
        return self.issue.reference

    def __str__(self) -> str:
        return self.reference


def merge_target(reference: str, actor: Actor) -> MergeTarget | None:
    """The issue of that reference, or None where the actor may not know of it."""
    climb = climbs_visible_to(actor).filter(issue__reference=reference.strip().upper()).first()
    if climb is None:
        return None
    incident = climb.issue.incident
    return MergeTarget(
        issue=climb.issue,
        is_open=climb.stage in OPEN_STAGES,
        incident_is_live=(climb.stage != Stage.MERGED and incident is not None and command.is_live_incident(incident)),
    )


def live_incident(reference: str, actor: Actor) -> Incident | None:
    """The live incident of that reference, or None where there is none that the actor may know of."""
    incident = incidents.incidents_visible_to(actor).filter(reference=reference.strip().upper()).first()
    return incident if incident and command.is_live_incident(incident) else None


@dataclass(frozen=True)
class IssueFilters:
    """What a list of issues is narrowed to; empty means anything."""

    stage: str = ""
    team: str = ""
    impact: str = ""
    lead: str = ""
    source: str = ""
    age: str = ""
    q: str = ""
    updated_since: datetime | None = None


def order_of(sort: str, filters: IssueFilters) -> tuple[str, ...]:
    """What the list is ordered by, each order with an index of its own; `is_ended` stands for `models.HAS_ENDED`.

    By age come the open cases that OPSS has had for longest, then those that have ended. At one stage all are open, or
    none is, and the index of the stage serves.
    """
    orders = {
        Sort.PRESSING: ("pressing", "id"),
        Sort.NEWEST: ("-received_at", "-id"),
        Sort.AGE: ("received_at", "id") if filters.stage else ("is_ended", "received_at", "id"),
    }
    return orders[Sort(sort)]


def climbs_filtered(actor: Actor, filters: IssueFilters) -> QuerySet[Escalation]:
    """The list of issues: what the actor may know of, narrowed by the filters, in no order yet (see `order_of`)."""
    climbs = climbs_visible_to(actor)
    if filters.stage:
        climbs = climbs.filter(stage=filters.stage)
    if filters.team:
        climbs = climbs.filter(handling_team=filters.team)
    if filters.impact:
        climbs = climbs.filter(issue__impact_level="" if filters.impact == "none" else filters.impact)
    if filters.lead:
        climbs = climbs.filter(issue__lead_authority=filters.lead)
    if filters.source:
        climbs = climbs.filter(source=filters.source)
    if filters.age:
        climbs = climbs.filter(_received(Age(filters.age), clock.now()))
    if filters.q:
        climbs = climbs.filter(incidents.issues_found(filters.q))
    if filters.updated_since:
        climbs = climbs.filter(issue__updated_at__gte=filters.updated_since)
    return climbs


def _received(age: Age, now: datetime) -> Q:
    """Received so long ago."""
    if age == Age.OLDER:
        return Q(received_at__lt=now - AGES[Age.MONTH])
    return Q(received_at__gte=now - AGES[age])


def impact_assessments(reference: str, actor: Actor) -> QuerySet[ImpactAssessment]:
    """Every impact assessment of an issue that the actor may read, with its ratings. Raises NotFound, as all below."""
    issue = incidents.issue_get(reference, actor)
    return issue.impact_assessments.select_related("matrix").prefetch_related("ratings")


def nnc_assessments(reference: str, actor: Actor) -> QuerySet[NncAssessment]:
    return incidents.issue_get(reference, actor).nnc_assessments.all()


def evidence(reference: str, actor: Actor) -> QuerySet[Evidence]:
    return incidents.issue_get(reference, actor).evidence.all()


def commissions(reference: str, actor: Actor) -> QuerySet[Commission]:
    return incidents.issue_get(reference, actor).commissions.all()


def decisions(reference: str, actor: Actor) -> QuerySet[Decision]:
    return incidents.issue_get(reference, actor).decisions.prefetch_related("consultations__confirmation")
