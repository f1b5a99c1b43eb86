"""Declaring an incident on one page, on the night when nothing may wait."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts import selectors as accounts
from accounts.doors import Door, PageRequest
from accounts.enums import DD_OR_HIGHER_POSTS
from command import selectors as command
from escalation import authority, selectors, services
from escalation.enums import ENDS, Stage
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.selectors import urgent
from escalation.views.assess import matrix_rows, ratings_initial
from escalation.views.case import case_context, case_read
from escalation.views.facts import facts_to_check
from escalation.views.moves import declaration_initial
from govuk.forms import GovukForm, unchecked
from govuk.refusals import show_refusal
from incidents.enums import Indicator, Level
from incidents.models import ImpactAssessment
from kernel.actors import Actor
from kernel.errors import Blocked, ChangedSinceSeen, DomainError, InvalidInput, NotFromHere
from moves import mover


class IssueDeclareNow(Door, View):
    """Convene, assess and declare in one step, on a telephone if need be.

    Whoever may not is told why, who may, and where to convene a conference instead.
    """

    authority: ClassVar[str] = "post"

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        return self._page(request, reference)

    def post(self, request: PageRequest, reference: str) -> HttpResponse:
        data = request.POST.copy()
        version = data.pop("version", [""])[-1]
        try:
            climb = services.declare_now(reference=reference, version=version, by=request.actor, data=data)
        except (InvalidInput, Blocked) as error:
            return self._page(request, reference, sent=data, error=error)
        except ChangedSinceSeen as error:
            if selectors.climb_get(reference, request.actor).stage in ENDS:
                raise
            return self._page(request, reference, sent=data, error=error)
        incident = climb.issue.incident
        messages.success(request, f"{reference} is now incident {incident}. Its groups and first rhythm are set up.")
        return redirect(incident or climb.issue)

    def _page(
        self, request: PageRequest, reference: str, *, sent: Any = None, error: DomainError | None = None
    ) -> HttpResponse:
        climb = case_read(reference, request.actor, page="page 'Declare now'")
        if climb.stage in ENDS:
            stage = Stage(climb.stage).label
            raise NotFromHere(f"{reference} is at '{stage}': there is nothing to declare from there.")
        facts = selectors.facts_of(climb, request.actor)
        declarers = authority.declarers_at(climb.stage)
        context: dict[str, Any] = {
            **case_context(climb, "Declare now"),
            "convenes": climb.stage != Stage.CASE_CONFERENCE,
            "facts": facts_to_check(climb, facts),
            "error": error,
            "changes": error.changes if isinstance(error, ChangedSinceSeen) else [],
        }
        if not declarers.holders(facts).include(request.actor):
            return render(request, "escalation/issue_declare_now.html", context | _refused(climb, facts))
        last = selectors.impact_latest(climb)
        chairs = command.proposed_chairs(climb.handling_team)
        form = _form(climb, last, request.actor, sent=sent, error=error)
        context |= {
            "may_declare": True,
            "form": form,
            "rows": matrix_rows(form, last),
            "version": climb.issue.version,
            "warnings": command.chair_clashes([chair.pk for chair in chairs if chair], by=request.actor),
        }
        status = error.status if error else 200
        return render(request, "escalation/issue_declare_now.html", context, status=status)


def _form(
    climb: Escalation, last: ImpactAssessment | None, by: Actor, *, sent: Any, error: DomainError | None
) -> GovukForm:
    """The form as it starts, or with what was typed and what is wrong with it."""
    form_class = services.declaring_form(climb.stage)
    if error is None:
        return form_class(initial=_initial(climb, last, by))
    if isinstance(error, ChangedSinceSeen):
        return unchecked(form_class, sent)
    refused: GovukForm | None = getattr(error, "form", None)
    form = show_refusal(refused or form_class(data=sent), error)
    if isinstance(error, InvalidInput):
        facts = selectors.facts_of(climb, by)
        for move in services.declaring_moves(climb.stage):
            show_refusal(form, Blocked(mover.also_missing(move, facts, form, by)))
    return form


def _initial(climb: Escalation, last: ImpactAssessment | None, by: Actor) -> dict[str, Any]:
    """What is on record or proposed already; where nobody has rated the case, nothing is known yet."""
    unknown = {indicator.value: {"level": Level.NOT_KNOWN_YET.value} for indicator in Indicator}
    return {"ratings": unknown, **declaration_initial(climb, by), **ratings_initial(last)}


def _refused(climb: Escalation, facts: IssueFacts) -> dict[str, Any]:
    """Why the reader cannot declare, and what they can do instead."""
    chair = climb.conference_chair
    return {
        "may_declare": False,
        "as_deputy": facts.by.as_deputy,
        "chair": chair if climb.stage == Stage.CASE_CONFERENCE else None,
        "chair_may_declare": facts.chair_is_dd_or_higher,
        "may_convene": urgent.may_convene_now(climb, facts.by),
        "chair_telephones": urgent.chair_telephones(climb),
        "declarers": accounts.contacts(*DD_OR_HIGHER_POSTS),
    }
