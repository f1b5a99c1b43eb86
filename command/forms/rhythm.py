"""What is asked when the battle rhythm changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from command import rules
from command.enums import HowOften, OnBankHolidays, RhythmKind, Weekday
from command.models import Group, RhythmEvent
from govuk import forms
from kernel import clock
from kernel.clock import LONDON
from moves.forms import with_acting_reason

# Whoever reads the rhythm counts on from its start: a start in another century would keep all waiting.
FURTHEST = timedelta(days=10 * 366)
SHORTEST, USUAL, LONGEST = 5, 60, 480


class RhythmLine(forms.GovukForm):
    """One event of the rhythm, how often it comes back said simply or by a rule. `groups` are those that may meet.

    Cleans to the columns of a `RhythmEvent`.
    """

    kind = forms.ChoiceField(label="What happens?", choices=RhythmKind.choices, widget=forms.Radios)
    title = forms.CharField(label="What is it called?", max_length=250)
    group = forms.CharField(
        label="Which group meets?",
        max_length=250,
        required=False,
        help_text="Its name. Left empty: every standing group of that kind",
    )
    starts_at = forms.DateTimeField(
        label="When does it happen first?", error_messages={"required": "Enter when it happens first"}
    )
    how_often = forms.ChoiceField(
        label="How often does it come back?", choices=HowOften.choices, required=False, widget=forms.Radios
    )
    days = forms.MultiChoiceField(
        label="On which days?",
        choices=Weekday.choices,
        required=False,
        help_text="For certain days of the week. Left empty: the day of the first time",
    )
    times = forms.CharField(
        label="At which times?",
        max_length=60,
        required=False,
        help_text="London time, such as 08:30, 16:30. Left empty: the time of the first",
    )
    recurrence = forms.CharField(
        label="By which rule?",
        max_length=300,
        required=False,
        help_text="Only for a rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=-1FR",
    )
    minutes = forms.IntegerField(
        label="How many minutes does it take?",
        min_value=SHORTEST,
        max_value=LONGEST,
        required=False,
        help_text=f"Left empty: {USUAL}",
    )
    on_bank_holidays = forms.ChoiceField(
        label="What if it falls on a bank holiday?",
        choices=OnBankHolidays.choices,
        required=False,
        widget=forms.Radios,
        help_text="Of England and Wales. Left empty: held all the same, since the incident does not stop",
    )

    def __init__(self, *args: Any, groups: Iterable[Group] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {group.name.casefold(): group for group in groups}
        if groups := [*self.groups.values()]:
            named = "; ".join(group.name for group in groups)
            self.fields["group"].help_text = f"One of: {named}. Left empty: every standing group of that kind"

    def clean_group(self) -> Group | None:
        name = self.cleaned_data["group"].strip()
        if not name:
            return None
        if (group := self.groups.get(name.casefold())) is None:
            raise forms.ValidationError("No standing group goes by that name", code="unknown_reference")
        return group

    def clean_starts_at(self) -> datetime:
        starts_at: datetime = self.cleaned_data["starts_at"]
        if abs(starts_at - clock.now()) > FURTHEST:
            raise forms.ValidationError("The first time must be within ten years of today", code="too_far")
        return starts_at

    def clean_minutes(self) -> int:
        return self.cleaned_data["minutes"] or USUAL

    def clean_on_bank_holidays(self) -> str:
        return self.cleaned_data["on_bank_holidays"] or OnBankHolidays.HELD

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        how_often, days = cleaned.pop("how_often", ""), cleaned.pop("days", [])
        times, rule = cleaned.pop("times", ""), cleaned.get("recurrence", "")
        start = cleaned.get("starts_at")
        if not start or self.errors:
            return cleaned
        if not how_often and not rule.strip():
            self.add_error("how_often", forms.ValidationError("Choose how often it comes back", code="required"))
            return cleaned
        field = "recurrence"
        try:
            if how_often in ("", HowOften.RULE):
                cleaned["recurrence"] = rules.recurrence_checked(rule)
            elif rule.strip():
                message = "Leave the rule empty, or choose 'By a rule of RFC 5545'"
                raise rules.RecurrenceProblem(message)
            else:
                field = "times"
                cleaned["recurrence"] = _rule(how_often, days, times, start)
        except rules.RecurrenceProblem as problem:
            self.add_error(field, forms.ValidationError(str(problem), code="bad_recurrence"))
            return cleaned
        if next(rules.upcoming(cleaned["recurrence"], start, after=start - timedelta(seconds=1)), None) is None:
            self.add_error("recurrence", forms.ValidationError("This never happens", code="bad_recurrence"))
        return cleaned


def _rule(how_often: str, days: list[str], times: str, start: datetime) -> str:
    begun = start.astimezone(LONDON)
    at = rules.times_read(times) if times.strip() else [begun.time()]
    return rules.rule_of(how_often, days=days or [Weekday.values[begun.weekday()]], times=at)


def line_initial(event: RhythmEvent) -> dict[str, Any]:
    """What the form shows of an event that is to be changed, as simply as its rule can be said."""
    asked = rules.asked_of(event.recurrence, event.starts_at)
    by_rule = asked.how_often == HowOften.RULE
    return {
        "kind": event.kind,
        "title": event.title,
        "group": event.group.name if event.group else "",
        "starts_at": event.starts_at,
        "how_often": asked.how_often,
        "days": list(asked.days),
        "times": asked.times,
        "recurrence": event.recurrence if by_rule else "",
        "minutes": event.minutes,
        "on_bank_holidays": event.on_bank_holidays,
    }


class RhythmWeek(forms.GovukForm):
    """Which days are shown: the seven from this one on."""

    day = forms.DateField(label="Day", required=False)


class OccurrenceFilter(forms.GovukForm):
    since = forms.DateTimeField(label="Since", required=False)
    until = forms.DateTimeField(label="Until", required=False)


class RhythmEnd(forms.GovukForm):
    reason = forms.CharField(
        label="Why does it end?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why it ends"},
    )


@with_acting_reason
class RhythmAgree(forms.GovukForm):
    """Agreeing asks nothing of its own: it is agreed to the rhythm as it stands."""
