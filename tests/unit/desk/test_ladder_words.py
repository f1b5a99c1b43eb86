from desk import ladder_words
from escalation.enums import RUNGS, Stage
from escalation.ladder import MOVES


def test_every_stage_is_explained():
    assert set(ladder_words.MEANING) == set(Stage)


def test_rungs_stand_in_climbing_order_with_who_decides():
    rungs = ladder_words.rungs()

    assert [rung.label for rung in rungs] == [stage.label for stage in RUNGS]
    assert rungs[2].decider == "the chair of CAM"


def test_every_move_of_the_ladder_is_told_at_every_stage_that_knows_it():
    told = sum(len(stage.moves) for stage in ladder_words.stages())

    assert told == sum(len(move.authority) for move in MOVES.values())


def test_targets_are_told_in_words(settings):
    settings.STAGE_TARGETS = {"cam": (("working_days", 10), ("working_days", 5), ("hours", 24), ("hours", 1))}

    assert ladder_words.targets() == [["CAM", "10 working days", "5 working days", "24 hours", "1 hour"]]
