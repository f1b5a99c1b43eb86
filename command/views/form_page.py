"""A page that asks something about an incident and hands the answers to one service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.doors import Door, PageRequest
from command import selectors
from command.views.case import crumbs_to
from govuk.forms import GovukForm, rows_changed
from incidents import selectors as incidents
from incidents import services as records
from incidents.models import Incident
from kernel.errors import InvalidInput


class IncidentForm(Door, View):
    """A form about an incident that one service takes; what was typed stays when it is refused.

    Whoever the service would refuse is refused before they type anything.
    """

    authority: ClassVar[str] = "post"
    request: PageRequest
    form_class: ClassVar[type[GovukForm]]
    service: ClassVar[Callable[..., Any]]
    title: ClassVar[str]
    button: ClassVar[str]
    meaning: ClassVar[str]
    done: ClassVar[str]

    def get(self, request: PageRequest, reference: str, **which: int) -> HttpResponse:
        return self._page(request, reference, self.blank(request, reference, which), which)

    def post(self, request: PageRequest, reference: str, **which: int) -> HttpResponse:
        if (form := rows_changed(self.form_class, request.POST)) is not None:
            return self._page(request, reference, form, which)
        try:
            done = type(self).service(incident_reference=reference, by=request.actor, data=request.POST, **which)
        except InvalidInput as error:
            return self._page(request, reference, error.form, which, status=error.status)
        messages.success(request, self.done)
        return self.after(request, reference, done)

    def blank(self, request: PageRequest, reference: str, which: Mapping[str, int]) -> GovukForm:
        """The form before anything was typed."""
        return self.form_class()

    def after(self, request: PageRequest, reference: str, done: Any) -> HttpResponse:
        """Where one goes when the service has answered."""
        return redirect("command:incident-detail", reference)

    def refuse_others(self, incident: Incident, which: Mapping[str, int]) -> None:
        """Raise NotAllowed, naming who may, for whoever the service would refuse."""
        raise NotImplementedError

    def title_of(self, incident: Incident, which: Mapping[str, int]) -> str:
        """The title, which may name what the form is about. Raises NotFound where there is no such thing."""
        return self.title

    def _page(
        self, request: PageRequest, reference: str, form: GovukForm, which: Mapping[str, int], *, status: int = 200
    ) -> HttpResponse:
        incident = incidents.incident_get(reference, request.actor)
        self.refuse_others(incident, which)
        title = self.title_of(incident, which)
        records.reading_note(incident, by=request.actor, what=f"page '{self.title}'")
        context: Mapping[str, Any] = {
            "incident": incident,
            "form": form,
            "title": title,
            "meaning": self.meaning,
            "button": self.button,
            "marking": selectors.marking_of(incident),
            "crumbs": crumbs_to(incident, here=title),
        }
        return render(request, "command/incident_form.html", context, status=status)
