"""A page that asks something about an incident and hands the answers to one service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.doors import Door, PageRequest
from command import selectors
from command.views.case import crumbs_to
from govuk.forms import GovukForm, answers, rows_changed, unchecked
from govuk.refusals import show_refusal
from incidents import selectors as incidents
from incidents import services as records
from incidents.models import Incident
from kernel.errors import Blocked, InvalidInput, StaleVersion
from kernel.given import natural, version_seen
from moves.standing import Standing


class IncidentForm(Door, View):
    """A form about an incident that one service takes; what was typed stays when it is refused.

    Whoever the service would refuse is refused before they type anything. A page that changes what is on record says
    in `version_of` which version it shows; where somebody was faster it comes back with both texts, and nothing is
    saved.
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
        return self._page(reference, which)

    def post(self, request: PageRequest, reference: str, **which: int) -> HttpResponse:
        data = request.POST.copy()
        version = data.pop("version", [""])[-1]
        incident = incidents.incident_get(reference, request.actor)
        asked = self.asked(incident)
        if (form := rows_changed(self.form_class, data, **asked)) is not None:
            return self._page(reference, which, form=form, version=natural(version))
        try:
            seen = {} if self.version_of(incident, which) is None else {"expected_version": version_seen(version)}
            done = type(self).service(incident_reference=reference, by=request.actor, data=data, **which, **seen)
        except (InvalidInput, Blocked) as error:
            form = show_refusal(error.form or self.form_class(data=data, **asked), error)
            return self._page(reference, which, form=form, status=error.status, version=natural(version))
        except StaleVersion as error:
            form = unchecked(self.form_class, data, **asked)
            return self._page(reference, which, form=form, status=error.status, seen=version_seen(version))
        messages.success(request, self.done)
        return self.after(request, reference, done)

    def asked(self, incident: Incident) -> dict[str, Any]:
        """What the form is told of the incident."""
        return {}

    def initial(self, incident: Incident, which: Mapping[str, int]) -> dict[str, Any]:
        """What the form starts with: what is on record now."""
        return {}

    def version_of(self, incident: Incident, which: Mapping[str, int]) -> int | None:
        """The version of what is on record, which the form carries; None where it only adds."""
        return None

    def changes_since(self, incident: Incident, seen: int) -> list[Any]:
        """What has happened since that version, as far as it can be told."""
        return []

    def on_record(self, incident: Incident, which: Mapping[str, int]) -> list[dict[str, str]]:
        """What is on record now, for whoever meant to change it, as the rows of a summary list."""
        return answers(self._blank(incident, which))

    def after(self, request: PageRequest, reference: str, done: Any) -> HttpResponse:
        """Where one goes when the service has answered."""
        return redirect(self.back(reference))

    def back(self, reference: str) -> str:
        """The page that this one is reached from, and leads back to."""
        return reverse("command:incident-detail", args=[reference])

    def standing(self, incident: Incident, which: Mapping[str, int]) -> Standing:
        """How they may act here. Raises NotAllowed, naming who may, for whoever the service would refuse."""
        raise NotImplementedError

    def title_of(self, incident: Incident, which: Mapping[str, int]) -> str:
        """The title, which may name what the form is about. Raises NotFound where there is no such thing."""
        return self.title

    def _blank(self, incident: Incident, which: Mapping[str, int]) -> GovukForm:
        return self.form_class(initial=self.initial(incident, which), **self.asked(incident))

    def _page(
        self,
        reference: str,
        which: Mapping[str, int],
        *,
        form: GovukForm | None = None,
        status: int = 200,
        version: int | None = None,
        seen: int | None = None,
    ) -> HttpResponse:
        """The page; after a stale save, whose version was `seen`, with what is on record now.

        Sent back for anything else it keeps the `version` that its reader saw: they have not read a later one.
        """
        request = self.request
        incident = incidents.incident_get(reference, request.actor)
        standing = self.standing(incident, which)
        title = self.title_of(incident, which)
        records.reading_note(incident, by=request.actor, what=f"page '{self.title}'")
        context: Mapping[str, Any] = {
            "incident": incident,
            "form": standing.asked(form or self._blank(incident, which)),
            "standing": standing,
            "version": self.version_of(incident, which) if version is None else version,
            "is_stale": seen is not None,
            "changes": [] if seen is None else self.changes_since(incident, seen),
            "saved_meanwhile": [] if seen is None else self.on_record(incident, which),
            "title": title,
            "meaning": self.meaning,
            "button": self.button,
            "back": self.back(reference),
            "marking": selectors.marking_of(incident),
            "crumbs": crumbs_to(incident, here=title),
        }
        return render(request, "command/incident_form.html", context, status=status)
