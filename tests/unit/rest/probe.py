"""Addresses that only tests know, to hold the frame to its promises without any room's rules in the way."""

from __future__ import annotations

from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.urls import include, path
from django.views import View
from rest_framework.exceptions import Throttled

from accounts.models import User
from kernel import references
from kernel.errors import (
    Blocked,
    ChangedSinceSeen,
    Conflict,
    FieldError,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
)
from kernel.models import Counter
from moves.machine import Blocker
from opss import urls
from rest.views import GuardedApi


def cut_off() -> None:
    """A statement that PostgreSQL gives up because it takes too long."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 20")
        cursor.execute("SELECT pg_sleep(20)")


REFUSALS = {
    "cut-off": cut_off,
    "invalid": lambda: InvalidInput([FieldError("products[0].name", "required", "Enter a name")]),
    "not-allowed": lambda: NotAllowed("Only IMT may", code="not_your_move", posts=["imt.head"]),
    "not-found": lambda: NotFound("There is nothing here that you can see"),
    "conflict": lambda: Conflict("It is taken"),
    "changed": lambda: ChangedSinceSeen(
        "Changed", version=4, changes=[{"sentence": "Impact was assessed", "by": "FTL"}]
    ),
    "blocked": lambda: Blocked([Blocker("nnc_missing", "Assess NNC first", cites="2.11", field="nnc")]),
    "stale": lambda: StaleVersion("Version 4 is not the present one"),
    "throttled": lambda: Throttled(wait=3.2),
    "missing": lambda: Http404("secret words"),
    "fault": lambda: ZeroDivisionError("secret words"),
}


class Refuse(GuardedApi):
    authority = "public"

    def get(self, request, kind):
        raise REFUSALS[kind]()


class RefusePage(View):
    def get(self, request, kind):
        raise REFUSALS[kind]()

    post = get


class Echo(GuardedApi):
    authority = "signed_in"

    def get(self, request):
        return self.answer({"post": self.actor.post, "as_deputy": self.actor.as_deputy})

    def post(self, request):
        return self.answer(request.data)


class PostOnly(GuardedApi):
    authority = "post"

    def get(self, request):
        return self.answer({})


class OperatorOnly(GuardedApi):
    authority = "operator"

    def get(self, request):
        return self.answer({})


class People(GuardedApi):
    authority = "signed_in"

    def get(self, request):
        self.known_query("name")
        return self.paged(User.objects.all(), order=["email", "pk"], present=lambda rows: [row.email for row in rows])


class Numbered(GuardedApi):
    """A thing with a version, and a creation that shows when it is done twice."""

    authority = "signed_in"

    def get(self, request):
        return self.unchanged(7) or self.answer({"version": 7}, version=7)

    def patch(self, request):
        if self.expected_version() not in (None, 7):
            raise StaleVersion("Version 7 is the present one")
        return self.answer({"version": 8}, version=8)

    def post(self, request):
        Counter.objects.get_or_create(key="PROBE")
        number = references.number_next("PROBE")
        if request.data.get("refuse"):
            raise Conflict("Not now")
        response = self.answer({"number": number, "name": request.data.get("name")}, version=number, status=201)
        response["Location"] = f"/probe/{number}/"
        return response


class Typed(View):
    def post(self, request):
        return HttpResponse(request.POST["summary"])


urlpatterns = [
    path("api/v1/refuse/<kind>/", Refuse.as_view()),
    path("api/v1/echo/", Echo.as_view()),
    path("api/v1/post-only/", PostOnly.as_view()),
    path("api/v1/operator-only/", OperatorOnly.as_view()),
    path("api/v1/people/", People.as_view()),
    path("api/v1/numbered/", Numbered.as_view()),
    path("refuse/<kind>/", RefusePage.as_view()),
    path("typed/", Typed.as_view()),
    path("", include("opss.urls")),
]

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
