"""Situation reports: opening, reading, writing and moving them."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts.doors import Door, PageRequest
from command import authority, forms, rules, selectors, services
from command.models import Sitrep, SitrepSection
from command.views.case import crumbs_to
from govuk import when
from govuk.forms import GovukForm, unchecked
from govuk.refusals import show_refusal
from govuk.sent import is_blank
from incidents import services as records
from kernel import clock
from kernel.errors import DomainError, InvalidInput, StaleVersion
from moves import mover
from moves.views import Mend, MovePage

# The way of a report from its authors to its readers; every other move leaves it.
MAIN_MOVES = ("submit", "approve", "issue")


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
            "main_moves": MAIN_MOVES,
            "checks_as": selectors.checks_as(sitrep, request.actor),
            "crumbs": crumbs_to(sitrep.incident, here=f"SR-{sitrep.number:03d}"),
        }
        return render(request, "command/sitrep_read.html", context)


class SitrepEdit(Door, View):
    """The page that one writes on. It saves the sections that the person changed and no others.

    The page sends every section, with a digest of the text it started from; so a section that the person left alone
    never writes an older text over what a colleague saved meanwhile. Beside each section stand the lines that the
    record would give by now and what the last report said; what is ticked is taken in. A script saves now and then.
    """

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
        typed, is_untouched = _typed(data)
        try:
            if is_untouched:
                sitrep = selectors.sitrep_get(reference, request.actor)
                selectors.require_writable(sitrep, request.actor)
            else:
                sitrep = services.sitrep_edit(reference=reference, version=version, by=request.actor, data=data)
        except (InvalidInput, StaleVersion) as error:
            if then == "autosave":
                return JsonResponse({"message": error.detail}, status=error.status)
            return self._page(request, selectors.sitrep_get(reference, request.actor), typed=typed, error=error)
        if then == "autosave":
            return JsonResponse(_saved(sitrep))
        if then == "submit":
            return redirect("command:sitrep-move", sitrep.path, "submit")
        if then == "preview":
            return redirect(sitrep)
        messages.success(request, f"{sitrep.reference} is saved.")
        return redirect("command:sitrep-edit", sitrep.path)

    def _page(
        self,
        request: PageRequest,
        sitrep: Sitrep,
        *,
        typed: Mapping[str, str] | None = None,
        error: DomainError | None = None,
    ) -> HttpResponse:
        """The page with the texts as saved; after a refusal with what the person typed in place of them."""
        sections = list(sitrep.sections.all())
        facts = selectors.sitrep_facts(sitrep, request.actor)
        news = selectors.news_for(sitrep, as_of=clock.now())
        last = selectors.last_issued(sitrep.incident)
        said = {row["key"]: row["body"] for row in selectors.content_of(last)["sections"]} if last else {}
        form = _form_of(sections, typed or {}, error)
        by_key = {subform["key"].value(): subform for subform in form["sections"].subforms}
        context = {
            "sitrep": sitrep,
            "form": form,
            "rows": [
                {
                    "section": section,
                    "form": by_key[section.key],
                    "started_from": _digest(section.body),
                    "news": news[section.key],
                    "said": said.get(section.key, ""),
                    "is_unfinished": section.title in facts.unfinished,
                    "is_stale": isinstance(error, StaleVersion)
                    and section.key in (typed or {})
                    and _digest((typed or {})[section.key]) != _digest(section.body),
                }
                for section in sections
            ],
            "unfinished": facts.unfinished,
            "last": last,
            "figures": selectors.figures_shown(sitrep.figures),
            "error": error,
            "marking": selectors.marking_of(sitrep.incident),
            "crumbs": crumbs_to(sitrep.incident, here=f"SR-{sitrep.number:03d}"),
        }
        return render(request, "command/sitrep_edit.html", context, status=error.status if error else 200)


def _typed(data: QueryDict) -> tuple[dict[str, str], bool]:
    """What the person wrote, by section; the sections they left as they were are taken out of `data`.

    The second answer says that they sent sections and changed none.
    """
    typed, left_alone = {}, False
    for row in forms.SitrepEdit(data=data)["sections"].subforms:
        key, body = row["key"].value(), data.get(row["body"].html_name, "")
        if sentences := data.pop(f"take-{key}", []):
            data[row["body"].html_name] = body = rules.taken_in(body, sentences)
        if data.pop(f"from-{key}", [""])[-1] == _digest(body):
            left_alone = True
            for name in (row["key"].html_name, row["body"].html_name):
                data.pop(name, None)
        elif key:
            typed[key] = body
    return typed, left_alone and not typed


def _saved(sitrep: Sitrep) -> dict[str, Any]:
    """What the script that saves now and then must know to save again."""
    return {
        "version": sitrep.version,
        "saved": f"Saved {clock.now().astimezone(clock.LONDON):%H:%M}",
        "started_from": {section.key: _digest(section.body) for section in sitrep.sections.all()},
    }


def _form_of(sections: list[SitrepSection], typed: Mapping[str, str], error: DomainError | None) -> GovukForm:
    if error is None:
        return forms.SitrepEdit(initial={"sections": [{"key": row.key, "body": row.body} for row in sections]})
    data = {}
    for number, section in enumerate(sections):
        data[f"sections-{number}-key"] = section.key
        data[f"sections-{number}-body"] = typed.get(section.key, section.body)
    if isinstance(error, StaleVersion):
        return unchecked(forms.SitrepEdit, data)
    form = forms.SitrepEdit(data=data)
    # The service saw only the sections that were changed, so its row numbers are not those of the page.
    return form if form.errors else show_refusal(form, error)


def _digest(text: str) -> str:
    """The digest of a text as a browser sends it back: its line ends are all one, and blank is empty."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return sha256(b"" if is_blank(plain) else plain.encode()).hexdigest()


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
