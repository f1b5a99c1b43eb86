"""Where code may stand, and how much of it in one place."""

from __future__ import annotations

import re
import tomllib

from tests.meta.code import ROOMS, ROOT, modules, text_of

MOST_LINES = 400
NO_HOME = {"utils", "helpers", "common", "misc"}


def test_no_module_is_longer_than_a_reader_can_hold():
    assert [str(module) for module in modules() if len(text_of(module).splitlines()) > MOST_LINES] == []


def test_no_module_is_a_drawer_for_anything():
    assert [str(module) for module in modules() if NO_HOME & {*module.parts, module.stem}] == []


def test_the_machine_that_checks_layers_knows_the_same_rooms_in_the_same_order():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

    assert tuple(settings["root_packages"]) == ROOMS
    assert tuple(settings["contracts"][0]["layers"]) == ROOMS


def test_no_lock_of_a_row_keeps_those_waiting_who_only_refer_to_it():
    """Foreign keys are checked at COMMIT, when everything is held: FOR UPDATE would be waited for then (ADR 13)."""
    locks = [
        (str(module), call) for module in modules() for call in re.findall(r"select_for_update\([^)]*", text_of(module))
    ]
    assert locks
    assert [lock for lock in locks if "no_key=True" not in lock[1]] == []
