"""The page of a move: what it means, what stands in the way, what it asks, what will happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.doors import Door, PageRequest
from govuk.forms import GovukForm, rows_changed, unchecked
from govuk.refusals import show_refusal
from kernel.errors import Blocked, ChangedSinceSeen, DomainError, InvalidInput, NotFromHere
from moves import mover
from moves.machine import Machine


class Mend(NamedTuple):
    """Where a blocker is mended, and what the link there says."""

    url: str
    text: str


def asked_of(offer: mover.Offer, form: GovukForm) -> GovukForm:
    """The form without what only others are asked."""
    for name in offer.not_asked:
        del form.fields[name]
    return form


class MovePage(Door, View):
    """One page for every move of a machine; the room that owns the machine says what stands around it.

    A blocked move still has its page. Whatever goes wrong on submit, the page comes back with what was typed.
    """

    authority: ClassVar[str] = "post"
    template_name: ClassVar[str] = "moves/move.html"
    machine: Machine
    request: PageRequest
    service: ClassVar[Callable[..., Any]]

    def get(self, request: PageRequest, reference: str, name: str) -> HttpResponse:
        return self._page(request, reference, name)

    def post(self, request: PageRequest, reference: str, name: str) -> HttpResponse:
        data = request.POST.copy()
        version = data.pop("version", [""])[-1]
        form_class = mover.move_of(self.machine, name).form
        if (form := rows_changed(form_class, data)) is not None:
            return self._page(request, reference, name, form=form, version=version)
        try:
            subject = type(self).service(reference=reference, name=name, version=version, by=request.actor, data=data)
        except (InvalidInput, Blocked) as error:
            form = show_refusal(error.form or form_class(data=data), error)
            return self._page(request, reference, name, form=form, error=error)
        except ChangedSinceSeen as error:
            try:
                return self._page(request, reference, name, form=unchecked(form_class, data), error=error)
            except NotFromHere:
                raise error from None
        messages.success(request, self.success(subject, name))
        return redirect(self.next_url(subject))

    def _page(
        self,
        request: PageRequest,
        reference: str,
        name: str,
        *,
        form: GovukForm | None = None,
        error: DomainError | None = None,
        version: str = "",
    ) -> HttpResponse:
        """The page; with a row more or less it keeps the `version` that its reader saw."""
        subject = self.machine.find(reference, request.actor)
        offer = mover.offer(self.machine, subject, name, request.actor)
        mends = self.mends(subject)
        if form is not None and isinstance(error, InvalidInput):
            facts = self.machine.facts(subject, request.actor)
            show_refusal(form, Blocked(mover.also_missing(offer.move, facts, form, request.actor)))
        asks = offer.allowed or offer.open_with_reason or form is not None
        context = {
            "offer": offer,
            "blockers": [(blocker, mends.get(blocker.mend)) for blocker in offer.blocked_by],
            "form": asked_of(offer, form or offer.move.form(initial=self.initial(subject, name))),
            "asks": asks,
            "changes": error.changes if isinstance(error, ChangedSinceSeen) else [],
            "error": error,
            "version": version or self.machine.version(subject),
            **self.context(subject),
        }
        return render(request, self.template_name, context, status=error.status if error else 200)

    # What the owner of the machine says

    def context(self, subject: Any) -> dict[str, Any]:
        """What the template shows around the move: `case`, `case_title`, `case_url`, `marking`, `crumbs`, `facts`."""
        raise NotImplementedError

    def initial(self, subject: Any, name: str) -> dict[str, Any]:
        """What the form starts with, drawn from the record."""
        return {}

    def mends(self, subject: Any) -> Mapping[str, Mend]:
        """Where a blocker is mended, by the blocker's `mend`; only what the person may do."""
        return {}

    def success(self, subject: Any, name: str) -> str:
        """What the page after the move says: the `done` of its transition, else its label."""
        custom = self.machine.transition(subject, name).custom
        return custom.get("done") or f"Done: {custom['label'][0].lower()}{custom['label'][1:]}."

    def next_url(self, subject: Any) -> str:
        raise NotImplementedError
