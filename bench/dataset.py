"""A past for the product, of as many issues as wanted: spread as casework is, with audit chains that verify.

Most cases are closed, few are pressing, every team and sensitivity occurs, every hundredth case has been worked on a
lot. The rows say what the services would have written; `manage.py verify_audit` finds nothing wrong with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from accounts import demonstration
from accounts import selectors as accounts
from accounts.enums import Team
from accounts.models import User
from audit import SERVICE_CHAIN
from audit.events import AuditKind
from audit.models import AuditEvent, Chain
from bench import words
from bench.chains import ChainWriter
from bench.copying import Tables
from escalation import rules
from escalation.enums import ENDS, Stage
from escalation.events import IssueEvent
from incidents.enums import ImpactLevel, Sensitivity, Source
from incidents.models import Decision, ImpactAssessment, ImpactMatrix, Issue
from intake.events import IntakeEvent
from kernel import clock
from kernel.actors import SYSTEM, Actor

# Where cases stand, in a thousand of them.
STAGES = {
    Stage.CLOSED: 540, Stage.HANDLED_IN_FUNCTION: 120, Stage.ASSESSING: 90, Stage.REPORTED: 50, Stage.MONITORING: 55,
    Stage.LED_ELSEWHERE: 55, Stage.CAM: 40, Stage.REFERRED: 20, Stage.TTG: 20, Stage.COORDINATED: 10,
}  # fmt: skip
TEAMS = {Team.ENFORCEMENT: 40, Team.INCIDENT_MANAGEMENT: 20, Team.INTELLIGENCE: 15, Team.SCIENCE: 15, Team.RISK: 10}
SENSITIVITIES = {Sensitivity.OFFICIAL: 88, Sensitivity.OFFICIAL_SENSITIVE: 10, Sensitivity.RESTRICTED: 2}
LEVELS = {ImpactLevel.LOW: 45, ImpactLevel.MEDIUM: 35, ImpactLevel.HIGH: 15, ImpactLevel.CRITICAL: 5}
INDICATORS = ("public_safety", "non_compliance", "public_confidence", "media_interest")
YEARS = 3
EVENTS = 10
BUSY_EVENTS = 60
BUSY_EVERY = 100
AT_ONCE = 5_000
REFERENCE = "ISS-2020-{:07d}"  # a year before everything that the doors number

_COLUMNS = {
    "incidents_issue": (
        "id, reference, title, summary, source, received_at, reported_by_id, reported_as, functional_team,"
        " regulatory_area, is_product_safety, sensitivity, danger_now, nations, lead_authority, impact_level, nnc,"
        " incident_id, version, created_at, updated_at"
    ),
    "escalation_escalation": (
        "issue_id, number, is_current, stage, visit, opened_at, entered_stage_at, ended_at, due_at, handling_team,"
        " impact_rank, sensitivity, source, danger_now, pressing, received_at, last_event_at, wakes_at"
    ),
    "incidents_product": "issue_id, name, brand, model, category, barcode, batch, country_of_origin, units",
    "incidents_business": "issue_id, name, role, company_number, country",
    "incidents_issueperson": "issue_id, user_id, role, since",
    "incidents_impactassessment": (
        "id, climb, visit, stage, made_by_id, made_as, made_at, issue_id, matrix_id, overall, overall_reason,"
        " could_reach, could_reach_why"
    ),
    "incidents_impactrating": "assessment_id, indicator, level, reason",
    "incidents_evidence": "issue_id, kind, title, body, added_by_id, added_as, added_at",
    "incidents_decision": (
        "id, issue_id, kind, title, reason, stage_from, stage_to, impact_level, made_by_id, made_as, made_at"
    ),
    "notify_notice": (
        "kind, recipient_id, about, title, body, url, key, urgent, created_at, attempts, delivered_at, why_not,"
        " last_error, read_at"
    ),
    "audit_chain": "key, head, length, sealed_length",
    "audit_auditevent": "id, chain_key, position, kind, at, recorded_at, version, canonical, previous_hash, hash",
    "audit_eventfacts": "event_id, facts, salts",
}


@dataclass
class Cast:
    """Who wrote it: the demonstration's accounts, as actors."""

    officer: Actor
    leader: Actor
    duty: Actor


@dataclass
class Writer:
    """One growing of the data set: what is chosen by lot, what is waiting to be sent, which keys come next."""

    cast: Cast
    matrix: int
    now: datetime
    random: Random
    tables: Tables = field(default_factory=lambda: Tables(_COLUMNS))
    assessments: Iterator[int] = field(default_factory=count)
    decisions: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.assessments = count(_last(ImpactAssessment) + 1)
        self.decisions = count(_last(Decision) + 1)
        self.chains = ChainWriter(self.tables, first_id=_last(AuditEvent) + 1)

    def pick(self, weights: dict[Any, int]) -> Any:
        return self.random.choices(list(weights), list(weights.values()))[0]


def grow_to(size: int, *, seed: int = 1) -> int:
    """Add issues until `size` of them are on record; answers how many were added."""
    there = Issue.objects.filter(reference__startswith="ISS-2020-").count()
    if there >= size:
        return 0
    demonstration.seed()
    writer = Writer(_cast(), ImpactMatrix.objects.latest("in_force_from").pk, clock.now(), Random(seed * 7919 + there))
    with transaction.atomic(), _no_triggers(), connection.cursor() as cursor:
        service = Chain.objects.select_for_update().get(key=SERVICE_CHAIN)
        head, length = service.head, service.length
        first = _last(Issue) + 1
        for number in range(there, size):
            _issue(writer, first + number - there, number, of=size)
            head, length = _opened(writer, REFERENCE.format(number), head, length)
            if number % AT_ONCE == AT_ONCE - 1:
                writer.tables.flush(cursor)
        writer.tables.flush(cursor)
        cursor.execute("SELECT incidents_search_renew(ARRAY(SELECT id FROM incidents_issue WHERE id >= %s))", [first])
        cursor.execute("SELECT escalation_tallies_renew()")
        Chain.objects.filter(key=SERVICE_CHAIN).update(head=head, length=length)
        for model in (Issue, ImpactAssessment, Decision, AuditEvent):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), %s)", [_last(model)])
    return size - there


def settle() -> None:
    """Let the database take stock of what was loaded, as autovacuum would in time."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _last(model: Any) -> int:
    return model.objects.aggregate(last=Max("pk"))["last"] or 0


def _cast() -> Cast:
    def actor(post: str) -> Actor:
        return accounts.actor_for(User.objects.get(email=demonstration.email_of(post)), post)

    return Cast(actor("officer.enforcement"), actor("ftl.enforcement"), actor("imt.duty"))


@contextmanager
def _no_triggers() -> Iterator[None]:
    """Load past the foreign keys' triggers, one check a row: what is loaded here fits by construction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def _opened(writer: Writer, reference: str, head: str, length: int) -> tuple[str, int]:
    """Tell the service chain that a case's chain was opened; answers where the service chain ends then."""
    return writer.chains.event(
        SERVICE_CHAIN,
        AuditKind.OPENED,
        after=(head, length),
        by=SYSTEM,
        at=writer.now,
        version=None,
        clear={"chain": reference},
    )


@dataclass(frozen=True)
class _Case:
    pk: int
    reference: str
    title: str
    stage: Stage
    level: str
    received: datetime
    moments: list[datetime]
    danger: bool
    sensitivity: str
    team: str
    source: str


def _issue(writer: Writer, pk: int, number: int, *, of: int) -> None:
    """One issue with all that belongs to it. Issues stand in the order in which they came in."""
    random = writer.random
    received = writer.now - timedelta(days=365 * YEARS) * (1 - number / of) - timedelta(minutes=30)
    events = BUSY_EVENTS if number % BUSY_EVERY == 0 else EVENTS
    stage = writer.pick(STAGES)
    brand, product = words.brand(int(random.paretovariate(0.7)) % 40_000), random.choice(words.PRODUCTS)
    pace = min((writer.now - received) / (events + 1), timedelta(days=3))
    case = _Case(
        pk=pk,
        reference=REFERENCE.format(number),
        title=words.title(random, product),
        stage=stage,
        level="" if stage == Stage.REPORTED else writer.pick(LEVELS),
        received=received,
        moments=[received + pace * step for step in range(events)],
        danger=stage not in ENDS and random.random() < 0.01,
        sensitivity=writer.pick(SENSITIVITIES),
        team=writer.pick(TEAMS),
        source=random.choice(_SOURCES),
    )
    _row_of_issue(writer, case, words.summary(random, f"{brand} {product.lower()}"))
    _row_of_climb(writer, case)
    for item in range(1 + (random.random() < 0.3)):
        writer.tables.add(
            "incidents_product", pk, f"{brand} {product}", brand, f"{brand[:2].upper()}-{random.randrange(100_000)}",
            product, str(random.randrange(10**12, 10**13)), f"B{item}{random.randrange(1000)}", "CN", "",
        )  # fmt: skip
    writer.tables.add("incidents_business", pk, f"{brand} Trading Ltd", random.choice(_ROLES), "", "GB")
    writer.tables.add("incidents_issueperson", pk, writer.cast.officer.user_id, "reporter", received)
    _past(writer, case)


_SOURCES = [str(source) for source in Source.values]
_ROLES = ("manufacturer", "importer", "distributor", "retailer", "online_seller")


def _row_of_issue(writer: Writer, case: _Case, summary: str) -> None:
    officer = writer.cast.officer
    writer.tables.add(
        "incidents_issue", case.pk, case.reference, case.title, summary, case.source, case.received, officer.user_id,
        officer.label, case.team, "consumer_products", True, case.sensitivity, case.danger, ["england"],
        "undetermined", case.level, None, None, len(case.moments), case.received, case.moments[-1],
    )  # fmt: skip


def _row_of_climb(writer: Writer, case: _Case) -> None:
    rank = rules.RANK[ImpactLevel(case.level)] if case.level else 0
    entered = case.moments[-2]
    due = rules.due_at(
        stage=case.stage, entered=entered, rank=rank, danger_now=case.danger, targets=settings.STAGE_TARGETS
    )
    pressing = rules.pressing_key(
        stage=case.stage, danger_now=case.danger, rank=rank, due=due, opened=case.received, at=writer.now
    )
    ended = entered if case.stage in ENDS else None
    writer.tables.add(
        "escalation_escalation", case.pk, 1, True, case.stage.value, 2, case.received, entered, ended, due, case.team,
        rank, case.sensitivity, case.source, case.danger, pressing, case.received, case.moments[-1], due,
    )  # fmt: skip


def _past(writer: Writer, case: _Case) -> None:
    """What happened: the report, evidence, one assessment where somebody looked, and the move to where it stands."""
    leader, officer = writer.cast.leader, writer.cast.officer
    reported = {"title": case.title, "source": case.source, "team": case.team, "danger_now": case.danger}
    events: list[tuple[str, Actor, dict[str, Any]]] = [(IntakeEvent.REPORTED, officer, reported)]
    for item, at in enumerate(case.moments[1:-2], start=1):
        title = f"Item {item} of the file"
        events.append((IssueEvent.EVIDENCE_ADDED, officer, {"title": title, "evidence": item}))
        if item % 3 == 0:
            writer.tables.add(
                "incidents_evidence", case.pk, "test_result", title, "As received.", officer.user_id, officer.label, at
            )
    moved = {"from": "reported", "to": case.stage.value, "inputs": {"reason": "As agreed with the team"}}
    name = _MOVES.get(case.stage, "begin_assessment")
    if name == "close":
        moved["inputs"] = {"closure_kind": "no_further_action", "reason": "Nothing more to do"}
    events.append((f"issue.{name}", leader, moved))
    if case.stage == Stage.REPORTED:
        events[-1] = (IssueEvent.EVIDENCE_ADDED, officer, {"title": "A photograph", "evidence": 0})
    else:
        _decided(writer, case, name)
    if case.level:
        _assessed(writer, case)
        events.append((IssueEvent.IMPACT_ASSESSED, leader, {"overall": case.level, "stage": case.stage.value}))
    else:
        events.append((IssueEvent.EVIDENCE_ADDED, officer, {"title": "A letter", "evidence": 0}))
    writer.chains.chain(case.reference, events, case.moments)
    _told(writer, case)


_MOVES = {
    Stage.CLOSED: "close", Stage.HANDLED_IN_FUNCTION: "handle_in_function", Stage.CAM: "submit_to_cam",
    Stage.TTG: "recommend_to_ttg", Stage.MONITORING: "monitor", Stage.LED_ELSEWHERE: "hand_over",
    Stage.REFERRED: "refer_to_deputy_director", Stage.COORDINATED: "agree_coordination",
}  # fmt: skip


def _decided(writer: Writer, case: _Case, name: str) -> None:
    leader = writer.cast.leader
    writer.tables.add(
        "incidents_decision", next(writer.decisions), case.pk, name, f"{case.stage.label}: {case.title}"[:250],
        "As agreed with the team", "reported", case.stage.value, "", leader.user_id, leader.label, case.moments[-2],
    )  # fmt: skip


def _assessed(writer: Writer, case: _Case) -> None:
    """At the visit where the case stands, so that it can be moved on from there."""
    leader, made = writer.cast.leader, next(writer.assessments)
    writer.tables.add(
        "incidents_impactassessment", made, 1, 2, case.stage.value, leader.user_id, leader.label, case.moments[-1],
        case.pk, writer.matrix, case.level, "", "", "",
    )  # fmt: skip
    for indicator in INDICATORS:
        level = "medium" if indicator == "non_compliance" else case.level
        writer.tables.add("incidents_impactrating", made, indicator, level, "As far as is known")


def _told(writer: Writer, case: _Case) -> None:
    for person in (writer.cast.duty, writer.cast.leader):
        writer.tables.add(
            "notify_notice", IntakeEvent.REPORTED, person.user_id, case.reference, f"New issue: {case.title}", "",
            f"/issues/{case.reference}/", f"{IntakeEvent.REPORTED}:{case.reference}", case.danger, case.received, 1,
            case.received, "", "", case.moments[-1],
        )  # fmt: skip
