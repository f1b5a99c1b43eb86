"""The first text of a situation report, drafted from the record since the last one was issued (IMP-3.20, 3.23).

Each function answers for one section and says nothing where the record says nothing. They are registered at start-up
like those of the rooms above.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet

from accounts.enums import Team
from command import hooks, rules
from command.enums import ISSUED_STATUSES, GroupStatus, RhythmKind, SectionKey
from command.hooks import Drafting
from command.models import Group, Sitrep
from command.rules import PLACEHOLDER
from command.selectors.rhythm import next_events
from govuk import when
from incidents import selectors as incidents
from incidents.enums import CommissionStatus, EvidenceKind, Indicator, Level
from incidents.models import (
    Business,
    Commission,
    Decision,
    Evidence,
    ImpactAssessment,
    ImpactRating,
    Incident,
    Issue,
    NncAssessment,
    Product,
)
from kernel.clock import LONDON

# What the author is asked where the record says nothing.
WANTED = {
    SectionKey.HEADLINE: "the one line that everybody should remember",
    SectionKey.SITUATION: "what happened",
    SectionKey.HARM: "deaths, injuries, illness and damage so far, or that none is known",
    SectionKey.PRODUCT: "the products and who made, imported and sold them",
    SectionKey.RISK: "how likely harm is, how bad, and for whom",
    SectionKey.DONE_AND_NEXT: "what was done, and what is next",
    SectionKey.MEASURES: "recalls, withdrawals, warnings and enforcement, in force or prepared",
    SectionKey.MEDIA_AND_LINES: "what the media say, and the lines to take",
    SectionKey.MINISTERS: "what ministers know and have asked",
    SectionKey.PARTNERS_AND_NATIONS: "which partners and nations are involved and told",
    SectionKey.RESOURCES: "people and money, and what is short",
    SectionKey.DECISIONS_WANTED: "the decisions wanted, from whom and by when",
    SectionKey.EQUALITY: "who is affected differently, and what is done about it",
    SectionKey.NEXT_REPORT: "when the next report comes",
}
_MOST = 12
# A report that is opened so long before one is due is that one.
_STANDS_FOR = timedelta(hours=1)
_SHORTEST = 600


def sections_drafted(drafting: Drafting) -> dict[SectionKey, str]:
    """A text for every section, in their order; a placeholder where nobody had anything to say."""
    drafted = {}
    for key in SectionKey:
        texts = [text for draft in hooks.section_drafts(key) if (text := draft(drafting).strip())]
        drafted[key] = "\n\n".join(texts) or PLACEHOLDER.format(wanted=WANTED[key])
    return drafted


def drafting_now(incident: Incident, *, as_of: datetime) -> Drafting:
    """What a report of this moment draws on: the record since the last one was issued, or the whole of it."""
    issued = Sitrep.objects.filter(incident=incident, status__in=ISSUED_STATUSES)
    return Drafting(incident=incident, as_of=as_of, since=issued.aggregate(at=Max("as_of"))["at"])


def news_for(sitrep: Sitrep, *, as_of: datetime) -> dict[str, list[str]]:
    """By section: the lines that the record would give now and that the draft does not hold, ready to be taken in."""
    drafted = sections_drafted(drafting_now(sitrep.incident, as_of=as_of))
    bodies = dict(sitrep.sections.values_list("key", "body"))
    return {key.value: rules.not_yet_said(bodies.get(key, ""), text) for key, text in drafted.items()}


def figures_of(incident: Incident) -> dict[str, int]:
    """The counts that a report carries, as they are on record now."""
    issues = Issue.objects.filter(incident=incident)
    return {
        "issues": issues.count(),
        "products": Product.objects.filter(issue__in=issues).count(),
        "businesses": Business.objects.filter(issue__in=issues).count(),
        "reports_of_harm": Evidence.objects.filter(issue__in=issues, kind=EvidenceKind.INJURY_REPORT).count(),
        "decisions": decisions_of(incident).count(),
        "commissions_open": Commission.objects.filter(issue__in=issues, status=CommissionStatus.ASKED).count(),
        "groups_standing": Group.objects.filter(incident=incident, status=GroupStatus.STANDING).count(),
    }


def decisions_of(incident: Incident) -> QuerySet[Decision]:
    """Every decision on the incident and on the issues that led to it or joined it."""
    return Decision.objects.filter(Q(incident=incident) | Q(issue__incident=incident))


def headline(drafting: Drafting) -> str:
    incident = drafting.incident
    day = (drafting.as_of.astimezone(LONDON).date() - incident.phase_began_at.astimezone(LONDON).date()).days + 1
    in_danger = ", ".join(incidents.issues_in_danger(incident)[:_MOST])
    phase = f"phase {incident.phase}, " if incident.phase > 1 else ""
    return (
        f"{incident.title}: {incident.get_status_display().lower()}, {phase}day {day}. "
        f"Response level {incident.get_response_level_display().lower()}, "
        f"impact {incident.get_impact_level_display().lower()}."
        + (f"\nDanger now: someone could be hurt ({in_danger})." if in_danger else "")
    )


def situation(drafting: Drafting) -> str:
    issues = Issue.objects.filter(incident=drafting.incident).order_by("pk")
    return _lines(f"{issue.reference} {issue.title}: {_short(issue.summary)}" for issue in issues[:_MOST])


def harm(drafting: Drafting) -> str:
    return _lines(_evidence(item) for item in _evidence_since(drafting, EvidenceKind.INJURY_REPORT))


def product(drafting: Drafting) -> str:
    products = Product.objects.filter(issue__incident=drafting.incident)[:_MOST]
    businesses = Business.objects.filter(issue__incident=drafting.incident)[:_MOST]
    return _lines(
        [
            *(", ".join(filter(None, [item.name, item.brand, item.model, item.units])) for item in products),
            *(f"{item.get_role_display()}: {item.name}" for item in businesses),
        ]
    )


def risk(drafting: Drafting) -> str:
    """The latest word on each issue: its impact, its NNC criteria, and new assessments and test results."""
    texts = []
    for issue in Issue.objects.filter(incident=drafting.incident).order_by("pk")[:_MOST]:
        impact = ImpactAssessment.objects.filter(issue=issue).order_by("-made_at", "-pk").first()
        nnc = NncAssessment.objects.filter(issue=issue).order_by("-made_at", "-pk").first()
        if impact:
            reach = f", could reach {impact.get_could_reach_display().lower()}" if impact.could_reach else ""
            texts.append(
                f"{issue.reference}: impact {impact.get_overall_display().lower()}{reach},"
                f" assessed {when.london(impact.made_at)} by {impact.made_as}."
            )
        if nnc:
            texts.append(f"{issue.reference}: {_nnc(nnc)}.")
    kinds = (EvidenceKind.RISK_ASSESSMENT, EvidenceKind.TEST_RESULT, EvidenceKind.SCIENCE_ADVICE)
    return _lines([*texts, *(_evidence(item) for item in _evidence_since(drafting, *kinds))])


def done_and_next(drafting: Drafting) -> str:
    decisions = _since(decisions_of(drafting.incident), "made_at", drafting).exclude(kind__startswith="sitrep.")
    open_work = Commission.objects.filter(issue__incident=drafting.incident, status=CommissionStatus.ASKED)
    coming = next_events(drafting.incident, after=drafting.as_of)
    return _lines(
        [
            *(
                f"Decided {when.london(item.made_at)} by {item.made_as}: {item.title}"
                for item in decisions.order_by("made_at", "pk")[:_MOST]
            ),
            *(
                f"Asked of {Team(item.team).label}: {_short(item.what)}"
                + (f" (due {item.due.day} {item.due:%B %Y})" if item.due else "")
                for item in open_work.order_by("due", "pk")[:_MOST]
            ),
            *(
                f"Next: {item.event.title}, {when.london(item.at)}"
                for item in coming
                if item.event.kind != RhythmKind.SITREP
            ),
        ]
    )


def measures(drafting: Drafting) -> str:
    done = Commission.objects.filter(
        issue__incident=drafting.incident, kind="action", status=CommissionStatus.DELIVERED
    )
    return _lines(
        f"{_short(item.what)}: {_short(item.result)}"
        for item in _since(done, "delivered_at", drafting).order_by("delivered_at", "pk")[:_MOST]
    )


def media_and_lines(drafting: Drafting) -> str:
    return _ratings(drafting, Indicator.MEDIA_INTEREST, Indicator.PUBLIC_CONFIDENCE)


def ministers(drafting: Drafting) -> str:
    return _ratings(drafting, Indicator.MINISTERIAL_INTEREST, Indicator.REPUTATIONAL_RISK)


def partners_and_nations(drafting: Drafting) -> str:
    incident = drafting.incident
    nations = sorted(
        {
            nation
            for held in Issue.objects.filter(incident=incident).values_list("nations", flat=True)
            for nation in held
        }
    )
    return _lines(
        [
            f"Lead department: {incident.lead_department}" if incident.lead_department else "",
            f"Policy owner: {incident.policy_owner}" if incident.policy_owner else "",
            f"Nations: {', '.join(nation.replace('_', ' ').title() for nation in nations)}" if nations else "",
        ]
    )


def resources(drafting: Drafting) -> str:
    standing = Group.objects.filter(incident=drafting.incident, status=GroupStatus.STANDING)
    return _lines(f"{group.name} ({group.get_level_display().lower()}): chair {group.chair_as}" for group in standing)


def equality(drafting: Drafting) -> str:
    return drafting.incident.equality


def next_report(drafting: Drafting) -> str:
    """When another report is due: a draft opens by itself at its time, and one opened shortly before stands for it."""
    coming = next_events(drafting.incident, after=drafting.as_of + _STANDS_FOR, kind=RhythmKind.SITREP)
    return f"Due {when.london(coming[0].at)}." if coming else ""


def _since(rows: QuerySet, moment: str, drafting: Drafting) -> QuerySet:
    rows = rows.filter(**{f"{moment}__lte": drafting.as_of})
    return rows.filter(**{f"{moment}__gt": drafting.since}) if drafting.since else rows


def _evidence_since(drafting: Drafting, *kinds: EvidenceKind) -> Any:
    held = Evidence.objects.filter(issue__incident=drafting.incident, kind__in=kinds)
    return _since(held, "added_at", drafting).order_by("added_at", "pk")[:_MOST]


def _evidence(item: Evidence) -> str:
    return f"{item.get_kind_display()}, {when.london(item.added_at)}: {item.title}. {_short(item.body)}".strip()


def _nnc(nnc: NncAssessment) -> str:
    met = [
        words
        for words, is_met in (
            ("nationally significant", nnc.nationally_significant),
            ("novel", nnc.novel),
            ("contentious", nnc.contentious),
        )
        if is_met
    ]
    return f"{' and '.join(met) if met else 'no NNC criterion met'}; lead {nnc.get_lead_authority_display()}"


def _ratings(drafting: Drafting, *indicators: Indicator) -> str:
    """The newest rating of these indicators on each issue, with its reason; what is not known says nothing."""
    rated = (
        ImpactRating.objects.filter(assessment__issue__incident=drafting.incident, indicator__in=indicators)
        .select_related("assessment__issue")
        .order_by("assessment__issue", "indicator", "-assessment__made_at", "-assessment_id")
        .distinct("assessment__issue", "indicator")
    )
    return _lines(
        f"{rating.get_indicator_display()}: {rating.get_level_display().lower()}. {_short(rating.reason)}".strip()
        for rating in rated
        if rating.level not in (Level.NOT_KNOWN_YET, Level.NOT_APPLICABLE)
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORTEST else f"{text[: _SHORTEST - 1]}…"
