"""The pages on which a closure is challenged, help or reopening is asked for, and each is answered."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse

from accounts.doors import PageRequest
from escalation import authority, selectors, services
from escalation.forms import (
    ChallengeAnswerForm,
    ChallengeForm,
    HelpAnswerForm,
    HelpForm,
    ReopenAnswerForm,
    ReopenAskForm,
    ReviewerForm,
)
from escalation.models import Escalation
from escalation.rules import IssueFacts
from escalation.views.work import WorkPage
from govuk.forms import unchecked
from incidents.models import ClosureChallenge, HelpRequest, ReopenRequest
from incidents.models.requests import CaseRequest
from kernel.errors import ChangedSinceSeen
from moves.machine import Authority


class _AskPage(WorkPage):
    """Putting such a request on record, where the case stands so that it can be asked."""

    anchor = "#requests"
    model: ClassVar[type[CaseRequest]]
    asker: ClassVar[Authority]
    door: ClassVar[Any]

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        selectors.require_askable(self.model, climb)
        return self.asker

    def act(self, reference: str) -> None:
        type(self).door(reference=reference, by=self.request.actor, data=self.request.POST)


class ClosureChallenged(_AskPage):
    form_class = ChallengeForm
    title, button, done = "Challenge the closure", "Challenge the closure", "The challenge is on record. IMT is told."
    model, asker = ClosureChallenge, authority.anyone_in_post
    door = staticmethod(services.closure_challenge)


class HelpAsk(_AskPage):
    form_class = HelpForm
    title, button, done = "Record a request for help", "Record it", "The request is on record."
    model, asker = HelpRequest, authority.editors
    door = staticmethod(services.help_ask)


class ReopeningAsk(_AskPage):
    form_class = ReopenAskForm
    title, button, done = "Ask that the case be reopened", "Ask IMT", "IMT is asked to reopen the case."
    model, asker = ReopenRequest, authority.anyone_in_post
    door = staticmethod(services.reopening_ask)


class _AnswerPage(WorkPage):
    """Answering a request that waits; what was asked stands above the form."""

    anchor = "#requests"
    model: ClassVar[type[CaseRequest]]
    number: ClassVar[str]  # what the address calls the request
    door: ClassVar[Any]
    asked: CaseRequest

    def who(self, climb: Escalation, facts: IssueFacts) -> Authority:
        self.asked = selectors.request_to_show(self.model, climb, self.kwargs[self.number], facts.by)
        return self.answerer()

    def answerer(self) -> Authority:
        return authority.imt

    def context(self, climb: Escalation) -> dict[str, Any]:
        return {"asked": self.asked}

    def sent(self) -> dict[str, Any]:
        return {
            "request_id": self.kwargs[self.number],
            "by": self.request.actor,
            "data": self.request.POST,
        }

    def act(self, reference: str) -> None:
        type(self).door(reference=reference, **self.sent())


class ReviewerName(_AnswerPage):
    form_class = ReviewerForm
    title, button, done = "Name a reviewer", "Name them", "The reviewer is named and told."
    model, number = ClosureChallenge, "challenge_id"
    door = staticmethod(services.reviewer_name)


class ChallengeAnswer(_AnswerPage):
    form_class = ChallengeAnswerForm
    title, button, done = "Answer a challenge", "Answer", "The challenge is answered."
    model, number = ClosureChallenge, "challenge_id"
    asked: ClosureChallenge
    door = staticmethod(services.challenge_answer)

    def answerer(self) -> Authority:
        return authority.reviewer(self.asked.reviewer_id)


class HelpAnswer(_AnswerPage):
    form_class = HelpAnswerForm
    title, button, done = "Answer a request for help", "Answer", "The request is answered."
    model, number = HelpRequest, "help_id"
    door = staticmethod(services.help_answer)

    def answerer(self) -> Authority:
        return authority.help_answerers


class ReopeningAnswer(_AnswerPage):
    form_class = ReopenAnswerForm
    title, button, done = "Answer a request to reopen", "Answer", "The request is answered."
    model, number = ReopenRequest, "reopening_id"
    door = staticmethod(services.reopening_answer)

    def post(self, request: PageRequest, reference: str, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, reference)
        except ChangedSinceSeen as error:
            form = unchecked(self.form_class, request.POST)
            return self.page(reference, form=form, status=error.status, changed_meanwhile=error.changes)

    def context(self, climb: Escalation) -> dict[str, Any]:
        return {**super().context(climb), "version": climb.issue.version}

    def sent(self) -> dict[str, Any]:
        data = self.request.POST.copy()
        version = data.pop("version", [None])[0]
        return {**super().sent(), "data": data, "version": version}
