"""Who is put on the cases of an incident, and who read what of a restricted case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from audit import services as audit
from incidents.enums import PersonRole, Sensitivity
from incidents.models import Incident, Issue, IssuePerson
from kernel.actors import Actor


def reading_note(*cases: Issue | Incident, by: Actor, what: str) -> None:
    """Note in the access log who read of restricted cases, such as "issue page"; nothing for others.

    An incident is restricted when one of its issues is. One query for all incidents among the cases.
    """
    restricted = _restricted_among({case.pk for case in cases if isinstance(case, Incident)})
    for case in cases:
        held = case.pk in restricted if isinstance(case, Incident) else case.sensitivity == Sensitivity.RESTRICTED
        if held:
            audit.access_record(by=by, about=case.reference, what=what)


def rows_reading_note(read: Mapping[str, str], *, by: Actor, what: str) -> None:
    """The same for the issues of a list, given as reference and sensitivity."""
    for reference, sensitivity in read.items():
        if sensitivity == Sensitivity.RESTRICTED:
            audit.access_record(by=by, about=reference, what=what)


def _restricted_among(incident_ids: set[int]) -> set[int | None]:
    if not incident_ids:
        return set()
    held = Issue.objects.filter(incident__in=incident_ids, sensitivity=Sensitivity.RESTRICTED)
    return set(held.values_list("incident", flat=True))


def people_join(incident: Incident, people: Iterable[tuple[User, PersonRole]], at: datetime) -> None:
    """Put people on every case of an incident, those that left it too, so that they may read what they work on."""
    issues = Issue.objects.filter(Q(incident=incident) | Q(decisions__incident=incident)).distinct().order_by("pk")
    named = sorted(dict(people).items(), key=lambda item: item[0].pk)
    # Nobody holds these cases: who is put on one by its own doors at this moment is on it already then.
    IssuePerson.objects.bulk_create(
        [IssuePerson(issue=issue, user=user, role=role, since=at) for issue in issues for user, role in named],
        ignore_conflicts=True,
    )
