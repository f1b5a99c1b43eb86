"""What waits for the next meeting of CAM or TTG, and saying what came of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from accounts.doors import Door, PageRequest
from audit import references
from escalation import services
from escalation.authority import takers_up
from escalation.forms import AgendaForm, TakeUpForm
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.selectors import agenda
from escalation.views.work import WorkPage
from govuk import json_adapter
from incidents import services as records
from incidents.enums import AgendaBody
from kernel import keyset
from moves.machine import Authority


class Agenda(Door, View):
    """The cases on which something arrived while nobody may have been looking, longest waiting first."""

    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest) -> HttpResponse:
        given = {"body": request.GET["body"]} if "body" in request.GET else {}
        body = AgendaBody(json_adapter.bind(AgendaForm, given).cleaned_data["body"] or AgendaBody.CAM)
        marks = agenda.marks_waiting(request.actor, body)
        page = keyset.page(marks, order=agenda.WAITING, cursor=request.GET.get("cursor") or None)
        records.reading_note(*(mark.issue for mark in page.rows), by=request.actor, what="agenda")
        context = {
            "body": body,
            "bodies": AgendaBody,
            "marks": references.rows_veiled(request.actor, page.rows, "why"),
            "crumbs": [
                {"text": "Issues", "url": reverse("escalation:issue-list")},
                {"text": f"For the next {body.label}", "url": ""},
            ],
            **keyset.beside(page, request.GET),
        }
        return render(request, "escalation/agenda.html", context)


class MarkTakeUp(WorkPage):
    form_class = TakeUpForm
    title, button, done = "Say what came of it", "Record it", "It is on record that this was taken up."

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        self.mark = agenda.mark_to_show(climb, self.kwargs["mark_id"], facts.by)
        return takers_up(self.mark.body)

    def context(self, climb: Escalation) -> dict[str, Any]:
        return {"mark": self.mark}

    def act(self, reference: str) -> None:
        services.mark_take_up(
            reference=reference, mark_id=self.kwargs["mark_id"], by=self.request.actor, data=self.request.POST
        )
