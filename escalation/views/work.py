"""Work on a case: its facts put right, evidence added, teams asked and their answers taken in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views import View

from accounts.doors import Door, PageRequest
from escalation import authority, selectors, services
from escalation.forms import CommissionForm, CommissionSettleForm, EvidenceForm, IssueEditForm
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.selectors import pages
from escalation.views.case import case_context, case_read
from govuk.forms import GovukForm, answers, unchecked
from govuk.refusals import show_refusal
from kernel.errors import FieldError, InvalidInput, StaleVersion
from kernel.given import natural
from moves.machine import Authority
from moves.mover import refuse_unless


class WorkPage(Door, View):
    """One form about a case. Whoever the service would refuse is refused before they type anything."""

    authority: ClassVar[str] = "post"
    template_name: ClassVar[str] = "escalation/issue_work.html"
    form_class: ClassVar[type[GovukForm]]
    title: ClassVar[str]
    button: ClassVar[str]
    done: ClassVar[str]
    anchor: ClassVar[str] = ""
    request: PageRequest

    def get(self, request: PageRequest, reference: str, **kwargs: Any) -> HttpResponse:
        return self.page(reference)

    def post(self, request: PageRequest, reference: str, **kwargs: Any) -> HttpResponse:
        try:
            self.act(reference)
        except InvalidInput as error:
            form = error.form or unchecked(self.form_class, request.POST)
            return self.page(reference, form=show_refusal(form, error), status=error.status)
        messages.success(request, self.done)
        return self.back(reference)

    def back(self, reference: str) -> HttpResponse:
        url = selectors.climb_get(reference, self.request.actor).issue.get_absolute_url()
        return HttpResponseRedirect(url + self.anchor)

    def page(self, reference: str, *, form: GovukForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
        climb = case_read(reference, self.request.actor, page=f"page '{self.title}'")
        facts = selectors.facts_of(climb, self.request.actor)
        refuse_unless(self.who(climb, facts), facts, self.request.actor)
        context = {
            **case_context(climb, self.title),
            "title": self.title,
            "button": self.button,
            "form": form or self.form_class(initial=self.initial(climb)),
            **self.context(climb),
            **more,
        }
        return render(self.request, self.template_name, context, status=status)

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        raise NotImplementedError

    def act(self, reference: str) -> None:
        raise NotImplementedError

    def initial(self, climb: Escalation) -> dict[str, Any]:
        return {}

    def context(self, climb: Escalation) -> dict[str, Any]:
        return {}


class IssueEdit(WorkPage):
    form_class = IssueEditForm
    title, button, done = "Put the facts right", "Save", "The facts are saved."
    texts = ("title", "summary", "regulatory_area")

    def post(self, request: PageRequest, reference: str, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, reference)
        except StaleVersion as error:
            on_record = self.form_class(initial=self.initial(selectors.climb_get(reference, request.actor)))
            return self.page(
                reference,
                form=unchecked(self.form_class, request.POST),
                status=error.status,
                saved_meanwhile=answers(on_record),
            )

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        return authority.editors

    def initial(self, climb: Escalation) -> dict[str, Any]:
        return {name: getattr(climb.issue, name) for name in (*self.texts, "nations")}

    def context(self, climb: Escalation) -> dict[str, Any]:
        return {"version": climb.issue.version}

    def act(self, reference: str) -> None:
        """Sends every field, ticked or not, so that the last nation can be unticked too."""
        sent = self.request.POST
        data: dict[str, Any] = {name: sent.get(name, "").replace("\r\n", "\n") for name in self.texts}
        data["nations"] = sent.getlist("nations")
        services.issue_edit(reference=reference, by=self.request.actor, data=data, expected_version=_version(sent))


def _version(sent: Any) -> int:
    version = natural(sent.get("version", ""))
    if version is not None:
        return version
    message = "Open the page again: it must say which version you saw, so that nobody's work is lost"
    raise InvalidInput([FieldError("version", "required", message)], form=IssueEditForm(data=sent))


class EvidenceAdd(WorkPage):
    form_class = EvidenceForm
    title, button, done, anchor = "Add evidence", "Add evidence", "The evidence is on record.", "#evidence"

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        return authority.editors

    def act(self, reference: str) -> None:
        services.evidence_add(reference=reference, by=self.request.actor, data=self.request.POST)


class CommissionAsk(WorkPage):
    form_class = CommissionForm
    title, button, done, anchor = "Ask a team for something", "Ask", "The commission is on record.", "#commissions"

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        return authority.commissioners(climb.stage)

    def act(self, reference: str) -> None:
        services.commission_ask(reference=reference, by=self.request.actor, data=self.request.POST)


class CommissionSettle(WorkPage):
    form_class = CommissionSettleForm
    title, button, done, anchor = "Settle a commission", "Settle", "The commission is settled.", "#commissions"

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        self.asked = pages.open_commission(climb, self.kwargs["commission_id"], self.request.actor)
        return authority.settlers(climb.stage, self.asked.team)

    def context(self, climb: Escalation) -> dict[str, Any]:
        return {"commission": self.asked}

    def act(self, reference: str) -> None:
        services.commission_settle(
            reference=reference,
            commission_id=self.kwargs["commission_id"],
            by=self.request.actor,
            data=self.request.POST,
        )
