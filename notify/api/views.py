"""How the clock and the post are doing, over REST."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from kernel import clock
from notify.api import documents
from rest.views import GuardedApi


class ServiceApi(GuardedApi):
    authority = "service"

    @extend_schema(summary="Read how the clock is doing")
    def get(self, request: Request) -> Response:
        """Every tick with when it last ran, every kind of due work with how much waits and since when, and the alarms.

        `status` is `late` while any of it is. For the operator and IMT.
        """
        return self.answer(documents.service_document(clock.now()))
