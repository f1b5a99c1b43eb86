"""The report form, and what a reporter sees after it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.doors import Door, PageRequest
from escalation.selectors import urgent
from govuk.forms import GovukForm, rows_changed
from govuk.json_adapter import bind
from govuk.refusals import show_refusal
from govuk.sent import printable
from incidents.models import Issue
from intake import selectors, services
from intake.forms import ReportForm, column_limit
from kernel.errors import InvalidInput, TooSoon


class IssueNew(Door, View):
    """Report an issue: five questions, and once, when others look alike, whether it is one of those (IMP-2.2)."""

    authority = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        return self._page(request, ReportForm())

    def post(self, request: PageRequest) -> HttpResponse:
        if (changed := rows_changed(ReportForm, request.POST)) is not None:
            return self._page(request, changed)
        try:
            form = bind(ReportForm, request.POST)
            if "report_anyway" not in request.POST and (similar := self._offered(request, form)):
                return self._page(request, form, similar=similar)
            issue = services.issue_report(by=request.actor, data=request.POST)
        except InvalidInput as refusal:
            return self._page(request, refusal.form, status=400)
        except TooSoon as refusal:
            answer = self._page(
                request, show_refusal(form, refusal), status=refusal.status, call=urgent.duty_contacts()
            )
            answer.headers["Retry-After"] = str(refusal.retry_after)
            return answer
        return redirect(reverse("intake:issue-reported", args=[issue.reference]))

    def _offered(self, request: PageRequest, form: GovukForm) -> list[Any]:
        given = form.cleaned_data
        return selectors.offered_instead(given["title"], request.actor, danger_now=bool(given["danger_now"]))

    def _page(
        self, request: PageRequest, form: GovukForm, *, similar: Any = (), call: Any = (), status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "similar": similar, "call": call}
        return render(request, "intake/issue_new.html", context, status=status)


class IssueSimilar(Door, View):
    """Open issues with a title like the one being typed: a fragment for the report page, empty where there is none."""

    authority = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        title = printable(request.GET.get("title", ""), limit=column_limit(Issue, "title"))
        similar = selectors.offered_instead(title, request.actor, danger_now=False)
        return render(request, "intake/_similar_list.html", {"similar": similar})


class IssueReported(Door, View):
    """What a reporter is told: the reference, who has been told, what happens next and by when."""

    authority = "signed_in"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        receipt = selectors.receipt_of(reference, request.actor)
        return render(request, "intake/issue_reported.html", {"receipt": receipt})
