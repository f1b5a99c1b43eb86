"""Home by post, help, and what the problem codes of the REST interface mean."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views import View

from accounts import rules
from accounts.doors import Door, PageRequest
from desk import ladder_words, problems, selectors
from desk.forms import SearchForm
from desk.states import showing
from govuk import json_adapter
from govuk.forms import unchecked
from govuk.glossary import TERMS
from kernel.errors import InvalidInput, NotFound


class Home(Door, View):
    """A stranger finds the report button and help; everybody else what needs them first."""

    authority = "signed_in"

    def get(self, request: PageRequest) -> HttpResponse:
        actor = request.actor
        if actor.is_stranger or rules.is_operator(actor):
            return render(request, "desk/home_plain.html", {"is_operator": rules.is_operator(actor)})
        return render(request, "desk/home.html", {"home": selectors.home(request.user, actor)})


class Search(Door, View):
    """Every kind of case by words; a reference leads straight to its case."""

    authority = "post"

    def get(self, request: PageRequest) -> HttpResponse:
        try:
            q = json_adapter.bind(SearchForm, request.GET).cleaned_data["q"].strip()
        except InvalidInput as error:
            form = unchecked(SearchForm, request.GET)
            for problem in error.errors:
                form.add_error(problem.field, problem.message)
            return render(request, "desk/search.html", {"form": form}, status=error.status)
        if place := selectors.place_of(q, request.actor):
            return redirect(place)
        result = selectors.found(q, request.actor) if q else None
        return render(request, "desk/search.html", {"form": SearchForm(data={"q": q}), "q": q, "found": result})


class Help(Door, View):
    authority = "public"

    def get(self, request: PageRequest) -> HttpResponse:
        context = {
            "rungs": ladder_words.rungs(),
            "ladder": showing.ladder_shown(),
            "stages": ladder_words.stages(),
            "targets": ladder_words.targets(),
            "terms": [{"code": code, "term": term} for code, term in TERMS.items()],
            "problems": problems.PROBLEMS.values(),
        }
        return render(request, "desk/help.html", context)


class HelpError(Door, View):
    """Where the `type` of a problem document points: what the refusal means and how to mend it."""

    authority = "public"

    def get(self, request: PageRequest, code: str) -> HttpResponse:
        problem = problems.explained(code)
        if problem is None:
            raise NotFound(f"There is no problem called '{code}'.")
        crumbs = [{"text": "Help", "url": reverse("desk:help")}, {"text": problem.title}]
        return render(request, "desk/help_error.html", {"problem": problem, "crumbs": crumbs})
