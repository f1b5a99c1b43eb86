"""The incident list, the page of an incident, and the forms of its groups and rhythm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.doors import Door, PageRequest
from audit import presenters
from audit import selectors as audit
from audit.presenters import Told
from command import authority, forms, selectors, services
from command.views.case import INCIDENTS, crumbs_to, moves_shown
from govuk.forms import GovukForm, rows_changed
from govuk.json_adapter import bind
from incidents import selectors as incidents
from incidents import services as records
from incidents.models import Incident
from kernel import keyset
from kernel.errors import InvalidInput
from moves.mover import refuse_unless


class IncidentList(Door, View):
    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest) -> HttpResponse:
        form = bind(forms.IncidentFilter, {"status": request.GET.get("status", "")})
        page = keyset.page(
            selectors.incidents_filtered(request.actor, status=form.cleaned_data["status"]),
            order=("-declared_at", "-id"),
            cursor=request.GET.get("cursor"),
        )
        context = {
            "incidents": page.rows,
            "form": form,
            "crumbs": [{"text": INCIDENTS}],
            **keyset.beside(page, request.GET),
        }
        return render(request, "command/incident_list.html", context)


class IncidentDetail(Door, View):
    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        incident = incidents.incident_get(reference, request.actor)
        records.reading_note(incident, by=request.actor, what="incident page")
        picture = selectors.picture_of(incident, request.actor)
        context = {
            "incident": incident,
            "picture": picture,
            "marking": picture.marking,
            "history": [_entry(told) for told in picture.events],
            "crumbs": crumbs_to(incident),
            **moves_shown(incident, request.actor),
        }
        return render(request, "command/incident_detail.html", context)


class IncidentHistory(Door, View):
    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        incident = incidents.incident_get(reference, request.actor)
        records.reading_note(incident, by=request.actor, what="history of the incident")
        events = presenters.history_in(incident.reference, request.actor)
        page = keyset.page(events, order=("-position",), cursor=request.GET.get("cursor"))
        context = {
            "incident": incident,
            "marking": selectors.marking_of(incident),
            "history": [_entry(told) for told in presenters.told(audit.views_of(page.rows), request.actor)],
            "crumbs": crumbs_to(incident, here="History"),
            **keyset.beside(page, request.GET),
        }
        return render(request, "command/incident_history.html", context)


class _IncidentForm(Door, View):
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
        return self._page(request, reference, self.form_class(), which)

    def post(self, request: PageRequest, reference: str, **which: int) -> HttpResponse:
        if (form := rows_changed(self.form_class, request.POST)) is not None:
            return self._page(request, reference, form, which)
        try:
            type(self).service(incident_reference=reference, by=request.actor, data=request.POST, **which)
        except InvalidInput as error:
            return self._page(request, reference, error.form, which, status=error.status)
        messages.success(request, self.done)
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


class GroupStandUp(_IncidentForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = forms.GroupStandUp
    service: ClassVar = staticmethod(services.group_stand_up)
    title: ClassVar[str] = "Stand up a group"
    button: ClassVar[str] = "Stand up the group"
    meaning: ClassVar[str] = "Groups are stood up one by one, as the incident needs them (plan 3.3, 3.16)."
    done: ClassVar[str] = "The group stands. Its chair and members have been told."

    def refuse_others(self, incident: Incident, which: Mapping[str, int]) -> None:
        refuse_unless(authority.stander_up, selectors.offices_of(incident), self.request.actor)


class GroupStandDown(_IncidentForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = forms.GroupStandDown
    service: ClassVar = staticmethod(services.group_stand_down)
    title: ClassVar[str] = "Stand down a group"
    button: ClassVar[str] = "Stand the group down"
    meaning: ClassVar[str] = "What a group leaves has an owner from then on (plan 3.16)."
    done: ClassVar[str] = "The group is stood down. Its chair and members have been told."

    def refuse_others(self, incident: Incident, which: Mapping[str, int]) -> None:
        refuse_unless(authority.stander_down, selectors.group_get(incident, which["group_id"]), self.request.actor)

    def title_of(self, incident: Incident, which: Mapping[str, int]) -> str:
        return f"Stand down: {selectors.group_get(incident, which['group_id']).name}"


class RhythmAdd(_IncidentForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = forms.RhythmAdd
    service: ClassVar = staticmethod(services.rhythm_add)
    title: ClassVar[str] = "Add to the rhythm"
    button: ClassVar[str] = "Add to the rhythm"
    meaning: ClassVar[str] = "It is in force as provisional until the chair of the SCG agrees (plan 3.22)."
    done: ClassVar[str] = "Added. The chair of the SCG has been asked to agree."

    def refuse_others(self, incident: Incident, which: Mapping[str, int]) -> None:
        refuse_unless(authority.imt, None, self.request.actor)


class RhythmAgree(Door, View):
    authority: ClassVar[str] = "post"

    def post(self, request: PageRequest, reference: str) -> HttpResponse:
        services.rhythm_agree(incident_reference=reference, by=request.actor, data=request.POST)
        messages.success(request, "You have agreed to the rhythm as it stands.")
        return redirect("command:incident-detail", reference)


def _entry(told: Told) -> dict[str, Any]:
    return {"title": told.sentence, "at": told.event.at, "by": told.event.label}
