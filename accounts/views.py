"""Pages to sign in and out, to choose the post that one acts as, one's own profile, and who holds which post."""

from __future__ import annotations

from typing import Any, ClassVar

from axes.helpers import get_cool_off
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import kept, rules, selectors, services
from accounts.doors import Door, PageRequest
from accounts.forms import KeyboardForm, PeriodForm, SignInForm, TelephonesForm, TokenForm
from accounts.middleware import ACTING_AS
from accounts.models import PostDeputy, PostHolding
from govuk.forms import GovukForm
from govuk.json_adapter import bind
from kernel.errors import Conflict, InvalidInput

# The same words for an unknown address, a wrong password and a closed account: the page tells nobody who has one.
NOT_RECOGNISED = "The e-mail address or the password is wrong"


def back_to(request: HttpRequest, default: str) -> str:
    """The page of ours that the caller wants to come back to; never another host's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # A bare word would pass for a path, and then be taken for the name of a view.
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else default


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignIn(Door, View):
    authority = "public"

    def get(self, request: PageRequest) -> HttpResponse:
        if request.actor:
            return redirect(back_to(request, "/"))
        return self._page(request, SignInForm())

    def post(self, request: PageRequest) -> HttpResponse:
        try:
            form = bind(SignInForm, request.POST)
        except InvalidInput as refusal:
            return self._page(request, refusal.form, status=400)
        user = authenticate(request, email=form.cleaned_data["email"], password=form.cleaned_data["password"])
        if user is None:
            form.add_error(None, NOT_RECOGNISED)
            return self._page(request, form, status=400)
        services.signed_in(by=selectors.actor_for(user))
        login(request, user)
        if held := kept.unseal(request.POST.get("kept", "")):
            return render(request, "accounts/kept.html", {"kept": held})
        return redirect(back_to(request, "/"))

    def _page(self, request: HttpRequest, form: GovukForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "next": back_to(request, ""), "kept": request.POST.get("kept", "")}
        return render(request, "accounts/sign_in.html", context, status=status)


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict | None) -> HttpResponse:
    """What axes answers instead of the sign-in page after too many wrong passwords for one address from one place."""
    wait = get_cool_off(request)
    minutes = int(wait.total_seconds() // 60)
    answer = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
    answer.headers["Retry-After"] = str(minutes * 60)
    return answer


class SignOut(Door, View):
    authority = "public"
    http_method_names = ["post"]

    def post(self, request: PageRequest) -> HttpResponse:
        if request.actor:
            services.signed_out(by=request.actor)
        logout(request)
        messages.success(request, "You have signed out")
        return redirect("accounts:sign-in")


class HatChange(Door, View):
    """Choose the post that one acts as until one chooses again."""

    authority = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        return render(request, "accounts/hat_change.html", {"next": back_to(request, "")})

    def post(self, request: PageRequest) -> HttpResponse:
        hat = selectors.choose_hat(request.user, request.hats, request.POST.get("post"))
        request.session[ACTING_AS] = hat.post
        messages.success(request, f"You now act as {hat.label}")
        return redirect(back_to(request, "/"))


class Profile(Door, View):
    authority = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        context = {
            "holdings": selectors.holdings_of(request.user),
            "deputising": selectors.deputising_of(request.user),
            "tokens": selectors.tokens_of(request.user),
        }
        return render(request, "accounts/profile.html", context)


class Keyboard(Door, View):
    """What one's keys do (WCAG 2.1.4: a key of one letter can be turned off)."""

    authority = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        return self._page(request, KeyboardForm(initial={"slash_searches": request.user.slash_searches}))

    def post(self, request: PageRequest) -> HttpResponse:
        try:
            goes = services.keyboard_choose(by=request.actor, data=request.POST)
        except InvalidInput as refusal:
            return self._page(request, refusal.form, status=400)
        messages.success(request, f"The key / {'goes' if goes else 'no longer goes'} to the search box")
        return redirect("accounts:profile")

    def _page(self, request: PageRequest, form: GovukForm, *, status: int = 200) -> HttpResponse:
        return render(request, "accounts/keyboard.html", {"form": form}, status=status)


@method_decorator(never_cache, name="dispatch")
class TokenCreate(Door, View):
    """The key is on the answer to the post and nowhere else: no redirect, nothing kept."""

    authority = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        return self._page(request, TokenForm(hats=request.hats))

    def post(self, request: PageRequest) -> HttpResponse:
        try:
            form = bind(TokenForm, request.POST, hats=request.hats)
        except InvalidInput as refusal:
            return self._page(request, refusal.form, status=400)
        token, key = services.token_create(
            user_id=request.user.pk,
            by=request.actor,
            name=form.cleaned_data["name"],
            post=form.cleaned_data.get("post"),
        )
        return render(request, "accounts/token_created.html", {"token": token, "key": key}, status=201)

    def _page(self, request: HttpRequest, form: GovukForm, *, status: int = 200) -> HttpResponse:
        return render(request, "accounts/token_create.html", {"form": form}, status=status)


class TokenRevoke(Door, View):
    authority = "signed_in"
    http_method_names = ["post"]

    def post(self, request: PageRequest, token_id: int) -> HttpResponse:
        token = services.token_revoke(token_id=token_id, by=request.actor)
        messages.success(request, f"The token {token} no longer works")
        return redirect("accounts:profile")


class PostList(Door, View):
    """Who holds which post today, and who may act for them."""

    authority = "post"

    def get(self, request: PageRequest) -> HttpResponse:
        rows = [
            {"row": row, "keeps": rules.keeps_post(row.post.code, request.actor)}
            for row in selectors.posts_with_people()
        ]
        return render(
            request, "accounts/post_list.html", {"rows": rows, "is_operator": rules.is_operator(request.actor)}
        )


class _PeriodStart(Door, View):
    """One form: who, from when, until when. What it makes is the subclass's."""

    authority = "post"
    title: ClassVar[str]
    button: ClassVar[str]

    def start(self, request: PageRequest, code: str, inputs: dict[str, Any]) -> str:
        """Do it, and answer what is told afterwards."""
        raise NotImplementedError

    def get(self, request: PageRequest, code: str) -> HttpResponse:
        self.check(request, code)
        return self._page(request, code, PeriodForm())

    def post(self, request: PageRequest, code: str) -> HttpResponse:
        self.check(request, code)
        try:
            form = bind(PeriodForm, request.POST)
        except InvalidInput as refusal:
            return self._page(request, code, refusal.form, status=400)
        try:
            told = self.start(request, code, form.cleaned_data)
        except (InvalidInput, Conflict) as refusal:
            for error in refusal.errors:
                form.add_error(error.field or None, error.message)
            return self._page(request, code, form, status=refusal.status)
        messages.success(request, told)
        return redirect("accounts:posts")

    def _page(self, request: HttpRequest, code: str, form: GovukForm, *, status: int = 200) -> HttpResponse:
        context = {"form": form, "post": selectors.post_by_code(code), "title": self.title, "button": self.button}
        return render(request, "accounts/period_start.html", context, status=status)

    def check(self, request: PageRequest, code: str) -> None:
        """Refuse the page to whom the service would refuse what it asks."""


class HoldingStart(_PeriodStart):
    authority = "operator"
    title = "Who holds this post?"
    button = "Give the post"

    def start(self, request: PageRequest, code: str, inputs: dict[str, Any]) -> str:
        holding = services.holding_start(
            post=code,
            user_id=inputs["person"].pk,
            by=request.actor,
            starts_on=inputs["starts_on"],
            ends_on=inputs["ends_on"],
        )
        return f"{holding.user} holds the post {holding.post}"


class DeputyName(_PeriodStart):
    title = "Who deputises for this post?"
    button = "Name deputy"

    def check(self, request: PageRequest, code: str) -> None:
        services.require_keeps_post(code, request.actor)

    def start(self, request: PageRequest, code: str, inputs: dict[str, Any]) -> str:
        deputy = services.deputy_name(
            post=code,
            user_id=inputs["person"].pk,
            by=request.actor,
            starts_on=inputs["starts_on"],
            ends_on=inputs["ends_on"],
        )
        return f"{deputy.user} may act as {deputy.post}"


class TelephonesGive(Door, View):
    """The numbers of a post. Whoever saves them says that they are right today."""

    authority = "post"

    def get(self, request: PageRequest, code: str) -> HttpResponse:
        services.require_keeps_post(code, request.actor)
        known = selectors.telephones_of(selectors.post_by_code(code))
        initial = {"office": known.office, "out_of_hours": known.out_of_hours} if known else {}
        return self._page(request, code, TelephonesForm(initial=initial))

    def post(self, request: PageRequest, code: str) -> HttpResponse:
        try:
            given = services.telephones_give(post=code, by=request.actor, data=request.POST)
        except InvalidInput as refusal:
            return self._page(request, code, refusal.form, status=400)
        title = selectors.post_title(code)
        told = "have been verified today" if given else "have been removed"
        messages.success(request, f"The telephone numbers of the {title} {told}")
        return redirect("accounts:posts")

    def _page(self, request: HttpRequest, code: str, form: GovukForm, *, status: int = 200) -> HttpResponse:
        post = selectors.post_by_code(code)
        context = {"form": form, "post": post, "telephones": selectors.telephones_of(post)}
        return render(request, "accounts/telephones_give.html", context, status=status)


class _PeriodEnd(Door, View):
    """Asks once more, because the list has many buttons alike and an end takes effect at once; then ends it."""

    authority = "post"
    title: ClassVar[str]
    effect: ClassVar[str]

    def confirm(self, request: PageRequest, period: PostHolding | PostDeputy) -> HttpResponse:
        context = {"period": period, "title": self.title, "effect": self.effect}
        return render(request, "accounts/period_end.html", context)


class HoldingEnd(_PeriodEnd):
    authority = "operator"
    title = "End their holding of this post today?"
    effect = "They act and decide as this post no more, and what waits for it no longer stands on their home page."

    def get(self, request: PageRequest, holding_id: int) -> HttpResponse:
        return self.confirm(request, selectors.holding_get(holding_id))

    def post(self, request: PageRequest, holding_id: int) -> HttpResponse:
        holding = services.holding_end(holding_id=holding_id, by=request.actor)
        messages.success(request, f"{holding.user} no longer holds the post {holding.post}")
        return redirect("accounts:posts")


class DeputyEnd(_PeriodEnd):
    title = "End their deputising for this post today?"
    effect = "They may act as this post no more."

    def get(self, request: PageRequest, deputy_id: int) -> HttpResponse:
        deputy = selectors.deputy_get(deputy_id)
        services.require_keeps_post(deputy.post_id, request.actor)
        return self.confirm(request, deputy)

    def post(self, request: PageRequest, deputy_id: int) -> HttpResponse:
        deputy = services.deputy_end(deputy_id=deputy_id, by=request.actor)
        messages.success(request, f"{deputy.user} no longer deputises for {deputy.post}")
        return redirect("accounts:posts")
