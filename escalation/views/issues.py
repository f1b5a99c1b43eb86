"""The list of issues, one case, and what happened to it."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from accounts import rules
from accounts.doors import Door, PageRequest
from audit import presenters
from audit.presenters import Told
from escalation import authority, selectors, services
from escalation.enums import RUNGS, Sort
from escalation.forms.lists import IssueListForm
from escalation.ladder.offices import address_of
from escalation.models import Escalation
from escalation.selectors import IssueFilters, agenda, pages, urgent
from escalation.views.case import case_context, case_read, machine_for_request, mends_of
from escalation.views.facts import danger_words
from govuk import json_adapter
from govuk.forms import GovukForm, unchecked
from incidents.enums import Nation
from kernel import keyset
from kernel.errors import FieldError, InvalidInput
from kernel.given import natural
from moves import mover
from moves.mover import Offer

HISTORY_LENGTH = 50
RECORDED_LATER = timedelta(minutes=1)
NOT_YOURS = "not_your_move"


class IssueList(Door, View):
    """Every issue that the reader may know of, narrowed and sorted by the address."""

    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest) -> HttpResponse:
        try:
            form = json_adapter.bind(IssueListForm, request.GET)
        except InvalidInput as error:
            wrong = {"form": _with_problems(request, error)}
            return render(request, "escalation/issue_list.html", wrong, status=error.status)
        chosen = {name: value for name, value in form.cleaned_data.items() if value}
        order = chosen.pop("sort", Sort.PRESSING)
        filters = IssueFilters(**chosen)
        page = pages.issue_rows(request.actor, filters, order=order, cursor=request.GET.get("cursor") or None)
        context = {
            "form": form,
            "filter_html": _filter_html(tuple(form.cleaned_data.items())),
            "page": page,
            "order": Sort(order),
            "is_narrowed": bool(chosen),
            "reads_no_case": rules.is_operator(request.actor),
            **keyset.beside(page, request.GET),
        }
        return render(request, "escalation/issue_list.html", context)


@lru_cache(maxsize=256)
def _filter_html(cleaned: tuple[tuple[str, str], ...]) -> str:
    """The filter without errors depends on nothing but what was chosen, and costs as much as thirty rows to draw."""
    return IssueListForm(data=dict(cleaned)).render()


def _with_problems(request: HttpRequest, error: InvalidInput) -> GovukForm:
    """The filter as it was sent. A value that is not offered is told by the filter's label: its codes are no words."""
    form = unchecked(IssueListForm, request.GET)
    for problem in error.errors:
        label = form.fields[problem.field].label
        message = f"Choose one of the values offered under ‘{label}’"
        form.add_error(problem.field, message if problem.code == "invalid_choice" else problem.message)
    return form


class IssueDetail(Door, View):
    """Where a case is, what the reader may do next and what blocks it, and what is on record."""

    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        climb = case_read(reference, request.actor, page="issue page")
        machine = machine_for_request()
        facts = machine.facts(climb, request.actor)
        offers = mover.offers(machine, climb, request.actor)
        in_place = [offer for offer in offers if offer.acting_for]
        offers = [offer for offer in offers if not offer.acting_for]
        mends = mends_of(reference, facts)
        may_convene_now = urgent.may_convene_now(climb, request.actor)
        at_once = ("convene_urgent_conference",) if may_convene_now and climb.danger_now else ()
        offices = [
            (offer, reverse(f"escalation:issue-{address_of(name)}", args=[reference]))
            for name, offer in services.office_offers(climb, facts).items()
            if offer.allowed
        ]
        context = {
            **case_context(climb),
            "tab": "overview",
            "danger": danger_words(climb.issue.danger_now),
            "danger_answerers": authority.impact_assessors(facts).title,
            "danger_url": next((url for offer, url in offices if offer.name == "set_danger"), ""),
            "incident": pages.incident_of(climb.issue, request.actor),
            "nations": ", ".join(Nation(nation).label for nation in climb.issue.nations),
            "page": pages.issue_page(climb, facts),
            "open_moves": [
                (offer, offer.allowed and offer.target in RUNGS)
                for offer in offers
                if (offer.allowed or offer.open_with_reason) and offer.name not in at_once
            ],
            "blocked_moves": [
                (offer, [(blocker, mends.get(blocker.mend)) for blocker in offer.blocked_by])
                for offer in offers
                if not offer.allowed and not offer.open_with_reason and not _is_for_others(offer)
            ],
            "moves_of_others": [(offer, offer.blocked_by[0]) for offer in offers if _is_for_others(offer)],
            "moves_in_place": in_place,
            "may_declare_now": urgent.may_declare_now(facts),
            "may_convene_now": may_convene_now,
            "duty_contacts": urgent.duty_contacts() if _wants_help_now(climb) else [],
            "chair_telephones": urgent.chair_telephones(climb) if climb.danger_now else None,
            "offices": [(offer.label, url) for offer, url in offices],
            "may_assess_impact": pages.may_assess_impact(facts),
            "wants_assessment": pages.may_assess_impact(facts) and facts.impact_at is None,
            "nnc_way_in": pages.nnc_way_in(facts),
            "may_add": pages.may_add(facts),
            "may_commission": pages.may_commission(facts),
            "agenda_mark": agenda.mark_on_page(climb, facts),
            "requests": selectors.requests_part(climb, facts),
        }
        return render(request, "escalation/issue_detail.html", context)


def _wants_help_now(climb: Escalation) -> bool:
    """Somebody could be hurt now and no conference sits: whoever cannot convene one must know whom to call."""
    return climb.danger_now and urgent.can_convene_now(climb)


def _is_for_others(offer: Offer) -> bool:
    return any(blocker.code == NOT_YOURS for blocker in offer.blocked_by)


class IssueHistory(Door, View):
    """What happened to a case, newest first: who did it, as which post, when it happened and when it was recorded."""

    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        climb = case_read(reference, request.actor, page="issue history")
        before = _position(request.GET.get("before"))
        events = presenters.history_of(reference, request.actor, before=before, limit=HISTORY_LENGTH + 1)
        shown = events[:HISTORY_LENGTH]
        context = {
            **case_context(climb, "History"),
            "tab": "history",
            "incident": pages.incident_of(climb.issue, request.actor),
            "entries": [_entry(event) for event in shown],
            "next": f"?before={shown[-1].event.position}" if len(events) > HISTORY_LENGTH else "",
            "previous": reverse("escalation:issue-history", args=[reference]) if before is not None else "",
        }
        return render(request, "escalation/issue_history.html", context)


def _position(text: str | None) -> int | None:
    if not text:
        return None
    position = natural(text)
    if position is None:
        raise InvalidInput([FieldError("before", "invalid", "‘before’ must be the number of an entry of this history")])
    return position


def _entry(told: Told) -> dict[str, Any]:
    """One line of the timeline. The record time is told where it is not the event time."""
    event = told.event
    name = event.actor.get("name") or event.actor.get("email") or ""
    late = abs(event.recorded_at - event.at) >= RECORDED_LATER
    return {
        "sentence": told.sentence,
        "at": event.at,
        "by": event.label if name in ("", event.actor.get("post_title")) else f"{name}, as {event.label}",
        "recorded_at": event.recorded_at if late else None,
        "position": event.position,
    }
