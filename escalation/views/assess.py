"""Judging a case where it stands: against the impact matrix, and against the NNC criteria."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from accounts.doors import Door, PageRequest
from escalation import selectors, services
from escalation.enums import Stage
from escalation.forms import ImpactForm, NncConfirmForm, NncForm
from escalation.views.case import case_context, case_read
from govuk.forms import GovukForm
from govuk.refusals import show_refusal
from incidents import selectors as incidents
from incidents.enums import ImpactLevel, Indicator, Level
from incidents.models import ImpactAssessment, NncAssessment
from kernel.errors import Blocked, InvalidInput

CONFIRM_IDS = "confirm_%s"


@dataclass(frozen=True)
class Choice:
    """One level of one indicator as a radio button. `descriptor` is empty for the two levels that need none."""

    level: str
    label: str
    descriptor: str
    id: str
    is_chosen: bool
    was_chosen: bool


@dataclass(frozen=True)
class MatrixRow:
    """One indicator of the matrix: its levels to choose from (None where there is no such level), and its reason."""

    indicator: str
    label: str
    name: str
    level_errors: list[str]
    described: list[Choice | None]
    others: list[Choice]
    reason: Any
    last_label: str
    last_reason: str

    @property
    def is_answered(self) -> bool:
        """Whether the row says more than 'not known yet', or something is wrong with it."""
        chosen = any(choice.is_chosen and choice.level != Level.NOT_KNOWN_YET for choice in self.choices)
        return chosen or bool(self.level_errors or self.reason.errors or self.reason.value())

    @property
    def choices(self) -> list[Choice]:
        return [*(choice for choice in self.described if choice), *self.others]


class _AssessPage(Door, View):
    """Assessing anew, or the short way: confirming the last version unchanged. What was typed stays when refused."""

    authority: ClassVar[str] = "post"
    form_class: ClassVar[type[GovukForm]]
    service: ClassVar[Callable[..., Any]]

    def get(self, request: PageRequest, reference: str) -> HttpResponse:
        return self.page(request, reference)

    def post(self, request: PageRequest, reference: str) -> HttpResponse:
        confirms = request.POST.get("confirms") == "yes"
        try:
            made = type(self).service(reference=reference, by=request.actor, data=request.POST)
        except (InvalidInput, Blocked) as error:
            form = error.form or self.form_class(data=request.POST)
            if confirms:
                form.auto_id = CONFIRM_IDS
            show_refusal(form, error)
            return self.page(request, reference, **{"confirm_form" if confirms else "form": form}, status=error.status)
        messages.success(request, self.done(made, confirms=confirms))
        return redirect("escalation:issue-detail", reference)

    def done(self, made: Any, *, confirms: bool) -> str:
        """What the page after it says."""
        raise NotImplementedError

    def page(
        self,
        request: PageRequest,
        reference: str,
        *,
        form: GovukForm | None = None,
        confirm_form: GovukForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The page, with the form that was refused in place of a fresh one."""
        raise NotImplementedError


class IssueImpact(_AssessPage):
    """The matrix to choose from, with the last choices beside; or the short way, to confirm the last one unchanged."""

    authority: ClassVar[str] = "post"
    form_class: ClassVar = ImpactForm
    service: ClassVar = staticmethod(services.impact_assess)

    def done(self, made: ImpactAssessment, *, confirms: bool) -> str:
        verb = "confirmed as" if confirms else "assessed as"
        return f"The impact is {verb} {ImpactLevel(made.overall).label.lower()}."

    def page(
        self,
        request: PageRequest,
        reference: str,
        *,
        form: GovukForm | None = None,
        confirm_form: GovukForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        climb = case_read(reference, request.actor, page="impact page")
        services.impact_assessor_require(selectors.facts_of(climb, request.actor))
        last = selectors.impact_latest(climb)
        form = form or ImpactForm(initial=ratings_initial(last))
        context = {
            **case_context(climb, "Assess the impact"),
            "form": form,
            "confirm_form": confirm_form or ImpactForm(auto_id=CONFIRM_IDS),
            "problem_form": confirm_form or form,
            "rows": matrix_rows(form, last),
            "levels": [ImpactLevel(level).label for level in DESCRIBED],
            "last": last,
            "last_stage": Stage(last.stage).label if last else "",
            "stage": Stage(climb.stage).label,
        }
        return render(request, "escalation/issue_impact.html", context, status=status)


DESCRIBED = (Level.LOW, Level.MEDIUM, Level.HIGH, Level.CRITICAL)
UNDESCRIBED = (Level.NOT_KNOWN_YET, Level.NOT_APPLICABLE)


def ratings_initial(last: ImpactAssessment | None) -> dict[str, Any]:
    """What the matrix starts with: the last choices, so that only what has changed has to be touched."""
    if last is None:
        return {}
    ratings = {rating.indicator: {"level": rating.level, "reason": rating.reason} for rating in last.ratings.all()}
    reach = {"level": last.could_reach, "by": last.could_reach_by, "why": last.could_reach_why}
    return {"ratings": ratings, "could_reach": reach if last.could_reach else {}}


def matrix_rows(form: GovukForm, last: ImpactAssessment | None) -> list[MatrixRow]:
    """The matrix in force as rows to choose from, with what was chosen last time."""
    matrix = incidents.matrix_in_force()
    texts = {(descriptor.indicator, descriptor.level): descriptor.text for descriptor in matrix.descriptors.all()}
    before = {rating.indicator: rating for rating in last.ratings.all()} if last else {}
    ratings = form["ratings"].subform
    rows = []
    for indicator in Indicator:
        group = ratings[indicator.value].subform
        bound, rated = group["level"], before.get(indicator)
        choices = _choices(bound, texts, indicator, rated.level if rated else "")
        rows.append(
            MatrixRow(
                indicator=indicator.value,
                label=indicator.label,
                name=bound.html_name,
                level_errors=bound.own_messages,
                described=[choices.get(level) for level in DESCRIBED],
                others=[choices[level] for level in UNDESCRIBED],
                reason=group["reason"],
                last_label=rated.get_level_display() if rated else "",
                last_reason=rated.reason if rated else "",
            )
        )
    return rows


def _choices(bound: Any, texts: Mapping[tuple[str, str], str], indicator: str, was: str) -> dict[str, Choice]:
    """The levels that this indicator may have. The first has the id that the error summary links to."""
    chosen = bound.value()
    return {
        level: Choice(
            level=level,
            label=label,
            descriptor=texts.get((indicator, level), ""),
            id=bound.first_id if number == 0 else f"{bound.first_id}_{number}",
            is_chosen=chosen == level,
            was_chosen=was == level,
        )
        for number, (level, label) in enumerate(bound.field.choices)
    }


class IssueNnc(_AssessPage):
    """Each criterion met or not with its reason, and who leads; the version before stands beside it."""

    authority: ClassVar[str] = "post"
    form_class: ClassVar = NncForm
    service: ClassVar = staticmethod(services.nnc_assess)

    def done(self, made: NncAssessment, *, confirms: bool) -> str:
        met = "at least one criterion is met" if made.is_met else "no criterion is met"
        return f"The NNC assessment is recorded: {met}."

    def page(
        self,
        request: PageRequest,
        reference: str,
        *,
        form: GovukForm | None = None,
        confirm_form: GovukForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        climb = case_read(reference, request.actor, page="NNC page")
        standing = services.nnc_admit(selectors.facts_of(climb, request.actor))
        last = selectors.nnc_last(climb)
        form = standing.asked(form or NncForm(initial=_nnc_initial(last)))
        context = {
            **case_context(climb, "Assess against the NNC criteria"),
            "form": form,
            "confirm_form": standing.asked(confirm_form or NncConfirmForm(auto_id=CONFIRM_IDS)),
            "problem_form": confirm_form or form,
            "standing": standing,
            "last": last,
            "last_stage": Stage(last.stage).label if last else "",
            "stage": Stage(climb.stage).label,
            "stands": climb.stage in (Stage.CAM, Stage.TTG),
        }
        return render(request, "escalation/issue_nnc.html", context, status=status)


def _nnc_initial(last: NncAssessment | None) -> dict[str, Any]:
    return {**last.criteria, "lead_authority": last.lead_authority} if last else {}
