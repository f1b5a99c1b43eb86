"""Two people acting on one case at the same moment: one wins, the other is told, nothing is left half-written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from audit.models import AuditEvent
from audit.selectors import events_for
from command.models import Group
from escalation import services
from escalation.models import Escalation
from incidents.models import Commission, Decision, Incident, Issue
from kernel.errors import Blocked, ChangedSinceSeen, DomainError
from tests.factories.command import incident
from tests.factories.incidents import reported
from tests.factories.ladder import NNC, Cast, assess, at_stage, climb_of, inputs_of
from tests.factories.refusals import inputs_of_any
from tests.factories.together import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def mover(cast: Cast, reference: str, name: str, post: str, inputs: dict[str, Any]) -> Callable[[], Escalation]:
    by, version = cast(post), climb_of(reference).issue.version
    return lambda: services.issue_move(reference=reference, name=name, version=version, by=by, data=inputs)


# Where, what the first does, what the second does, each with who.
PAIRS = [
    ("assessing", ("handle_in_function", "ftl.enforcement"), ("imt_escalate", "imt.head")),
    ("assessing", ("refer_to_deputy_director", "ftl.enforcement"), ("submit_to_cam", "dd.enforcement")),
    ("assessing", ("hand_over", "ftl.enforcement"), ("convene_urgent_conference", "dd.science")),
    ("cam", ("return_to_function", "imt.head"), ("close", "imt.duty")),
    ("cam", ("recommend_to_ttg", "imt.officer"), ("merge", "imt.head")),
    ("case_conference", ("declare_incident", "dd.enforcement"), ("monitor", "imt.head")),
    ("case_conference", ("request_information", "dd.enforcement"), ("join_incident", "imt.head")),
    ("case_conference", ("agree_coordination", "dd.enforcement"), ("open_supporting_response", "dd.science")),
    ("merged", ("unmerge", "imt.head"), ("unmerge", "imt.duty")),
    ("closed", ("reopen", "imt.head"), ("reopen", "imt.officer")),
]


@pytest.mark.parametrize(("stage", "first", "second"), PAIRS, ids=[f"{one[0]}-{two[0]}" for _, one, two in PAIRS])
def test_of_two_moves_at_once_one_is_made_and_the_other_is_told_of_it(stage, first, second, cast):
    live = incident(cast)
    reference = at_stage(cast, stage)
    if stage not in ("merged", "closed"):
        assess(cast, reference, "ftl.enforcement" if stage == "assessing" else "imt.head")
    if stage == "cam":
        services.nnc_assess(reference=reference, by=cast("imt.head"), data=NNC)
    into = reported(cast("officer.enforcement")).reference
    more = {"merge": {"into": into}, "join_incident": {"incident": live.reference}}
    moves = [
        mover(cast, reference, name, post, inputs_of_any(cast, name) | more.get(name, {}))
        for name, post in (first, second)
    ]
    before = climb_of(reference)
    incidents, groups = Incident.objects.count(), Group.objects.count()
    results = at_once(*moves)
    lost = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in lost] == [ChangedSinceSeen], results
    won = (first, second)[results.index(next(result for result in results if result not in lost))][0]
    *beside, told = lost[0].changes
    assert (told["kind"], bool(told["sentence"])) == (f"issue.{won}", True)
    assert {change["kind"] for change in beside} <= {"issue.commissioned"}
    after = climb_of(reference)
    assert after.issue.version == before.issue.version + 1 == lost[0].version
    kinds = {first[0], second[0]}
    assert Decision.objects.filter(issue=after.issue, kind__in=kinds, made_at__gte=before.last_event_at).count() == 1
    moved = [f"issue.{name}" for name in kinds]
    version = after.issue.version
    assert AuditEvent.objects.filter(chain_key=reference, kind__in=moved, version=version).count() == 1
    opened = won in ("declare_incident", "open_supporting_response")
    assert Incident.objects.count() - incidents == opened
    assert Group.objects.count() - groups == 2 * opened
    asked = Commission.objects.filter(issue=after.issue, origin="request_information")
    assert asked.count() == (won == "request_information")
    assert Escalation.objects.filter(issue=after.issue).count() == (2 if won == "reopen" else 1)
    assert [event.kind for event in events_for(into)[:1]] == ["issue.absorbed" if won == "merge" else "issue.reported"]


@pytest.mark.parametrize("turn", [1, -1])
def test_two_issues_merged_into_each_other_at_once_do_not_both_vanish(turn, cast):
    """One is carried by the other; the second mover learns that what they named can carry nothing any more."""
    one, two = (reported(cast("officer.enforcement")).reference for _ in range(2))
    moves = [
        mover(cast, one, "merge", "imt.head", {"reason": "The same", "into": two}),
        mover(cast, two, "merge", "imt.officer", {"reason": "The same", "into": one}),
    ]
    results = at_once(*moves[::turn])
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in refused] == [Blocked], results
    assert [blocker.code for blocker in refused[0].blocked_by] == ["merge_target_invalid"]
    assert sorted([climb_of(one).stage, climb_of(two).stage]) == ["merged", "reported"]


def test_many_merges_in_a_ring_all_answer(cast):
    references = [reported(cast("officer.enforcement")).reference for _ in range(4)]
    ring = zip(references, references[1:] + references[:1], strict=True)
    posts = ("imt.head", "imt.duty", "imt.officer", "ftl.enforcement")
    moves = [
        mover(cast, reference, "merge", post, {"reason": "The same", "into": into})
        for (reference, into), post in zip(ring, posts, strict=True)
    ]
    results = at_once(*moves)
    assert all(isinstance(result, Escalation | DomainError) for result in results), results
    stages = Escalation.objects.filter(issue__reference__in=references).values_list("stage", "merged_into__reference")
    assert sum(stage == "reported" for stage, _ in stages) >= 1
    # Whatever was merged is carried, at the end of the line, by a case that is still open.
    carried = dict(Escalation.objects.filter(stage="merged").values_list("issue__reference", "merged_into__reference"))
    for reference in carried:
        seen = [reference]
        while seen[-1] in carried:
            assert len(seen) <= len(references)
            seen.append(carried[seen[-1]])


def test_an_issue_is_not_merged_into_one_that_closes_at_the_same_moment(cast):
    reference, into = (reported(cast("officer.enforcement")).reference for _ in range(2))
    results = at_once(
        mover(cast, into, "close", "imt.head", inputs_of(cast, "close")),
        mover(cast, reference, "merge", "imt.officer", {"reason": "The same", "into": into}),
    )
    assert climb_of(into).stage == "closed"
    merged = climb_of(reference)
    if merged.stage == "merged":
        assert merged.ended_at <= climb_of(into).ended_at
    else:
        assert isinstance(results[1], Blocked)
    assert not any(isinstance(result, Exception) and not isinstance(result, DomainError) for result in results)


def test_what_is_written_while_a_case_is_reopened_stands_on_the_climb_that_is_current(cast):
    reference = at_stage(cast, "closed")
    by = cast("ftl.enforcement")
    results = at_once(
        mover(cast, reference, "reopen", "imt.head", inputs_of(cast, "reopen")),
        lambda: services.issue_edit(reference=reference, by=by, data={"title": "Hob joints leak"}),
    )
    edited = [result for result in results if not isinstance(result, Exception)]
    assert results[1] in edited
    issue = Issue.objects.get(reference=reference)
    assert issue.title == "Hob joints leak"
    current = climb_of(reference)
    assert current.last_event_at == max(climb.last_event_at for climb in issue.climbs.all())
    assert current.stage == ("closed" if isinstance(results[0], ChangedSinceSeen) else "cam")
