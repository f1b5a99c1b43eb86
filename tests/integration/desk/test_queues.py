"""The numbers on home are those of the cases themselves, for everybody, whatever was done to a case."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection, transaction

from accounts.enums import POST_TITLES
from desk.selectors import queues, whose
from escalation import selectors as escalation
from escalation import services, tasks
from escalation.enums import OPEN_STAGES
from escalation.models import Escalation, StageTally
from escalation.selectors import IssueFilters
from incidents import hooks
from incidents.enums import PersonRole, Sensitivity
from incidents.models import IssuePerson
from kernel import clock
from tests.factories.incidents import reported
from tests.factories.ladder import Cast, at_stage, climb_of, inputs_of, move
from tests.factories.tallies import counted, tallied

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def classified(reference: str, sensitivity: str) -> str:
    """The case once its sensitivity is another; no door changes it yet, so this is what one would do."""
    issue = climb_of(reference).issue
    issue.sensitivity = sensitivity
    issue.save()
    hooks.issue_changed(issue, clock.now())
    return reference


def on_the_case(cast: Cast, reference: str, *posts: str) -> None:
    for post in posts:
        IssuePerson.objects.create(
            issue=climb_of(reference).issue, user=cast.user(post), role=PersonRole.INVESTIGATOR, since=clock.now()
        )


def every_kind_of_case(cast: Cast) -> None:
    """Each sensitivity at two stages for two teams, the offices filled, and people on a case that is hidden."""
    for sensitivity in Sensitivity.values:
        for officer in ("officer.enforcement", "officer.science", "imt.officer"):
            reported(cast(officer), sensitivity=sensitivity)
        classified(at_stage(cast, "cam"), sensitivity)
    at_stage(cast, "case_conference")
    at_stage(cast, "cam_ep")
    hidden = classified(at_stage(cast, "assessing"), "restricted")
    on_the_case(cast, hidden, "ftl.enforcement", "ftl.science", "imt.duty")


def test_everybody_is_told_as_many_as_their_list_shows_them(cast):
    every_kind_of_case(cast)
    told = set()
    for post in POST_TITLES:
        shown = {queue.stage: queue.count for queue in queues.queues(cast(post)) if queue.stage in OPEN_STAGES}
        assert shown == work_in_lists(cast, post), post
        told |= {(post, stage) for stage in shown}
    assert {("dd.enforcement", "case_conference"), ("scs.science", "cam_ep"), ("imt.duty", "cam")} <= told
    assert not any(post in ("viewer", "operator") for post, _ in told)


def work_in_lists(cast: Cast, post: str) -> dict[str, int]:
    """Of the list of issues at each stage, as the post reads it, those that the ladder lets it work on."""
    actor, found = cast(post), {}
    for stage in OPEN_STAGES:
        listed = escalation.climbs_filtered(actor, IssueFilters(stage=stage))
        if number := listed.filter(whose.climbs_of(actor, (stage,), whose.working)).count():
            found[str(stage)] = number
    return found


def test_person_on_a_restricted_case_finds_it_in_their_queue_beside_the_others(cast):
    open_to_all = at_stage(cast, "assessing")
    hidden = classified(at_stage(cast, "assessing", danger_now=True), "restricted")
    assert heads(cast, "ftl.enforcement") == {"assessing": (1, [open_to_all])}
    on_the_case(cast, hidden, "ftl.enforcement")
    assert heads(cast, "ftl.enforcement") == {"assessing": (2, [hidden, open_to_all])}


def test_chair_who_works_the_queue_by_post_as_well_counts_a_case_once(cast):
    reference = at_stage(cast, "case_conference")
    climb = climb_of(reference)
    Escalation.objects.filter(pk=climb.pk).update(conference_chair=cast.user("imt.head"))
    assert heads(cast, "imt.head") == {"case_conference": (1, [reference])}


def heads(cast: Cast, post: str) -> dict[str, tuple[int, list[str]]]:
    return {
        queue.stage: (queue.count, [case.reference for case in queue.pressing]) for queue in queues.queues(cast(post))
    }


def test_the_three_most_pressing_are_those_of_all_teams_together(cast):
    for officer in ("officer.enforcement", "officer.science") * 2:
        reported(cast(officer))
    hot = reported(cast("officer.science"), danger_now=True).reference
    count, first = heads(cast, "imt.head")["reported"]
    order = Escalation.objects.order_by("pressing", "id").values_list("issue__reference", flat=True)
    assert (count, first, first[0]) == (5, list(order[:3]), hot)


CHANGES: dict[str, Callable[[Cast, str], object]] = {
    "moved": lambda cast, case: move(cast, case, "imt_escalate", "imt.head", **inputs_of(cast, "imt_escalate")),
    "another team": lambda cast, case: services.reassign_team(
        reference=case,
        version=climb_of(case).issue.version,
        by=cast("imt.head"),
        data={"team": "science", "reason": "It is theirs"},
    ),
    "classified": lambda cast, case: classified(case, "official_sensitive"),
    "removed": lambda cast, case: Escalation.objects.filter(issue__reference=case).delete(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_tallies_are_a_fresh_count_after_a_case_was(name, cast):
    reported(cast("officer.enforcement"))
    case = reported(cast("officer.enforcement")).reference
    before = tallied()
    CHANGES[name](cast, case)
    assert tallied() == counted() != before


def test_tallies_are_a_fresh_count_after_a_merge_its_undoing_and_a_second_climb(cast):
    kept, wrong = at_stage(cast, "cam"), at_stage(cast, "assessing")
    for name in ("merge", "unmerge"):
        into = {"into": kept} if name == "merge" else {}
        move(cast, wrong, name, "imt.head", **inputs_of(cast, name), **into)
        assert tallied() == counted()
    closed = at_stage(cast, "closed")
    move(cast, closed, "reopen", "imt.head", **inputs_of(cast, "reopen"))
    assert tallied() == counted()
    assert climb_of(closed).number == 2


def test_folding_leaves_one_row_of_a_kind_and_every_sum(cast):
    for officer in ("officer.enforcement", "officer.science") * 2:
        reported(cast(officer))
    sums = tallied()
    tasks.fold_tallies()
    assert tallied() == sums == counted()
    assert StageTally.objects.count() == len(sums)


def test_tallies_that_are_lost_are_made_again_from_the_cases(cast):
    for officer in ("officer.enforcement", "officer.science") * 2:
        reported(cast(officer))
    StageTally.objects.all().delete()
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute("SELECT escalation_tallies_renew()")
    assert tallied() == counted() != {}


@pytest.mark.django_db(transaction=True)
def test_moves_of_one_stage_and_team_do_not_wait_for_each_other_nor_for_the_folding(cast):
    first, second = (at_stage(cast, "assessing") for _ in range(2))
    inputs, actor = inputs_of(cast, "imt_escalate"), cast("imt.head")

    def moves_meanwhile() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            Escalation.objects.filter(issue__reference=second).update(handling_team="science")
            tasks.fold_tallies()
        finally:
            connection.close()

    with transaction.atomic():
        services.issue_move(
            reference=first, name="imt_escalate", version=climb_of(first).issue.version, by=actor, data=inputs
        )
        other = Thread(target=moves_meanwhile)
        other.start()
        other.join()
        assert climb_of(second).handling_team == "science"
    assert tallied() == counted()
