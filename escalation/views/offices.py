"""The pages of what changes beside the stage: team, chair, lead, and whether it is about product safety."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.doors import Door, PageRequest
from escalation import selectors, services
from escalation.ladder.offices import OFFICES
from escalation.models import Escalation
from escalation.views.case import case_context, case_read
from escalation.views.facts import danger_words
from govuk.forms import GovukForm, unchecked
from govuk.refusals import show_refusal
from kernel.errors import Blocked, ChangedSinceSeen, DomainError, InvalidInput, NotFromHere
from moves.views import asked_of


class IssueOffice(Door, View):
    """One such change. Like a move it has its page for everybody who may read the case, and says who may make it."""

    authority: ClassVar[str] = "post"
    name: str = ""

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        return self._page(request, reference)

    def post(self, request: PageRequest, reference: str) -> HttpResponse:
        data = request.POST.copy()
        version = data.pop("version", [""])[-1]
        form_class = OFFICES[self.name].change.form
        try:
            climb = services.OFFICE_DOORS[self.name](reference=reference, version=version, by=request.actor, data=data)
        except (InvalidInput, Blocked) as error:
            form = show_refusal(error.form or form_class(data=data), error)
            return self._page(request, reference, form=form, error=error)
        except ChangedSinceSeen as error:
            try:
                return self._page(request, reference, form=unchecked(form_class, data), error=error)
            except NotFromHere:
                raise error from None
        messages.success(request, self._done(climb))
        # Whoever gave the case to another team may no longer read it.
        readable = selectors.climbs_visible_to(request.actor).filter(pk=climb.pk).exists()
        return redirect(climb.issue) if readable else redirect("escalation:issue-list")

    def _done(self, climb: Escalation) -> str:
        return {
            "reassign_team": f"{climb.issue.reference} is now handled by {climb.get_handling_team_display()}.",
            "change_chair": f"{climb.conference_chair} now chairs the conference.",
            "change_scs_lead": f"{climb.scs_lead} now leads CAM-EP.",
            "set_product_safety": "What you said about product safety is on record.",
            "set_danger": "What you said about danger is on record, and those whom it concerns are told.",
        }[self.name]

    def _page(
        self,
        request: PageRequest,
        reference: str,
        *,
        form: GovukForm | None = None,
        error: DomainError | None = None,
    ) -> HttpResponse:
        climb = case_read(reference, request.actor, page=f"page '{OFFICES[self.name].label}'")
        offer = services.office_offer(climb, self.name, selectors.facts_of(climb, request.actor))
        context: dict[str, Any] = {
            **case_context(climb, offer.label),
            "offer": offer,
            "blockers": [(blocker, None) for blocker in offer.blocked_by],
            "facts": _as_it_stands(climb, self.name),
            "asks": offer.allowed or form is not None,
            "form": asked_of(offer, form or offer.move.form()),
            "changes": error.changes if isinstance(error, ChangedSinceSeen) else [],
            "error": error,
            "version": climb.issue.version,
        }
        return render(request, "moves/move.html", context, status=error.status if error else 200)


def _as_it_stands(climb: Escalation, name: str) -> list[dict[str, str]]:
    key, value = {
        "reassign_team": ("Handled by", climb.get_handling_team_display()),
        "change_chair": ("Chaired by", climb.conference_chair),
        "change_scs_lead": ("Led by", climb.scs_lead),
        "set_danger": ("Somebody could be hurt now", danger_words(climb.issue.danger_now)),
        "set_product_safety": ("About product safety", "Yes" if climb.issue.is_product_safety else "No"),
    }[name]
    return [{"key": key, "value": str(value)}]
