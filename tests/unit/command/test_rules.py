"""The rules of a report over facts, without a database."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from command import rules
from command.ladder import SITREP_MOVES
from command.rules import SitrepFacts
from kernel.actors import Actor

OFFICER = Actor(user_id=1, email="a@opss.example", name="A", post="imt.officer", post_title="IMT Officer")
DUTY = replace(OFFICER, post="imt.duty", post_title="IMT Duty Deputy")
OTHER = replace(DUTY, user_id=2, email="b@opss.example")
FACTS = SitrepFacts(
    by=OTHER,
    status="in_review",
    authors=frozenset({1}),
    chairs=frozenset(),
    secretaries=frozenset(),
    unfinished=(),
    open_draft="",
)


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("[to complete: harm]", True),
        ("Two fires. [To  Complete: more]", True),
        ("[ to complete", True),
        ("", True),
        (" \n ", True),
        ("Nothing to report", False),
        ("Not known at 14:00", False),
        ("No return from Science by 13:00", False),
        ("We have to complete the recall [soon]", False),
    ],
)
def test_a_placeholder_or_nothing_is_left_to_complete_and_an_answer_is_not(body, left):
    assert rules.has_placeholder(body) is left


def test_unfinished_sections_are_named():
    blocker = rules.nothing_left_to_complete(replace(FACTS, unfinished=("Harm so far", "Equality")))
    assert (blocker.code, blocker.cites) == ("placeholders_left", "IMP-3.23")
    assert "Harm so far, Equality" in blocker.message


def _approval(by: Actor, check: str) -> list[str]:
    facts, move = replace(FACTS, by=by), SITREP_MOVES["approve"]
    inputs = {"second_check": check}
    blockers = [blocker for guard in move.guards if (blocker := guard(facts))]
    standing = [blocker.code for blocker in blockers if not (blocker.override and inputs.get(blocker.override))]
    return standing + [guard.code for guard in move.input_guards if guard.blocks(facts, inputs)]


@pytest.mark.parametrize(
    ("by", "check", "blocked_by"),
    [
        (OTHER, "done", []),
        (OTHER, "due", []),
        (replace(OTHER, post="imt.head"), "done", []),
        (OFFICER, "done", ["author_may_not_approve"]),
        (replace(DUTY, post="imt.head"), "done", ["author_may_not_approve"]),
        (replace(DUTY, post="imt.head"), "due", ["author_may_not_approve"]),
        (DUTY, "done", ["author_may_not_approve"]),
        (DUTY, "due", []),
    ],
)
def test_an_author_approves_only_as_the_duty_stand_in_with_the_check_still_due(by, check, blocked_by):
    assert _approval(by, check) == blocked_by


def test_the_canonical_text_is_one_for_one_content():
    content = {"b": ["é", {"z": None, "a": "\u202e"}], "a": 1}
    assert rules.canonical_text(content) == '{"a":1,"b":["é",{"a":"\u202e","z":null}]}'
    assert json.loads(rules.canonical_text(content)) == content
    assert rules.digest_of("é") == sha256("é".encode()).hexdigest()


@pytest.mark.parametrize(
    ("body", "taken", "text"),
    [
        ("One burn", ["Two burns"], "One burn\nTwo burns"),
        ("One burn\n\n", ["Two burns", "Three"], "One burn\nTwo burns\nThree"),
        ("[to complete: harm]", ["Two burns"], "Two burns"),
        ("[to complete: harm]\nOne burn", ["Two burns"], "[to complete: harm]\nOne burn\nTwo burns"),
        ("", ["Two burns"], "Two burns"),
    ],
)
def test_what_is_taken_in_is_added_and_replaces_a_mere_placeholder(body, taken, text):
    assert rules.taken_in(body, taken) == text


def test_what_a_section_holds_already_is_not_offered_again():
    drafted = "Two  burns\nA fire\nA fire\n\n[to complete: harm]"
    assert rules.not_yet_said("We know of:\n two burns\nTwo burns", drafted) == ["A fire"]
