"""Reads of reviews. An incident that somebody may not know of has no review for them either."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from command import selectors as command
from command.hooks import Tab
from incidents import selectors as incidents
from incidents.enums import IncidentKind, IncidentStatus, PersonRole
from incidents.models import Incident, IssuePerson
from kernel.actors import Actor
from kernel.errors import NotFound
from readiness import authority
from readiness.authority import ReviewFacts
from readiness.enums import Element
from readiness.models import Finding, IncidentReview, Lesson


def review_of(incident: Incident) -> IncidentReview | None:
    """The review of the incident's present phase, with what it found; three queries."""
    found = IncidentReview.objects.filter(incident=incident, phase=incident.phase)
    review = found.select_related("lead").prefetch_related("findings", "lessons").first()
    if review:
        review.incident = incident
    return review


def is_reviewed(incident: Incident) -> bool:
    """Whether the incident has a review: OPSS led it, and it is closed (IMP-3.28)."""
    ended = (IncidentStatus.CLOSED, IncidentStatus.REVIEWED)
    return incident.kind == IncidentKind.OPSS_LED and incident.status in ended


def review_tab(incident: Incident) -> Tab | None:
    """The review among the tabs of an incident that has one."""
    if not is_reviewed(incident):
        return None
    return Tab("Review", reverse("readiness:review", args=[incident.reference]))


def gaps_of(incident: Incident) -> tuple[str, ...]:
    """What the review still lacks before it can be completed, each as half a sentence (IMP-3.28, 5.1)."""
    review = review_of(incident)
    if review is None:
        return ("nothing is said under any heading of the plan",)
    lessons = list(review.lessons.all())
    gaps = [] if review.findings.all() else ["nothing is said under any heading of the plan"]
    for missing, wanted in (
        ([lesson for lesson in lessons if not lesson.recommendation.strip()], "recommendation"),
        ([lesson for lesson in lessons if not lesson.team], "team that owns it"),
        ([lesson for lesson in lessons if lesson.due is None], "day by which it is due"),
    ):
        if missing:
            counted = "1 lesson has" if len(missing) == 1 else f"{len(missing)} lessons have"
            gaps.append(f"{counted} no {wanted}")
    return tuple(gaps)


def review_facts(incident: Incident) -> ReviewFacts:
    """Who works on the issues of the incident, or chaired one of its groups; two queries."""
    people = IssuePerson.objects.filter(issue__incident=incident).exclude(
        role__in=[PersonRole.REPORTER, PersonRole.OBSERVER]
    )
    chairs = command.groups_of(incident).values_list("chair_id", flat=True)
    return ReviewFacts(people=frozenset(people.values_list("user_id", flat=True)) | frozenset(chairs))


def finding_of(review: IncidentReview | None, element: str) -> Finding | None:
    """What this review found under one heading, if anything; no query where its findings were fetched with it."""
    found = review.findings.all() if review else ()
    return next((finding for finding in found if finding.element == element), None)


def lesson_get(review: IncidentReview | None, lesson_id: int) -> Lesson:
    """The lesson of this review under that number. Raises NotFound."""
    lesson = review.lessons.filter(pk=lesson_id).first() if review else None
    if review is None or lesson is None:
        raise NotFound(f"This review has no lesson {lesson_id}.")
    lesson.review = review
    return lesson


@dataclass(frozen=True)
class Heading:
    """One element of the plan with what the review found there."""

    element: Element
    finding: Finding | None


@dataclass(frozen=True)
class LessonLine:
    lesson: Lesson
    may_settle: bool


@dataclass(frozen=True)
class ReviewPicture:
    """What the page of a review shows; `review` is None where nobody has written in it yet."""

    incident: Incident
    review: IncidentReview | None
    headings: list[Heading]
    lessons: list[LessonLine]
    gaps: tuple[str, ...]
    may_edit: bool

    @property
    def is_open(self) -> bool:
        return self.incident.status == IncidentStatus.CLOSED


def incident_reviewed(reference: str, actor: Actor) -> Incident:
    """The incident, where the actor may know of it and it has a review. Raises NotFound."""
    incident = incidents.incident_get(reference, actor)
    if not is_reviewed(incident):
        raise NotFound(f"{reference} has no review: only closed incidents that OPSS led are reviewed.")
    return incident


def picture_of(incident: Incident, actor: Actor) -> ReviewPicture:
    """The review as this person may see and write it; a constant number of queries."""
    review, facts = review_of(incident), review_facts(incident)
    findings = {finding.element: finding for finding in review.findings.all()} if review else {}
    lessons = list(review.lessons.all()) if review else []
    is_open = incident.status == IncidentStatus.CLOSED
    return ReviewPicture(
        incident=incident,
        review=review,
        headings=[Heading(element, findings.get(element)) for element in Element],
        lessons=[
            LessonLine(lesson, lesson.is_open and authority.settler(lesson.team).holders(facts).include(actor))
            for lesson in lessons
        ],
        gaps=gaps_of(incident) if is_open else (),
        may_edit=is_open and authority.editor.holders(facts).include(actor),
    )
