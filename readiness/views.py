"""The pages of the review of a closed incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from accounts.doors import Door, PageRequest
from command import selectors as command
from command.views.case import crumbs_to
from command.views.form_page import IncidentForm
from govuk.forms import answers
from incidents import services as records
from incidents.models import Incident
from moves.machine import Authority
from moves.mover import refuse_unless
from moves.standing import Standing
from readiness import authority, selectors, services
from readiness.enums import Element
from readiness.forms import FindingForm, LessonForm, SettleForm
from readiness.models import Finding, Lesson


class ReviewDetail(Door, View):
    """What the review says under each heading of the plan, its lessons and what is still missing."""

    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        incident = selectors.incident_reviewed(reference, request.actor)
        records.reading_note(incident, by=request.actor, what="review of the incident")
        context = {
            "incident": incident,
            "picture": selectors.picture_of(incident, request.actor),
            "marking": command.marking_of(incident),
            "crumbs": crumbs_to(incident, here="Review"),
        }
        return render(request, "readiness/review.html", context)


class _ReviewForm(IncidentForm):
    """A form about a review that one service takes."""

    authority: ClassVar[str] = "post"

    def who(self, incident: Incident, which: Mapping[str, int]) -> Authority:
        return authority.editor

    def standing(self, incident: Incident, which: Mapping[str, int]) -> Standing:
        selectors.incident_reviewed(incident.reference, self.request.actor)
        refuse_unless(self.who(incident, which), selectors.review_facts(incident), self.request.actor)
        return Standing(self.request.actor)

    def back(self, reference: str) -> str:
        return reverse("readiness:review", args=[reference])


class FindingRecord(_ReviewForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = FindingForm
    service: ClassVar = staticmethod(services.finding_record)
    title: ClassVar[str] = "What worked and what did not"
    button: ClassVar[str] = "Save"
    meaning: ClassVar[str] = "One element of the plan at a time. What is saved replaces what stood there (plan 5.2)."
    done: ClassVar[str] = "Saved."

    def initial(self, incident: Incident, which: Mapping[str, int]) -> dict[str, Any]:
        found = self._finding(incident)
        said = {"worked": found.worked, "did_not_work": found.did_not_work} if found else {}
        return {"element": self._element, **said}

    def version_of(self, incident: Incident, which: Mapping[str, int]) -> int:
        """No version of anything where nothing is said: nobody's words are lost there."""
        found = self._finding(incident)
        return found.version if found else 0

    @property
    def _element(self) -> str:
        """Which heading it is about: the one that was sent, else the one that the page was opened for."""
        element = self.request.POST.get("element") or self.request.GET.get("element", "")
        return element if element in Element.values else ""

    def _finding(self, incident: Incident) -> Finding | None:
        return selectors.finding_of(selectors.review_of(incident), self._element)


class LessonAdd(_ReviewForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = LessonForm
    service: ClassVar = staticmethod(services.lesson_add)
    title: ClassVar[str] = "Add a lesson"
    button: ClassVar[str] = "Add the lesson"
    meaning: ClassVar[str] = "A lesson, what should change, and which team owns that (plan 5.1)."
    done: ClassVar[str] = "The lesson is added. Where a team is named to own it, its leader has been told."


class LessonChange(_ReviewForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = LessonForm
    service: ClassVar = staticmethod(services.lesson_change)
    title: ClassVar[str] = "Change a lesson"
    button: ClassVar[str] = "Save the lesson"
    meaning: ClassVar[str] = "Put it right, or give its recommendation an owner and a day (plan 5.1)."
    done: ClassVar[str] = "Saved."

    def initial(self, incident: Incident, which: Mapping[str, int]) -> dict[str, Any]:
        return lesson_initial(_lesson(incident, which))

    def version_of(self, incident: Incident, which: Mapping[str, int]) -> int:
        return _lesson(incident, which).version


class LessonSettle(_ReviewForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = SettleForm
    service: ClassVar = staticmethod(services.lesson_settle)
    title: ClassVar[str] = "Say how a recommendation ended"
    button: ClassVar[str] = "Save"
    meaning: ClassVar[str] = "Done, with what shows it; or not taken up, with why (plan 5.1)."
    done: ClassVar[str] = "On record. The lead of the review has been told."

    def who(self, incident: Incident, which: Mapping[str, int]) -> Authority:
        return authority.settler(_lesson(incident, which).team)

    def on_record(self, incident: Incident, which: Mapping[str, int]) -> list[dict[str, str]]:
        return answers(LessonForm(initial=lesson_initial(_lesson(incident, which))))

    def version_of(self, incident: Incident, which: Mapping[str, int]) -> int:
        return _lesson(incident, which).version


def lesson_initial(lesson: Lesson) -> dict[str, Any]:
    """What the form of a lesson shows of one that is to be changed."""
    return {name: getattr(lesson, name) for name in LessonForm.base_fields}


def _lesson(incident: Incident, which: Mapping[str, int]) -> Lesson:
    return selectors.lesson_get(selectors.review_of(incident), which["lesson_id"])
