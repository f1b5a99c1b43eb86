"""The inbox: what a person was told, by case, newest first. And how the clock is doing, for those who keep it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from accounts.doors import Door, PageRequest
from accounts.rules import is_operator
from govuk.forms import GovukForm
from kernel import clock, keyset
from kernel.errors import InvalidInput, NotFound
from kernel.given import natural
from notify import kinds, selectors, services
from notify.forms import EmailChoiceForm


class Inbox(Door, View):
    authority: ClassVar[str] = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        everything = request.GET.get("show") == "all"
        inbox = selectors.inbox(request.user, unread_only=not everything, cursor=request.GET.get("cursor"))
        context = {
            "inbox": inbox,
            "everything": everything,
            **keyset.beside(inbox.page, request.GET),
        }
        return render(request, "notify/inbox.html", context)


class InboxRead(Door, View):
    """Marks one notice, or all notices about one case, as read and goes back to where the button was."""

    authority: ClassVar[str] = "signed_in"

    def post(self, request: PageRequest) -> HttpResponse:
        if "about" in request.POST:
            # No case goes by a name with a null character, and PostgreSQL refuses to look for one.
            services.case_notices_read(about=request.POST["about"].replace("\x00", ""), by=request.actor)
        else:
            services.notice_read(notice_id=_number(request.POST.get("notice", "")), by=request.actor)
        back = request.POST.get("back", "")
        own = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/")
        return HttpResponseRedirect(back if own else reverse("notify:inbox"))


def _number(text: str) -> int:
    number = natural(text)
    if number is None:
        raise NotFound("This notice is not in your inbox")
    return number


class Service(Door, View):
    """What the clock did and what it owes, for the operator and IMT."""

    authority: ClassVar[str] = "service"

    def get(self, request: PageRequest) -> HttpResponse:
        now = clock.now()
        beats, work = selectors.beats(now), selectors.work(now)
        context = {
            "beats": beats,
            "work": work,
            "is_late": selectors.is_late(beats, work),
            "alarms": selectors.alarms(),
            "dead": selectors.dead_letters(request.actor),
            "is_operator": is_operator(request.actor),
        }
        return render(request, "notify/service.html", context)


class DeadLettersAgain(Door, View):
    authority: ClassVar[str] = "operator"
    http_method_names = ["post"]

    def post(self, request: PageRequest) -> HttpResponse:
        count = services.dead_letters_send_again(by=request.actor)
        messages.success(request, f"On their way again: {count}")
        return redirect("notify:service")


class DeadLetterAgain(Door, View):
    authority: ClassVar[str] = "operator"
    http_method_names = ["post"]

    def post(self, request: PageRequest, channel: str, number: int) -> HttpResponse:
        services.dead_letter_send_again(channel=channel, number=number, by=request.actor)
        messages.success(request, "It is on its way again")
        return redirect("notify:service")


class Choices(Door, View):
    """When one is sent e-mail about what is not urgent."""

    authority: ClassVar[str] = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        return self._page(request, EmailChoiceForm(initial={"email": selectors.email_choice_of(request.user.pk)}))

    def post(self, request: PageRequest) -> HttpResponse:
        try:
            choice = services.email_choose(by=request.actor, data=request.POST)
        except InvalidInput as refusal:
            return self._page(request, refusal.form, status=400)
        messages.success(request, f"E-mail about what is not urgent: {choice.label[:1].lower()}{choice.label[1:]}")
        return redirect("accounts:profile")

    def _page(self, request: PageRequest, form: GovukForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "urgent": kinds.urgent_words()}
        return render(request, "notify/choices.html", context, status=status)
