"""Situation reports: opening, reading, writing and moving them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.doors import Door, PageRequest
from command import authority, forms, selectors, services
from command.models import Sitrep
from command.views.case import crumbs_to
from govuk import when
from govuk.forms import GovukForm
from incidents import services as records
from kernel.errors import DomainError, InvalidInput, StaleVersion
from moves import mover
from moves.views import Mend, MovePage


class SitrepOpen(Door, View):
    authority: ClassVar[str] = "post"

    def post(self, request: PageRequest, reference: str) -> HttpResponse:
        sitrep = services.sitrep_open(incident_reference=reference, by=request.actor, data=request.POST)
        messages.success(request, f"{sitrep.reference} is open, drafted from the record.")
        return redirect("command:sitrep-edit", sitrep.path)


class SitrepDetail(Door, View):
    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        sitrep = selectors.sitrep_get(reference, request.actor)
        records.reading_note(sitrep.incident, by=request.actor, what=sitrep.reference)
        context = {
            **selectors.reading_of(sitrep),
            "offers": mover.offers(services.SITREP_MACHINE, sitrep, request.actor),
            "crumbs": crumbs_to(sitrep.incident, here=f"SR-{sitrep.number:03d}"),
        }
        return render(request, "command/sitrep_read.html", context)


class SitrepEdit(Door, View):
    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        sitrep = selectors.sitrep_get(reference, request.actor)
        selectors.require_writable(sitrep, request.actor)
        records.reading_note(sitrep.incident, by=request.actor, what=sitrep.reference)
        return self._page(request, sitrep)

    def post(self, request: PageRequest, reference: str) -> HttpResponse:
        data = request.POST.copy()
        version = data.pop("version", [""])[-1]
        then = data.pop("then", [""])[-1]
        try:
            sitrep = services.sitrep_edit(reference=reference, version=version, by=request.actor, data=data)
        except InvalidInput as error:
            return self._page(request, selectors.sitrep_get(reference, request.actor), form=error.form, error=error)
        except StaleVersion as error:
            # Nothing that somebody wrote is lost: their text and the present one are shown together.
            form = forms.SitrepEdit(data=data)
            return self._page(request, selectors.sitrep_get(reference, request.actor), form=form, error=error)
        if then == "submit":
            return redirect("command:sitrep-move", sitrep.path, "submit")
        messages.success(request, f"{sitrep.reference} is saved.")
        return redirect("command:sitrep-edit", sitrep.path)

    def _page(
        self,
        request: PageRequest,
        sitrep: Sitrep,
        *,
        form: GovukForm | None = None,
        error: DomainError | None = None,
    ) -> HttpResponse:
        sections = list(sitrep.sections.all())
        facts = selectors.sitrep_facts(sitrep, request.actor)
        form = form or forms.SitrepEdit(initial={"sections": [{"key": s.key, "body": s.body} for s in sections]})
        by_key = {subform["key"].value(): subform for subform in form["sections"].subforms}
        context = {
            "sitrep": sitrep,
            "form": form,
            "rows": [
                {
                    "section": section,
                    "form": by_key[section.key],
                    "is_unfinished": section.title in facts.unfinished,
                    "is_stale": isinstance(error, StaleVersion)
                    and (by_key[section.key]["body"].value() or "") != section.body,
                }
                for section in sections
                if section.key in by_key
            ],
            "unfinished": facts.unfinished,
            "error": error,
            "marking": selectors.marking_of(sitrep.incident),
            "crumbs": crumbs_to(sitrep.incident, here=f"SR-{sitrep.number:03d}"),
        }
        return render(request, "command/sitrep_edit.html", context, status=error.status if error else 200)


class SitrepMove(MovePage):
    authority: ClassVar[str] = "post"
    machine = services.SITREP_MACHINE
    service: ClassVar = staticmethod(services.sitrep_move)

    def context(self, subject: Sitrep) -> dict[str, Any]:
        records.reading_note(subject.incident, by=self.request.actor, what=f"page of a move of {subject.reference}")
        return {
            "case": subject,
            "case_title": subject.incident.title,
            "case_url": subject.get_absolute_url(),
            "marking": selectors.marking_of(subject.incident),
            "facts": [
                {"key": "Status", "value": subject.get_status_display()},
                {"key": "As of", "value": when.london(subject.as_of)},
                {"key": "Sections", "value": subject.sections.count()},
            ],
            "crumbs": crumbs_to(subject.incident, here=f"SR-{subject.number:03d}"),
        }

    def mends(self, subject: Sitrep) -> Mapping[str, Mend]:
        facts = selectors.sitrep_facts(subject, self.request.actor)
        if not authority.writer.holders(facts).include(self.request.actor):
            return {}
        return {"edit": Mend(reverse("command:sitrep-edit", args=[subject.path]), "Write what is missing")}

    def next_url(self, subject: Sitrep) -> str:
        return subject.get_absolute_url()
