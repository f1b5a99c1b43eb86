"""The page of a second check that was still due when a situation report went out."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.doors import Door, PageRequest
from command import authority, forms, selectors, services
from command.views.case import crumbs_to
from govuk.forms import GovukForm
from govuk.refusals import show_refusal
from incidents import services as records
from kernel.errors import Blocked, InvalidInput
from moves.mover import admit


class SitrepSecondCheck(Door, View):
    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        return self._page(request, reference, forms.SecondCheckDone())

    def post(self, request: PageRequest, reference: str) -> HttpResponse:
        try:
            sitrep = services.sitrep_second_check(reference=reference, by=request.actor, data=request.POST)
        except (InvalidInput, Blocked) as error:
            form = show_refusal(error.form or forms.SecondCheckDone(data=request.POST), error)
            return self._page(request, reference, form, status=error.status)
        messages.success(request, f"Your check of {sitrep.reference} is on record.")
        return redirect(sitrep)

    def _page(self, request: PageRequest, reference: str, form: GovukForm, *, status: int = 200) -> HttpResponse:
        sitrep = selectors.sitrep_get(reference, request.actor)
        standing = admit(authority.approver, selectors.sitrep_facts(sitrep, request.actor), request.actor)
        records.reading_note(sitrep.incident, by=request.actor, what=f"second check of {sitrep.reference}")
        title = f"Second check of {sitrep.reference}"
        context = {
            "incident": sitrep.incident,
            "form": standing.asked(form),
            "standing": standing,
            "title": title,
            "meaning": "Somebody who did not write the report reads it again after it went out (plan 3.23).",
            "button": "Record the check",
            "back": sitrep.get_absolute_url(),
            "marking": selectors.marking_of(sitrep.incident),
            "crumbs": crumbs_to(sitrep.incident, here=title),
        }
        return render(request, "command/incident_form.html", context, status=status)
