"""The pages of the review of a closed incident."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.doors import Door, PageRequest
from command import selectors as command
from command.views.case import crumbs_to
from command.views.form_page import IncidentForm
from govuk.forms import GovukForm
from incidents import services as records
from incidents.models import Incident
from moves.machine import Authority
from moves.mover import refuse_unless
from readiness import authority, selectors, services
from readiness.enums import Element
from readiness.forms import FindingForm, LessonForm, SettleForm


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

    def blank(self, request: PageRequest, reference: str, which: Mapping[str, int]) -> GovukForm:
        incident = selectors.incident_reviewed(reference, request.actor)
        return self.form_class(initial=self.initial(incident, **which))

    def initial(self, incident: Incident, **which: int) -> dict[str, Any]:
        """What the form starts with, drawn from the review."""
        return {}

    def who(self, incident: Incident, **which: int) -> Authority:
        return authority.editor

    def refuse_others(self, incident: Incident, which: Mapping[str, int]) -> None:
        refuse_unless(self.who(incident, **which), selectors.review_facts(incident), self.request.actor)

    def after(self, request: PageRequest, reference: str, done: Any) -> HttpResponse:
        return redirect("readiness:review", reference)


class FindingRecord(_ReviewForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = FindingForm
    service: ClassVar = staticmethod(services.finding_record)
    title: ClassVar[str] = "What worked and what did not"
    button: ClassVar[str] = "Save"
    meaning: ClassVar[str] = "One element of the plan at a time. What is saved replaces what stood there (plan 5.2)."
    done: ClassVar[str] = "Saved."

    def initial(self, incident: Incident, **which: int) -> dict[str, Any]:
        element = self.request.GET.get("element", "")
        if element not in Element.values:
            return {}
        review = selectors.review_of(incident)
        found = [finding for finding in review.findings.all() if finding.element == element] if review else []
        said = {"worked": found[0].worked, "did_not_work": found[0].did_not_work} if found else {}
        return {"element": element, **said}


class LessonAdd(_ReviewForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = LessonForm
    service: ClassVar = staticmethod(services.lesson_add)
    title: ClassVar[str] = "Add a lesson"
    button: ClassVar[str] = "Add the lesson"
    meaning: ClassVar[str] = "A lesson, what should change, and which team owns that (plan 5.1)."
    done: ClassVar[str] = "The lesson is added. The leader of the team that owns it has been told."


class LessonChange(_ReviewForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = LessonForm
    service: ClassVar = staticmethod(services.lesson_change)
    title: ClassVar[str] = "Change a lesson"
    button: ClassVar[str] = "Save the lesson"
    meaning: ClassVar[str] = "Put it right, or give its recommendation an owner and a day (plan 5.1)."
    done: ClassVar[str] = "Saved."

    def initial(self, incident: Incident, **which: int) -> dict[str, Any]:
        lesson = selectors.lesson_get(selectors.review_of(incident), which["lesson_id"])
        return {name: getattr(lesson, name) for name in LessonForm.base_fields}


class LessonSettle(_ReviewForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = SettleForm
    service: ClassVar = staticmethod(services.lesson_settle)
    title: ClassVar[str] = "Say how a recommendation ended"
    button: ClassVar[str] = "Save"
    meaning: ClassVar[str] = "Done, with what shows it; or not taken up, with why (plan 5.1)."
    done: ClassVar[str] = "On record. The lead of the review has been told."

    def who(self, incident: Incident, **which: int) -> Authority:
        return authority.settler(selectors.lesson_get(selectors.review_of(incident), which["lesson_id"]).team)
