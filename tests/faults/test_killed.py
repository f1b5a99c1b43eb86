"""Worker, clock and broker killed across ten due times: late, never lost, never twice."""

from __future__ import annotations

import contextlib
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg2
import pytest

from opss.embedded.stack import Stack, running
from tests.faults.scenario import DUE_TIMES, EXPECTED, at
from tests.faults.world import World

pytestmark = pytest.mark.faults

ALL = ("worker", "clock", "broker")
Make = Callable[[], World]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Servers of our own whatever DATABASE_URL says: these tests kill them."""
    with tempfile.TemporaryDirectory(prefix="opss-faults-") as folder:
        Path(folder).chmod(0o711)
        with running(Path(folder), durable=False) as stack:
            before = World(stack, Path(folder), "opss")
            before.set(at(12))
            before.in_django("seed")
            yield stack


@pytest.fixture
def world(stack: Stack, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """A database with the scenario, at half past one, with nobody at work yet."""
    name = f"world_{abs(hash(request.node.name))}"
    with contextlib.closing(psycopg2.connect(stack.postgres.url.rsplit("/", 1)[0] + "/postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE opss")
    world = World(stack, tmp_path, name)
    world.set(at(13, 30))
    yield world
    world.kill("worker", "clock")
    world.hang_up()


# Chosen by what chance makes of them: each of the three is killed first, all after some work was begun; then the
# worker, the broker, the clock, two of them and all of them, early and late in the catching up.
@pytest.mark.parametrize("seed", [5, 6, 8, 18, 35])
def test_an_hour_with_everything_killed_is_late_and_nothing_is_lost_or_doubled(world, seed):
    chance = random.Random(seed)
    world.start("worker", "clock")
    world.until_it_ticks()
    # Into the hour, and all of it killed, one after the other, while the first due times are being worked on.
    before = chance.randint(0, 4)
    world.set(at(14, chance.randint(5 * before, 5 * before + 5)))
    enough = chance.randint(0, before)
    world.until(lambda: world.begun() >= enough)
    world.kill(*chance.sample(ALL, 3))
    # An hour away: nobody is there when the other due times pass.
    world.set(at(15, chance.randint(0, 10)))
    assert world.begun() < DUE_TIMES
    world.start("broker", "worker", "clock")
    # And once more in the middle of catching up.
    some = chance.randint(world.begun() + 1, DUE_TIMES)
    world.until(lambda: world.begun() >= some)
    world.kill(*chance.sample(ALL, chance.randint(1, 3)))
    world.kill("worker", "clock")
    world.start("broker", "worker", "clock")
    world.until(lambda: world.waiting() == 0, pace=timedelta(seconds=2))
    assert world.verdict() == EXPECTED


def test_a_clock_that_steps_back_a_database_that_restarts_and_hours_without_a_beat(world):
    world.start("worker", "clock")
    world.until_it_ticks()
    world.set(at(14, 30))
    world.until(lambda: world.waiting() == 0, pace=timedelta(seconds=1))
    done = world.begun()
    # An hour back: the same due times come again, and nothing is done again.
    world.set(at(13, 30))
    for minute in (35, 50, 59):
        world.set(at(13, minute))
        world.until(lambda: world.beat_at() == world.moment)
    assert world.begun() == done
    # The database restarts under the worker, which connects again.
    world.stack.postgres.stop()
    world.stack.postgres.start()
    world.set(at(14, 40))
    world.until(lambda: world.begun() > done, pace=timedelta(seconds=1))
    # Beat is away for hours while the worker waits.
    world.kill("clock")
    world.set(at(19))
    assert world.begun() < DUE_TIMES
    world.start("clock")
    world.until(lambda: world.waiting() == 0, pace=timedelta(seconds=2))
    assert world.verdict() == EXPECTED
