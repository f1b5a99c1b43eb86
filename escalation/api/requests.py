"""The REST addresses of what is asked about a case beside the ladder, and of the answers."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from escalation import selectors, services
from escalation.api import documents
from escalation.api.views import IssuePartApi, described, with_version
from escalation.forms import (
    ChallengeAnswerForm,
    ChallengeForm,
    HelpAnswerForm,
    HelpForm,
    ReopenAnswerForm,
    ReopenAskForm,
    ReviewerForm,
)
from rest.views import GuardedApi

NEWEST = ("-asked_at", "-id")


class ChallengesApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "challenges"
    rows: ClassVar = staticmethod(selectors.closure_challenges)
    order: ClassVar = NEWEST
    document: ClassVar = staticmethod(documents.challenge_document)

    @described(ChallengeForm, status=201, summary="Challenge a closure")
    def post(self, request: Request, reference: str) -> Response:
        return self.added(services.closure_challenge(reference=reference, by=self.actor, data=self.body))


class ReviewerApi(GuardedApi):
    authority: ClassVar = "post"

    @described(ReviewerForm, status=200, summary="Name who looks at a closure afresh")
    def post(self, request: Request, reference: str, challenge_id: int) -> Response:
        challenge = services.reviewer_name(reference=reference, request_id=challenge_id, by=self.actor, data=self.body)
        return self.answer(documents.challenge_document(challenge))


class ChallengeAnswerApi(GuardedApi):
    authority: ClassVar = "post"

    @described(ChallengeAnswerForm, status=200, summary="Say as the reviewer whether a challenge is upheld")
    def post(self, request: Request, reference: str, challenge_id: int) -> Response:
        challenge = services.challenge_answer(
            reference=reference, request_id=challenge_id, by=self.actor, data=self.body
        )
        return self.answer(documents.challenge_document(challenge))


class HelpRequestsApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "requests for help"
    rows: ClassVar = staticmethod(selectors.help_requests)
    order: ClassVar = NEWEST
    document: ClassVar = staticmethod(documents.help_document)

    @described(HelpForm, status=201, summary="Record what the authority in the lead asks of OPSS")
    def post(self, request: Request, reference: str) -> Response:
        return self.added(services.help_ask(reference=reference, by=self.actor, data=self.body))


class HelpAnswerApi(GuardedApi):
    authority: ClassVar = "post"

    @described(HelpAnswerForm, status=200, summary="Give or refuse the help that was asked for")
    def post(self, request: Request, reference: str, help_id: int) -> Response:
        asked = services.help_answer(reference=reference, request_id=help_id, by=self.actor, data=self.body)
        return self.answer(documents.help_document(asked))


class ReopenRequestsApi(IssuePartApi):
    authority: ClassVar = "post"
    part: ClassVar = "requests to reopen"
    rows: ClassVar = staticmethod(selectors.reopen_requests)
    order: ClassVar = NEWEST
    document: ClassVar = staticmethod(documents.reopening_document)

    @described(ReopenAskForm, status=201, summary="Ask IMT to reopen a case")
    def post(self, request: Request, reference: str) -> Response:
        return self.added(services.reopening_ask(reference=reference, by=self.actor, data=self.body))


class ReopeningAnswerApi(GuardedApi):
    authority: ClassVar = "post"

    @extend_schema(
        summary="Accept a request to reopen, which reopens the case, or decline it",
        request={"application/json": with_version(ReopenAnswerForm)},
        responses={200: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, reference: str, reopening_id: int) -> Response:
        data: dict[str, Any] = dict(self.body)
        version = data.pop("version", None)
        asked = services.reopening_answer(
            reference=reference, request_id=reopening_id, version=version, by=self.actor, data=data
        )
        return self.answer(documents.reopening_document(asked))
