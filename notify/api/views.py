"""One's inbox, what one chose to be told how, and how the clock and the post are doing, over REST."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from govuk import json_adapter
from kernel import clock
from notify import selectors, services
from notify.api import documents
from notify.forms import EmailChoiceForm, InboxForm, NoticesReadForm
from notify.models import Notice
from rest.views import GuardedApi


class InboxApi(GuardedApi):
    authority = "signed_in"

    @extend_schema(summary="Read one's inbox, newest first; `?unread=true` for what is unread")
    def get(self, request: Request) -> Response:
        """The caller's own notices. Those about a case that they may not see any more are left out, so that a page can
        hold fewer than `limit`; follow `next` until it is null."""
        asked = json_adapter.bind(InboxForm, self.known_query("unread")).cleaned_data
        notices = selectors.notices_of(self._reader, unread_only=asked["unread"] == "true")
        return self.paged(notices, order=selectors.ORDER, present=self._documents)

    def _documents(self, notices: list[Notice]) -> list[dict[str, Any]]:
        return [documents.notice_document(notice) for notice in selectors.notices_seen(self._reader, notices)]

    @property
    def _reader(self) -> User:
        return cast("User", self.request.user)  # never anonymous where one has to be signed in


class InboxReadApi(GuardedApi):
    authority = "signed_in"

    @extend_schema(
        summary="Mark notices as read", request={"application/json": json_adapter.to_schema(NoticesReadForm)}
    )
    def post(self, request: Request) -> Response:
        """One by `notice`, its id, or all about one case by `about`, its reference; `count` says how many those are."""
        return self.answer({"count": services.notices_read(by=self.actor, data=self.body)})


class ServiceApi(GuardedApi):
    authority = "service"

    @extend_schema(summary="Read how the clock is doing")
    def get(self, request: Request) -> Response:
        """Ticks with when each last ran, due work with how much waits and since when, alarms and dead letters.

        `status` is `late` while a tick or due work is. For the operator and IMT.
        """
        return self.answer(documents.service_document(clock.now(), self.actor))


class DeadLettersAgainApi(GuardedApi):
    authority = "operator"

    @extend_schema(summary="Send every dead letter again")
    def post(self, request: Request) -> Response:
        """Puts notices and e-mails that failed for good on their way again; `count` says how many."""
        return self.answer({"count": services.dead_letters_send_again(by=self.actor)})


class DeadLetterAgainApi(GuardedApi):
    authority = "operator"

    @extend_schema(summary="Send one dead letter again")
    def post(self, request: Request, channel: str, number: int) -> Response:
        """`channel` and `number` are those under `dead_letters` of the service; 404 when it is on its way already."""
        services.dead_letter_send_again(channel=channel, number=number, by=self.actor)
        return self.answer({"count": 1})


class ChoicesApi(GuardedApi):
    authority = "signed_in"

    @extend_schema(summary="Read when one is sent e-mail")
    def get(self, request: Request) -> Response:
        """What the caller chose for notices that are not urgent; urgent ones are always sent at once."""
        return self.answer({"email": selectors.email_choice_of(self.actor.user_id)})

    @extend_schema(
        summary="Choose when one is sent e-mail", request={"application/json": json_adapter.to_schema(EmailChoiceForm)}
    )
    def put(self, request: Request) -> Response:
        """`at_once`, `office_hours` (the rest is held until 8am of the next working day) or `inbox_only`."""
        return self.answer({"email": services.email_choose(by=self.actor, data=self.body)})
