"""The rhythm of an incident: its days, and the forms that change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from accounts.doors import Door, PageRequest
from audit import presenters
from command import authority, forms, selectors, services
from command.enums import RhythmStatus
from command.models import RhythmEvent
from command.views.case import crumbs_to
from command.views.form_page import IncidentForm
from govuk import json_adapter
from govuk.forms import answers
from incidents import selectors as incidents
from incidents import services as records
from incidents.models import Incident
from kernel import clock
from moves.mover import admit, refuse_unless
from moves.standing import Standing


class IncidentRhythm(Door, View):
    """The tab 'Rhythm': seven days, from today on where none is named, and the lines of the rhythm in force."""

    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        incident = incidents.incident_get(reference, request.actor)
        given = {"day": request.GET["day"]} if request.GET.get("day") else {}
        day = json_adapter.bind(forms.RhythmWeek, given).cleaned_data["day"]
        records.reading_note(incident, by=request.actor, what="rhythm of the incident")
        lines = list(selectors.rhythm_of(incident))
        context = {
            "incident": incident,
            "marking": selectors.marking_of(incident),
            "week": selectors.week_of(incident, request.actor, day=day or clock.today()),
            "today": clock.today(),
            "lines": lines,
            "awaits_agreement": any(line.status == RhythmStatus.PROVISIONAL for line in lines),
            "doors": selectors.rhythm_doors(incident, request.actor),
            "crumbs": crumbs_to(incident, here="Rhythm"),
        }
        return render(request, "command/incident_rhythm.html", context)


class _RhythmForm(IncidentForm):
    """A form about the rhythm: for IMT, and it leads back to the week."""

    authority: ClassVar[str] = "post"

    def standing(self, incident: Incident, which: Mapping[str, int]) -> Standing:
        refuse_unless(authority.imt, None, self.request.actor)
        return Standing(self.request.actor)

    def changes_since(self, incident: Incident, seen: int) -> list[Any]:
        return presenters.changes_since(incident.reference, seen, self.request.actor)

    def back(self, reference: str) -> str:
        return reverse("command:incident-rhythm", args=[reference])


class _LineForm(_RhythmForm):
    """Asking for one line of the rhythm; clashes are told once it is on record, and stop nothing."""

    authority: ClassVar[str] = "post"
    form_class: ClassVar = forms.RhythmLine
    meaning: ClassVar[str] = "It is in force as provisional until the chair of the SCG agrees (plan 3.22)."

    def asked(self, incident: Incident) -> dict[str, Any]:
        return {"groups": selectors.groups_meeting(incident)}

    def after(self, request: PageRequest, reference: str, done: RhythmEvent) -> HttpResponse:
        for clash in selectors.clashes_of_event(done, request.actor):
            messages.warning(request, f"{done.title} clashes. {clash}")
        return super().after(request, reference, done)


class RhythmAdd(_LineForm):
    authority: ClassVar[str] = "post"
    service: ClassVar = staticmethod(services.rhythm_add)
    title: ClassVar[str] = "Add to the rhythm"
    button: ClassVar[str] = "Add to the rhythm"
    done: ClassVar[str] = "Added. The chair of the SCG has been asked to agree."


class RhythmRevise(_LineForm):
    authority: ClassVar[str] = "post"
    service: ClassVar = staticmethod(services.rhythm_revise)
    title: ClassVar[str] = "Change the rhythm"
    button: ClassVar[str] = "Change the rhythm"
    done: ClassVar[str] = "Changed. What has happened stays as it was; the chair of the SCG has been asked to agree."

    def title_of(self, incident: Incident, which: Mapping[str, int]) -> str:
        return f"Change: {selectors.rhythm_event_get(incident, which['event_id']).title}"

    def initial(self, incident: Incident, which: Mapping[str, int]) -> dict[str, Any]:
        return forms.line_initial(selectors.rhythm_event_get(incident, which["event_id"]))

    def version_of(self, incident: Incident, which: Mapping[str, int]) -> int:
        return incident.version


class RhythmEnd(_RhythmForm):
    authority: ClassVar[str] = "post"
    form_class: ClassVar = forms.RhythmEnd
    service: ClassVar = staticmethod(services.rhythm_end)
    title: ClassVar[str] = "End a line of the rhythm"
    button: ClassVar[str] = "End it"
    meaning: ClassVar[str] = "What is to come of it is cancelled and stays on record as cancelled (plan 3.22)."
    done: ClassVar[str] = "Ended. The chair of the SCG has been told."

    def title_of(self, incident: Incident, which: Mapping[str, int]) -> str:
        return f"End: {selectors.rhythm_event_get(incident, which['event_id']).title}"

    def on_record(self, incident: Incident, which: Mapping[str, int]) -> list[dict[str, str]]:
        event = selectors.rhythm_event_get(incident, which["event_id"])
        return answers(forms.RhythmLine(initial=forms.line_initial(event)))

    def version_of(self, incident: Incident, which: Mapping[str, int]) -> int:
        return incident.version


class RhythmAgree(_RhythmForm):
    """The SCG's chair agrees by a button of the week; whoever acts in their place says here why."""

    authority: ClassVar[str] = "post"
    form_class: ClassVar = forms.RhythmAgree
    service: ClassVar = staticmethod(services.rhythm_agree)
    title: ClassVar[str] = "Agree to the rhythm"
    button: ClassVar[str] = "Agree to the rhythm"
    meaning: ClassVar[str] = "What is provisional in it is agreed from then on (plan 3.22)."
    done: ClassVar[str] = "You have agreed to the rhythm as it stands."

    def standing(self, incident: Incident, which: Mapping[str, int]) -> Standing:
        return admit(authority.scg_chair, selectors.offices_of(incident), self.request.actor)

    def version_of(self, incident: Incident, which: Mapping[str, int]) -> int:
        return incident.version
