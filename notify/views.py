"""The inbox: what a person was told, by case, newest first."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from accounts.doors import Door
from kernel.errors import NotFound
from notify import selectors, services


class Inbox(Door, View):
    authority: ClassVar[str] = "signed_in"

    def get(self, request: Any) -> HttpResponse:
        everything = request.GET.get("show") == "all"
        page = selectors.inbox(request.user, unread_only=not everything, cursor=request.GET.get("cursor"))
        return render(request, "notify/inbox.html", {"inbox": page, "everything": everything})


class InboxRead(Door, View):
    """Marks one notice, or all notices about one case, as read and goes back to where the button was."""

    authority: ClassVar[str] = "signed_in"

    def post(self, request: Any) -> HttpResponse:
        if "about" in request.POST:
            services.case_notices_read(about=request.POST["about"], by=request.actor)
        else:
            services.notice_read(notice_id=_number(request.POST.get("notice", "")), by=request.actor)
        back = request.POST.get("back", "")
        own = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
        return HttpResponseRedirect(back if own else reverse("notify:inbox"))


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise NotFound("This notice is not in your inbox")
