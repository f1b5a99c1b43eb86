"""The incident list, the page of an incident, and the forms of its groups and rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from django.views import View

from accounts import rules
from accounts.doors import Door, PageRequest
from audit import presenters
from audit import selectors as audit
from audit.presenters import Told
from command import authority, forms, selectors, services
from command.views.case import INCIDENTS, crumbs_to, moves_shown
from command.views.form_page import IncidentForm
from govuk.json_adapter import bind
from incidents import selectors as incidents
from incidents import services as records
from incidents.models import Incident
from kernel import keyset
from moves.mover import admit
from moves.standing import Standing


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
            "reads_no_case": rules.is_operator(request.actor),
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


class GroupStandUp(IncidentForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = forms.GroupStandUp
    service: ClassVar = staticmethod(services.group_stand_up)
    title: ClassVar[str] = "Stand up a group"
    button: ClassVar[str] = "Stand up the group"
    meaning: ClassVar[str] = "Groups are stood up one by one, as the incident needs them (plan 3.3, 3.16)."
    done: ClassVar[str] = "The group stands. Its chair and members have been told."

    def standing(self, incident: Incident, which: Mapping[str, int]) -> Standing:
        return admit(authority.stander_up, selectors.offices_of(incident), self.request.actor)


class GroupStandDown(IncidentForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = forms.GroupStandDown
    service: ClassVar = staticmethod(services.group_stand_down)
    title: ClassVar[str] = "Stand down a group"
    button: ClassVar[str] = "Stand the group down"
    meaning: ClassVar[str] = "What a group leaves has an owner from then on (plan 3.16)."
    done: ClassVar[str] = "The group is stood down. Its chair and members have been told."

    def standing(self, incident: Incident, which: Mapping[str, int]) -> Standing:
        return admit(authority.stander_down, selectors.group_get(incident, which["group_id"]), self.request.actor)

    def title_of(self, incident: Incident, which: Mapping[str, int]) -> str:
        return f"Stand down: {selectors.group_get(incident, which['group_id']).name}"


def _entry(told: Told) -> dict[str, Any]:
    return {"title": told.sentence, "at": told.event.at, "by": told.event.label}
