"""The REST addresses of what is asked about a case beside the ladder, and of the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from audit import references
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


class RequestsApi(IssuePartApi):
    """The requests of one kind, newest first; POST puts one on record."""

    authority: ClassVar = "post"
    order: ClassVar = ("-asked_at", "-id")
    door: ClassVar[Callable[..., Any]]

    def post(self, request: Request, reference: str) -> Response:
        return self.added(type(self).door(reference=reference, by=self.actor, data=self.body))


class AnswerApi(GuardedApi):
    """A step with one request that waits, which the address names by its number."""

    authority: ClassVar = "post"
    door: ClassVar[Callable[..., Any]]
    document: ClassVar[Callable[..., dict[str, Any]]]

    def post(self, request: Request, reference: str, **named: int) -> Response:
        (request_id,) = named.values()
        asked = type(self).door(reference=reference, request_id=request_id, by=self.actor, **self.sent())
        return self.answer(references.veiled(self.actor, type(self).document(asked)))

    def sent(self) -> dict[str, Any]:
        """What the door takes of the body."""
        return {"data": self.body}


@extend_schema_view(post=described(ChallengeForm, status=201, summary="Challenge a closure"))
class ChallengesApi(RequestsApi):
    authority: ClassVar = "post"
    part: ClassVar = "challenges"
    rows: ClassVar = staticmethod(selectors.closure_challenges)
    document: ClassVar = staticmethod(documents.challenge_document)
    door: ClassVar = staticmethod(services.closure_challenge)


@extend_schema_view(post=described(ReviewerForm, status=200, summary="Name who looks at a closure afresh"))
class ReviewerApi(AnswerApi):
    authority: ClassVar = "post"
    document: ClassVar = staticmethod(documents.challenge_document)
    door: ClassVar = staticmethod(services.reviewer_name)


@extend_schema_view(
    post=described(ChallengeAnswerForm, status=200, summary="Say as the reviewer whether a challenge is upheld")
)
class ChallengeAnswerApi(AnswerApi):
    authority: ClassVar = "post"
    document: ClassVar = staticmethod(documents.challenge_document)
    door: ClassVar = staticmethod(services.challenge_answer)


@extend_schema_view(post=described(HelpForm, status=201, summary="Record what the authority in the lead asks of OPSS"))
class HelpRequestsApi(RequestsApi):
    authority: ClassVar = "post"
    part: ClassVar = "requests for help"
    rows: ClassVar = staticmethod(selectors.help_requests)
    document: ClassVar = staticmethod(documents.help_document)
    door: ClassVar = staticmethod(services.help_ask)


@extend_schema_view(post=described(HelpAnswerForm, status=200, summary="Give or refuse the help that was asked for"))
class HelpAnswerApi(AnswerApi):
    authority: ClassVar = "post"
    document: ClassVar = staticmethod(documents.help_document)
    door: ClassVar = staticmethod(services.help_answer)


@extend_schema_view(post=described(ReopenAskForm, status=201, summary="Ask IMT to reopen a case"))
class ReopenRequestsApi(RequestsApi):
    authority: ClassVar = "post"
    part: ClassVar = "requests to reopen"
    rows: ClassVar = staticmethod(selectors.reopen_requests)
    document: ClassVar = staticmethod(documents.reopening_document)
    door: ClassVar = staticmethod(services.reopening_ask)


@extend_schema_view(
    post=extend_schema(
        summary="Accept a request to reopen, which reopens the case, or decline it",
        request={"application/json": with_version(ReopenAnswerForm)},
        responses={200: OpenApiTypes.OBJECT},
    )
)
class ReopeningAnswerApi(AnswerApi):
    """It may move the case, so it wants the version that the caller saw."""

    authority: ClassVar = "post"
    document: ClassVar = staticmethod(documents.reopening_document)
    door: ClassVar = staticmethod(services.reopening_answer)

    def sent(self) -> dict[str, Any]:
        data = dict(self.body)
        return {"version": data.pop("version", None), "data": data}
