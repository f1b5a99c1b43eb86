"""The page of a move: what it means, what stands in the way, what it asks, what will happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.doors import Door
from govuk.forms import GovukForm, rows_changed
from kernel.errors import Blocked, ChangedSinceSeen, DomainError, InvalidInput
from moves import mover
from moves.machine import Machine


class MovePage(Door, View):
    """One page for every move of a machine; the room that owns the machine says what stands around it.

    A blocked move still has its page. Whatever goes wrong on submit, the page comes back with what was typed.
    """

    authority: ClassVar[str] = "post"
    template_name: ClassVar[str] = "moves/move.html"
    machine: ClassVar[Machine]
    service: ClassVar[Callable[..., Any]]

    def get(self, request: HttpRequest, reference: str, name: str) -> HttpResponse:
        return self._page(request, reference, name)

    def post(self, request: HttpRequest, reference: str, name: str) -> HttpResponse:
        data = request.POST.copy()
        version = data.pop("version", [""])[-1]
        form_class = mover.move_of(self.machine, name).form
        if (form := rows_changed(form_class, data)) is not None:
            return self._page(request, reference, name, form=form)
        try:
            subject = type(self).service(
                reference=reference, name=name, version=version, by=request.actor, data=data
            )
        except (InvalidInput, Blocked) as error:
            return self._page(request, reference, name, form=error.form or form_class(data=data), error=error)
        except ChangedSinceSeen as error:
            return self._page(request, reference, name, form=form_class(data=data), error=error)
        messages.success(request, self.success(subject, name))
        return redirect(self.next_url(subject))

    def _page(
        self,
        request: HttpRequest,
        reference: str,
        name: str,
        *,
        form: GovukForm | None = None,
        error: DomainError | None = None,
    ) -> HttpResponse:
        subject = self.machine.find(reference, request.actor)
        offer = mover.offer(self.machine, subject, name, request.actor)
        context = {
            "offer": offer,
            "form": form or offer.move.form(initial=self.initial(subject, name)),
            "error": error,
            "version": self.machine.version(subject),
            "mend_urls": self.mend_urls(subject),
            **self.context(subject),
        }
        return render(request, self.template_name, context, status=error.status if error else 200)

    # What the owner of the machine says

    def context(self, subject: Any) -> dict[str, Any]:
        """What the template shows around the move: `case`, `case_title`, `case_url`, `facts`."""
        raise NotImplementedError

    def initial(self, subject: Any, name: str) -> dict[str, Any]:
        """What the form starts with, drawn from the record."""
        return {}

    def mend_urls(self, subject: Any) -> dict[str, str]:
        """Where a blocker is mended, by the blocker's `mend`."""
        return {}

    def success(self, subject: Any, name: str) -> str:
        label = mover.label_of(self.machine, subject, name)
        return f"Done: {label[0].lower()}{label[1:]}."

    def next_url(self, subject: Any) -> str:
        raise NotImplementedError
